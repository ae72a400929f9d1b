"""Draw the map of a trek: relief, contours, days, places, scale, credits."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from shapely import LineString, Polygon, box, clip_by_rect, get_parts, union_all

from routes._typing import FloatArray
from routes.analysis.figures.results import LegStudy, VariantStudy
from routes.analysis.study import Study
from routes.kernel.grid import Method, sample_grid
from routes.model.grid import Grid
from routes.model.kinds import PlaceKind, Provenance
from routes.model.track import Segment
from routes.model.units import Units
from routes.render.drawing.frame import MapFrame
from routes.render.drawing.furniture import (
    contour_step_m,
    draw_contours,
    draw_furniture,
    furniture,
    scale_bar,
)
from routes.render.drawing.labels import Box, PointLabel, put_labels, shortened, text_width
from routes.render.drawing.palette import (
    INK,
    SOFT,
    day_colour,
    stroke_of,
)
from routes.render.drawing.png import drawing_settings, png_of
from routes.render.drawing.relief import GROUND, shaded
from routes.render.page.data import shown_legs
from routes.render.pictures.captions import credit_line, headline, subtitle
from routes.render.pictures.trek_map_signs import PlaceSign, draw_entry, draw_place, draw_stroke, place_signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH_PT = 800.0
_EDGE_PT = 14.0
_HEAD_PT = 62.0
_TEXT_PT, _SMALL_PT, _ROW_PT = 10.5, 9.0, 17.0
_NAME_PT = 235.0
_ACROSS = (0.95, 1.7)
_CONTOUR_PT = 4.0
_TONES = 4
_MOST_CONTOURS = 32
_LEAST_BAND_PT = 3.0
_CREDIT_CHARACTERS = 150
_ROOM = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
"""Positions along a day for its number, best first, as shares of its length."""

_LINE_WORDS = {
    Provenance.RECORDED: "recorded",
    Provenance.OSM: "along OpenStreetMap",
    Provenance.MODELLED: "modelled, not recorded",
    Provenance.SCHEMATIC: "straight line: the way is not known",
}


def trek_map_png(study: Study, variant: VariantStudy, units: Units = Units.METRIC) -> bytes | None:
    """Map of a variant, or of one of its days, as PNG, north up, in the Mercator projection.

    The same study gives the same bytes. Ground without a DEM stays plain. None without any walk.
    """
    legs = shown_legs(variant)
    if not legs:
        return None
    with drawing_settings():
        return _Map(study, variant, units, legs).png()


class _Map:
    """Scales and parts of one map, in points from the lower left corner of the picture."""

    def __init__(self, study: Study, variant: VariantStudy, units: Units, legs: Sequence[LegStudy]) -> None:
        self.study, self.variant, self.units, self.legs = study, variant, units, legs
        self.at = MapFrame(legs, _WIDTH_PT - 2.0 * _EDGE_PT, _ACROSS)
        self.credits = textwrap.wrap(self._credit(), _CREDIT_CHARACTERS)
        self.kinds = self._kinds()
        # the frame's position depends on the legend below it, and the legend on the frame's size
        self.frame: Box = (_EDGE_PT, 0.0, _WIDTH_PT - _EDGE_PT, self.at.height)
        self.rows = self._legend_rows()
        self.foot = 14.0 + _ROW_PT * len(self.rows) + 12.5 * len(self.credits)
        self.frame = (_EDGE_PT, self.foot, _WIDTH_PT - _EDGE_PT, self.foot + self.at.height)
        self.height = self.frame[3] + _HEAD_PT

    def xy(self, lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
        """Picture coordinates of positions, points, shape (n, 2)."""
        return np.asarray(self.at.xy(lon_deg, lat_deg) + np.array(self.frame[:2]))

    def png(self) -> bytes:
        """The complete picture, as PNG."""
        from matplotlib.figure import Figure  # noqa: PLC0415 - only when something is drawn
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        figure = Figure(figsize=(_WIDTH_PT / 72.0, self.height / 72.0), facecolor="#fff")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(0.0, _WIDTH_PT), ylim=(0.0, self.height))
        axes.set_axis_off()
        left, low, right, high = self.frame
        axes.add_patch(
            Rectangle((left, low), right - left, high - low, facecolor=GROUND, linewidth=0.0, zorder=0)
        )
        if self.study.terrain is not None:
            self._ground(axes, self.study.terrain)
        self._doubt(axes)
        self._ways(axes)
        signs = list(place_signs(self.study, self.variant, self.legs, self.frame, self.xy))
        numbers = self._numbers(axes, signs)
        for sign in reversed(signs):
            draw_place(axes, sign)
        bar_pt, told = self._bar()
        draw_furniture(axes, self.frame, bar_pt, told)
        self._names(axes, signs, [*numbers, *furniture(self.frame, bar_pt, told)])
        axes.add_patch(
            Rectangle(
                (left, low), right - left, high - low, fill=False, edgecolor=SOFT, linewidth=0.9, zorder=12
            )
        )
        self._words(axes)
        return png_of(figure)

    def _bar(self) -> tuple[float, str]:
        """Length of the scale bar in points, and its label; exact in the middle of the map."""
        length_m, told = scale_bar(self.at.width / self.at.metre, self.units)
        return length_m * self.at.metre, told

    def _ground(self, axes: "Axes", terrain: Grid) -> None:
        left, low, right, high = self.frame
        grid = self.at.seen(terrain)
        # two pixels per point, as in the picture, only if the DEM is that fine: they cost four times the
        # bytes
        density = 2.0 if max(grid.height_m.shape) > right - left else 1.0
        across, down = round(density * (right - left)), round(density * (high - low))
        row, col = self.at.cells(grid, across, down)
        pixels = shaded(grid, row, col)
        rows, cols = grid.height_m.shape
        beyond = (row < -0.5) | (row > rows - 0.5), (col < -0.5) | (col > cols - 0.5)
        # coarser tones look the same and save a third of the bytes
        pixels[:3] = np.minimum(pixels[:3].astype(np.int64) // _TONES * _TONES + _TONES // 2, 255).astype(
            np.uint8
        )
        pixels[3, beyond[0], :] = 0
        pixels[3, :, beyond[1]] = 0
        axes.imshow(
            pixels.transpose(1, 2, 0),
            extent=(left, right, low, high),
            aspect="auto",
            interpolation="none",
            zorder=1,
        )
        axes.set_xlim(0.0, _WIDTH_PT)
        axes.set_ylim(0.0, self.height)
        heights = self._heights(terrain)
        down, across = heights.shape
        x = left + (np.arange(across) + 0.5) / across * (right - left)
        y = high - (np.arange(down) + 0.5) / down * (high - low)
        draw_contours(axes, x, y, heights, self._contour_step_m(), self.units)

    def _heights(self, terrain: Grid) -> FloatArray:
        """Heights over the frame from north to south; cubic, so that contours are smooth."""
        left, low, right, high = self.frame
        across, down = round((right - left) / _CONTOUR_PT), round((high - low) / _CONTOUR_PT)
        grid = self.at.seen(terrain)
        row, col = np.meshgrid(*self.at.cells(grid, across, down), indexing="ij")
        found = sample_grid(grid.height_m, row.ravel(), col.ravel(), Method.CUBIC)
        return found.reshape(down, across)

    def _contour_step_m(self) -> float:
        assert self.study.terrain is not None  # noqa: S101 - asked before
        return contour_step_m(self._heights(self.study.terrain), self.units, _MOST_CONTOURS)

    def _parts(self, segment: Segment) -> Iterator[FloatArray]:
        """Yield the parts of a line that are on the map, shape (n, 2)."""
        points = self.xy(segment.lon_deg, segment.lat_deg)
        for part in get_parts(clip_by_rect(LineString(points), *self.frame)):
            if part.geom_type == "LineString" and part.length > 0.0:
                yield np.asarray(part.simplify(0.15).coords)

    def _doubt(self, axes: "Axes") -> None:
        """Shade the 90 % range of the trail's position where it is wide enough to see."""
        from matplotlib.patches import PathPatch  # noqa: PLC0415 - only when something is drawn
        from matplotlib.path import Path  # noqa: PLC0415

        bands: dict[int, list[Polygon]] = {}
        for leg in self.variant.legs:
            for segment in leg.line.segments if leg.is_on_foot else ():
                reach = self._reach_pt(leg, segment)
                if reach >= _LEAST_BAND_PT:
                    way = LineString(self.xy(segment.lon_deg, segment.lat_deg)).simplify(0.3)
                    bands.setdefault(leg.day_number, []).append(way.buffer(reach))
        for number, found in bands.items():
            for part in get_parts(union_all(found).intersection(box(*self.frame))):
                rings = [np.asarray(ring.coords) for ring in (part.exterior, *part.interiors)]
                path = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
                axes.add_patch(
                    PathPatch(path, facecolor=day_colour(number), alpha=0.16, linewidth=0.0, zorder=2.5)
                )

    def _ways(self, axes: "Axes") -> None:
        # transport first, so that it is below the walks
        for leg in sorted(self.variant.legs, key=lambda leg: leg.is_on_foot):
            for kind, segment in leg.line.stretches():
                stroke = stroke_of(leg, kind)
                for points in self._parts(segment):
                    if leg.is_on_foot:
                        axes.plot(
                            *points.T,
                            color="#fff",
                            linewidth=6.0,
                            alpha=0.85,
                            zorder=3,
                            solid_capstyle="round",
                        )
                    draw_stroke(axes, points, stroke)

    def _numbers(self, axes: "Axes", signs: Sequence[PlaceSign]) -> list[Box]:
        """Write each day's number on its line where no sign is; returns the boxes of the numbers."""
        boxes: list[Box] = []
        of_day: dict[int, list[FloatArray]] = {}
        for leg in self.legs:
            for segment in leg.line.segments:
                of_day.setdefault(leg.day_number, []).extend(self._parts(segment))
        for number, parts in of_day.items():
            if not parts:
                continue
            way = LineString(np.concatenate(parts))
            half = 0.5 * text_width(str(number), _TEXT_PT) + 4.5
            points = [way.interpolate(share, normalized=True) for share in _ROOM]
            free = [
                point
                for point in points
                if all(
                    math.hypot(point.x - sign.x, point.y - sign.y) > half + sign.radius + 1.0
                    for sign in signs
                )
                and all(
                    math.hypot(point.x - 0.5 * (b[0] + b[2]), point.y - 0.5 * (b[1] + b[3])) > 18.0
                    for b in boxes
                )
            ]
            at = (free or points)[0]
            axes.text(
                at.x, at.y, str(number), size=_TEXT_PT, weight="bold", color="#fff", ha="center", va="center_baseline",
                zorder=6,
                bbox={"boxstyle": "round,pad=0.28", "facecolor": day_colour(number), "edgecolor": "#fff",
                      "linewidth": 1.2},
            )  # fmt: skip
            boxes.append((at.x - half, at.y - 8.5, at.x + half, at.y + 8.5))
        return boxes

    def _names(self, axes: "Axes", signs: Sequence[PlaceSign], taken: Sequence[Box]) -> None:
        from matplotlib.patheffects import withStroke  # noqa: PLC0415 - only when something is drawn

        left, low, right, high = self.frame
        labels = {
            PointLabel(self._name(sign), sign.x, sign.y, is_needed=sign.rank == 0): sign for sign in signs
        }
        boxes = [*(sign.box for sign in signs), *taken]
        frame = (left + 3.0, low + 3.0, right - 3.0, high - 3.0)
        for put in put_labels(list(labels), _TEXT_PT, frame, boxes, list(self._on_lines())):
            sign = labels[put.label]
            x0, y0, x1, y1 = put.box
            if put.is_far:
                near = min(max(sign.x, x0), x1), min(max(sign.y, y0), y1)
                axes.plot([sign.x, near[0]], [sign.y, near[1]], color=INK, linewidth=0.8, zorder=5)
            # matplotlib's font is narrower than the reserved room, so align the name to its sign
            side = "left" if x0 > sign.x else "right" if x1 < sign.x else "center"
            x = {"left": x0 + 1.0, "right": x1 - 1.0, "center": 0.5 * (x0 + x1)}[side]
            axes.text(
                x, 0.5 * (y0 + y1), put.label.text, size=_TEXT_PT, ha=side, va="center_baseline", parse_math=False,
                weight="bold" if sign.rank == 0 else "normal", color=INK, zorder=9,
                path_effects=[withStroke(linewidth=2.8, foreground=(1.0, 1.0, 1.0, 0.85))],
            )  # fmt: skip

    def _name(self, sign: PlaceSign) -> str:
        name = shortened(sign.place.name, _NAME_PT, _TEXT_PT)
        height = self.study.place_heights_m.get(sign.place.id)
        if sign.place.kind in (PlaceKind.PASS, PlaceKind.PEAK) and height is not None:
            return f"{name} {self.units.height(height)}"
        return name

    def _on_lines(self) -> Iterator[Box]:
        """Yield small squares along the lines, which labels avoid."""
        for leg in self.legs:
            for segment in leg.line.segments:
                for points in self._parts(segment):
                    way = LineString(points)
                    for along in np.arange(0.0, way.length, 6.0).tolist():
                        point = way.interpolate(along)
                        yield point.x - 3.0, point.y - 3.0, point.x + 3.0, point.y + 3.0

    def _kinds(self) -> list[Provenance]:
        found = [kind for leg in self.legs for kind in leg.line.provenances]
        return [kind for kind in Provenance if kind in found]

    def _legend_rows(self) -> list[list[tuple[str, str]]]:
        """Days, two per row, then line styles."""
        numbers = dict.fromkeys(leg.day_number for leg in self.legs)
        titles = {day.day.number: day.day.title for day in self.variant.days}
        days = [(f"day {number}", f"Day {number}: {titles[number]}") for number in numbers]
        kinds = [(kind.value, _LINE_WORDS[kind]) for kind in self.kinds]
        rides = dict.fromkeys(leg.leg.mode for leg in self._rides())
        entries = [*days, *kinds, *((f"ride {mode.value}", f"by {mode.value}") for mode in rides)]
        if self._has_bands():
            entries.append(("band", "nine of ten true ways are expected within"))
        if self.study.terrain is not None:
            step = self.units.height(self._contour_step_m(), is_exact=True)
            entries.append(("contour", f"contours every {step}"))
        return [entries[i : i + 2] for i in range(0, len(entries), 2)]

    def _rides(self) -> Iterator[LegStudy]:
        """Yield the rides visible on the map."""
        for leg in self.variant.legs:
            if not leg.is_on_foot and any(True for part in leg.line.segments for _ in self._parts(part)):
                yield leg

    def _has_bands(self) -> bool:
        return any(
            self._reach_pt(leg, part) >= _LEAST_BAND_PT for leg in self.legs for part in leg.line.segments
        )

    def _reach_pt(self, leg: LegStudy, segment: Segment) -> float:
        """Half width of the 90 % range of the trail's position, points; 0 if unknown."""
        return (leg.line.lateral_of(segment) or 0.0) * self.at.metre

    def _words(self, axes: "Axes") -> None:
        """Title above, legend and credits below."""
        top = self.height
        axes.text(
            _EDGE_PT, top - 27.0, headline(self.study, self.variant, 62), size=19.0, weight="bold", color=INK,
            va="baseline", parse_math=False,
        )  # fmt: skip
        axes.text(
            _EDGE_PT, top - 48.0, subtitle(self.study, self.variant, self.units, 120), size=12.0, color=SOFT,
            va="baseline", parse_math=False,
        )  # fmt: skip
        half = 0.5 * (_WIDTH_PT - 2.0 * _EDGE_PT)
        for i, row in enumerate(self.rows):
            y = self.foot - 12.0 - _ROW_PT * i
            for j, (sign, text) in enumerate(row):
                x = _EDGE_PT + half * j
                draw_entry(axes, sign, (x, y), self.variant.legs)
                axes.text(
                    x + 32.0, y, shortened(text, half - 44.0, 0.93 * _TEXT_PT), size=_TEXT_PT, color=INK,
                    va="center_baseline", parse_math=False,
                )  # fmt: skip
        for i, line in enumerate(self.credits):
            axes.text(
                _EDGE_PT, 10.0 + 12.5 * (len(self.credits) - 1 - i), line, size=_SMALL_PT, color=SOFT, va="baseline",
                parse_math=False,
            )  # fmt: skip

    def _credit(self) -> str:
        plain = "" if self.study.terrain is not None else "No heights are known here: the ground is plain."
        return " ".join(part for part in (plain, credit_line(self.study, self.variant)) if part)
