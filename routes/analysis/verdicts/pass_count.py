"""Stated numbers of passes against the profile of the line."""

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
"""Least fall on both sides along the line that makes a high point worth being called a pass, metres (a definition)."""

AGREES_WITHIN, DOUBTFUL_WITHIN = 2.0, 4.0
"""Factors either way on `PROMINENCE_M` between which others may draw the line: no source says what it counts."""


def pass_count(height_m: ArrayLike, *, prominence_m: float) -> int:
    """Count high points of a profile from which it falls by at least a prominence on both sides; ends are none.

    Heights and prominence, which is positive, are in metres.

    Examples
    --------
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
    """Verdict on a stated number of passes on legs, which are in walking order.

    It agrees where some prominence from half to twice `PROMINENCE_M` gives that number, is doubtful from a quarter to
    four times, differs beyond, and is undecided where a leg has no heights.
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
