"""Read GPX into segments and lines."""

import codecs
import math
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import gpxpy
import gpxpy.gpx
import numpy as np

from routes.errors import GPXReadError, RoutesWarning
from routes.io.files import read_regular, shown
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment

MAX_BYTES = 300_000_000
"""Largest GPX file that is read; two million points."""

LINE_NAMESPACE = "urn:trek-routes:line:1"
"""Namespace of the element in which our own GPX says what a line is."""

_Points: TypeAlias = list[gpxpy.gpx.GPXTrackPoint] | list[gpxpy.gpx.GPXRoutePoint]
_Named: TypeAlias = gpxpy.gpx.GPXTrack | gpxpy.gpx.GPXRoute
_Marked: TypeAlias = _Named | gpxpy.gpx.GPXTrackSegment

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ROOT = re.compile(r"<(?:([\w.-]+):)?gpx[\s>/]")
_CHARSETS = re.compile(
    r"ascii|utf-8|utf-8-sig|utf-(?:16|32)(?:-[bl]e)?|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb2312|gbk|gb18030|big5\w*"
    r"|shift_jis\w*|euc_\w+|tis-620|unicode-escape"
)
"""Python's names of the encodings that text comes in; it has others, such as punycode, that are none."""

MAX_LATERAL_M = 100_000.0
"""Largest lateral uncertainty that a line may state, metres."""


@dataclass(frozen=True, slots=True)
class NamedPosition:
    """A waypoint of a GPX file."""

    name: str
    """Name, empty if it has none."""

    lon: float
    """Longitude, degrees."""

    lat: float
    """Latitude, degrees."""

    height_m: float | None = None
    """Height that the file gives it (``ele``), metres; None if there is none."""

    type: str = ""
    """What the file calls it (``type``, else ``sym``), empty if it has none."""


@dataclass(frozen=True, slots=True)
class GPXTracks:
    """What a GPX file holds of tracks, or of routes where it has no track."""

    segments: tuple[Segment, ...]
    """Segments in file order, never joined."""

    provenance: Provenance | None
    """What the file says of its line in our own extension; None in files of others."""

    lateral_p90_m: float | None
    """How far from the line nine tenths of the true way lie at most, by that extension, metres."""

    source: str
    """``src`` of the first track, or the creator of the file."""


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """One track of a GPX file, or one route where it has no track."""

    name: str
    """Name, empty if it has none."""

    segments: tuple[Segment, ...]
    """Segments in file order, never joined."""

    provenance: Provenance | None
    """What our own extension of this track says; None in files of others."""

    lateral_p90_m: float | None
    """How far from the line nine tenths of the true way lie at most, by that extension, metres."""

    source: str
    """``src`` of the track, or the creator of the file."""


def read_gpx(path: Path | str) -> GPXTracks:
    """Read the tracks of a GPX file; its routes when it has no track.

    Parameters
    ----------
    path : Path or str
        GPX 1.0 or 1.1.

    Returns
    -------
    GPXTracks
        Elevations missing in the file are NaN.

    Raises
    ------
    GPXReadError
        If the file cannot be read, is not GPX, declares a document type, has a position that is not on Earth, or has
        no segment of two points.

    Warns
    -----
    RoutesWarning
        If segments of a single point are left out.
    """
    tracks = read_tracks(path)
    marked = next((track for track in tracks if track.provenance is not None), None)
    return GPXTracks(
        tuple(segment for track in tracks for segment in track.segments),
        marked.provenance if marked else None,
        marked.lateral_p90_m if marked else None,
        tracks[0].source,
    )


