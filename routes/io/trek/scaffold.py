"""Start a commented trek file from a track file or a table of places."""

import json
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from routes.errors import GPXReadError, ModelError, TrekFileError
from routes.files import shown
from routes.gpx.read.reader import NamedPosition, NamedTrack, tracks_of, waypoints_of
from routes.gpx.write.document import GPXDocument, GPXTrack, gpx_text
from routes.io.points.csv import read_table
from routes.io.points.point_heights import number_of
from routes.io.tracks.reader import is_gpx, read_track_file
from routes.io.trek.read import parse_trek
from routes.kernel.geodesy import distance_m
from routes.model.figures import Quantity, StatedFigure
from routes.model.kinds import PlaceKind, Provenance
from routes.model.trek import MAX_DAY

NEAR_M = 200.0
"""A waypoint within this distance of a track's end is the place where it ends, metres."""

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


@dataclass(frozen=True, slots=True)
class Scaffold:
    """A new trek file, and the lines that it names."""

    text: str
    """TOML in the format that `read_trek` reads."""

    files: Mapping[str, str]
    """GPX by path relative to the trek file; empty if the trek file names the original."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    id: str
    name: str
    kind: str
    lon: float
    lat: float
    uncertainty_m: float
    source: str
    stated: StatedFigure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    number: int
    title: str
    leg_id: str
    stops: tuple[str, ...]
    gpx: str | None = None
    provenance: Provenance | None = None
    is_transfer: bool = False


def slug(text: str, fallback: str) -> str:
    """Id made from a name: lower-case letters, digits, single hyphens.

    >>> slug("Wiñay Wayna (camp)", "place")
    'winay-wayna-camp'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or fallback


def scaffold(source: Path, target: Path, *, layer: str | None = None) -> Scaffold:
    """Start a trek file at `target` from a track file or a CSV of places.

    Each track becomes a day of one leg. If there are several tracks, or the source is not GPX, each leg gets
    a GPX file of its own. A CSV has the columns ``name``, ``lon``, ``lat`` and optionally ``kind``,
    ``stated``, ``source`` (of the stated height), ``position_source``, ``position_uncertainty_m``. Raises
    TrackReadError, PointFileError or TrekFileError if the source cannot be read or lacks what a trek needs.
    """
    files: dict[str, str] = {}
    if source.suffix.lower() == ".csv":
        places, days = _from_csv(source)
    else:
        places, days, files = _from_tracks(source, target, layer)
    name = source.stem.replace("_", " ").replace("-", " ").strip() or "Trek"
    head = _HEAD.format(
        id=_quote(slug(source.stem, "trek")), name=_quote(name), source=_quote(f"TODO ({source.name})")
    )
    text = "\n".join([head, *(_place_text(place) for place in places), *(_day_text(day) for day in days)])
    try:
        text.encode()
    except UnicodeEncodeError as error:  # a file name that is not UTF-8
        msg = f"The name of {shown(source)} has letters that a trek file cannot hold; rename it."
        raise TrekFileError(msg) from error
    parse_trek(text, f"{shown(source)} makes no trek file that could be read: {shown(target)}")
    return Scaffold(text, files)


def _from_csv(source: Path) -> tuple[list[_Place], list[_Day]]:
    table = read_table(source)
    header = [name.strip().lower() for name in table.header]
    missing = {"name", "lon", "lat"} - set(header)
    if missing or len(table.rows) < 2:
        lacks = ", ".join(sorted(missing)) or "rows"
        msg = f"{shown(source)} needs two rows or more and the columns name, lon, lat; missing: {lacks}."
        raise TrekFileError(msg)
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice is not None:
        msg = f"{shown(source)}, line 1: several columns are called {twice!r}; rename all but one."
        raise TrekFileError(msg)
    places: list[_Place] = []
    taken: set[str] = set()
    for number, (row, line) in enumerate(zip(table.rows, table.lines, strict=True), start=1):
        cells = {name: " ".join(cell.split()) for name, cell in zip(header, row, strict=True)}
        try:
            place = _place_of(cells, f"Place {number}", f"{source.name}, line {line}", taken)
        except ValueError as error:  # ModelError too
            msg = f"{shown(source)}, line {line}: {error}"
            raise TrekFileError(msg.rstrip(".") + ".") from error
        taken.add(place.id)
        places.append(place)
    stops = tuple(place.id for place in places)
    leg_id = f"{stops[0]}-{stops[-1]}"[:80].strip("-")
    return places, [_Day(number=1, title="TODO", leg_id=leg_id, stops=stops)]


