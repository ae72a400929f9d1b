"""Draw the ground over a pass with its stated heights and our own."""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from shapely import LineString

from routes._typing import FloatArray
from routes.analysis.pass_views import PassView
from routes.analysis.verdicts.finding import Finding, Verdict
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.uncertainty import Z90
from routes.model.measure import IN_BASE_UNIT
from routes.model.units import Units
from routes.render.drawing.labels import shortened
from routes.render.drawing.palette import INK, SOFT
from routes.render.drawing.signs import LINE_COLOUR, SADDLE_COLOUR, WIDTH_PT
from routes.render.drawing.steps import nice_step
from routes.render.drawing.svg import Picture, picture_of
from routes.render.pictures.stated_levels import levels_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEIGHT_PT = 250.0
"""Height of the picture, points."""

VERDICT_COLOURS = {
    Verdict.AGREES: "#00613d", Verdict.DOUBTFUL: "#7a5200", Verdict.DIFFERS: "#a3122d", Verdict.UNDECIDED: "#4a545e",
}  # fmt: skip
"""Colours of stated heights, with a contrast of at least 4.5 on white; signs and dashes differ too."""

_SIGNS = {
    Verdict.AGREES: "\N{CHECK MARK}", Verdict.DOUBTFUL: "?", Verdict.DIFFERS: "\N{MULTIPLICATION SIGN}",
    Verdict.UNDECIDED: "\N{EN DASH}",
}  # fmt: skip
_DASHES = {
    Verdict.AGREES: "-", Verdict.DOUBTFUL: (0, (6, 2)), Verdict.DIFFERS: (0, (3, 1.5)), Verdict.UNDECIDED: ":",
}  # fmt: skip
_TEXT, _ROW = 9.0, 11.5
_LEFT, _RIGHT, _LOW, _HIGH = 44.0, 202.0, 52.0, HEIGHT_PT - 18.0
_FAR_SHARE = 1.2
_LEAST_SPAN_M = 120.0


def pass_profile(
    view: PassView, findings: Sequence[Finding], key: str, units: Units = Units.METRIC
) -> Picture | None:
    """Profile over a pass, along the route or down both sides; None if no DEM covers the terrain.

    `findings` are the verdicts on its height; each becomes a line, with its figure as printed. `key` is the
    picture's key within its page.
    """
    if view.section is None or np.isfinite(view.section.height_m).sum() < 2:
        return None
    return _Profile(view, findings, units).picture(key)


