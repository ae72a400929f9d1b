"""Why a stated figure may differ: the causes, their probabilities, and what is known to weigh them by."""

from dataclasses import dataclass
from enum import StrEnum

from routes.analysis.passes.ground import Ground
from routes.analysis.verdicts.gazetteer import Other
from routes.model.figures import Quantity
from routes.model.measure import Measure
from routes.model.sentence import Sentence, written
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
    POSITION = "the position is off"
    FOREST = "forest"
    """The DEM shows treetops."""

    LINE = "our line is not the trail"
    CHANCE = "chance"
    """The figure is right, and the difference lies within what is uncertain."""

    NONE = "none of these"

    @property
    def spares_the_figure(self) -> bool:
        """Whether the figure is probably right if this is the cause."""
        return self in (Cause.POSITION, Cause.FOREST, Cause.LINE, Cause.CHANCE)


@dataclass(frozen=True, slots=True)
class LikelyCause:
    """One cause and how likely it is among those that were weighed."""

    cause: Cause
    """The cause."""

    probability: float
    """From 0 to 1, over all causes that were weighed."""

    text: str | Sentence
    """What it would mean here, without a full stop."""

    meant: float | None = None
    """The figure that was meant, in the base unit of the stated one; None where the cause does not say."""

    def text_in(self, units: Units) -> str:
        """Write what it would mean in the reader's units."""
        return written(self.text, units)

    def told_in(self, units: Units) -> str:
        """Write it with its probability and what it would mean."""
        text = self.text_in(units)
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

    def probability(self, cause: Cause) -> float:
        """Probability of a cause; 0 where it was not weighed."""
        return sum(likely.probability for likely in self.causes if likely.cause is cause)

    def text(self, units: Units) -> str:
        """Write the likeliest causes as a sentence, with the probability of each."""
        first, *rest = self.causes
        parts = [f"Likeliest cause: {first.told_in(units)}"]
        parts += [f"then {other.told_in(units)}" for other in rest[:2] if other.probability >= 0.1]
        return f"{'; '.join(parts)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What a diagnosis of one figure may use beside the figure and the estimate."""

    quantity: Quantity = Quantity.ELEVATION
    """What the figure is about; heights have causes of their own."""

    second: Measure | None = None
    """The other unit of the same statement, where the two exclude each other."""

    undulation_m: float | None = None
    """Height of the geoid above the ellipsoid there, metres; None if it is not known."""

    others: tuple[Other, ...] = ()
    """Places whose height it may be."""

    ground: Ground | None = None
    """The ground that a height is compared with."""

    is_modelled: bool = False
    """Whether a length, climb or time is compared with a line that nobody recorded or mapped."""

    @property
    def is_height(self) -> bool:
        """Whether the figure is a height, which has causes of its own."""
        return self.quantity in (Quantity.ELEVATION, Quantity.MAX_ELEVATION)