def _place_of(cells: Mapping[str, str], fallback: str, where: str, taken: Iterable[str]) -> _Place:
    """Place from a row of a table. Raises ValueError with what is wrong in the row."""
    lon, lat = (_number(cells, name) for name in ("lon", "lat"))
    if not (-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0):
        msg = f"longitude {lon}, latitude {lat} is not on Earth; longitude comes first"
        raise ValueError(msg)
    has_uncertainty = bool(cells.get("position_uncertainty_m"))
    uncertainty = _number(cells, "position_uncertainty_m") if has_uncertainty else 100.0
    if not 0.0 < uncertainty <= 100_000.0:
        msg = f"position_uncertainty_m must be more than 0 and at most 100,000, not {uncertainty:g}"
        raise ValueError(msg)
    kind = cells.get("kind", "").lower() or "site"
    if kind not in PlaceKind.__members__.values():
        msg = f"kind {kind!r} is not allowed; allowed: {', '.join(PlaceKind)}"
        raise ValueError(msg)
    source, stated = cells.get("source", ""), _stated(cells, where)
    unused = f": {source}" if source and stated is None else ""
    return _Place(
        id=_unique(slug(cells["name"], slug(fallback, "place")), taken),
        name=cells["name"] or fallback,
        kind=kind,
        lon=lon,
        lat=lat,
        uncertainty_m=uncertainty,
        source=cells.get("position_source") or f"TODO ({where}{unused})",
        stated=stated,
    )


def _number(cells: Mapping[str, str], name: str) -> float:
    try:
        return number_of(cells[name])
    except ValueError as error:
        msg = f"{name} must be a number with a decimal point: {error}"
        raise ValueError(msg) from error


def _stated(cells: Mapping[str, str], where: str) -> StatedFigure | None:
    """Stated height in a row, such as ``2,550 m (8,366 ft)``."""
    printed = cells.get("stated", "")
    if not printed:
        return None
    first, _, second = printed.partition("(")
    try:
        return StatedFigure(
            quantity=Quantity.ELEVATION,
            value=first.strip(),
            also=second.strip(" )") or None,
            source=cells.get("source") or f"TODO ({where})",
        )
    except ModelError as error:
        msg = f"stated {printed!r}: {error}"
        raise ValueError(msg) from error


def _from_tracks(
    source: Path, target: Path, layer: str | None
) -> tuple[list[_Place], list[_Day], dict[str, str]]:
    file = read_track_file(source, layer=layer)
    tracks = tracks_of(source, file)
    if len(tracks) > MAX_DAY:
        msg = f"{shown(source)} has {len(tracks)} tracks; a trek has {MAX_DAY} days at most."
        raise GPXReadError(msg)
    places = _waypoint_places(waypoints_of(file), source.name)
    days: list[_Day] = []
    files: dict[str, str] = {}
    is_single = len(tracks) == 1
    is_named = is_single and is_gpx(source)
    for number, track in enumerate(tracks, start=1):
        leg_id = slug(source.stem, "leg") if is_single else slug(track.name, f"day-{number}")
        leg_id = _unique(leg_id, (day.leg_id for day in days))
        if is_named:
            gpx = Path(os.path.relpath(source.resolve(), target.resolve().parent)).as_posix()
        else:
            gpx = f"{target.stem}-gpx/{leg_id}.gpx"
            files[gpx] = _track_text(source, number, track, leg_id)
        stops = _ends(places, track, None if is_single else number, source.name)
        days.append(
            _Day(
                number=number,
                title=" ".join(track.name.split()) or "TODO",
                leg_id=leg_id,
                stops=stops,
                gpx=gpx,
                provenance=track.provenance,
                is_transfer=bool(days) and days[-1].stops[-1] != stops[0],
            )
        )
    return places, days, files


def _waypoint_places(waypoints: Sequence[NamedPosition], file_name: str) -> list[_Place]:
    places: list[_Place] = []
    taken: set[str] = set()
    for number, waypoint in enumerate(waypoints, start=1):
        name = " ".join(waypoint.name.split()) or f"Place {number}"
        place_id = _unique(slug(name, f"place-{number}"), taken)
        taken.add(place_id)
        at, source = (waypoint.lon, waypoint.lat), f"waypoint in {file_name}"
        places.append(
            _Place(
                id=place_id, name=name, kind="site", lon=at[0], lat=at[1], uncertainty_m=50.0, source=source
            )
        )
    return places


