"""Contour lines around a trek, as the page's script draws them."""

import math
from collections.abc import Iterator, Mapping

import contourpy
import numpy as np
import shapely

from routes._typing import FloatArray
from routes.kernel.geodesy import metres_per_degree
from routes.model.grid import Grid
from routes.model.measure import IN_BASE_UNIT
from routes.model.units import Units
from routes.render.drawing.relief import coarsened
from routes.render.page.coding import encoded_parts

STEPS = {Units.METRIC: (20, 50, 100, 200), Units.IMPERIAL: (100, 200, 500, 1000)}
"""Possible contour intervals, in the reader's unit of height."""

INDEX = {Units.METRIC: 100, Units.IMPERIAL: 500}
"""Lines at multiples of this height are labelled."""

MAX_CHARACTERS = 200_000
"""Most characters for all lines; with the relief, the page then stays under a megabyte."""

SCALE = 50_000
"""Positions are written in this fraction of a degree: 2.2 metres."""

_TOLERANCE_CELLS = 0.15
"""Allowed deviation of a simplified line, in DEM cells; well within the line's own error."""

_LEAST_CELLS = 4.0
"""Rings shorter than this many cells are left out: they are dimples of the DEM."""


def contour_data(grid: Grid, units: Units) -> Mapping[str, object] | None:
    """Contour lines at the smallest interval of `STEPS` that fits; None on level or unknown ground.

    ``lines`` holds each line's height in the reader's unit and its encoded latitudes and longitudes in
    1/``scale`` degrees. ``steps`` holds the zoom from which each interval is drawn, closest zoom first.
    ``index`` is the height step between labelled lines.
    """
    grid = coarsened(grid)
    for step in STEPS[units]:
        lines: list[tuple[int, str]] = []
        room = math.inf if step == STEPS[units][-1] else MAX_CHARACTERS
        for height, columns, sizes in contour_lines(grid, step, units):
            texts = encoded_parts(columns, sizes)
            lines.extend((height, text) for text in texts)
            room -= sum(map(len, texts))
            if room < 0:
                break
        else:
            break
    if not lines:
        return None
    index = INDEX[units]
    steps = {
        zoom: max(step, least) for zoom, least in ((13, step), (12, index), (11, 2 * index), (0, 5 * index))
    }
    return {"scale": SCALE, "index": index, "step": step, "steps": list(steps.items()), "lines": lines}


def contour_lines(grid: Grid, step: int, units: Units) -> Iterator[tuple[int, list[np.ndarray], list[int]]]:
    """Yield each height (reader's unit) with its lines: latitudes, longitudes (in 1/`SCALE` degrees), sizes."""
    size_m = IN_BASE_UNIT[units.height_unit]
    height = np.ma.masked_invalid(grid.height_m / size_m)
    if height.count() == 0 or min(height.shape) < 2:
        return
    rows, cols = height.shape
    lat_deg = grid.north_deg - 0.5 * (rows - 1) * grid.step_lat_deg
    lon_m, lat_m = metres_per_degree(lat_deg)
    cell = np.array([grid.step_lon_deg * lon_m, grid.step_lat_deg * lat_m])
    # in metres, so that simplified lines deviate equally in both directions
    drawn = contourpy.contour_generator(
        np.arange(cols) * cell[0],
        np.arange(rows) * cell[1],
        height,
        line_type=contourpy.LineType.ChunkCombinedOffset,
    )
    spacing = float(cell.min())
    first, last = np.ceil(float(height.min()) / step), np.floor(float(height.max()) / step)
    for level in (np.arange(first, last + 1.0) * step).tolist():
        points, offsets = (found[0] for found in drawn.lines(level))
        if points is None or offsets is None:
            continue
        ends = np.asarray(offsets, dtype=np.intp)
        part = np.repeat(np.arange(ends.size - 1), np.diff(ends))
        lines = shapely.linestrings(points, indices=part)
        # keeping the topology would take fifteen times as long and only prevent crossings within the tolerance
        simple = np.asarray(shapely.simplify(lines, _TOLERANCE_CELLS * spacing, preserve_topology=False))
        is_ring = (points[ends[:-1]] == points[ends[1:] - 1]).all(axis=1)
        simple = simple[shapely.length(simple) >= np.where(is_ring, _LEAST_CELLS, 1.0) * spacing]
        if simple.size:
            cells = shapely.get_coordinates(simple) / cell
            yield round(level), _positions(cells, grid), shapely.get_num_coordinates(simple).tolist()


def _positions(cells: FloatArray, grid: Grid) -> list[np.ndarray]:
    """Latitudes and longitudes, in 1/`SCALE` degrees, of grid columns and rows."""
    lon = grid.west_deg + cells[:, 0] * grid.step_lon_deg
    lat = grid.north_deg - cells[:, 1] * grid.step_lat_deg
    return [np.rint(values * SCALE).astype(np.int64) for values in (lat, lon)]
