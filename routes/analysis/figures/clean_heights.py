"""Clean recorded heights: void codes, wrong ends and device resets."""

from collections.abc import Sequence

import numpy as np

from routes._typing import BoolArray, FloatArray
from routes.analysis.figures.gaps import GAP_M

NO_HEIGHT_M = (-500.0, 9000.0)
"""Heights outside this range are void codes."""

ZERO_OFF_M = 100.0
"""A height of exactly 0 is a void code if nearly all others differ from it by this much, metres."""

WRONG_END_M, WRONG_END_SLOPE, WRONG_END_POINTS = 20.0, 1.0, 5
"""A jump of this many metres and this slope discards up to this many heights between it and the end. Two of 35 real
files begin with such a jump, of 376 and 442 m."""

JUMP_M, JUMP_SLOPE = 50.0, 3.0
"""A jump this high and steep elsewhere is a device reset, not a climb (assumed; none in the 35 files)."""


def cleaned(distance_m: FloatArray, ele_m: FloatArray) -> tuple[FloatArray, tuple[str, ...]]:
    """Cleaned heights in metres, and notes on what was wrong.

    Rejected heights are NaN, except near an end, where they take the next good height. What follows a device reset is
    shifted by its jump.
    """
    height = ele_m.copy()
    given = np.isfinite(height)
    void = given & ((height < NO_HEIGHT_M[0]) | (height > NO_HEIGHT_M[1]))
    height[void] = np.nan
    others = height[np.isfinite(height) & (height != 0.0)]
    is_zero_void = others.size > 0 and np.percentile(np.abs(others), 5.0) >= ZERO_OFF_M
    zero = (height == 0.0) & is_zero_void
    height[zero] = np.nan
    wrong = _wrong_ends(distance_m, height)
    height[wrong] = np.nan
    jumps = _levelled(distance_m, height)
    _level_ends(distance_m, height, given)
    found = (
        _told(distance_m, np.flatnonzero(void), "void code{s} instead of a height", "ignored"),
        _told(distance_m, np.flatnonzero(zero), "height{s} of 0, far from all others", "ignored"),
        _told(distance_m, np.flatnonzero(wrong), "wrong height{s} at an end", "ignored"),
        _told(distance_m, jumps, "jump{s} in height too steep to walk", "levelled"),
    )
    return height, tuple(note for note in found if note)


def _wrong_ends(distance_m: FloatArray, height_m: FloatArray) -> BoolArray:
    """Heights that a jump near an end separates from the rest."""
    wrong = np.zeros(height_m.shape, dtype=np.bool_)
    for height, along, is_wrong in (
        (height_m, distance_m, wrong),
        (height_m[::-1], -distance_m[::-1], wrong[::-1]),
    ):
        known = np.flatnonzero(np.isfinite(height))[: WRONG_END_POINTS + 1]
        jump, run = np.abs(np.diff(height[known])), np.diff(along[known])
        steep = np.flatnonzero(jump > np.maximum(WRONG_END_M, WRONG_END_SLOPE * run))
        if steep.size and known.size > WRONG_END_POINTS:
            is_wrong[known[: steep[-1] + 1]] = True
    return wrong


def _levelled(distance_m: FloatArray, height_m: FloatArray) -> Sequence[int]:
    """Remove jumps from heights, in place; returns the indices of the points after them."""
    known = np.flatnonzero(np.isfinite(height_m))
    step, run = np.diff(height_m[known]), np.diff(distance_m[known])
    is_jump = np.abs(step) > np.maximum(JUMP_M, JUMP_SLOPE * run)
    height_m[known[1:]] -= np.cumsum(np.where(is_jump, step, 0.0))
    return known[1:][is_jump].tolist()  # type: ignore[no-any-return]


def _level_ends(distance_m: FloatArray, height_m: FloatArray, given: BoolArray) -> None:
    """Replace rejected heights at an end by the next good one, in place."""
    known = np.flatnonzero(np.isfinite(height_m))
    if not known.size:
        return
    for nearest, beyond in ((known[0], slice(0, known[0])), (known[-1], slice(known[-1] + 1, None))):
        away = np.abs(distance_m[beyond] - distance_m[nearest])
        if given[beyond].all() and away.size and away.max() <= GAP_M:
            height_m[beyond] = height_m[nearest]


def _told(distance_m: FloatArray, index: Sequence[int] | np.ndarray, what: str, done: str) -> str:
    if not len(index):
        return ""
    count, at = len(index), distance_m[index[0]] / 1000.0
    where = f"at {at:.1f} km" if count == 1 else f"the first at {at:.1f} km"
    return f"{count} {what.format(s='s' * (count > 1))} in the recorded line, {where}: {done}."
