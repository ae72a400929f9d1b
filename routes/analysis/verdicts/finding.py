"""Findings: verdicts on stated figures, and what they rest on."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from routes.analysis.verdicts.causes import Clues, Diagnosis
from routes.kernel.uncertainty import Z90, combine
from routes.model.figures import StatedSeason
from routes.model.sentence import Sentence, written
from routes.model.statement import Statement
from routes.model.units import Units, rounded_height

STRONG = 0.6
"""Probability from which a cause decides which figure we would print."""


class Verdict(StrEnum):
    """How a stated figure compares with what is known."""

    AGREES = "agrees"
    DOUBTFUL = "doubtful"
    DIFFERS = "differs"
    UNDECIDED = "undecided"


class Check(StrEnum):
    """What a stated figure is compared with."""

    DEM = "dem"
    """DEM height at the place."""

    LINE = "line"
    """Figures of the route."""

    STRAIGHT_LINE = "straight-line"
    """Straight-line distance between the places."""

    UNITS = "units"
    """The other unit of the same statement."""

    SOURCES = "sources"
    """Another statement about the same thing."""

    MAXIMUM = "maximum"
    """Stated heights of places on the route, for a stated maximum."""

    COUNT = "count"
    """The itinerary, for a stated number of days or passes."""

    PARTS = "parts"
    """Parts of a day or trek, for its stated total."""

    SEASON = "season"
    """Another statement about the time of year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict on one or more statements, with its reason."""

    subject: str
    """Id of the place, leg or trek."""

    name: str
    """Display name."""

    check: Check
    """What the statements are compared with."""

    quantity: str
    """Quantity."""

    statements: tuple[Statement | StatedSeason, ...]
    """Statements that the verdict is on; empty if nothing is stated."""

    verdict: Verdict
    """The verdict."""

    reason: str | Sentence
    """One plain sentence; a `Sentence` if it has quantities."""

    stated: float | None = None
    """Stated height as compared with `estimate`, in `unit`; the nearest point of a range. None for other
    quantities."""

    estimate: float | None = None
    """Our figure, in `unit`; None if there is none."""

    unit: str = ""
    """Unit of `estimate` and `budget`."""

    u: float | None = None
    """Combined standard uncertainty of the comparison, in `unit`."""

    budget: Mapping[str, float] = field(default_factory=dict)
    """Its components by name, standard uncertainties in `unit`."""

    basis: str = ""
    """Source of the estimate: product and datum, or line."""

    own_u: float | None = None
    """Standard uncertainty of `estimate` alone, in `unit`; None if unknown."""

    terms: Mapping[str, str] = field(default_factory=dict)
    """Origins of the components of `budget`, by name."""

    notes: tuple[str | Sentence, ...] = ()
    """Further notes for an editor: saddles found, the line's highest point, a known bias."""

    clues: Clues = field(default_factory=Clues)
    """Clues to causes, besides the figure and the estimate."""

    diagnosis: Diagnosis | None = None
    """Likely causes of the difference; None without a difference, or with nothing to judge it by."""

    @classmethod
    def on(
        cls, statement: Statement, check: Check, verdict: Verdict, reason: str | Sentence, unit: str = ""
    ) -> "Finding":
        """Verdict on a statement, without an estimate."""
        return cls(
            subject=statement.subject, name=statement.name, check=check, quantity=statement.quantity,
            statements=(statement,), verdict=verdict, reason=reason, unit=unit,
        )  # fmt: skip

    @property
    def statement(self) -> Statement | None:
        """The statement that the verdict is on; None for several statements or seasons."""
        (first, *others) = self.statements or (None,)
        return first if isinstance(first, Statement) and not others else None

    @property
    def is_open(self) -> bool:
        """Whether it says that a statement may be wrong."""
        return self.verdict in (Verdict.DIFFERS, Verdict.DOUBTFUL)

    @property
    def u_unrounded(self) -> float | None:
        """Standard uncertainty without the source's rounding, in `unit`; None if unknown."""
        u = combine(*(part for name, part in self.budget.items() if name != "rounding"))
        return u if self.estimate is not None and math.isfinite(u) and u > 0.0 else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """90 % interval of the true value by our estimate alone, in `unit`; None if unknown."""
        if self.estimate is None or self.own_u is None:
            return None
        return self.estimate - Z90 * self.own_u, self.estimate + Z90 * self.own_u

    @property
    def stays(self) -> bool:
        """Whether we would keep the stated figure: it agrees, or a wrong position, trees or chance explain it."""
        if self.verdict is Verdict.AGREES:
            return True
        likeliest = None if self.diagnosis is None else self.diagnosis.likeliest
        return likeliest is not None and likeliest.probability > 0.5 and likeliest.cause.spares_the_figure

    @property
    def meant(self) -> float | None:
        """Intended figure according to a strong cause, in `unit`; None without one, or if it *differs* from ours."""
        likeliest, u = None if self.diagnosis is None else self.diagnosis.likeliest, self.u_unrounded
        if likeliest is None or likeliest.meant is None or likeliest.probability < STRONG:
            return None
        fits = self.estimate is not None and u is not None and abs(likeliest.meant - self.estimate) <= 3.0 * u
        return likeliest.meant if fits else None

    @property
    def printed_figure(self) -> str:
        """Height that we would print; "" if there is none.

        The stated figure if it `stays`, otherwise the intended one (`meant`), otherwise our estimate, rounded as its
        interval allows.
        """
        if self.verdict is Verdict.UNDECIDED or self.estimate is None or self.own_u is None:
            return ""
        if self.stays and self.statement is not None:
            return self.statement.printed
        if self.meant is not None:
            return rounded_height(self.meant, 1.0)
        return rounded_height(self.estimate, Z90 * self.own_u)

    def notes_in(self, units: Units) -> tuple[str, ...]:
        """The notes in the reader's units."""
        return tuple(written(note, units) for note in self.notes)

    def reason_in(self, units: Units) -> str:
        """The reason in the reader's units."""
        return written(self.reason, units)

    def told_in(self, units: Units) -> str:
        """The reason and any likely causes, in the reader's units."""
        reason = self.reason_in(units)
        return reason if self.diagnosis is None else f"{reason} {self.diagnosis.text(units)}"


def judge(stated: float, estimate: float, u: float) -> Verdict:
    """Verdict on a stated value: agrees within 1.645 u (90 %), doubtful within 3 u, otherwise differs.

    `u` is the standard uncertainty of the difference; all three arguments share one unit.

    >>> judge(4450.0, 4438.0, 9.0).value, judge(3000.0, 3350.0, 40.0).value
    ('agrees', 'differs')
    """
    off = abs(stated - estimate)
    if off <= Z90 * u:
        return Verdict.AGREES
    return Verdict.DOUBTFUL if off <= 3.0 * u else Verdict.DIFFERS