def read_tracks(path: Path | str) -> tuple[NamedTrack, ...]:
    """Read the tracks of a GPX file one by one; its routes when it has no track.

    Parameters
    ----------
    path : Path or str
        GPX 1.0 or 1.1.

    Returns
    -------
    tuple of NamedTrack
        Those with a segment of two points or more, in file order.

    Raises
    ------
    GPXReadError
        As `read_gpx`.

    Warns
    -----
    RoutesWarning
        If segments of a single point are left out.
    """
    path = Path(path)
    gpx = _parse(path)
    is_tracked = any(track.segments for track in gpx.tracks)
    runs: list[tuple[_Named, list[tuple[_Points, _Marked | None]]]] = (
        [(track, [(segment.points, segment) for segment in track.segments]) for track in gpx.tracks]
        if is_tracked
        else [(route, [(route.points, None)]) for route in gpx.routes]
    )
    long_enough = [(named, [run for run in parts if len(run[0]) > 1]) for named, parts in runs]
    count = sum(len(parts) for _, parts in long_enough)
    if not count:
        msg = (
            f"{shown(path)} has no track or route of two points or more (tracks: {len(gpx.tracks)}, routes: "
            f"{len(gpx.routes)}, waypoints: {len(gpx.waypoints)}); export a track from your app."
        )
        raise GPXReadError(msg)
    left_out = sum(len(parts) for _, parts in runs) - count
    if left_out:
        text = f"{shown(path)}: {left_out} segments of fewer than two points are left out."
        warnings.warn(text, RoutesWarning, stacklevel=2)
    source = next((track.source for track in gpx.tracks if track.source), None) or gpx.creator or path.name
    return tuple(
        NamedTrack(
            named.name or "",
            tuple(_segment(path, points, marked) for points, marked in parts),
            *_mark(path, named),
            named.source or source,
        )
        for named, parts in long_enough
        if parts
    )


def read_waypoints(path: Path | str, *, is_checked: bool = True) -> tuple[NamedPosition, ...]:
    """Waypoints of a GPX file, in file order.

    Parameters
    ----------
    path : Path or str
        The file.
    is_checked : bool
        Refuse a file with a waypoint that is not on Earth; else it comes as it stands.

    Raises
    ------
    GPXReadError
        If the file cannot be read, is not GPX, or a waypoint is not on Earth (where that is checked).
    """
    path = Path(path)
    found = []
    for number, waypoint in enumerate(_parse(path).waypoints, start=1):
        is_on_earth = -180.0 <= waypoint.longitude < 180.0 and -90.0 <= waypoint.latitude <= 90.0
        if is_checked and not is_on_earth:
            where = f"lat {waypoint.latitude}, lon {waypoint.longitude}"
            msg = f"{shown(path)}: waypoint {number} is not on Earth ({where})."
            raise GPXReadError(msg)
        height = waypoint.elevation
        is_known = height is not None and math.isfinite(height)
        found.append(
            NamedPosition(
                waypoint.name or "",
                waypoint.longitude,
                waypoint.latitude,
                height if is_known else None,
                waypoint.type or waypoint.symbol or "",
            )
        )
    return tuple(found)


def read_line(path: Path | str, provenance: Provenance | None = None) -> Line:
    """Read a GPX file as the line of a leg.

    Parameters
    ----------
    path : Path or str
        The file.
    provenance : Provenance, optional
        What the trek file says of it; needed where the GPX does not say so itself.

    Raises
    ------
    GPXReadError
        As `read_gpx`, and if nobody says what the line is or the two disagree.
    """
    path = Path(path)
    tracks = read_gpx(path)
    if provenance is None and tracks.provenance is None:
        allowed = ", ".join(Provenance)
        msg = (
            f"{shown(path)} does not say where its line comes from; set provenance for its leg in the trek file "
            f"({allowed})."
        )
        raise GPXReadError(msg)
    if provenance is not None and tracks.provenance is not None and provenance is not tracks.provenance:
        msg = (
            f"{shown(path)} calls its line {tracks.provenance}, the trek file calls it {provenance}; mend one of "
            f"them."
        )
        raise GPXReadError(msg)
    found = provenance or tracks.provenance
    assert found is not None  # noqa: S101 - one of the two is set, see above
    return Line(tracks.segments, found, tracks.source, tracks.lateral_p90_m)


def read_gpx_text(path: Path) -> tuple[str, str]:
    """Text of a GPX file in two parts, decoded by its byte order mark or its XML declaration.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    head : str
        XML declaration with the blank space about it; empty if there is none. A byte order mark is not in it.
    text : str
        The rest, from the first comment or the root element on. An XML parser must be told that it is text already:
        without the declaration nothing contradicts that.

    Raises
    ------
    GPXReadError
        If the file cannot be read or decoded, is not GPX, or declares a document type.
    """
    return _decode(path, _read(path))


