"""Write GPX 1.1 that is valid and that hiking apps show well."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from routes.gpx.names import GARMIN, LINE, NS_11, OSMAND, STYLE
from routes.gpx.write.digits import PointDigits, degree_text, ele_text, micro_degrees, point_digits
from routes.model.kinds import PlaceKind, Provenance
from routes.model.track import Segment

SYMBOLS = {
    PlaceKind.PASS: ("Summit", "natural_saddle"),
    PlaceKind.PEAK: ("Summit", "natural_peak"),
    PlaceKind.VILLAGE: ("Building", "place_town"),
    PlaceKind.TOWN: ("Building", "place_town"),
    PlaceKind.CITY: ("Building", "place_town"),
    PlaceKind.CAMP: ("Campground", "tourism_camp_site"),
    PlaceKind.SITE: ("Scenic Area", "historic_archaeological_site"),
    PlaceKind.LAKE: ("Scenic Area", "water"),
    PlaceKind.SPRING: ("Water Source", "natural_spring"),
    PlaceKind.VIEWPOINT: ("Scenic Area", "tourism_viewpoint"),
    PlaceKind.TRAILHEAD: ("Trail Head", "special_trekking"),
    PlaceKind.STATION: ("Ground Transportation", "railway_station"),
    PlaceKind.AIRPORT: ("Ground Transportation", "aeroway_aerodrome"),
    PlaceKind.HOTEL: ("Lodging", "tourism_hotel"),
    PlaceKind.MUSEUM: ("Museum", "tourism_museum"),
    PlaceKind.BRIDGE: ("Bridge", "bridge_structure_suspension"),
    PlaceKind.JUNCTION: ("Waypoint", "special_marker"),
    PlaceKind.CROSSING: ("Crossing", "special_marker"),
}
"""Garmin's symbol name and OsmAnd's icon, by kind of place."""

_ROOT = (
    f'<gpx version="1.1" creator="trek-routes" xmlns="{NS_11}" xmlns:gpxx="{GARMIN}" xmlns:osmand="{OSMAND}">'
)

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GPXTrack:
    """One ``trk``."""

    name: str
    """Name shown in apps."""

    desc: str
    """Description: figures and how they were computed."""

    src: str
    """Source of the line."""

    kind: str
    """``type``: hiking or walking."""

    colour: str
    """Six hexadecimal digits."""

    garmin_colour: str
    """Garmin's name of the nearest colour."""

    segments: tuple[Segment, ...]
    """Segments, never joined; their own provenance is written where it differs from the track's."""

    provenance: Provenance | None = None
    """Written as our own extension, for lines that we read again."""

    lateral_p90_m: float | None = None
    """Written with it, metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GPXWaypoint:
    """One ``wpt``."""

    lon: float
    """Longitude, degrees."""

    lat: float
    """Latitude, degrees."""

    ele_m: float | None
    """Elevation, metres; None if unknown."""

    name: str
    """Name shown in apps."""

    desc: str
    """Note, stated heights and verdict."""

    kind: PlaceKind
    """Kind of place, which determines the symbol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GPXTerms:
    """Rights holder and terms of the data."""

    holder: str
    """Whom to credit."""

    licence_url: str
    """Address of the licence."""

    page_url: str
    """Address of the holder's rules for credits."""

    page_title: str
    """Text of that link."""


