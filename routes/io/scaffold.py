"""A commented trek file to start from, out of a GPX file or a table of places."""

import csv
import json
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from routes.errors import GPXReadError, TrekFileError
from routes.io.gpx_read import read_gpx, read_waypoints
from routes.kernel.geodesy import distance_m
from routes.model.kinds import PlaceKind

NEAR_M = 200.0
"""A waypoint this near to the end of a track is the place where it ends."""

_HEAD = """\
# A trek file; the format is described in docs/trek-file.md. Replace what says TODO.
# State figures as printed, each with its source, for example:
#   [[places.stated]]
#   quantity = "elevation"
#   value = "4450 m"
#   also = "14,600 ft"
#   source = "Guide, page 12"

id = {id}
name = {name}
country = "TODO"
region = "TODO"
time_zone = "UTC" # TODO: IANA name, for example "America/Lima"
summary = "TODO: what the trek is, in your own words."
source = {source}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    id: str
    name: str
    kind: str
    lon: float
    lat: float
    uncertainty_m: float
    source: str
    stated: str = ""
    stated_source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    id: str
    stops: tuple[str, ...]
    gpx: str | None


def slug(text: str, fallback: str) -> str:
    """Id made from a name: lower-case letters, digits, single hyphens.

    Examples
    --------
    >>> slug("Wiñay Wayna (camp)", "place")
    'winay-wayna-camp'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or fallback


def scaffold(source: Path, target: Path) -> str:
    """Text of a trek file made from a GPX file or a CSV of places.

    Parameters
    ----------
    source : Path
        GPX with tracks, or CSV with columns ``name``, ``lon``, ``lat`` and optionally ``kind``, ``stated``,
        ``source``, ``position_uncertainty_m``.
    target : Path
        Where the trek file will be, so that it can name the GPX file.

    Returns
    -------
    str
        TOML that `read_trek` reads.

    Raises
    ------
    GPXReadError, TrekFileError
        If the source cannot be read or lacks what a trek needs.
    """
    if source.suffix.lower() == ".csv":
        places, legs = _from_csv(source)
    else:
        places, legs = _from_gpx(source, target)
    name = source.stem.replace("_", " ").replace("-", " ").strip() or "Trek"
    head = _HEAD.format(
        id=_quote(slug(source.stem, "trek")), name=_quote(name), source=_quote(f"TODO ({source.name})")
    )
    return "\n".join([head, *(_place_text(place) for place in places), *_days_text(legs)])


def _from_csv(source: Path) -> tuple[list[_Place], list[_Leg]]:
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"Cannot read {source} as CSV: {error}."
        raise TrekFileError(msg) from error
    missing = {"name", "lon", "lat"} - set(rows[0] if rows else ())
    if missing or len(rows) < 2:
        lacks = ", ".join(sorted(missing)) or "rows"
        msg = f"{source} needs two rows or more and the columns name, lon, lat; missing: {lacks}."
        raise TrekFileError(msg)
    places: list[_Place] = []
    for number, row in enumerate(rows, start=2):
        try:
            lon, lat = float(row["lon"] or ""), float(row["lat"] or "")
            uncertainty = float(row.get("position_uncertainty_m") or 100.0)
        except ValueError as error:
            msg = f"{source}, line {number}: lon, lat and position_uncertainty_m must be numbers ({error})."
            raise TrekFileError(msg) from error
        if not (-180.0 <= lon < 180.0 and -90.0 <= lat <= 90.0):
            msg = f"{source}, line {number}: longitude {lon}, latitude {lat} is not on Earth; longitude comes first."
            raise TrekFileError(msg)
        kind = (row.get("kind") or "site").strip()
        if kind not in PlaceKind.__members__.values():
            msg = f"{source}, line {number}: kind {kind!r} is not allowed; allowed: {', '.join(PlaceKind)}."
            raise TrekFileError(msg)
        places.append(
            _Place(
                id=_unique(slug(row["name"] or "", f"place-{number - 1}"), [place.id for place in places]),
                name=row["name"] or f"Place {number - 1}",
                kind=kind,
                lon=lon,
                lat=lat,
                uncertainty_m=uncertainty,
                source=(row.get("source") or "").strip() or f"TODO ({source.name}, line {number})",
                stated=(row.get("stated") or "").strip(),
                stated_source=(row.get("source") or "").strip() or "TODO",
            )
        )
    stops = tuple(place.id for place in places)
    return places, [_Leg(id=f"{stops[0]}-{stops[-1]}"[:80].strip("-"), stops=stops, gpx=None)]


