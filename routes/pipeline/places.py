"""A file of places in, a verdict for each out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from routes.analysis.heights.source import ElevationSource
from routes.analysis.verdicts.places import ListedVerdict, check_listed
from routes.analysis.windows import PLACE_MARGIN_M, need_of_points
from routes.dem.geoid import geoid
from routes.dem.opening import DEMOptions, open_dem_for
from routes.errors import DEMError
from routes.files import shown
from routes.io.places.read import read_places
from routes.model.listed import ListedPlace
from routes.pipeline.loading import tell


@dataclass(frozen=True, slots=True)
class ListStudy:
    """Verdicts on a list of places, made as they are asked for."""

    places: tuple[ListedPlace, ...]
    """The rows."""

    basis: str
    """Products of the DEM that they are held against; empty without one."""

    verdicts: Iterator[ListedVerdict]
    """One a row, in order."""

    source: ElevationSource | None = None
    """Heights of that DEM."""


def study_places(
    path: Path | str, options: DEMOptions | None = None, *, uncertainty_m: float = 100.0
) -> ListStudy:
    """Read a list of places with stated heights, and hold each against a DEM.

    Parameters
    ----------
    path : Path or str
        CSV, GeoJSON or GPX, as `routes.io.places.read.read_places` reads them.
    options : DEMOptions, optional
        Which DEM.
    uncertainty_m : float
        Radius in which positions lie with 95 % where the list has none, metres.

    Returns
    -------
    ListStudy
        Verdicts come as they are made, a thousand rows at a time.

    Raises
    ------
    RoutesError
        If the list or the DEM cannot be read, or a DEM that was asked for covers no place.
    """
    path, options = Path(path), options or DEMOptions()
    places = read_places(path, uncertainty_m=uncertainty_m)
    fine = [place for place in places if not place.error and place.lon is not None and place.lat is not None]
    if not fine:
        return ListStudy(places, "", check_listed(places, None))
    lon = np.array([place.lon for place in fine], dtype=np.float64)
    lat = np.array([place.lat for place in fine], dtype=np.float64)
    margin = 2.0 * max(place.uncertainty_m for place in fine) + PLACE_MARGIN_M
    source, report = open_dem_for(path, need_of_points(lon, lat, margin_m=margin), options)
    tell(report)
    if source is not None and options.choice not in (None, "none") and not report.faults:
        samples = source.sample(lon, lat)
        if samples.is_outside.all():
            msg = f"{options.choice} covers no place of {shown(path)}; give a DEM of that region."
            raise DEMError(msg)
    basis = "" if source is None else ", ".join(dict.fromkeys(product.title for product in source.products))
    verdicts = check_listed(places, source, geoid(is_offline=options.is_offline))
    return ListStudy(places, basis, verdicts, source)
