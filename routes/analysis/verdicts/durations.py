"""Check stated durations against walking times."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from routes.analysis.figures.legs import total_effort
from routes.analysis.figures.results import LegStudy, lines_of
from routes.analysis.verdicts.causes import Clues
from routes.analysis.verdicts.finding import Check, Finding, Verdict, judge
from routes.analysis.walking.time import of_one_walker
from routes.kernel.effort import pace_spread
from routes.kernel.uncertainty import Z80, Z90, combine, sigma_from_rounding
from routes.model.effort import Method
from routes.model.estimate import Estimate
from routes.model.kinds import Provenance
from routes.model.statement import Statement

REST_RATIO = 2.0
"""Elapsed over moving time of a walking day with all its rests: median of 13 days of one walker's watch in Khumbu
(benchmarks/accuracy/ranges.py). Sources do not say whether their times include rests."""

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class ExpectedTime:
    """Time that a source may state for a walk."""

    value: float
    """Middle value, in the unit of the methods' times."""

    shares: Mapping[str, float]
    """Standard deviations of its logarithm, by origin."""


def expected_time(moving: Sequence[float], walkers: float) -> ExpectedTime:
    """Time that a source may state for a walk, with or without rests.

    It is the geometric mean of the moving times by two or more methods, times the middle of no rests and a whole day's
    rests (`REST_RATIO`). `walkers` is the standard deviation of the logarithm of walkers' times
    (`routes.kernel.effort.pace_spread`).
    """
    logs = np.log(moving)
    shares = {
        "methods": float(logs.std(ddof=1)),
        "walkers": walkers,
        "rests": math.log(REST_RATIO) / math.sqrt(12.0),
    }
    return ExpectedTime(float(np.exp(logs.mean())) * math.sqrt(REST_RATIO), shares)


def check_duration(statement: Statement, legs: Sequence[LegStudy]) -> Finding:
    """Verdict on a stated duration of legs; *undecided* if not on foot or without a walking time.

    Logarithms are compared, because paces differ by factors. Their variance is the sum of those of the methods (about
    their mean), walkers, rests (uniform from none to `REST_RATIO`), the line, and rounding.
    """
    modes = dict.fromkeys(leg.leg.mode.value for leg in legs if not leg.is_on_foot)
    if modes:
        reason = (
            f"How long it takes by {' and '.join(modes)} is not modelled: the figure is only held against other "
            "statements."
        )
        return Finding.on(statement, Check.LINE, Verdict.UNDECIDED, reason, "h")
    effort = total_effort(legs)
    if not effort.times_s:
        reason = f"It cannot be told: {effort.missing}."
        return Finding.on(statement, Check.LINE, Verdict.UNDECIDED, reason, "h")
    hours = [effort.times_s[method].value / _HOUR_S for method in Method]
    expected = expected_time(hours, _walkers(legs))
    estimate = expected.value
    shares = {
        **expected.shares,
        "line": _line(effort.times_s[effort.method]),
        "rounding": sigma_from_rounding(statement.measure.step_base) / estimate,
    }
    u = combine(*shares.values())
    nearest = statement.measure.nearest(estimate)
    verdict = judge(math.log(nearest), math.log(estimate), u) if nearest > 0.0 else Verdict.DIFFERS
    low, high = (estimate * math.exp(sign * Z90 * u) for sign in (-1.0, 1.0))
    reason = (
        f"Walking without rests takes {min(hours):.1f} to {max(hours):.1f} h by {len(Method)} methods; with the paces "
        f"of walkers, and with or without rests, which is not stated, {low:.1f} to {high:.1f} h (90 %)."
    )
    return replace(
        Finding.on(statement, Check.LINE, verdict, reason, "h"), estimate=estimate, u=estimate * u,
        budget={part: estimate * share for part, share in shares.items()},
        terms={
            "methods": "standard deviation of the moving times of " + ", ".join(Method),
            "walkers": "speeds of walking crews, a sixth to five sixths, by slope; Sullivan and others (2020)",
            "rests": f"uniform from none to the rests of a day, {REST_RATIO:g} times moving (a watch in Khumbu)",
            "line": "interval of length, ascent and descent",
            "rounding": "step of the source / sqrt 12",
        },
        basis=f"{lines_of(legs)} line; geometric mean of {len(Method)} methods' moving times and the middle of the "
        "rests",
        clues=clues_of(legs),
        notes=("Its terms are shares of the estimate: logarithms of times are compared.",),
    )  # fmt: skip


def clues_of(legs: Iterable[LegStudy]) -> Clues:
    """Clues to causes of a wrong length, climb or time: whether a line was modelled."""
    return Clues(is_modelled=any(Provenance.MODELLED in leg.line.provenances for leg in legs))


def _walkers(legs: Sequence[LegStudy]) -> float:
    """Spread of walkers' times over all profiles, weighted by length."""
    profiles = [profile for leg in legs for profile in leg.profiles]
    lengths = [float(profile.distance_m[-1] - profile.distance_m[0]) for profile in profiles]
    spreads = [pace_spread(profile.distance_m, profile.height_m) for profile in profiles]
    return float(np.average(spreads, weights=lengths))


def _line(time_s: Estimate) -> float:
    """Standard deviation of the logarithm of a time, from its range, without the spread between people."""
    alone = of_one_walker(time_s)
    if alone.p10 is None or alone.p90 is None:
        return 0.0
    return math.log(alone.p90 / alone.p10) / (2.0 * Z80)