class _Profile:
    """Scales and parts of one profile."""

    def __init__(self, view: PassView, findings: Sequence[Finding], units: Units) -> None:
        assert view.section is not None  # noqa: S101 - asked before
        self.view, self.section, self.units = view, view.section, units
        self.unit_m = IN_BASE_UNIT[units.height_unit]
        self.findings = findings
        self.ours = _ours(view, findings)
        known = self.section.height_m[np.isfinite(self.section.height_m)]
        ends = [float(known.min()), float(known.max())]
        if self.ours is not None:
            ends.extend(self.ours[1:])
        span = max(max(ends) - min(ends), _LEAST_SPAN_M)
        middle = 0.5 * (max(ends) + min(ends))
        reach = (middle - (0.5 + _FAR_SHARE) * span, middle + (0.5 + _FAR_SHARE) * span)
        levels = levels_of(findings)
        self.levels = [level for level in levels if reach[0] <= level.height_m <= reach[1]]
        self.beyond = [level for level in levels if not reach[0] <= level.height_m <= reach[1]]
        for level in self.levels:
            ends.extend((max(level.low_m, reach[0]), min(level.high_m, reach[1])))
        low, high = min(ends), max(ends)
        spare = 0.06 * max(high - low, _LEAST_SPAN_M)
        if high - low < _LEAST_SPAN_M:
            low, high = 0.5 * (low + high - _LEAST_SPAN_M), 0.5 * (low + high + _LEAST_SPAN_M)
        self.span = (low - spare, high + spare)
        self.reach_m = max(abs(float(self.section.distance_m[0])), abs(float(self.section.distance_m[-1])))

    @property
    def exaggeration(self) -> float:
        """Vertical exaggeration."""
        across = (_RIGHT - _LEFT) / (2.0 * self.reach_m)
        return (_HIGH - _LOW) / (self.span[1] - self.span[0]) / across

    def picture(self, key: str) -> Picture:
        """The complete picture."""
        from matplotlib.figure import Figure  # noqa: PLC0415 - only when something is drawn

        figure = Figure(figsize=(WIDTH_PT / 72.0, HEIGHT_PT / 72.0), facecolor="#fff")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(0.0, WIDTH_PT), ylim=(0.0, HEIGHT_PT))
        axes.set_axis_off()
        self._ground(axes)
        self._axes(axes)
        self._estimate(axes)
        self._stated(axes)
        self._marks(axes)
        self._labels(axes)
        way = "along the line" if self.section.is_line else "down its two sides"
        return picture_of(
            figure,
            key=key,
            title=f"Profile over {self.view.place.name}, {way}",
            description=self._described(),
        )

    def x(self, distance_m: FloatArray | float) -> FloatArray:
        """Points from the left, by distance."""
        share = (np.asarray(distance_m, dtype=np.float64) + self.reach_m) / (2.0 * self.reach_m)
        return np.asarray(_LEFT + share * (_RIGHT - _LEFT))

    def y(self, height_m: FloatArray | float) -> FloatArray:
        """Points from the bottom, by height, kept inside the frame."""
        share = (np.asarray(height_m, dtype=np.float64) - self.span[0]) / (self.span[1] - self.span[0])
        return np.asarray(_LOW + np.clip(share, 0.0, 1.0) * (_HIGH - _LOW))

    def _ground(self, axes: "Axes") -> None:
        height = self.section.height_m
        known = np.isfinite(height)
        for part in np.split(np.arange(height.size), np.flatnonzero(np.diff(known.astype(np.int8))) + 1):
            if part.size < 2 or not known[part[0]]:
                continue
            points = np.column_stack([self.x(self.section.distance_m[part]), self.y(height[part])])
            x, y = np.asarray(LineString(points).simplify(0.2).coords).T
            axes.fill(
                [*x, x[-1], x[0]],
                [*y, _LOW, _LOW],
                facecolor="#dcd6c8",
                edgecolor="none",
                linewidth=0.0,
                zorder=1,
            )
            axes.plot(x, y, color="#5b4a2f", linewidth=1.6, zorder=4)

    def _axes(self, axes: "Axes") -> None:
        step = nice_step((self.span[1] - self.span[0]) / self.unit_m, 6)
        first, last = self.span[0] / self.unit_m / step, self.span[1] / self.unit_m / step
        for number in range(int(np.ceil(first)), int(np.floor(last)) + 1):
            y = float(self.y(number * step * self.unit_m))
            axes.plot([_LEFT, _RIGHT], [y, y], color="#b9c0c6", linewidth=0.5, zorder=2, alpha=0.8)
            axes.text(
                _LEFT - 4.0, y, f"{number * step:,.0f}" if self.unit_m < 1.0 else f"{number * step:.0f}", size=_TEXT,
                color=SOFT, ha="right", va="center_baseline",
            )  # fmt: skip
        axes.text(
            _LEFT - 4.0,
            _HIGH + 9.0,
            str(self.units.height_unit),
            size=_TEXT,
            color=SOFT,
            ha="right",
            va="center_baseline",
        )
        unit_m = IN_BASE_UNIT[self.units.length_unit]
        step = nice_step(2.0 * self.reach_m / unit_m, 4)
        most = int(np.floor(self.reach_m / unit_m / step + 1e-9))
        for number in range(-most, most + 1):
            x = float(self.x(number * step * unit_m))
            axes.plot([x, x], [_LOW, _LOW - 3.5], color=SOFT, linewidth=0.8)
            text = f"{abs(number) * step:g}" if number else "0"
            text += f" {self.units.length_unit}" if number == most else ""
            axes.text(x, _LOW - 12.0, text, size=_TEXT, color=SOFT, ha="center", va="center_baseline")
        axes.plot(
            [_LEFT, _RIGHT, _RIGHT, _LEFT, _LEFT],
            [_LOW, _LOW, _HIGH, _HIGH, _LOW],
            color=SOFT,
            linewidth=0.8,
            zorder=5,
        )
        half = 0.5 * WIDTH_PT - 16.0
        arrows = ("\N{LEFTWARDS ARROW} {}", "{} \N{RIGHTWARDS ARROW}")
        for text, x, side, arrow in (
            (self.section.start, 2.0, "left", arrows[0]),
            (self.section.end, WIDTH_PT - 2.0, "right", arrows[1]),
        ):
            if text:
                axes.text(
                    x, 22.0, arrow.format(shortened(text, half, _TEXT)), size=_TEXT, color=INK, ha=side,
                    va="center_baseline", parse_math=False,
                )  # fmt: skip
        way = "along the line" if self.section.is_line else "straight down either side"
        axes.text(
            0.5 * WIDTH_PT, 8.0, f"{way}; heights {self.exaggeration:.1f} \N{MULTIPLICATION SIGN} distances",
            size=_TEXT, color=SOFT, ha="center", va="center_baseline",
        )  # fmt: skip

    def _estimate(self, axes: "Axes") -> None:
        if self.ours is None:
            return
        y, low, high = (float(self.y(height)) for height in self.ours)
        axes.fill(
            [_LEFT, _RIGHT, _RIGHT, _LEFT],
            [low, low, high, high],
            facecolor=LINE_COLOUR,
            alpha=0.25,
            linewidth=0.0,
            zorder=3,
        )
        axes.plot([_LEFT, _RIGHT], [y, y], color=LINE_COLOUR, linewidth=1.4, zorder=5)

    def _stated(self, axes: "Axes") -> None:
        for level in self.levels:
            colour = VERDICT_COLOURS[level.verdict]
            low, y, high = (float(self.y(height)) for height in (level.low_m, level.height_m, level.high_m))
            if high - low > 1.0:
                axes.fill(
                    [_LEFT, _RIGHT, _RIGHT, _LEFT], [low, low, high, high], facecolor=colour, alpha=0.1, linewidth=0.0,
                    zorder=2,
                )  # fmt: skip
            axes.plot(
                [_LEFT, _RIGHT],
                [y, y],
                color=colour,
                linewidth=1.0,
                linestyle=_DASHES[level.verdict],
                zorder=5,
            )

    def _marks(self, axes: "Axes") -> None:
        """Saddle and highest point of the route, at the nearest point of the section."""
        passing = self.view.passing
        if passing is None:
            return
        if passing.candidates:
            saddle = passing.candidates[0]
            axes.plot(
                *self._nearest(saddle.lon, saddle.lat, saddle.height_m), marker="o", markersize=5.5,
                color=SADDLE_COLOUR, markeredgecolor="#fff", markeredgewidth=1.2, zorder=7,
            )  # fmt: skip
        if passing.line_top is not None and self.section.is_line:
            top = passing.line_top
            axes.plot(
                *self._nearest(top.lon, top.lat, top.height_m), marker="^", markersize=11.0, color=LINE_COLOUR,
                markeredgecolor="#fff", markeredgewidth=0.9, zorder=6,
            )  # fmt: skip

    def _nearest(self, lon: float, lat: float, height_m: float) -> tuple[float, float]:
        lon_m, lat_m = metres_per_degree(lat)
        away = np.hypot((self.section.lon_deg - lon) * lon_m, (self.section.lat_deg - lat) * lat_m)
        return float(self.x(float(self.section.distance_m[int(np.argmin(away))]))), float(self.y(height_m))

    def _labels(self, axes: "Axes") -> None:
        """Figures next to the frame, spaced apart, each joined to its line."""
        rows: list[tuple[float, str, str]] = []
        if self.ours is not None:
            height, low, high = self.ours
            # without the unit, to fit next to the frame; the axis shows it
            best, off = (
                self.units.height(value, is_exact=True).removesuffix(f" {self.units.height_unit}")
                for value in (height, 0.5 * (high - low))
            )
            rows.append((float(self.y(height)), f"DEM {best} \N{PLUS-MINUS SIGN} {off}", LINE_COLOUR))
        rows += [
            (
                float(self.y(level.height_m)),
                f"{_SIGNS[level.verdict]} {level.text}",
                VERDICT_COLOURS[level.verdict],
            )
            for level in self.levels
        ]
        for level in self.beyond:
            is_above = level.height_m > self.span[1]
            arrow = "\N{UPWARDS ARROW}" if is_above else "\N{DOWNWARDS ARROW}"
            rows.append(
                (_HIGH if is_above else _LOW, f"{arrow} {level.text}", VERDICT_COLOURS[level.verdict])
            )
        rows.sort(key=lambda row: row[0])
        most = int((_HIGH - _LOW + _ROW) // _ROW)
        rows = _thinned(rows, most)
        for (y, text, colour), at in zip(rows, _spread([row[0] for row in rows]), strict=True):
            axes.plot([_RIGHT, _RIGHT + 8.0], [y, at], color=colour, linewidth=0.7, zorder=4)
            axes.text(
                _RIGHT + 9.5, at, shortened(text, WIDTH_PT - _RIGHT - 10.0, _TEXT), size=_TEXT, color=colour,
                ha="left", va="center_baseline", parse_math=False, zorder=8,
            )  # fmt: skip

    def _described(self) -> str:
        known = self.section.height_m[np.isfinite(self.section.height_m)]
        ends = self.units.height_range(float(known.min()), float(known.max()))
        where = ""
        if self.section.start or self.section.end:
            where = f", from {self.section.start or 'the start'} to {self.section.end or 'the end'}"
        parts = [f"Ground from {ends} within {self.units.length(self.reach_m)} either way{where}."]
        if self.ours is not None:
            best = self.units.height(self.ours[0], is_exact=True)
            parts.append(f"DEM {best}, {self.units.height_range(*self.ours[1:], is_exact=True)} (90 %).")
        parts.extend(
            f"Stated {stated.printed}: {finding.verdict}."
            for finding in self.findings
            for stated in finding.statements
        )
        return " ".join(parts)


def _ours(view: PassView, findings: Sequence[Finding]) -> tuple[float, float, float] | None:
    """Our own height and its 90 % range, metres; None if there is none."""
    for finding in findings:
        if finding.estimate is not None and finding.interval is not None:
            return finding.estimate, *finding.interval
    if view.height_m is None or view.height_u_m is None:
        return None
    half = Z90 * view.height_u_m
    return view.height_m, view.height_m - half, view.height_m + half


def _thinned(rows: list[tuple[float, str, str]], most: int) -> list[tuple[float, str, str]]:
    """At most `most` labels; the two closest merge until they fit."""
    rows = list(rows)
    while len(rows) > most:
        gaps = [after[0] - before[0] for before, after in itertools.pairwise(rows)]
        i = int(np.argmin(gaps))
        (y, text, colour), (_, other, _) = rows[i], rows[i + 1]
        rows[i : i + 2] = [
            (y, text if text.endswith("\N{HORIZONTAL ELLIPSIS}") else f"{text}, {other}", colour)
        ]
    return rows


def _spread(wanted: list[float]) -> list[float]:
    """Label heights in ascending order inside the frame, at least a row apart, close to those wanted."""
    at: list[float] = []
    for y in wanted:
        at.append(max(y, at[-1] + _ROW) if at else max(y, _LOW + 2.0))
    top = _HIGH - 2.0
    for i in reversed(range(len(at))):
        at[i] = min(at[i], top)
        top = at[i] - _ROW
    return at
