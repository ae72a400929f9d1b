"""Why a stated figure may differ: possible causes and their probabilities."""

from dataclasses import dataclass
from enum import StrEnum

from routes.analysis.passes.ground import Ground
from routes.analysis.verdicts.gazetteer import Other
from routes.model.figures import Quantity
from routes.model.measure import Measure
from routes.model.sentence import Sentence, written
from routes.model.units import Units


class Cause(StrEnum):
    """Possible cause of a difference."""

    FEET_AS_METRES = "feet as metres"
    METRES_AS_FEET = "metres as feet"
    MILES_AS_KILOMETRES = "miles as kilometres"
    KILOMETRES_AS_MILES = "kilometres as miles"
    OTHER_UNIT = "wrong conversion"
    """The statement's other unit is right."""

    TRANSPOSED = "transposed digits"
    WRONG_DIGIT = "wrong digit"
    ELLIPSOIDAL = "ellipsoidal height"
    OTHER_PLACE = "another place"
    ROUNDED = "rounded to hundreds"
    POSITION = "the position is off"
    FOREST = "forest"
    """The DEM shows treetops."""

    LINE = "our line is not the trail"
    CHANCE = "chance"
    """The figure is right; the difference is within the uncertainty."""

    NONE = "none of these"

    @property
    def spares_the_figure(self) -> bool:
        """Whether the figure is probably right if this is the cause."""
        return self in (Cause.POSITION, Cause.FOREST, Cause.LINE, Cause.CHANCE)


@dataclass(frozen=True, slots=True)
class LikelyCause:
    """A cause and its probability among those considered."""

    cause: Cause
    """The cause."""

    probability: float
    """From 0 to 1, over all causes considered."""

    text: str | Sentence
    """What it would mean here, without a full stop."""

    meant: float | None = None
    """Intended figure, in the base unit of the stated one; None if the cause implies none."""

    def text_in(self, units: Units) -> str:
        """What it would mean here, in the reader's units."""
        return written(self.text, units)

    def told_in(self, units: Units) -> str:
        """Its probability and what it would mean, in the reader's units."""
        text = self.text_in(units)
        return f"{self.cause}, {100.0 * self.probability:.0f} %" + (f" ({text})" if text else "")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Possible causes of a difference, likeliest first."""

    causes: tuple[LikelyCause, ...]
    """All causes considered; their probabilities add up to 1."""

    untested: tuple[str, ...] = ()
    """Causes that could not be considered, and why; one sentence each."""

    @property
    def likeliest(self) -> LikelyCause:
        """The most probable cause."""
        return self.causes[0]

    def probability(self, cause: Cause) -> float:
        """Probability of a cause; 0 if it was not considered."""
        return sum(likely.probability for likely in self.causes if likely.cause is cause)

    def text(self, units: Units) -> str:
        """The likeliest causes as a sentence, with their probabilities."""
        first, *rest = self.causes
        parts = [f"Likeliest cause: {first.told_in(units)}"]
        parts += [f"then {other.told_in(units)}" for other in rest[:2] if other.probability >= 0.1]
        return f"{'; '.join(parts)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What a diagnosis may use besides the figure and the estimate."""

    quantity: Quantity = Quantity.ELEVATION
    """Quantity of the figure; heights have causes of their own."""

    second: Measure | None = None
    """The other unit of the same statement, if the two contradict each other."""

    undulation_m: float | None = None
    """Height of the geoid above the ellipsoid there, metres; None if unknown."""

    others: tuple[Other, ...] = ()
    """Places whose height it may be."""

    ground: Ground | None = None
    """The ground that a height is compared with."""

    is_modelled: bool = False
    """Whether a length, climb or time is compared with a line that was neither recorded nor mapped."""

    @property
    def is_height(self) -> bool:
        """Whether the figure is a height, which has causes of its own."""
        return self.quantity in (Quantity.ELEVATION, Quantity.MAX_ELEVATION)
