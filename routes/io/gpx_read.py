"""Read GPX into segments and lines."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import gpxpy
import gpxpy.gpx
import numpy as np

from routes.errors import GPXReadError, RoutesWarning
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment

MAX_BYTES = 300_000_000
"""Largest GPX file that is read; two million points."""

LINE_NAMESPACE = "urn:trek-routes:line:1"
"""Namespace of the element in which our own GPX says what a line is."""

_Points: TypeAlias = list[gpxpy.gpx.GPXTrackPoint] | list[gpxpy.gpx.GPXRoutePoint]

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class NamedPosition:
    """A waypoint of a GPX file."""

    name: str
    """Name, empty if it has none."""

    lon: float
    """Longitude, degrees."""

    lat: float
    """Latitude, degrees."""


@dataclass(frozen=True, slots=True)
class GPXTracks:
    """What a GPX file holds of tracks, or of routes where it has no track."""

    segments: tuple[Segment, ...]
    """Segments in file order, never joined."""

    provenance: Provenance | None
    """What the file says of its line in our own extension; None in files of others."""

    lateral_uncertainty_m: float | None
    """Standard uncertainty across the way by that extension, metres."""

    source: str
    """``src`` of the first track, or the creator of the file."""


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
    path = Path(path)
    gpx = _parse(path)
    runs: list[_Points] = [segment.points for track in gpx.tracks for segment in track.segments]
    if not runs:
        runs = [route.points for route in gpx.routes]
    long_enough = [run for run in runs if len(run) > 1]
    if not long_enough:
        msg = (
            f"{path} has no track or route of two points or more (tracks: {len(gpx.tracks)}, routes: "
            f"{len(gpx.routes)}, waypoints: {len(gpx.waypoints)}); export a track from your app."
        )
        raise GPXReadError(msg)
    if len(long_enough) < len(runs):
        text = f"{path}: {len(runs) - len(long_enough)} segments of fewer than two points are left out."
        warnings.warn(text, RoutesWarning, stacklevel=2)
    provenance, lateral = _mark(path, gpx)
    source = next((track.source for track in gpx.tracks if track.source), None) or gpx.creator or path.name
    return GPXTracks(tuple(_segment(path, run) for run in long_enough), provenance, lateral, source)


def read_waypoints(path: Path | str) -> tuple[NamedPosition, ...]:
    """Waypoints of a GPX file, in file order.

    Raises
    ------
    GPXReadError
        If the file cannot be read, is not GPX, or a waypoint is not on Earth.
    """
    path = Path(path)
    found = []
    for number, waypoint in enumerate(_parse(path).waypoints, start=1):
        if not (-180.0 <= waypoint.longitude < 180.0 and -90.0 <= waypoint.latitude <= 90.0):
            msg = f"{path}: waypoint {number} is not on Earth (lat {waypoint.latitude}, lon {waypoint.longitude})."
            raise GPXReadError(msg)
        found.append(NamedPosition(waypoint.name or "", waypoint.longitude, waypoint.latitude))
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
    tracks = read_gpx(path)
    if provenance is None and tracks.provenance is None:
        allowed = ", ".join(Provenance)
        msg = f"{path} does not say where its line comes from; set provenance for its leg in the trek file ({allowed})."
        raise GPXReadError(msg)
    if provenance is not None and tracks.provenance is not None and provenance is not tracks.provenance:
        msg = f"{path} calls its line {tracks.provenance}, the trek file calls it {provenance}; mend one of them."
        raise GPXReadError(msg)
    found = provenance or tracks.provenance
    assert found is not None  # noqa: S101 - one of the two is set, see above
    return Line(tracks.segments, found, tracks.source, tracks.lateral_uncertainty_m)


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
    try:
        return gpxpy.parse(text)
    except (gpxpy.gpx.GPXException, ValueError, TypeError, AttributeError) as error:
        msg = f"{path} is not valid GPX: {error}."
        raise GPXReadError(msg) from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        msg = f"Cannot read the GPX file {path}: {error.strerror}."
        raise GPXReadError(msg) from error
    if len(raw) > MAX_BYTES:
        msg = f"{path} is larger than {MAX_BYTES // 1_000_000} MB; split it."
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
        text = raw.decode(encoding)
    except (UnicodeError, LookupError) as error:
        msg = f"{path} is not text in {encoding}: {error}."
        raise GPXReadError(msg) from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        msg = f"{path} declares a document type or entities, which GPX has no use for; it is refused."
        raise GPXReadError(msg)
    whole, text = text, _DECLARATION.sub("", text, count=1).lstrip()
    if not re.match(r"(?:<!--.*?-->\s*)*<(?:[\w.-]+:)?gpx[\s>]", text, re.DOTALL):
        msg = f"{path} is not GPX; it begins with {text[:40]!r}."
        raise GPXReadError(msg)
    return whole[: len(whole) - len(text)], text


def _segment(path: Path, run: _Points) -> Segment:
    lon = np.array([point.longitude for point in run], dtype=np.float64)
    lat = np.array([point.latitude for point in run], dtype=np.float64)
    ele = np.array(
        [np.nan if point.elevation is None else point.elevation for point in run], dtype=np.float64
    )
    bad = ~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0))
    if bad.any():
        first = int(np.argmax(bad))
        msg = f"{path}: point {first + 1} of a segment is not on Earth (lat {lat[first]}, lon {lon[first]})."
        raise GPXReadError(msg)
    if np.ptp(lon) == 0.0 and np.ptp(lat) == 0.0:
        msg = f"{path}: all {lon.size} points of a segment are one position (lat {lat[0]}, lon {lon[0]})."
        raise GPXReadError(msg)
    return Segment(lon, lat, ele if np.isfinite(ele).any() else None)


def _mark(path: Path, gpx: gpxpy.gpx.GPX) -> tuple[Provenance | None, float | None]:
    """Provenance and lateral uncertainty from our own extension of the first track that has it."""
    for track in gpx.tracks:
        for element in track.extensions:
            if element.tag != f"{{{LINE_NAMESPACE}}}line":
                continue
            lateral = element.get("lateral_uncertainty_m")
            try:
                return Provenance(element.get("provenance", "")), None if lateral is None else float(lateral)
            except ValueError as error:
                msg = f"{path}: the element that says where the line comes from is wrong: {error}."
                raise GPXReadError(msg) from error
    return None, None
