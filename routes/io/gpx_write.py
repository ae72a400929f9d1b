"""Write GPX 1.1 that passes the schema and that hiking apps show well."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from routes._typing import FloatArray
from routes.model.gpx import LINE_NAMESPACE
from routes.model.kinds import PlaceKind, Provenance

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
    PlaceKind.JUNCTION: ("Crossing", "special_marker"),
    PlaceKind.CROSSING: ("Crossing", "special_marker"),
}
"""Symbol name that Garmin keeps, and OsmAnd's icon, by kind of place."""

_ROOT = (
    '<gpx version="1.1" creator="trek-routes" xmlns="http://www.topografix.com/GPX/1/1"'
    ' xmlns:gpxx="http://www.garmin.com/xmlschemas/GpxExtensions/v3" xmlns:osmand="https://osmand.net">'
)

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, eq=False)
class GPXSegment:
    """Points of one ``trkseg``."""

    lon_deg: FloatArray
    """Longitudes, shape (n,), degrees."""

    lat_deg: FloatArray
    """Latitudes, shape (n,), degrees."""

    ele_m: FloatArray | None
    """Elevations, shape (n,), metres; all known, or None."""

    provenance: Provenance | None = None
    """Written as our own extension where it is not that of the track."""

    lateral_p90_m: float | None = None
    """Written beside it, metres."""


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

    segments: tuple[GPXSegment, ...]
    """Segments, never joined."""

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

    waypoints: tuple[GPXWaypoint, ...] = ()
    """Waypoints."""


def gpx_text(document: GPXDocument) -> str:
    """GPX 1.1 of a document: fixed-point numbers, no time, the same bytes for the same input.

    An ``ele`` stands on every track point of the file or on none: apps that sum rises over gaps go wrong.

    Parameters
    ----------
    document : GPXDocument
        Tracks and waypoints.

    Returns
    -------
    str
        The file's text, to be encoded as UTF-8.
    """
    has_ele = all(segment.ele_m is not None for track in document.tracks for segment in track.segments)
    desc = " ".join(part for part in (document.desc, document.attribution) if part)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        _ROOT,
        "  <metadata>",
        f"    <name>{_text(document.name)}</name>",
        f"    <desc>{_text(desc)}</desc>",
        *_bounds(document),
        "  </metadata>",
    ]
    for waypoint in document.waypoints:
        lines.extend(_waypoint(waypoint))
    for number, track in enumerate(document.tracks, start=1):
        lines.extend(_track(track, number, has_ele=has_ele))
    lines.append("</gpx>\n")
    return "\n".join(lines)


def _text(value: str) -> str:
    """Escape text for XML; characters that XML cannot hold are dropped."""
    return escape(_NOT_XML.sub("", value))


def _bounds(document: GPXDocument) -> Iterator[str]:
    segments = [segment for track in document.tracks for segment in track.segments]
    lon = np.concatenate([np.array([w.lon for w in document.waypoints]), *(s.lon_deg for s in segments)])
    lat = np.concatenate([np.array([w.lat for w in document.waypoints]), *(s.lat_deg for s in segments)])
    if lon.size:
        yield (
            f'    <bounds minlat="{lat.min():.6f}" minlon="{_longitude(lon.min())}" maxlat="{lat.max():.6f}"'
            f' maxlon="{_longitude(lon.max())}"/>'
        )


def _longitude(value: float) -> str:
    """Six decimals below 180: the schema excludes 180 itself."""
    text = f"{value:.6f}"
    return "-180.000000" if text == "180.000000" else text


def _waypoint(waypoint: GPXWaypoint) -> Iterator[str]:
    symbol, icon = SYMBOLS[waypoint.kind]
    yield f'  <wpt lat="{waypoint.lat:.6f}" lon="{_longitude(waypoint.lon)}">'
    if waypoint.ele_m is not None:
        yield f"    <ele>{waypoint.ele_m:.1f}</ele>"
    yield f"    <name>{_text(waypoint.name)}</name>"
    if waypoint.desc:
        yield f"    <desc>{_text(waypoint.desc)}</desc>"
    yield f"    <sym>{symbol}</sym>"
    yield f"    <type>{waypoint.kind.value}</type>"
    yield f"    <extensions><osmand:icon>{icon}</osmand:icon></extensions>"
    yield "  </wpt>"


def _track(track: GPXTrack, number: int, *, has_ele: bool) -> Iterator[str]:
    yield "  <trk>"
    yield f"    <name>{_text(track.name)}</name>"
    yield f"    <desc>{_text(track.desc)}</desc>"
    yield f"    <src>{_text(track.src)}</src>"
    yield f"    <number>{number}</number>"
    yield f"    <type>{_text(track.kind)}</type>"
    yield "    <extensions>"
    yield (
        '      <line xmlns="http://www.topografix.com/GPX/gpx_style/0/2">'
        f"<color>{track.colour}</color><opacity>0.8</opacity><width>1.2</width></line>"
    )
    yield (
        "      <gpxx:TrackExtension>"
        f"<gpxx:DisplayColor>{track.garmin_colour}</gpxx:DisplayColor></gpxx:TrackExtension>"
    )
    yield f"      <osmand:color>#{track.colour}</osmand:color>"
    if track.provenance is not None:
        yield f"      {_mark(track.provenance, track.lateral_p90_m)}"
    yield "    </extensions>"
    for segment in track.segments:
        yield "    <trkseg>"
        yield from _points(segment, has_ele=has_ele)
        if segment.provenance is not None:
            yield f"      <extensions>{_mark(segment.provenance, segment.lateral_p90_m)}</extensions>"
        yield "    </trkseg>"
    yield "  </trk>"


def _mark(provenance: Provenance, lateral_p90_m: float | None) -> str:
    """Element in which we say what a line is, and how far off it may be."""
    lateral = "" if lateral_p90_m is None else f' lateral_p90_m="{lateral_p90_m:.0f}"'
    return f'<routes:line xmlns:routes="{LINE_NAMESPACE}" provenance={quoteattr(provenance.value)}{lateral}/>'


def _points(segment: GPXSegment, *, has_ele: bool) -> Sequence[str]:
    if has_ele and segment.ele_m is not None:
        rows = zip(segment.lat_deg.tolist(), segment.lon_deg.tolist(), segment.ele_m.tolist(), strict=True)
        return [
            f'      <trkpt lat="{a:.6f}" lon="{_longitude(o)}"><ele>{e:.1f}</ele></trkpt>' for a, o, e in rows
        ]
    pairs = zip(segment.lat_deg.tolist(), segment.lon_deg.tolist(), strict=True)
    return [f'      <trkpt lat="{a:.6f}" lon="{_longitude(o)}"/>' for a, o in pairs]
