"""Contour lines of the terrain around a trek, as the page's script draws them."""

import math
from collections.abc import Iterator, Mapping, Sequence

import contourpy
import numpy as np
from shapely import get_coordinates, length, linestrings, simplify

from routes._typing import FloatArray
from routes.kernel.geodesy import metres_per_degree
from routes.model.grid import Grid
from routes.model.measure import IN_BASE_UNIT
from routes.model.units import Units
from routes.render.drawing.relief import coarsened
from routes.render.page.coding import encoded

STEPS = {Units.METRIC: (20, 50, 100, 200), Units.IMPERIAL: (100, 200, 500, 1000)}
"""Distances between lines to choose from, in the reader's unit of height."""

INDEX = {Units.METRIC: 100, Units.IMPERIAL: 500}
"""Lines at multiples of it bear their height."""

MAX_CHARACTERS = 200_000
"""Characters that all lines may take: with the relief, a page stays under a megabyte."""

SCALE = 50_000
"""Parts of a degree in which positions are written: 2.2 metres."""

_TOLERANCE_CELLS = 0.15
"""How far a simplified line may run from the line through the cells, in cells of the DEM: within its own doubt."""

_LEAST_CELLS = 4.0
"""Rings shorter than this many cells are left out: dimples of the DEM."""


def contour_data(grid: Grid, units: Units) -> Mapping[str, object] | None:
    """Contour lines in the reader's unit, at the least distance of `STEPS` at which they find room.

    Parameters
    ----------
    grid : Grid
        Heights; where they are unknown there is no line.
    units : Units
        Metres or feet.

    Returns
    -------
    mapping or None
        ``lines``: height in the reader's unit and encoded latitudes and longitudes in parts of a degree (``scale``);
        ``steps``: zoom from which lines at such a distance are drawn, the nearest zoom first; ``index``: see `INDEX`.
        None where no height is known or the ground is level.
    """
    grid = coarsened(grid)
    for step in STEPS[units]:
        lines, room = [], math.inf if step == STEPS[units][-1] else MAX_CHARACTERS
        for height, columns in contour_lines(grid, step, units):
            lines.append((height, encoded(columns)))
            room -= len(lines[-1][1])
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


def contour_lines(grid: Grid, step: int, units: Units) -> Iterator[tuple[int, Sequence[np.ndarray]]]:
    """Height in the reader's unit, and latitudes and longitudes in parts of a degree, of each line."""
    size_m = IN_BASE_UNIT[units.height_unit]
    height = np.ma.masked_invalid(grid.height_m / size_m)
    if height.count() == 0 or min(height.shape) < 2:
        return
    rows, cols = height.shape
    lat_deg = grid.north_deg - 0.5 * (rows - 1) * grid.step_lat_deg
    lon_m, lat_m = metres_per_degree(lat_deg)
    cell = np.array([grid.step_lon_deg * lon_m, grid.step_lat_deg * lat_m])
    # in metres, so that a simplified line is as near in both directions
    drawn = contourpy.contour_generator(np.arange(cols) * cell[0], np.arange(rows) * cell[1], height)
    spacing = float(cell.min())
    first, last = np.ceil(float(height.min()) / step), np.floor(float(height.max()) / step)
    for level in (np.arange(first, last + 1.0) * step).tolist():
        lines = [np.asarray(line, dtype=np.float64) for line in drawn.lines(level)]
        if not lines:
            continue
        vertices, which = np.concatenate(lines), np.repeat(np.arange(len(lines)), [*map(len, lines)])
        simple = np.asarray(simplify(linestrings(vertices, indices=which), _TOLERANCE_CELLS * spacing))
        least = [_LEAST_CELLS if np.array_equal(line[0], line[-1]) else 1.0 for line in lines]
        for line in simple[length(simple) >= np.array(least) * spacing].tolist():
            yield round(level), _positions(get_coordinates(line) / cell, grid)


def _positions(cells: FloatArray, grid: Grid) -> Sequence[np.ndarray]:
    """Latitudes and longitudes in parts of a degree of columns and rows of the grid."""
    lon = grid.west_deg + cells[:, 0] * grid.step_lon_deg
    lat = grid.north_deg - cells[:, 1] * grid.step_lat_deg
    return [np.rint(values * SCALE).astype(np.int64) for values in (lat, lon)]
