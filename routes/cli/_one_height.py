"""The part of ``routes validate`` that checks one height at a position, without a file."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from routes.errors import ModelError
from routes.model.kinds import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routes.analysis.verdicts.finding import Finding
    from routes.dem.opening import DEMOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class OneHeight:
    """A height that somebody states, and where."""

    at: tuple[float, float]
    """Longitude and latitude, degrees, WGS 84."""

    stated: str
    """The height as printed, with a second unit in brackets if there is one."""

    uncertainty_m: float
    """Radius in which the position lies with 95 %, metres."""

    kind: PlaceKind | None
    """What is there; None where nobody says."""


def check_one(asked: OneHeight, dem: "DEMOptions") -> "tuple[Sequence[Finding], Sequence[str]]":
    """Verdicts on a height at a position, and what the reader should know of how they were found."""
    from routes.analysis.passes.saddles import saddle_at
    from routes.analysis.verdicts.diagnose import explained, untested
    from routes.analysis.verdicts.heights import check_place
    from routes.analysis.windows import need_of_place
    from routes.dem.opening import open_dem_for
    from routes.dem.vertical import geoid
    from routes.model.figures import Quantity, StatedFigure
    from routes.model.trek import Place

    first, _, second = asked.stated.partition("(")
    figure = StatedFigure(
        quantity=Quantity.ELEVATION,
        value=first.strip(),
        also=second.strip(" )") or None,
        source="command line",
    )
    lon, lat = asked.at
    try:
        place = Place(
            id="at", name=f"{lon:g} {lat:g}", kind=asked.kind or PlaceKind.PASS, lon=lon, lat=lat,
            position_uncertainty_m=asked.uncertainty_m, position_source="command line", stated=(figure,),
        )  # fmt: skip
    except ModelError as error:
        msg = f"--at LON LAT, longitude first: {error}"
        raise ModelError(msg) from error
    source, report = open_dem_for(Path.cwd() / "here", need_of_place(place), dem)
    notes = list(report.faults)
    if asked.kind is None and source is not None:
        saddle = saddle_at(place, source)
        if saddle is None:
            place = replace(place, kind=PlaceKind.VIEWPOINT)
        else:
            notes.append(
                f"Taken for a pass: a saddle lies {saddle.distance_m:.0f} m away, within {asked.uncertainty_m:g} m. "
                "Name what is there with --kind."
            )
    undulation = geoid(is_offline=dem.is_offline)
    height = None if undulation is None else undulation(place.lon, place.lat)
    findings = [explained(finding, height) for finding in check_place(place, source)]
    return findings, (*notes, *untested(findings))