def _parse(path: Path) -> gpxpy.gpx.GPX:
    _, text = read_gpx_text(path)
    root = _ROOT.match(text, _start_of_root(text))
    if root is not None and root[1]:
        msg = (
            f"{shown(path)} writes its elements with the prefix {root[1]!r} (<{root[1]}:gpx>); prefixed GPX is not "
            f"read yet. Save it without the prefix."
        )
        raise GPXReadError(msg)
    try:
        return gpxpy.parse(text)
    except (gpxpy.gpx.GPXException, ValueError, TypeError, AttributeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        msg = f"{shown(path)} is not valid GPX: {reason if reason.isprintable() else repr(reason)}."
        raise GPXReadError(msg) from error


def _read(path: Path) -> bytes:
    try:
        raw = read_regular(path, MAX_BYTES)
    except OSError as error:
        msg = f"Cannot read the GPX file {shown(path)}: {error.strerror}."
        raise GPXReadError(msg) from error
    if len(raw) > MAX_BYTES:
        msg = f"{shown(path)} is larger than {MAX_BYTES // 1_000_000} MB; split it."
        raise GPXReadError(msg)
    return raw


def _decode(path: Path, raw: bytes) -> tuple[str, str]:
    """Declaration, and text without it: it would contradict text that is decoded already."""
    declared = _DECLARED.match(raw.removeprefix(b"\xef\xbb\xbf"))
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif raw.startswith(b"\xef\xbb\xbf") or declared is None:
        encoding = "utf-8-sig"
    else:
        encoding = declared[1].decode("ascii")
    try:
        if not _CHARSETS.fullmatch(codecs.lookup(encoding).name):
            msg = f"{shown(path)} is not text in {encoding}, which is no encoding of text; save it as UTF-8."
            raise GPXReadError(msg)
        text = raw.decode(encoding)
    except (UnicodeError, LookupError) as error:
        msg = f"{shown(path)} is not text in {encoding}: {error}."
        raise GPXReadError(msg) from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        msg = f"{shown(path)} declares a document type or entities, which GPX has no use for; it is refused."
        raise GPXReadError(msg)
    declaration = _DECLARATION.match(text)
    whole, text = text, text[declaration.end() if declaration else 0 :].lstrip()
    if not _ROOT.match(text, _start_of_root(text)):
        msg = f"{shown(path)} is not GPX; it begins with {text[:40]!r}."
        raise GPXReadError(msg)
    return whole[: len(whole) - len(text)], text


def _start_of_root(text: str) -> int:
    """Index behind the comments and processing instructions that may stand before the root element."""
    at = 0
    while True:
        end = {"<!--": "-->", "<?": "?>"}.get("<!--" if text.startswith("<!--", at) else text[at : at + 2])
        closed = text.find(end, at + 2) if end else -1
        if end is None or closed < 0:
            return at
        at = closed + len(end)
        while text[at : at + 1].isspace():
            at += 1


def _segment(path: Path, run: _Points, marked: _Marked | None) -> Segment:
    lon = np.array([point.longitude for point in run], dtype=np.float64)
    lat = np.array([point.latitude for point in run], dtype=np.float64)
    ele = np.array(
        [np.nan if point.elevation is None else point.elevation for point in run], dtype=np.float64
    )
    bad = ~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0))
    if bad.any():
        first = int(np.argmax(bad))
        msg = f"{shown(path)}: point {first + 1} of a segment is not on Earth (lat {lat[first]}, lon {lon[first]})."
        raise GPXReadError(msg)
    if np.ptp(lon) == 0.0 and np.ptp(lat) == 0.0:
        msg = f"{shown(path)}: all {lon.size} points of a segment are one position (lat {lat[0]}, lon {lon[0]})."
        raise GPXReadError(msg)
    provenance, lateral_p90_m = (None, None) if marked is None else _mark(path, marked)
    return Segment(lon, lat, ele if np.isfinite(ele).any() else None, provenance, lateral_p90_m)


def _mark(path: Path, marked: _Marked) -> tuple[Provenance | None, float | None]:
    """Provenance and lateral uncertainty from our own extension of a track or segment, if it has it."""
    for element in marked.extensions:
        if element.tag != f"{{{LINE_NAMESPACE}}}line":
            continue
        lateral = element.get("lateral_p90_m")
        try:
            provenance = Provenance(element.get("provenance", ""))
            lateral_m = None if lateral is None else float(lateral)
        except ValueError as error:
            msg = f"{shown(path)}: the element that says where the line comes from is wrong: {error}."
            raise GPXReadError(msg) from error
        if lateral_m is not None and not 0.0 < lateral_m <= MAX_LATERAL_M:
            msg = (
                f"{shown(path)}: lateral_p90_m must be more than 0 and at most {MAX_LATERAL_M:,.0f} m, "
                f"not {lateral!r}."
            )
            raise GPXReadError(msg)
        return provenance, lateral_m
    return None, None
