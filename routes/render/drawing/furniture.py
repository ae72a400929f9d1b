"""Scale bar, north arrow and contour lines of maps, in points."""

from typing import TYPE_CHECKING

import numpy as np

from routes._typing import FloatArray
from routes.model.measure import IN_BASE_UNIT, Unit
from routes.model.units import Units
from routes.render.drawing.labels import Box, text_width
from routes.render.drawing.palette import INK
from routes.render.drawing.signs import TEXT_PT
from routes.render.drawing.svg import HALO

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_METRES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
_MILES = (0.1, 0.25, 0.5, 1, 2, 4, 10, 20, 50, 100, 200, 400)
_CONTOURS = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_INDEX = 5
_BAR_SHARE = 0.34


def scale_bar(width_m: float, units: Units) -> tuple[float, str]:
    """Round length in metres of a scale bar up to a third of a map's width, and its label.

    >>> scale_bar(3000.0, Units.METRIC), scale_bar(30_000.0, Units.METRIC)
    ((1000.0, '1 km'), (10000.0, '10 km'))
    """
    unit = units.length_unit
    is_metric = unit is Unit.KILOMETRE
    size = 1.0 if is_metric else IN_BASE_UNIT[unit]
    steps = _METRES if is_metric else _MILES
    step = max((step for step in steps if step * size <= _BAR_SHARE * width_m), default=steps[0])
    if is_metric:
        return step * size, f"{step} m" if step < 1000 else f"{step / 1000:g} km"
    return step * size, f"{step:g} {unit}"


def furniture(frame: Box, bar_pt: float, told: str) -> tuple[Box, Box]:
    """Positions of the scale bar and the north arrow in a frame."""
    left, low, right, high = frame
    return (
        (left + 4.0, low + 3.0, left + 14.0 + bar_pt + text_width(told, TEXT_PT), low + 19.0),
        (right - 20.0, high - 34.0, right - 3.0, high - 3.0),
    )


def draw_furniture(axes: "Axes", frame: Box, bar_pt: float, told: str) -> None:
    """Draw scale bar and north arrow."""
    bar, north = furniture(frame, bar_pt, told)
    x, y = bar[0] + 3.0, bar[1] + 5.0
    axes.fill(
        [bar[0], bar[2], bar[2], bar[0]], [bar[1], bar[1], bar[3], bar[3]], color="#fff", alpha=0.75, linewidth=0.0,
        zorder=6,
    )  # fmt: skip
    axes.plot([x, x, x + bar_pt, x + bar_pt], [y + 4.0, y, y, y + 4.0], color=INK, linewidth=1.3, zorder=7)
    axes.text(x + bar_pt + 4.0, y + 3.0, told, size=TEXT_PT, color=INK, va="center_baseline", zorder=7)
    middle = 0.5 * (north[0] + north[2])
    axes.fill(
        [middle, middle + 5.0, middle, middle - 5.0], [north[3], north[3] - 17.0, north[3] - 13.0, north[3] - 17.0],
        facecolor=INK, edgecolor="#fff", linewidth=0.8, zorder=7,
    )  # fmt: skip
    axes.text(
        middle, north[3] - 25.0, "N", size=TEXT_PT, weight="bold", color=INK, gid=HALO, ha="center",
        va="center_baseline", zorder=7,
    )  # fmt: skip


def contour_step_m(heights_m: FloatArray, units: Units, most: int) -> float:
    """Round contour interval in the reader's unit that gives at most so many steps, metres."""
    known = heights_m[np.isfinite(heights_m)]
    unit = IN_BASE_UNIT[units.height_unit]
    span = (float(np.ptp(known)) if known.size else 0.0) / unit
    return unit * next((step for step in _CONTOURS if span / step <= most), _CONTOURS[-1])


def draw_contours(
    axes: "Axes", x: FloatArray, y: FloatArray, heights_m: FloatArray, step_m: float, units: Units
) -> None:
    """Draw contour lines, every fifth bolder and labelled, at columns `x` and rows `y` in points.

    Heights are NaN where unknown; `step_m` comes from `contour_step_m`.
    """
    known = heights_m[np.isfinite(heights_m)]
    if not known.size:
        return
    numbers = np.arange(np.ceil(known.min() / step_m), np.floor(known.max() / step_m) + 1.0)
    if not numbers.size:
        return
    is_index = numbers % _INDEX == 0.0
    lines = axes.contour(
        x, y, np.ma.masked_invalid(heights_m), levels=numbers * step_m, colors="#6b4f2a", alpha=0.75,
        linewidths=np.where(is_index, 0.9, 0.4).tolist(), zorder=2,
    )  # fmt: skip
    told = numbers[is_index] if is_index.any() else numbers[:: max(numbers.size // 3, 1)]
    unit = IN_BASE_UNIT[units.height_unit]
    texts = axes.clabel(
        lines, levels=(told * step_m).tolist(), fontsize=7.0, colors="#553c1c", inline_spacing=2,
        fmt=lambda level: f"{level / unit:.0f}",
    )  # fmt: skip
    for text in texts or ():
        text.set_gid(HALO)
