"""Geoid height above the ellipsoid, from PROJ's grids."""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from pyproj import datadir
from pyproj.datadir import get_user_data_dir  # type: ignore[attr-defined]  # re-exported without __all__
from pyproj.network import is_network_enabled  # type: ignore[attr-defined]  # likewise

from routes.dem.vertical import convert_heights, describe_conversion
from routes.errors import DatumError
from routes.model.figures import VerticalDatum


def geoid(*, is_offline: bool = False) -> Callable[[float, float], float | None] | None:
    """Function for the geoid height (EGM2008, otherwise EGM96) above the WGS 84 ellipsoid; None without its grid.

    It takes longitude and latitude in degrees and returns metres for the surrounding hundredth of a
    degree (about 1 km), or None where the grid has no value. Makes no request unless ``PROJ_NETWORK`` is on;
    `is_offline` then returns None.
    """
    if is_offline if is_network_enabled() else not _has_grid_files():
        return None
    for datum in (VerticalDatum.EGM2008, VerticalDatum.EGM96):
        # a broken grid counts as missing: it would only add one more cause to consider
        with suppress(DatumError):
            if describe_conversion(datum, VerticalDatum.ELLIPSOID).is_available:
                return partial(_undulation_near_m, datum)
    return None


def _has_grid_files() -> bool:
    """Whether PROJ has any grid in its folders; asking PROJ itself takes 30 ms."""
    folders = (*datadir.get_data_dir().split(os.pathsep), get_user_data_dir())
    return any(file.suffix in (".tif", ".gtx") for folder in folders for file in Path(folder).glob("*.*"))


def _undulation_near_m(datum: VerticalDatum, lon_deg: float, lat_deg: float) -> float | None:
    return _undulation_m(datum, round(lon_deg, 2), round(lat_deg, 2))


@cache
def _undulation_m(datum: VerticalDatum, lon_deg: float, lat_deg: float) -> float | None:
    try:
        raised = convert_heights([0.0], [lon_deg], [lat_deg], source=datum, target=VerticalDatum.ELLIPSOID)
    except DatumError:
        return None
    return float(raised[0])