def _from_gpx(source: Path, target: Path) -> tuple[list[_Place], list[_Leg]]:
    tracks = read_gpx(source)
    if len(tracks.segments) > 1:
        msg = (
            f"{source} has {len(tracks.segments)} segments; a leg has one file of its own. Split it by day or leg, and "
            f"start from one of the files."
        )
        raise GPXReadError(msg)
    places: list[_Place] = []
    for waypoint in read_waypoints(source):
        number = len(places) + 1
        places.append(
            _Place(
                id=_unique(slug(waypoint.name, f"place-{number}"), [place.id for place in places]),
                name=waypoint.name or f"Place {number}",
                kind="site",
                lon=waypoint.lon,
                lat=waypoint.lat,
                uncertainty_m=50.0,
                source=f"waypoint in {source.name}",
            )
        )
    segment = tracks.segments[0]
    ends = []
    for index, fallback in ((0, "start"), (-1, "end")):
        lon, lat = float(segment.lon_deg[index]), float(segment.lat_deg[index])
        near = _nearest(places, lon, lat)
        if near is None:
            near = _Place(
                id=_unique(fallback, [place.id for place in places]),
                name=f"TODO: {fallback}",
                kind="trailhead",
                lon=lon,
                lat=lat,
                uncertainty_m=50.0,
                source=f"{fallback} of the track in {source.name}",
            )
            places.append(near)
        ends.append(near.id)
    path = Path(os.path.relpath(source.resolve(), target.resolve().parent)).as_posix()
    return places, [_Leg(id=slug(source.stem, "leg"), stops=(ends[0], ends[1]), gpx=path)]


def _nearest(places: list[_Place], lon: float, lat: float) -> _Place | None:
    if not places:
        return None
    away = distance_m([place.lon for place in places], [place.lat for place in places], [lon], [lat])
    best = int(away.argmin())
    return places[best] if away[best] <= NEAR_M else None


def _unique(name: str, taken: list[str]) -> str:
    number, found = 2, name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found


def _quote(text: str) -> str:
    """TOML basic string; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text.replace("\x7f", ""), ensure_ascii=False)


def _place_text(place: _Place) -> str:
    lines = [
        "[[places]]",
        f"id = {_quote(place.id)}",
        f"name = {_quote(place.name)}",
        f'kind = "{place.kind}" # {" ".join(PlaceKind)}',
        f"lon = {place.lon:.6f}",
        f"lat = {place.lat:.6f}",
        f"position_uncertainty_m = {place.uncertainty_m:g}",
        f"position_source = {_quote(place.source)}",
    ]
    if place.stated:
        lines += [
            "[[places.stated]]",
            'quantity = "elevation"',
            f"value = {_quote(place.stated)}",
            f"source = {_quote(place.stated_source)}",
        ]
    return "\n".join([*lines, ""])


def _days_text(legs: list[_Leg]) -> list[str]:
    lines = ["[[days]]", "number = 1", 'title = "TODO"', f"sleep = {_quote(legs[-1].stops[-1])}", ""]
    for leg in legs:
        via = ", ".join(_quote(stop) for stop in leg.stops[1:-1])
        lines += [
            "[[days.legs]]",
            f"id = {_quote(leg.id)}",
            f"from = {_quote(leg.stops[0])}",
            f"to = {_quote(leg.stops[-1])}",
            *([f"via = [{via}]"] if via else []),
            'mode = "hike"',
        ]
        if leg.gpx is not None:
            lines += [
                f"gpx = {_quote(leg.gpx)}",
                'provenance = "recorded" # or osm, modelled, schematic: what the line truly is',
            ]
        lines.append("")
    return lines
