"""Combine all stated heights of a place with the DEM, and find outliers.

Each source is either right, with its own standard uncertainty, or wrong by an error of unknown size. Every split of
the sources into right and wrong ones is weighted by how probable it makes the stated heights; beforehand, each source
is as likely right as wrong. Within a split, the right sources are averaged by inverse variance. The consensus is the
average over all splits: one outlier hardly moves it, and a tie between two camps widens its interval.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from routes._typing import BoolArray
from routes.analysis.verdicts.finding import Check, Finding, Verdict, judge
from routes.kernel.uncertainty import U_DATUM_M, Z90, combine, sigma_from_rounding
from routes.model.figures import VerticalDatum
from routes.model.sentence import Sentence, Shown, shown
from routes.model.statement import Statement, statements_on_place
from routes.model.trek import Trek
from routes.model.units import Units

OUTLIER = 0.9
"""Probability of being wrong from which a source is called an outlier: the 90 % of all intervals."""

ALL_DIVISIONS = 10
"""Up to this many sources, all splits are considered; beyond it, at most two sources may be wrong."""

_LARGEST_ERROR_M = 5000.0


@dataclass(frozen=True, slots=True)
class Vote:
    """A height from one source."""

    source: str
    """Source."""

    value_m: float
    """Height, metres."""

    u_m: float
    """Standard uncertainty, metres."""

    statement: Statement | None = None
    """The statement; None for the DEM."""

    @property
    def printed(self) -> str:
        """Height as printed; empty for the DEM."""
        return "" if self.statement is None else self.statement.printed

    @property
    def cited(self) -> str:
        """Printed height with its source in brackets; for the DEM, the source alone."""
        return self.source if self.statement is None else self.statement.cited


@dataclass(frozen=True, slots=True)
class Member:
    """A source compared with all others."""

    vote: Vote
    """Its height."""

    verdict: Verdict
    """Verdict against the consensus of the others."""

    p_wrong: float
    """Probability that it is wrong."""

    @property
    def is_outlier(self) -> bool:
        """Whether it is probably wrong and does not agree with the others."""
        return self.p_wrong >= OUTLIER and self.verdict is not Verdict.AGREES


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus:
    """Joint result of all sources on one height."""

    subject: str
    """Id of the place."""

    name: str
    """Display name."""

    members: tuple[Member, ...]
    """Sources in the order of the trek file, the DEM last."""

    value_m: float
    """Consensus, metres."""

    u_m: float
    """Its standard uncertainty, metres."""

    @property
    def interval_m(self) -> tuple[float, float]:
        """90 % interval, metres."""
        return self.value_m - Z90 * self.u_m, self.value_m + Z90 * self.u_m

    @property
    def outliers(self) -> tuple[Member, ...]:
        """Sources that are probably wrong."""
        return tuple(member for member in self.members if member.is_outlier)

    def text(self, units: Units) -> str:
        """Sentence on which sources agree and which do not, in the reader's units."""
        half = shown(Units.height, Z90 * self.u_m, is_exact=True)
        parts: list[str | Shown] = ["Together ", shown(Units.height, self.value_m, is_exact=True), " ± ", half,
                                    " (90 %). "]  # fmt: skip
        outliers = self.outliers
        if outliers:
            told = "; ".join(f"{member.vote.cited}, {100.0 * member.p_wrong:.0f} %" for member in outliers)
            parts.append(f"Probably wrong: {told}.")
        elif all(member.verdict is Verdict.AGREES for member in self.members):
            parts.append("All agree.")
        else:
            parts.append("They do not all agree; which one is wrong cannot be told.")
        return Sentence(tuple(parts)).text(units)