ODBL = GPXTerms(
    holder="OpenStreetMap contributors",
    licence_url="https://opendatacommons.org/licenses/odbl/1-0/",
    page_url="https://www.openstreetmap.org/copyright",
    page_title="© OpenStreetMap contributors, ODbL 1.0",
)
"""Terms of lines along OpenStreetMap paths."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GPXDocument:
    """A whole file."""

    name: str
    """Name of the file, shown in apps."""

    desc: str
    """What it is."""

    attribution: str
    """Credit and terms, included in the description."""

    tracks: tuple[GPXTrack, ...]
    """Tracks."""

    author: str = ""
    """Author of the data, as its source states it; empty if unknown."""

    terms: GPXTerms | None = None
    """Rights holder and licence, if the licence has an address."""

    keywords: tuple[str, ...] = ()
    """Search words."""

    waypoints: tuple[GPXWaypoint, ...] = ()
    """Waypoints."""


GPXParts: TypeAlias = tuple[str | PointDigits, ...]
"""A file in parts that it may share with other files: texts, and the points of segments as digits."""


class _Shared(str):
    """Text in several files of a trek, or between such texts, and so a part of its own."""

    __slots__ = ()


def gpx_parts(document: GPXDocument) -> GPXParts:
    """GPX 1.1 parts of a document: fixed-point numbers, no time, the same bytes for the same input.

    All track points have an ``ele``, or none if one is unknown: apps that sum rises over gaps get them wrong.
    `text_of` joins the parts. Raises InvalidCoordinatesError if a position is not on Earth or an elevation is
    not a number.
    """
    parts: list[str | PointDigits] = []
    for is_alone, pieces in groupby(_pieces(document), lambda piece: type(piece) is not str):
        group = list(pieces)
        parts.extend(group if is_alone else ["".join(map(str, group))])
    return tuple(parts)


def text_of(parts: GPXParts) -> str:
    """Text of a file, to be encoded as UTF-8."""
    return "".join(part if isinstance(part, str) else part.text() for part in parts)


def gpx_text(document: GPXDocument) -> str:
    """Text of a document, as in `gpx_parts`."""
    return text_of(gpx_parts(document))


def _pieces(document: GPXDocument) -> Iterator[str | PointDigits]:
    """A file line by line; anything but plain text is a part of its own."""
    has_ele = all(segment.has_heights for track in document.tracks for segment in track.segments)
    yield _Shared(f'<?xml version="1.0" encoding="UTF-8"?>\n{_ROOT}\n  <metadata>\n')
    yield from _metadata(document)
    for waypoint in document.waypoints:
        yield from _waypoint(waypoint)
    for number, track in enumerate(document.tracks, start=1):
        yield from _track(track, number, has_ele=has_ele)
    yield "</gpx>\n"


def _text(value: str) -> str:
    """Escape text for XML; invalid characters are dropped, line ends are as XML reads them."""
    return escape(_NOT_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip())


def _element(name: str, value: str, indent: str) -> Iterator[str]:
    """Element on one line, unless it is empty: some readers fail on empty ones."""
    text = _text(value)
    if text:
        yield f"{indent}<{name}>{text}</{name}>\n"


def _name(value: str, indent: str) -> Iterator[str]:
    """Name on one line, as lists in apps show it."""
    return _element("name", " ".join(_NOT_XML.sub("", value).split()), indent)


def _desc(value: str) -> Iterator[str]:
    """Description of a file or a track."""
    return map(_Shared, _element("desc", value, "    "))


def _metadata(document: GPXDocument) -> Iterator[str]:
    """Everything from the head to the end of the metadata."""
    yield from _name(document.name, "    ")
    yield from _desc(" ".join(part for part in (document.desc, document.attribution) if part))
    if _text(document.author):
        yield f"    <author><name>{_text(document.author)}</name></author>\n"
    terms = document.terms
    if terms is not None:
        holder, page = quoteattr(_NOT_XML.sub("", terms.holder)), quoteattr(terms.page_url)
        yield f"    <copyright author={holder}><license>{_text(terms.licence_url)}</license></copyright>\n"
        yield f"    <link href={page}><text>{_text(terms.page_title)}</text></link>\n"
    yield from _element("keywords", ", ".join(document.keywords), "    ")
    yield from _bounds(document)
    yield "  </metadata>\n"


def _bounds(document: GPXDocument) -> Iterator[str]:
    """Smallest and largest coordinates as written; none across the 180th meridian, where GPX cannot express it.

    There the smallest and largest longitude would frame the far side of the Earth; without bounds apps frame
    the points.
    """
    segments = [segment for track in document.tracks for segment in track.segments]
    lon_deg = np.concatenate([[w.lon for w in document.waypoints], *(s.lon_deg for s in segments)])
    lat_deg = np.concatenate([[w.lat for w in document.waypoints], *(s.lat_deg for s in segments)])
    if not lon_deg.size:
        return
    lon, lat = micro_degrees(lon_deg, lat_deg)
    if np.ptp(lon) <= 180_000_000:
        south, west, north, east = (degree_text(int(v)) for v in (lat.min(), lon.min(), lat.max(), lon.max()))
        yield f'    <bounds minlat="{south}" minlon="{west}" maxlat="{north}" maxlon="{east}"/>\n'


def _waypoint(waypoint: GPXWaypoint) -> Iterator[str]:
    """A waypoint in two parts: many share the second, symbol and kind."""
    symbol, icon = SYMBOLS[waypoint.kind]
    lon, lat = micro_degrees(np.array([waypoint.lon]), np.array([waypoint.lat]))
    ele = "" if waypoint.ele_m is None else f"    <ele>{ele_text(waypoint.ele_m)}</ele>\n"
    yield _Shared(
        f'  <wpt lat="{degree_text(int(lat[0]))}" lon="{degree_text(int(lon[0]))}">\n{ele}'
        + "".join((*_name(waypoint.name, "    "), *_element("desc", waypoint.desc, "    ")))
    )
    yield _Shared(
        f"    <sym>{symbol}</sym>\n"
        f"    <type>{waypoint.kind.value}</type>\n"
        f"    <extensions><osmand:icon>{icon}</osmand:icon></extensions>\n"
        "  </wpt>\n"
    )


def _track(track: GPXTrack, number: int, *, has_ele: bool) -> Iterator[str | PointDigits]:
    """A track line by line, with all points of a segment in one piece."""
    yield from _track_head(track, number)
    for segment in track.segments:
        yield "    <trkseg>\n"
        yield point_digits(segment.lon_deg, segment.lat_deg, segment.ele_m if has_ele else None)
        if segment.provenance is not None:
            yield f"      <extensions>{_mark(segment.provenance, segment.lateral_p90_m)}</extensions>\n"
        yield "    </trkseg>\n"
    yield "  </trk>\n"


def _track_head(track: GPXTrack, number: int) -> Iterator[str]:
    """A track up to its first segment."""
    yield "  <trk>\n"
    yield from _name(track.name, "    ")
    yield from _desc(track.desc)
    yield from _element("src", track.src, "    ")
    yield _Shared(f"    <number>{number}</number>\n")
    yield from _element("type", track.kind, "    ")
    yield "    <extensions>\n"
    yield (
        f'      <line xmlns="{STYLE}">'
        f"<color>{track.colour}</color><opacity>0.8</opacity><width>1.2</width></line>\n"
    )
    yield (
        "      <gpxx:TrackExtension>"
        f"<gpxx:DisplayColor>{track.garmin_colour}</gpxx:DisplayColor></gpxx:TrackExtension>\n"
    )
    yield f"      <osmand:color>#{track.colour}</osmand:color>\n"
    if track.provenance is not None:
        yield f"      {_mark(track.provenance, track.lateral_p90_m)}\n"
    yield "    </extensions>\n"


def _mark(provenance: Provenance, lateral_p90_m: float | None) -> str:
    """Element with a line's provenance and lateral uncertainty."""
    # readers reject 0, which would promise too much
    lateral = "" if lateral_p90_m is None else f' lateral_p90_m="{max(lateral_p90_m, 1.0):.0f}"'
    return f'<routes:line xmlns:routes="{LINE}" provenance={quoteattr(provenance.value)}{lateral}/>'
