"""Findings: the verdict on a stated figure, and what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from routes.analysis.verdicts.causes import Diagnosis
from routes.kernel.uncertainty import Z90
from routes.model.figures import StatedFigure
from routes.model.sentence import Sentence
from routes.model.units import Units, rounded_height


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


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody printed."""

    printed: str
    """As printed."""

    source: str
    """Who printed it."""

    @classmethod
    def of(cls, figure: StatedFigure) -> "Claim":
        """Take the claim out of a stated figure."""
        return cls(figure.printed, figure.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict on one or more claims, with its reason."""

    subject: str
    """Id of the place or leg, or of the trek."""

    name: str
    """Name of it as shown."""

    check: Check
    """What the claims were held against."""

    quantity: str
    """What they are about."""

    claims: tuple[Claim, ...]
    """One or more."""

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

    diagnosis: Diagnosis | None = None
    """Likely causes of the difference; None where there is none or nothing to weigh them by."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the truth lies nine times in ten by our estimate alone, in `unit`; None when not told."""
        if self.estimate is None or self.own_u is None:
            return None
        return self.estimate - Z90 * self.own_u, self.estimate + Z90 * self.own_u

    @property
    def printed_figure(self) -> str:
        """The height that we would print, no finer than its interval allows, in both units; "" when there is none."""
        if self.verdict is Verdict.UNDECIDED or self.estimate is None or self.own_u is None:
            return ""
        return rounded_height(self.estimate, Z90 * self.own_u)

    def notes_in(self, units: Units) -> tuple[str, ...]:
        """Write the notes in the reader's units."""
        return tuple(note if isinstance(note, str) else note.text(units) for note in self.notes)

    def reason_in(self, units: Units) -> str:
        """Write the reason in the reader's units."""
        return self.reason if isinstance(self.reason, str) else self.reason.text(units)

    def told_in(self, units: Units) -> str:
        """Write the reason, and the likeliest causes where there is a diagnosis, in the reader's units."""
        reason = self.reason_in(units)
        return reason if self.diagnosis is None else f"{reason} {self.diagnosis.text(units)}"


def judge(stated: float, estimate: float, u: float) -> Verdict:
    """Verdict on a stated value against an estimate.

    Parameters
    ----------
    stated, estimate : float
        In one unit.
    u : float
        Combined standard uncertainty of their difference, in that unit.

    Returns
    -------
    Verdict
        Agrees within 1.645 u (90 %), doubtful within 3 u, differs beyond.

    Examples
    --------
    >>> judge(4450.0, 4438.0, 9.0).value, judge(3000.0, 3350.0, 40.0).value
    ('agrees', 'differs')
    """
    off = abs(stated - estimate)
    if off <= Z90 * u:
        return Verdict.AGREES
    return Verdict.DOUBTFUL if off <= 3.0 * u else Verdict.DIFFERS
