"""Findings: the verdict on a stated figure, and what it rests on."""

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
"""Least probability of a cause that decides which figure we would print."""


class Verdict(StrEnum):
    """How a stated figure stands to what is known."""

    AGREES = "agrees"
    DOUBTFUL = "doubtful"
    DIFFERS = "differs"
    UNDECIDED = "undecided"


class Check(StrEnum):
    """What a stated figure was held against."""

    DEM = "dem"
    """Height of the DEM at the place."""

    LINE = "line"
    """Figures of the route."""

    STRAIGHT_LINE = "straight-line"
    """Distance as the crow flies between the places."""

    UNITS = "units"
    """The two units of one statement."""

    SOURCES = "sources"
    """Two statements about one thing."""

    MAXIMUM = "maximum"
    """Stated maximum against stated heights of the places on the way."""

    COUNT = "count"
    """Stated number of days or passes against the itinerary."""

    PARTS = "parts"
    """Parts of a day or trek against its stated total."""

    SEASON = "season"
    """Two statements about the time of year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict on one or more statements, with its reason."""

    subject: str
    """Id of the place or leg, or of the trek."""

    name: str
    """Name of it as shown."""

    check: Check
    """What the statements were held against."""

    quantity: str
    """What they are about."""

    statements: tuple[Statement | StatedSeason, ...]
    """What the verdict is on; empty where nothing is stated."""

    verdict: Verdict
    """The verdict."""

    reason: str | Sentence
    """One sentence in plain words; with quantities in it, a `Sentence`."""

    stated: float | None = None
    """The stated height as it was held against `estimate`, in `unit`: of a range its nearest point. None for others."""

    estimate: float | None = None
    """Our figure, in `unit`; None when there is none."""

    unit: str = ""
    """Unit of `estimate` and `budget`."""

    u: float | None = None
    """Combined standard uncertainty of the comparison, in `unit`."""

    budget: Mapping[str, float] = field(default_factory=dict)
    """Its parts by name, standard uncertainties in `unit`."""

    basis: str = ""
    """Source of the estimate: product and datum, or line."""

    own_u: float | None = None
    """Standard uncertainty of `estimate` itself, in `unit`: without what the statement adds; None when not told."""

    terms: Mapping[str, str] = field(default_factory=dict)
    """Where the parts of `budget` come from, by name."""

    notes: tuple[str | Sentence, ...] = ()
    """What else an editor should know: saddles found, the line's highest point, a known bias."""

    clues: Clues = field(default_factory=Clues)
    """What is known to weigh causes by, beside the figure and the estimate."""

    diagnosis: Diagnosis | None = None
    """Likely causes of the difference; None where there is none or nothing to weigh them by."""

    @classmethod
    def on(
        cls, statement: Statement, check: Check, verdict: Verdict, reason: str | Sentence, unit: str = ""
    ) -> "Finding":
        """Verdict on a statement, without any estimate."""
        return cls(
            subject=statement.subject, name=statement.name, check=check, quantity=statement.quantity,
            statements=(statement,), verdict=verdict, reason=reason, unit=unit,
        )  # fmt: skip

    @property
    def statement(self) -> Statement | None:
        """The one statement that the verdict is on; None where it is on several, or on seasons."""
        (first, *others) = self.statements or (None,)
        return first if isinstance(first, Statement) and not others else None

    @property
    def is_open(self) -> bool:
        """Whether it says that a statement may be wrong."""
        return self.verdict in (Verdict.DIFFERS, Verdict.DOUBTFUL)

    @property
    def u_unrounded(self) -> float | None:
        """Standard uncertainty without that of the source's rounding, in `unit`; None where it is not known."""
        u = combine(*(part for name, part in self.budget.items() if name != "rounding"))
        return u if self.estimate is not None and math.isfinite(u) and u > 0.0 else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the truth lies nine times in ten by our estimate alone, in `unit`; None when not told."""
        if self.estimate is None or self.own_u is None:
            return None
        return self.estimate - Z90 * self.own_u, self.estimate + Z90 * self.own_u

    @property
    def stays(self) -> bool:
        """Whether we would print the figure as it is stated.

        It agrees, or is probably right: the position is off, trees stand there, or it is chance.
        """
        if self.verdict is Verdict.AGREES:
            return True
        likeliest = None if self.diagnosis is None else self.diagnosis.likeliest
        return likeliest is not None and likeliest.probability > 0.5 and likeliest.cause.spares_the_figure

    @property
    def meant(self) -> float | None:
        """The figure that was meant, in `unit`, by a strong cause that names one; None if that *differs* from ours."""
        likeliest, u = None if self.diagnosis is None else self.diagnosis.likeliest, self.u_unrounded
        if likeliest is None or likeliest.meant is None or likeliest.probability < STRONG:
            return None
        fits = self.estimate is not None and u is not None and abs(likeliest.meant - self.estimate) <= 3.0 * u
        return likeliest.meant if fits else None

    @property
    def printed_figure(self) -> str:
        """The height that we would print; "" when there is none.

        As stated where that `stays`, else what was `meant`, else our estimate, no finer than its interval allows.
        """
        if self.verdict is Verdict.UNDECIDED or self.estimate is None or self.own_u is None:
            return ""
        if self.stays and self.statement is not None:
            return self.statement.printed
        if self.meant is not None:
            return rounded_height(self.meant, 1.0)
        return rounded_height(self.estimate, Z90 * self.own_u)

    def notes_in(self, units: Units) -> tuple[str, ...]:
        """Write the notes in the reader's units."""
        return tuple(written(note, units) for note in self.notes)

    def reason_in(self, units: Units) -> str:
        """Write the reason in the reader's units."""
        return written(self.reason, units)

    def told_in(self, units: Units) -> str:
        """Write the reason, and the likeliest causes where there is a diagnosis, in the reader's units."""
        reason = self.reason_in(units)
        return reason if self.diagnosis is None else f"{reason} {self.diagnosis.text(units)}"


def judge(stated: float, estimate: float, u: float) -> Verdict:
    """Verdict on a stated value against an estimate, with the standard uncertainty of their difference, in one unit.

    It agrees within 1.645 u (90 %), is doubtful within 3 u, and differs beyond.

    Examples
    --------
    >>> judge(4450.0, 4438.0, 9.0).value, judge(3000.0, 3350.0, 40.0).value
    ('agrees', 'differs')
    """
    off = abs(stated - estimate)
    if off <= Z90 * u:
        return Verdict.AGREES
    return Verdict.DOUBTFUL if off <= 3.0 * u else Verdict.DIFFERS
