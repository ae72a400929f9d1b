"""Check stated numbers of passes against the line's profile."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from routes.analysis.figures.results import LegStudy, missing_of
from routes.analysis.verdicts.finding import Check, Finding, Verdict
from routes.kernel.profile import turning_points
from routes.model.sentence import Sentence, shown
from routes.model.statement import Statement
from routes.model.units import Units

PROMINENCE_M = 100.0
"""Minimum drop on both sides along the line for a high point to count as a pass, metres (a definition)."""

AGREES_WITHIN, DOUBTFUL_WITHIN = 2.0, 4.0
"""Factors on `PROMINENCE_M`, either way, up to which a count agrees or is doubtful: no source says what it counts."""


def pass_count(height_m: ArrayLike, *, prominence_m: float) -> int:
    """Number of high points from which a profile drops by at least a prominence on both sides.

    The ends do not count. Heights and prominence (positive) are in metres.

    >>> heights = [2000.0, 2500.0, 2300.0, 2360.0, 2100.0, 2400.0, 2390.0]
    >>> [pass_count(heights, prominence_m=least) for least in (50.0, 100.0, 250.0, 500.0)]
    [2, 1, 1, 0]
    """
    height = np.asarray(height_m, dtype=np.float64)
    turns = height[turning_points(height, threshold_m=prominence_m)]
    inner = turns[1:-1]
    falls = np.minimum(inner - turns[:-2], inner - turns[2:])
    return int(np.count_nonzero(falls >= prominence_m))


def check_passes(statement: Statement, legs: Sequence[LegStudy]) -> Finding:
    """Verdict on a stated number of passes on legs in walking order.

    It agrees if some prominence from half to twice `PROMINENCE_M` gives that number, is doubtful from a quarter to
    four times, and differs beyond. It is undecided if a leg has no heights.
    """
    if not legs or any(not leg.profiles for leg in legs):
        reason = f"It cannot be told: {missing_of(legs) or 'no leg on foot'}."
        return Finding.on(statement, Check.LINE, Verdict.UNDECIDED, reason, "1")
    height = np.concatenate([profile.height_m for leg in legs for profile in leg.profiles])
    low, high = statement.measure.low, statement.measure.high

    def between(factor: float) -> tuple[int, int]:
        fewest, most = PROMINENCE_M * factor, PROMINENCE_M / factor
        return pass_count(height, prominence_m=fewest), pass_count(height, prominence_m=most)

    verdict = Verdict.DIFFERS
    for factor, milder in ((DOUBTFUL_WITHIN, Verdict.DOUBTFUL), (AGREES_WITHIN, Verdict.AGREES)):
        fewest, most = between(factor)
        if low <= most and fewest <= high:
            verdict = milder
    count = pass_count(height, prominence_m=PROMINENCE_M)
    fewest, most = between(AGREES_WITHIN)
    least, more, less = (
        shown(Units.size, PROMINENCE_M * factor) for factor in (1.0, AGREES_WITHIN, 1.0 / AGREES_WITHIN)
    )
    said = Sentence((
        f"The line has {count} with a fall of ", least, f" or more on both sides, {fewest} with ", more,
        f", {most} with ", less, ".",
    ))  # fmt: skip
    basis = ", ".join(dict.fromkeys(f"{leg.line.provenance.value} line" for leg in legs))
    return replace(Finding.on(statement, Check.LINE, verdict, said, "1"), estimate=float(count), basis=basis)
