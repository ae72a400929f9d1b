"""Height of the geoid above the ellipsoid, where PROJ has a grid of it."""

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
    """Height of the geoid (EGM2008, else EGM96) above the WGS 84 ellipsoid as a function; None without its grid.

    Makes no request, unless PROJ has been told to use its network (``PROJ_NETWORK``).

    Parameters
    ----------
    is_offline : bool
        Whether there is to be none even then.

    Returns
    -------
    callable or None
        Takes longitude and latitude in degrees and gives metres, of the hundredth of a degree (about 1 km) that holds
        them; None where the grid has no value.
    """
    if is_offline if is_network_enabled() else not _has_grid_files():
        return None
    for datum in (VerticalDatum.EGM2008, VerticalDatum.EGM96):
        # a broken grid is no better here than none: it would only add a cause to weigh
        with suppress(DatumError):
            if describe_conversion(datum, VerticalDatum.ELLIPSOID).is_available:
                return partial(_undulation_near_m, datum)
    return None


def _has_grid_files() -> bool:
    """Whether PROJ can find any grid on this disk: a look into its folders, where asking it takes 30 ms."""
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
