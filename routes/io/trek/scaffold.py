"""Start a commented trek file from a track file or a table of places."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from routes.errors import TrekFileError
from routes.files import shown
from routes.io.trek.from_table import from_table
from routes.io.trek.from_tracks import from_tracks
from routes.io.trek.parts import NewDay, NewPlace, slug
from routes.io.trek.read import parse_trek
from routes.model.kinds import PlaceKind

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


def scaffold(source: Path, target: Path, *, layer: str | None = None) -> Scaffold:
    """Start a trek file at `target` from a track file or a CSV of places.

    Each track becomes a day of one leg. If there are several tracks, or the source is not GPX, each leg gets
    a GPX file of its own. A CSV has the columns ``name``, ``lon``, ``lat`` and optionally ``kind``,
    ``stated``, ``source`` (of the stated height), ``position_source``, ``position_uncertainty_m``. Raises
    TrackReadError, PointFileError or TrekFileError if the source cannot be read or lacks what a trek needs.
    """
    files: dict[str, str] = {}
    if source.suffix.lower() == ".csv":
        places, days = from_table(source)
    else:
        places, days, files = from_tracks(source, target, layer)
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


def _wrapped(lon: float) -> float:
    """Longitude rounded to six decimals, below 180."""
    rounded = round(lon, 6)
    return -180.0 if rounded >= 180.0 else rounded


def _quote(text: str) -> str:
    """TOML basic string; JSON's escapes are TOML's, except for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _place_text(place: NewPlace) -> str:
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


def _day_text(day: NewDay) -> str:
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
