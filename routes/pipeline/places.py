"""Check a file of places: one verdict per place."""

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
    """Verdicts on a list of places, computed on demand."""

    places: tuple[ListedPlace, ...]
    """The rows."""

    basis: str
    """DEM products used; empty without a DEM."""

    verdicts: Iterator[ListedVerdict]
    """One per row, in order."""

    source: ElevationSource | None = None
    """Heights of that DEM."""


def study_places(
    path: Path | str, options: DEMOptions | None = None, *, uncertainty_m: float = 100.0
) -> ListStudy:
    """Read a list of places with stated heights and compare each with a DEM, a thousand rows at a time.

    `uncertainty_m` is the 95 % radius of positions that have none. Raises RoutesError if the list or the DEM
    cannot be read, or if a requested DEM covers no place.
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
