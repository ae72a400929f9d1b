"""Draw a small map of a pass: terrain, route, stated position, saddles."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from shapely import LineString, clip_by_rect, get_parts

from routes._typing import FloatArray
from routes.analysis.pass_views import PassView
from routes.analysis.passes.saddles import LineTop, Saddle
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.grid import Method, sample_grid
from routes.model.kinds import Provenance
from routes.model.units import Units
from routes.render.drawing.furniture import (
    contour_step_m,
    draw_contours,
    draw_furniture,
    furniture,
    scale_bar,
)
from routes.render.drawing.labels import Box, PointLabel, put_labels, shortened
from routes.render.drawing.palette import INK, SOFT, TECHNICAL_KINDS
from routes.render.drawing.relief import relief_square
from routes.render.drawing.signs import (
    EDGE_PT,
    LINE_COLOUR,
    LINE_DASHES,
    ROW_PT,
    SECTION_COLOUR,
    TEXT_PT,
    WIDTH_PT,
    draw_disc,
    draw_legend_sign,
    draw_plus,
    draw_triangle,
    in_rows,
)
from routes.render.drawing.svg import HALO, Picture, picture_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAME_PT = 105.0
_PIXELS = 340
_CONTOUR_CELLS = 100
_MOST_CONTOURS = 20
_LINE_WORDS = {
    Provenance.RECORDED: "line, recorded",
    Provenance.OSM: "line, OpenStreetMap",
    Provenance.MODELLED: "line, modelled",
    Provenance.SCHEMATIC: "straight line",
}


def pass_map(view: PassView, key: str, units: Units = Units.METRIC) -> Picture | None:
    """Map of a pass, north up; None if no DEM covers the terrain.

    `key` is the picture's key within its page.
    """
    return None if view.terrain is None else _Map(view, units).picture(key)


class _Map:
    """Scales and parts of one map, in points from the lower left corner of the picture."""

    def __init__(self, view: PassView, units: Units) -> None:
        self.view, self.units = view, units
        assert view.terrain is not None  # noqa: S101 - asked before
        self.terrain = view.terrain
        self.side = WIDTH_PT - 2.0 * EDGE_PT
        self.contour_m = contour_step_m(self._heights(_CONTOUR_CELLS), units, _MOST_CONTOURS)
        self.rows = in_rows(list(self._legend()))
        self.foot = 6.0 + ROW_PT * len(self.rows)
        self.height = self.foot + self.side + EDGE_PT
        self.frame: Box = (EDGE_PT, self.foot, WIDTH_PT - EDGE_PT, self.foot + self.side)

    def xy(self, lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
        """Picture coordinates of positions, points, shape (n, 2)."""
        place, half = self.view.place, self.view.half_m
        lon_m, lat_m = metres_per_degree(place.lat)
        east = ((np.asarray(lon_deg) - place.lon + 180.0) % 360.0 - 180.0) * lon_m
        north = (np.asarray(lat_deg) - place.lat) * lat_m
        scale = 0.5 * self.side / half
        return np.column_stack([EDGE_PT + (east + half) * scale, self.foot + (north + half) * scale])

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Picture coordinates of one position, points."""
        x, y = self.xy(np.array([lon]), np.array([lat]))[0]
        return float(x), float(y)

    def is_shown(self, lon: float, lat: float) -> bool:
        """Whether a position is on the map."""
        left, low, right, top = self.frame
        x, y = self.point(lon, lat)
        return left <= x <= right and low <= y <= top

    def picture(self, key: str) -> Picture:
        """The complete picture."""
        from matplotlib.figure import Figure  # noqa: PLC0415 - only when something is drawn
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        figure = Figure(figsize=(WIDTH_PT / 72.0, self.height / 72.0), facecolor="#fff")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(0.0, WIDTH_PT), ylim=(0.0, self.height))
        axes.set_axis_off()
        corner = self.frame[:2]
        axes.add_patch(Rectangle(corner, self.side, self.side, facecolor="#eee", linewidth=0.0, gid="relief"))
        self._contours(axes)
        self._ways(axes)
        self._signs(axes)
        draw_furniture(axes, self.frame, *self._bar())
        self._labels(axes)
        axes.add_patch(
            Rectangle(corner, self.side, self.side, fill=False, edgecolor=SOFT, linewidth=0.8, zorder=9)
        )
        self._draw_legend(axes)
        row, col = self._cells(_PIXELS)
        name = self.view.place.name
        return picture_of(
            figure, key=key, title=f"Map of {name}", description=self._described(),
            images={"relief": relief_square(self.terrain, row, col)},
        )  # fmt: skip

    def _cells(self, count: int) -> tuple[FloatArray, FloatArray]:
        """Terrain rows and columns at `count` steps from north to south and from west to east."""
        place, half = self.view.place, self.view.half_m
        lon_m, lat_m = metres_per_degree(place.lat)
        off = ((np.arange(count) + 0.5) / count * 2.0 - 1.0) * half
        turn = 360.0 * round((self.terrain.west_deg - place.lon) / 360.0)
        return self.terrain.row_col(place.lon + turn + off / max(lon_m, 1.0), place.lat - off / lat_m)

    def _heights(self, count: int) -> FloatArray:
        """Heights at these steps, rows from north to south; cubic, so that contours are smooth."""
        row, col = self._cells(count)
        rows, cols = np.meshgrid(row, col, indexing="ij")
        found = sample_grid(self.terrain.height_m, rows.ravel(), cols.ravel(), Method.CUBIC)
        return found.reshape(count, count)

    def _contours(self, axes: "Axes") -> None:
        along = (np.arange(_CONTOUR_CELLS) + 0.5) / _CONTOUR_CELLS * self.side
        x, y = EDGE_PT + along, self.foot + self.side - along
        draw_contours(axes, x, y, self._heights(_CONTOUR_CELLS), self.contour_m, self.units)

    def _ways(self, axes: "Axes") -> None:
        for kind, lon, lat in self.view.lines:
            for x, y in self._clipped(self.xy(lon, lat)):
                axes.plot(x, y, color="#fff", linewidth=4.2, alpha=0.85, zorder=3, solid_capstyle="round")
                axes.plot(x, y, color=LINE_COLOUR, linewidth=2.2, linestyle=LINE_DASHES[kind], zorder=4)
        section = self.view.section
        if section is not None and not section.is_line:
            for x, y in self._clipped(self.xy(section.lon_deg, section.lat_deg)):
                axes.plot(x, y, color="#fff", linewidth=3.0, alpha=0.8, zorder=3)
                axes.plot(x, y, color=SECTION_COLOUR, linewidth=1.4, linestyle=(0, (5, 2)), zorder=4)
        around = np.linspace(0.0, 2.0 * np.pi, 73)
        middle = self.point(self.view.place.lon, self.view.place.lat)
        radius = self.view.place.position_uncertainty_m * 0.5 * self.side / self.view.half_m
        circle = np.column_stack([middle[0] + radius * np.cos(around), middle[1] + radius * np.sin(around)])
        for x_part, y_part in self._clipped(circle):
            axes.plot(x_part, y_part, color="#fff", linewidth=2.6, alpha=0.8, zorder=5)
            axes.plot(x_part, y_part, color=INK, linewidth=1.1, linestyle=(0, (3, 2)), zorder=5)

    def _clipped(self, points: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield the parts of a line that are on the map."""
        for part in get_parts(clip_by_rect(LineString(points), *self.frame)):
            if part.geom_type == "LineString" and part.length > 0.0:
                x, y = np.asarray(part.simplify(0.15).coords).T
                yield x, y

    def _saddles(self) -> list[tuple[int, Saddle]]:
        """Saddles on the map, with their numbers."""
        passing = self.view.passing
        numbered = enumerate(() if passing is None else passing.saddles, 1)
        return [(number, saddle) for number, saddle in numbered if self.is_shown(saddle.lon, saddle.lat)]

    def _neighbours(self) -> Iterator[tuple[str, float, float]]:
        for place in self.view.neighbours:
            if place.kind not in TECHNICAL_KINDS and self.is_shown(place.lon, place.lat):
                yield place.name, place.lon, place.lat

    def _signs(self, axes: "Axes") -> None:
        for _, lon, lat in self._neighbours():
            axes.plot(
                *self.point(lon, lat),
                marker="s",
                markersize=4.0,
                color=SOFT,
                markeredgecolor="#fff",
                zorder=6,
            )
        draw_plus(axes, self.point(self.view.place.lon, self.view.place.lat))
        top = self._top()
        if top is not None:
            draw_triangle(axes, self.point(top.lon, top.lat))
        for _, saddle in reversed(self._saddles()):
            draw_disc(axes, self.point(saddle.lon, saddle.lat), is_meant=saddle.is_meant)

    def _top(self) -> LineTop | None:
        """The route's highest point, if it is on the map."""
        top = None if self.view.passing is None else self.view.passing.line_top
        return top if top is not None and self.is_shown(top.lon, top.lat) else None

    def _labels(self, axes: "Axes") -> None:
        wanted: list[PointLabel] = []
        saddles = self._saddles()
        for number, saddle in sorted(saddles, key=lambda pair: not pair[1].is_meant):
            told = self.units.height(saddle.height_m)
            text = f"{number}: {told}" if len(saddles) > 1 else told
            wanted.append(PointLabel(text, *self.point(saddle.lon, saddle.lat), saddle.is_meant))
        top = self._top()
        if top is not None:
            wanted.append(PointLabel(self.units.height(top.height_m), *self.point(top.lon, top.lat)))
        wanted.extend(
            PointLabel(shortened(name, _NAME_PT, TEXT_PT), *self.point(lon, lat), is_needed=False)
            for name, lon, lat in self._neighbours()
        )
        x, y = self.point(self.view.place.lon, self.view.place.lat)
        taken = [(label.x - 5.0, label.y - 5.0, label.x + 5.0, label.y + 5.0) for label in wanted]
        taken += [(x - 7.0, y - 7.0, x + 7.0, y + 7.0), *furniture(self.frame, *self._bar())]
        left, low, right, high = self.frame
        frame = (left + 2.0, low + 2.0, right - 2.0, high - 2.0)
        colours = {(label.x, label.y): INK for label in wanted}
        if top is not None:
            colours[self.point(top.lon, top.lat)] = "#00507d"
        colours.update({self.point(saddle.lon, saddle.lat): "#8a2d00" for _, saddle in saddles})
        for put in put_labels(wanted, TEXT_PT, frame, taken, list(self._on_lines())):
            x, y = 0.5 * (put.box[0] + put.box[2]), 0.5 * (put.box[1] + put.box[3])
            if put.is_far:
                axes.plot([put.label.x, x], [put.label.y, y], color=SOFT, linewidth=0.7, zorder=5)
            axes.text(
                x, y, put.label.text, size=TEXT_PT, weight="bold", color=colours[put.label.x, put.label.y], gid=HALO,
                ha="center", va="center_baseline", parse_math=False, zorder=8,
            )  # fmt: skip

    def _on_lines(self) -> Iterator[Box]:
        """Yield small squares along the lines, which labels avoid."""
        for _, lon, lat in self.view.lines:
            for x, y in self._clipped(self.xy(lon, lat)):
                way = LineString(np.column_stack([x, y]))
                for along in np.arange(0.0, way.length, 5.0).tolist():
                    point = way.interpolate(along)
                    yield point.x - 2.0, point.y - 2.0, point.x + 2.0, point.y + 2.0

    def _bar(self) -> tuple[float, str]:
        """Length of the scale bar in points, and its label."""
        length_m, told = scale_bar(2.0 * self.view.half_m, self.units)
        return length_m * 0.5 * self.side / self.view.half_m, told

    def _legend(self) -> Iterator[tuple[str, str]]:
        """Yield sign and text of each legend entry."""
        place, passing, section = self.view.place, self.view.passing, self.view.section
        off = self.units.height(place.position_uncertainty_m)
        at = "stated position" if self.view.found is None else "high point of the line"
        yield "plus", f"{at}, circle of 95 %: {off}"
        if passing is not None and passing.saddles:
            meant = len(passing.candidates)
            if meant:
                yield "meant", "saddle that may be meant"
            if len(passing.saddles) > meant:
                yield "other", "other saddle"
        if passing is not None and passing.line_top is not None:
            yield "top", "highest point of the line"
        kinds = dict.fromkeys(kind for kind, lon, lat in self.view.lines if self._crosses(lon, lat))
        for kind in kinds:
            yield f"line {kind.value}", _LINE_WORDS[kind]
        if section is not None and not section.is_line:
            yield "section", "section drawn as profile"
        yield "contour", f"contours every {self.units.height(self.contour_m, is_exact=True)}"

    def _crosses(self, lon: FloatArray, lat: FloatArray) -> bool:
        place, half = self.view.place, self.view.half_m
        lon_m, lat_m = metres_per_degree(place.lat)
        east = ((lon - place.lon + 180.0) % 360.0 - 180.0) * lon_m
        return not clip_by_rect(
            LineString(np.column_stack([east, (lat - place.lat) * lat_m])), -half, -half, half, half
        ).is_empty

    def _draw_legend(self, axes: "Axes") -> None:
        for number, row in enumerate(self.rows):
            y = self.foot - 9.0 - ROW_PT * number
            for x, sign, text in row:
                draw_legend_sign(axes, sign, x + 8.0, y)
                axes.text(x + 21.0, y, text, size=TEXT_PT, color=INK, va="center_baseline", parse_math=False)

    def _described(self) -> str:
        """Text description of the map."""
        view, side = self.view, self.units.length(2.0 * self.view.half_m)
        parts = [
            f"Shaded relief with contours, {side} from side to side, north up, around {view.place.name}."
        ]
        saddles = self._saddles()
        if saddles:
            told = ", ".join(
                f"{number} at {self.units.height(saddle.height_m)}{' (may be meant)' if saddle.is_meant else ''}"
                for number, saddle in saddles
            )
            parts.append(f"Saddles: {told}.")
        top = self._top()
        if top is not None:
            parts.append(f"Highest point of the line: {self.units.height(top.height_m)}.")
        return " ".join(parts)
