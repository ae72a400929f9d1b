"""Shape of the ground around a place on a grid: its sharpness, and the top above it."""

import math

import numpy as np

from routes._typing import FloatArray
from routes.kernel.grid import bilinear

RING_CELLS = 1.5
"""Radius of the ring that shows how sharp a place is, in cells. Not fitted: 1.1 to 1.8 cells do equally well
(benchmarks/accuracy/validate.py, Japan)."""

_RING_POINTS = 32
_LEAST_KNOWN = 0.25


def sharpness_m(height: FloatArray, row: float, col: float, cell_m: tuple[float, float]) -> float:
    """Metres above the mean of a ring around a place: positive on a ridge, negative in a notch, 0 on a slope.

    Opposite points of the ring count as pairs, so a slope cancels even where a void cuts the ring. `row` and `col` are
    fractional indices of the place in `height`; `cell_m` is the column and row spacing. NaN if the place or three
    quarters of the pairs are unknown.
    """
    radius = RING_CELLS * math.sqrt(cell_m[0] * cell_m[1])
    angle = np.arange(_RING_POINTS) * (2.0 * np.pi / _RING_POINTS)
    rows = np.append(row - radius / cell_m[1] * np.cos(angle), row)
    cols = np.append(col + radius / cell_m[0] * np.sin(angle), col)
    *ring, here = bilinear(height, rows, cols)
    pairs = np.reshape(ring, (2, -1)).mean(axis=0)
    known = np.isfinite(pairs)
    return float(here - pairs[known].mean()) if known.mean() > _LEAST_KNOWN else math.nan


def top_near(
    height: FloatArray, row: float, col: float, cell_m: tuple[float, float], reach_m: float
) -> tuple[int, int] | None:
    """Cell at the end of the steepest ascent from a place, within `reach_m` of it; None among voids.

    If the ground still rises beyond the reach, the top is not found; it is at least as high as this cell.
    """
    rows, cols = height.shape

    def around(first: int, last: int, left: int, right: int) -> list[tuple[int, int]]:
        return [
            (r, c)
            for r in range(max(first, 0), min(last + 1, rows))
            for c in range(max(left, 0), min(right + 1, cols))
            if math.isfinite(height[r, c])
        ]

    def level(cell: tuple[int, int]) -> float:
        return float(height[cell])

    r, c = math.floor(row), math.floor(col)
    here = max(around(r, r + 1, c, c + 1), key=level, default=None)
    while here is not None:
        near = [
            (r, c)
            for r, c in around(here[0] - 1, here[0] + 1, here[1] - 1, here[1] + 1)
            if math.hypot((r - row) * cell_m[1], (c - col) * cell_m[0]) <= reach_m
        ]
        there = max(near, key=level, default=here)
        if height[there] <= height[here]:
            break
        here = there
    return here
