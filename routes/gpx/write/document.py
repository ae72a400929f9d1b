"""Write GPX 1.1 that passes the schema and that hiking apps show well."""

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
"""Symbol name that Garmin keeps, and OsmAnd's icon, by kind of place."""

_ROOT = (
    f'<gpx version="1.1" creator="trek-routes" xmlns="{NS_11}" xmlns:gpxx="{GARMIN}" xmlns:osmand="{OSMAND}">'
)

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GPXTrack:
    """One ``trk``."""

    name: str
    """Name as apps show it."""

    desc: str
    """Description: figures and how they were made."""

    src: str
    """Source of the line."""

    kind: str
    """``type``: hiking or walking."""

    colour: str
    """Six hexadecimal digits."""

    garmin_colour: str
    """Name of the nearest colour that Garmin knows."""

    segments: tuple[Segment, ...]
    """Segments, never joined; what they say of themselves is written where it is not that of the track."""

    provenance: Provenance | None = None
    """Written as our own extension, for lines that we read back."""

    lateral_p90_m: float | None = None
    """Written beside it, metres."""


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
    """Name as apps show it."""

    desc: str
    """Note, stated heights, verdict."""

    kind: PlaceKind
    """Kind of place, which chooses the symbol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GPXTerms:
    """Who holds the rights in the data, and the terms."""

    holder: str
    """Who is to be credited."""

    licence_url: str
    """Where the licence stands."""

    page_url: str
    """Where the holder tells how to credit."""

    page_title: str
    """Text of the link to it."""


ODBL = GPXTerms(
    holder="OpenStreetMap contributors",
    licence_url="https://opendatacommons.org/licenses/odbl/1-0/",
    page_url="https://www.openstreetmap.org/copyright",
    page_title="© OpenStreetMap contributors, ODbL 1.0",
)
"""Terms of lines along OpenStreetMap's ways."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GPXDocument:
    """A whole file."""

    name: str
    """Name of the file as apps show it."""

    desc: str
    """What it is."""

    attribution: str
    """Credit and terms, written into the description."""

    tracks: tuple[GPXTrack, ...]
    """Tracks."""

    author: str = ""
    """Who made the data, as its source states it; empty where nobody is named."""

    terms: GPXTerms | None = None
    """Holder of the rights and licence, where the licence has an address."""

    keywords: tuple[str, ...] = ()
    """Words to find it by."""

    waypoints: tuple[GPXWaypoint, ...] = ()
    """Waypoints."""


GPXParts: TypeAlias = tuple[str | PointDigits, ...]
"""A file as the parts that it may share with others: texts, and the points of segments as digits."""


class _Shared(str):
    """Text that stands in several files of a trek, or between what does, and so is a part by itself."""

    __slots__ = ()


def gpx_parts(document: GPXDocument) -> GPXParts:
    """GPX 1.1 of a document: fixed-point numbers, no time, the same bytes for the same input.

    An ``ele`` stands on every track point of the file or, where one is unknown, on none: apps that sum rises over
    gaps go wrong.

    Parameters
    ----------
    document : GPXDocument
        Tracks and waypoints.

    Returns
    -------
    tuple of str or PointDigits
        The file in order; `text_of` puts it together.

    Raises
    ------
    InvalidCoordinatesError
        If a position is not on Earth, or an elevation is no number.
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
    """Text of a document: see `gpx_parts`."""
    return text_of(gpx_parts(document))


def _pieces(document: GPXDocument) -> Iterator[str | PointDigits]:
    """A file line by line; what is no plain text is a part by itself."""
    has_ele = all(segment.has_heights for track in document.tracks for segment in track.segments)
    yield _Shared(f'<?xml version="1.0" encoding="UTF-8"?>\n{_ROOT}\n  <metadata>\n')
    yield from _metadata(document)
    for waypoint in document.waypoints:
        yield from _waypoint(waypoint)
    for number, track in enumerate(document.tracks, start=1):
        yield from _track(track, number, has_ele=has_ele)
    yield "</gpx>\n"


def _text(value: str) -> str:
    """Escape text for XML; characters that XML cannot hold are dropped, ends of lines are as XML reads them."""
    return escape(_NOT_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip())


def _element(name: str, value: str, indent: str) -> Iterator[str]:
    """Element of one line, where there is something to write: some readers stumble over empty ones."""
    text = _text(value)
    if text:
        yield f"{indent}<{name}>{text}</{name}>\n"


def _name(value: str, indent: str) -> Iterator[str]:
    """Name on one line: lists in apps have no more."""
    return _element("name", " ".join(_NOT_XML.sub("", value).split()), indent)


def _desc(value: str) -> Iterator[str]:
    """Description of a file or a track."""
    return map(_Shared, _element("desc", value, "    "))


def _metadata(document: GPXDocument) -> Iterator[str]:
    """What follows the head up to the end of the metadata."""
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
    """Least and greatest coordinates as written; none across the 180th meridian, where GPX has no way to say it.

    There the least and the greatest longitude would frame the far side of the Earth; without bounds apps frame the
    points themselves.
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
    """A waypoint in two parts: the second, sign and kind, is that of many."""
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
    """A track line by line, the points of a segment in one."""
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
    """Element in which we say what a line is, and how far off it may be."""
    # readers refuse 0, which would promise too much
    lateral = "" if lateral_p90_m is None else f' lateral_p90_m="{max(lateral_p90_m, 1.0):.0f}"'
    return f'<routes:line xmlns:routes="{LINE}" provenance={quoteattr(provenance.value)}{lateral}/>'
