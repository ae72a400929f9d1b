"""Statements: one value that somebody printed of a place, a leg or a trek; what a verdict is about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routes.model.figures import Quantity, StatedFigure
from routes.model.measure import Measure
from routes.model.trek import Leg, Place, Trek


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A stated figure with what it is stated of, and which of its values counts."""

    subject: str
    """Id of the place, leg or trek."""

    name: str
    """Name of it as shown."""

    figure: StatedFigure
    """The figure, with its source."""

    measure: Measure
    """The value of it that counts."""

    printed: str
    """Text of the whole figure, or of `measure` alone where its two units are told apart."""

    @property
    def source(self) -> str:
        """Who printed it."""
        return self.figure.source

    @property
    def quantity(self) -> Quantity:
        """What it is about."""
        return self.figure.quantity

    @property
    def cited(self) -> str:
        """What is printed, with its source in brackets."""
        return f"{self.printed} ({self.source})"

    @property
    def rival(self) -> Measure | None:
        """The other unit of the figure, where the two exclude each other."""
        first, second = self.figure.measure, self.figure.second
        if second is None or first.meets(second):
            return None
        return second if self.measure == first else first

    def is_of(self, other: "Statement") -> bool:
        """Whether it is another value of the same figure, or the same one."""
        return self.subject == other.subject and self.figure == other.figure

    def apart(self) -> tuple["Statement", ...]:
        """Return a statement for each unit where the two exclude each other, else this one."""
        if self.rival is None:
            return (self,)
        first, second = self.measure, self.rival
        return tuple(replace(self, measure=measure, printed=measure.printed) for measure in (first, second))


def statements_on_place(place: Place) -> tuple[Statement, ...]:
    """Return what is stated of a place, in order."""
    return _statements(place.id, place.name, place.stated)


def statements_on_leg(trek: Trek, leg: Leg) -> tuple[Statement, ...]:
    """Return what is stated of a leg, in order; its name is that of its ends."""
    name = f"{trek.place(leg.start).name} to {trek.place(leg.end).name}"
    return _statements(leg.id, name, leg.stated)


def statements_on_trek(trek: Trek) -> tuple[Statement, ...]:
    """Return what is stated of a trek as a whole, in order."""
    return _statements(trek.id, trek.name, trek.stated)


def _statements(subject: str, name: str, figures: Sequence[StatedFigure]) -> tuple[Statement, ...]:
    return tuple(
        Statement(subject=subject, name=name, figure=figure, measure=figure.measure, printed=figure.printed)
        for figure in figures
    )