def _ends(places: list[_Place], track: NamedTrack, day: int | None, file_name: str) -> tuple[str, str]:
    """Ids of the places where a track begins and ends; missing ones are added."""
    ends = []
    for what, segment, index in (("start", track.segments[0], 0), ("end", track.segments[-1], -1)):
        lon, lat = float(segment.lon_deg[index]), float(segment.lat_deg[index])
        near = _nearest(places, lon, lat)
        if near is None:
            of_day = f" of day {day}" if day is not None else ""
            near = _Place(
                id=_unique(slug(f"{what}{of_day}", what), (place.id for place in places)),
                name=f"TODO: {what}{of_day}",
                kind="trailhead",
                lon=lon,
                lat=lat,
                uncertainty_m=50.0,
                source=f"{what} of {'the track' if day is None else f'track {day}'} in {file_name}",
            )
            places.append(near)
        ends.append(near.id)
    return ends[0], ends[1]


def _track_text(source: Path, number: int, track: NamedTrack, leg_id: str) -> str:
    """One track as its own GPX file: unchanged segments, to six decimals of a degree.

    It states the provenance only if the source did; otherwise the trek file does, where it can be corrected.
    """
    name = " ".join(track.name.split()) or leg_id
    for segment in track.segments:
        if np.ptp(segment.lon_deg.round(6)) == 0.0 and np.ptp(segment.lat_deg.round(6)) == 0.0:
            msg = f"{shown(source)}: a segment of track {number} ({name!r}) is shorter than 0.1 m; leave it out."
            raise GPXReadError(msg)
    line = GPXTrack(
        name=name,
        desc="",
        src=track.source,
        kind="hiking",
        colour="0072b2",
        garmin_colour="Blue",
        segments=track.segments,
        provenance=track.provenance,
        lateral_p90_m=track.lateral_p90_m,
    )
    return gpx_text(
        GPXDocument(name=name, desc=f"Track {number} of {source.name}.", attribution="", tracks=(line,))
    )


def _nearest(places: Sequence[_Place], lon: float, lat: float) -> _Place | None:
    if not places:
        return None
    away = distance_m([place.lon for place in places], [place.lat for place in places], [lon], [lat])
    best = int(away.argmin())
    return places[best] if away[best] <= NEAR_M else None


def _unique(name: str, taken: Iterable[str]) -> str:
    number, found, used = 2, name, set(taken)
    while found in used:
        found, number = f"{name}-{number}", number + 1
    return found


def _wrapped(lon: float) -> float:
    """Longitude rounded to six decimals, below 180."""
    rounded = round(lon, 6)
    return -180.0 if rounded >= 180.0 else rounded


def _quote(text: str) -> str:
    """TOML basic string; JSON's escapes are TOML's, except for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _place_text(place: _Place) -> str:
    lines = [
        "[[places]]",
        f"id = {_quote(place.id)}",
        f"name = {_quote(place.name)}",
        f'kind = "{place.kind}" # {" ".join(PlaceKind)}',
        f"lon = {_wrapped(place.lon):.6f}",
        f"lat = {place.lat:.6f}",
        f"position_uncertainty_m = {place.uncertainty_m:g}",
        f"position_source = {_quote(place.source)}",
    ]
    if place.stated is not None:
        lines += [
            "[[places.stated]]",
            'quantity = "elevation"',
            f"value = {_quote(place.stated.value)}",
            *([f"also = {_quote(place.stated.also)}"] if place.stated.also is not None else []),
            f"source = {_quote(place.stated.source)}",
        ]
    return "\n".join([*lines, ""])


def _day_text(day: _Day) -> str:
    via = ", ".join(_quote(stop) for stop in day.stops[1:-1])
    lines = [
        "[[days]]",
        f"number = {day.number}",
        f"title = {_quote(day.title)}",
        f"sleep = {_quote(day.stops[-1])}",
        *(
            ["transfer = true # it begins elsewhere than where the day before ended"]
            if day.is_transfer
            else []
        ),
        "",
        "[[days.legs]]",
        f"id = {_quote(day.leg_id)}",
        f"from = {_quote(day.stops[0])}",
        f"to = {_quote(day.stops[-1])}",
        *([f"via = [{via}]"] if via else []),
        'mode = "hike"',
    ]
    if day.gpx is not None:
        lines.append(f"gpx = {_quote(day.gpx)}")
        if day.provenance is None:
            lines.append(
                'provenance = "recorded" # TODO: is it? else osm, modelled or schematic: what the line truly is'
            )
        else:
            lines.append(f'provenance = "{day.provenance}" # as the GPX says itself')
    return "\n".join([*lines, ""])
