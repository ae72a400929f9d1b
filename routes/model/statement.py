"""Statements: one printed value of a place, leg or trek, the subject of a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routes.model.figures import Quantity, StatedFigure
from routes.model.measure import Measure
from routes.model.trek import Leg, Place, Trek


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A stated figure with its subject, and which of its values counts."""

    subject: str
    """Id of the place, leg or trek."""

    name: str
    """Display name of the subject."""

    figure: StatedFigure
    """The figure, with its source."""

    measure: Measure
    """The value that counts."""

    printed: str
    """Text of the whole figure, or of `measure` alone if its two units contradict each other."""

    @property
    def source(self) -> str:
        """Citation."""
        return self.figure.source

    @property
    def quantity(self) -> Quantity:
        """Quantity."""
        return self.figure.quantity

    @property
    def cited(self) -> str:
        """Printed text with its source in brackets."""
        return f"{self.printed} ({self.source})"

    @property
    def rival(self) -> Measure | None:
        """The figure's other unit, if the two contradict each other."""
        first, second = self.figure.measure, self.figure.second
        if second is None or first.meets(second):
            return None
        return second if self.measure == first else first

    def is_of(self, other: "Statement") -> bool:
        """Whether both are values of the same figure."""
        return self.subject == other.subject and self.figure == other.figure

    def apart(self) -> tuple["Statement", ...]:
        """One statement per unit if the two contradict each other, otherwise this one."""
        if self.rival is None:
            return (self,)
        first, second = self.measure, self.rival
        return tuple(replace(self, measure=measure, printed=measure.printed) for measure in (first, second))


def statements_on_place(place: Place) -> tuple[Statement, ...]:
    """Statements on a place, in order."""
    return _statements(place.id, place.name, place.stated)


def statements_on_leg(trek: Trek, leg: Leg) -> tuple[Statement, ...]:
    """Statements on a leg, in order, named by its ends."""
    name = f"{trek.place(leg.start).name} to {trek.place(leg.end).name}"
    return _statements(leg.id, name, leg.stated)


def statements_on_trek(trek: Trek) -> tuple[Statement, ...]:
    """Statements on a trek as a whole, in order."""
    return _statements(trek.id, trek.name, trek.stated)


def _statements(subject: str, name: str, figures: Sequence[StatedFigure]) -> tuple[Statement, ...]:
    return tuple(
        Statement(subject=subject, name=name, figure=figure, measure=figure.measure, printed=figure.printed)
        for figure in figures
    )