def consensus_of(trek: Trek, findings: Sequence[Finding]) -> tuple[Consensus, ...]:
    """Consensus of every place with two stated heights or more, in the order of the places.

    Findings against the DEM provide its height and uncertainty. Heights above the ellipsoid are left out.
    """
    dem = {f.subject: f for f in reversed(findings) if f.check is Check.DEM and f.budget}
    found = []
    for place in trek.places:
        votes = [
            _vote(statement)
            for whole in statements_on_place(place)
            for statement in whole.apart()
            if statement.figure.datum is not VerticalDatum.ELLIPSOID
        ]
        if len(votes) > 1:
            members, value, u = weigh([*votes, *(_dem_vote(dem[place.id]) if place.id in dem else ())])
            found.append(Consensus(subject=place.id, name=place.name, members=members, value_m=value, u_m=u))
    return tuple(found)


def _vote(statement: Statement) -> Vote:
    measure = statement.measure
    low, high = measure.interval
    spread = sigma_from_rounding(high - low if measure.is_range else measure.step_base)
    datum = U_DATUM_M if statement.figure.datum is VerticalDatum.UNKNOWN else 0.0
    return Vote(statement.source, measure.value, combine(spread, datum), statement)


def _dem_vote(finding: Finding) -> list[Vote]:
    u = finding.own_u
    if finding.estimate is None or u is None or not math.isfinite(u) or u <= 0.0:
        return []
    return [Vote(f"DEM: {finding.basis}", finding.estimate, u)]


def weigh(votes: Sequence[Vote]) -> tuple[tuple[Member, ...], float, float]:
    """Each source compared with the others, the consensus, and its standard uncertainty (metres).

    Needs at least one vote; all uncertainties must be positive.

    >>> votes = [Vote("a", 4450.0, 3.0), Vote("b", 4453.0, 3.0), Vote("c", 4630.0, 3.0)]
    >>> members, value, _ = weigh(votes)
    >>> [member.is_outlier for member in members], round(value)
    ([False, False, True], 4452)
    """
    value, u, wrong = _mixture(votes)
    members = []
    for index, vote in enumerate(votes):
        others = [*votes[:index], *votes[index + 1 :]]
        verdict = Verdict.UNDECIDED
        if others:
            their_value, their_u, _ = _mixture(others)
            verdict = judge(vote.value_m, their_value, combine(vote.u_m, their_u))
        members.append(Member(vote, verdict, wrong[index]))
    return tuple(members), value, u


def _mixture(votes: Sequence[Vote]) -> tuple[float, float, tuple[float, ...]]:
    """Mean, standard deviation, and each source's probability of being wrong, over all splits."""
    is_right = _divisions(len(votes))
    value = np.array([vote.value_m for vote in votes])
    u = np.array([vote.u_m for vote in votes])
    precision = np.where(is_right, u**-2.0, 0.0).sum(axis=1)
    means = np.where(is_right, value * u**-2.0, 0.0).sum(axis=1) / precision
    spread = precision**-0.5
    off = value - means[:, None]
    # integral over the height of the product of normal densities
    right = -(np.log(u) + 0.5 * (off / u) ** 2)
    # error of unknown size: flat in its logarithm beyond the uncertainty
    scale = np.hypot(u, spread[:, None])
    wrong = np.log(0.5 / np.arcsinh(_LARGEST_ERROR_M / scale) / np.hypot(off, scale))
    log_weight = np.log(spread) + 0.5 * (1 - is_right.sum(axis=1)) * math.log(2.0 * math.pi)
    log_weight += np.where(is_right, right, wrong).sum(axis=1)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    mean = float((weight * means).sum())
    square = float((weight * (spread**2 + (means - mean) ** 2)).sum())
    return mean, math.sqrt(square), tuple(np.where(is_right, 0.0, weight[:, None]).sum(axis=0).tolist())


@lru_cache(maxsize=64)
def _divisions(count: int) -> BoolArray:
    """Which sources are right, one split per row."""
    least = 1 if count <= ALL_DIVISIONS else count - 2
    rows = [right for size in range(least, count + 1) for right in itertools.combinations(range(count), size)]
    is_right = np.zeros((len(rows), count), dtype=np.bool_)
    for row, right in enumerate(rows):
        is_right[row, list(right)] = True
    return is_right
