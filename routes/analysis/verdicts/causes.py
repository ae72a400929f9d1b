"""Likely causes of a stated figure that differs, as values."""

from dataclasses import dataclass
from enum import StrEnum

from routes.model.sentence import Sentence
from routes.model.units import Units


class Cause(StrEnum):
    """How a stated figure may have come to differ."""

    FEET_AS_METRES = "feet as metres"
    METRES_AS_FEET = "metres as feet"
    MILES_AS_KILOMETRES = "miles as kilometres"
    KILOMETRES_AS_MILES = "kilometres as miles"
    OTHER_UNIT = "wrong conversion"
    """Of the two units of one statement the other one is right."""

    TRANSPOSED = "transposed digits"
    WRONG_DIGIT = "wrong digit"
    ELLIPSOIDAL = "ellipsoidal height"
    OTHER_PLACE = "another place"
    ROUNDED = "rounded to hundreds"
    CHANCE = "chance"
    """The figure is right, and the difference lies within what is uncertain."""

    NONE = "none of these"


@dataclass(frozen=True, slots=True)
class LikelyCause:
    """One cause and how likely it is among those that were weighed."""

    cause: Cause
    """The cause."""

    probability: float
    """From 0 to 1, over all causes that were weighed."""

    text: Sentence
    """What it would mean here, without a full stop."""

    def told_in(self, units: Units) -> str:
        """Write it with its probability and what it would mean."""
        text = self.text.text(units)
        return f"{self.cause}, {100.0 * self.probability:.0f} %" + (f" ({text})" if text else "")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Causes of a difference, the likeliest first."""

    causes: tuple[LikelyCause, ...]
    """All that were weighed; their probabilities add up to 1."""

    untested: tuple[str, ...] = ()
    """Causes that could not be weighed, and why; one sentence each."""

    @property
    def likeliest(self) -> LikelyCause:
        """The cause of the greatest probability."""
        return self.causes[0]

    def text(self, units: Units) -> str:
        """Write the likeliest causes as a sentence, with the probability of each."""
        first, *rest = self.causes
        parts = [f"Likeliest cause: {first.told_in(units)}"]
        parts += [f"then {other.told_in(units)}" for other in rest[:2] if other.probability >= 0.1]
        return f"{'; '.join(parts)}."
