"""Check one height at a position, without a file (``routes validate``)."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from routes.errors import ModelError
from routes.model.kinds import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routes.analysis.verdicts.finding import Finding
    from routes.dem.opening import DEMOptions


def check_one(
    at: tuple[float, float], stated: str, dem: "DEMOptions", *, uncertainty_m: float, kind: PlaceKind | None
) -> "tuple[Sequence[Finding], Sequence[str]]":
    """Verdicts on a height at a position (longitude, latitude), and notes for the reader.

    The height is as printed, perhaps with a second unit in brackets. Without a kind, it is guessed from the terrain.
    """
    from routes.analysis.passes.ground import Where, ground_of
    from routes.analysis.verdicts.diagnose import explained, untested
    from routes.analysis.verdicts.heights import check_place
    from routes.analysis.windows import need_of_place
    from routes.dem.geoid import geoid
    from routes.dem.opening import open_dem_for
    from routes.model.figures import Quantity, StatedFigure
    from routes.model.trek import Place

    first, _, second = stated.partition("(")
    figure = StatedFigure(
        quantity=Quantity.ELEVATION,
        value=first.strip(),
        also=second.strip(" )") or None,
        source="command line",
    )
    lon, lat = at
    try:
        place = Place(
            id="at", name=f"{lon:g} {lat:g}", kind=kind or PlaceKind.PASS, lon=lon, lat=lat,
            position_uncertainty_m=uncertainty_m, position_source="command line", stated=(figure,),
        )  # fmt: skip
    except ModelError as error:
        msg = f"--at LON LAT, longitude first: {error}"
        raise ModelError(msg) from error
    source, report = open_dem_for(Path.cwd() / "here", need_of_place(place), dem)
    notes = list(report.faults)
    ground = ground_of(place, source)
    if kind is None and ground.where is not Where.SADDLE:
        place = replace(place, kind=PlaceKind.VIEWPOINT)
        ground = ground_of(place, source)
    elif kind is None and ground.passing is not None and ground.passing.height_m is not None:
        notes.append(
            f"Taken for a pass: a saddle lies {ground.saddles[0].distance_m:.0f} m away. At the position itself the "
            f"DEM has {ground.passing.height_m:.0f} m. Say what is there with --kind."
        )
    undulation = geoid(is_offline=dem.is_offline)
    height = None if undulation is None else undulation(place.lon, place.lat)
    findings = [explained(finding, height) for finding in check_place(ground)]
    return findings, (*notes, *untested(findings))
