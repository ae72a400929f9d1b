"""Read GPX files, and their tracks, waypoints and lines."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from routes.errors import GPXReadError, RoutesWarning
from routes.files import shown
from routes.gpx.codes import Trap
from routes.gpx.encoding import Source
from routes.gpx.read.bulk import Run, Scanner
from routes.gpx.read.parser import NotPlainError, Parser
from routes.gpx.track_file import GPXFile, TrackInfo
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment

_BLANK = b" \t\r\n"


def read_gpx(path: Path | str, *, is_quiet: bool = False) -> GPXFile:
    """Read a GPX file.

    Plain points, as devices write them, are read many at a time; an XML parser reads everything else.
    Both give identical results.

    Parameters
    ----------
    path : Path or str
        GPX 1.1 or 1.0, also gzipped or alone in a ZIP file; UTF-8, UTF-16, or as it declares.
    is_quiet : bool
        Suppress Python warnings; `GPXFile.warnings` has them anyway.

    Returns
    -------
    GPXFile
        Points in columns; missing values are NaN.

    Raises
    ------
    GPXReadError
        If the file cannot be read, is not GPX, is not well-formed, declares a document type, or has a position that is
        not on Earth; the message names the line, if there is one. A truncated file is read as far as it goes.

    Warns
    -----
    RoutesWarning
        Once for each kind of problem in the file.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.gpx"
    >>> _ = path.write_text('<gpx><trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>')
    >>> read_gpx(path).points.height_m
    array([nan])
    """
    file = _parsed(Source(Path(path)))
    if not is_quiet:
        for text in grouped(file):
            # always from this line, so that Python shows each text once however often a file is read
            warnings.warn(text, RoutesWarning, stacklevel=1)
    return file


def read_gpx_bytes(data: bytes, name: str) -> GPXFile:
    """Like `read_gpx`, for the contents of a file of this name, but without Python warnings."""
    return _parsed(Source(Path(name), data))


def _parsed(source: Source) -> GPXFile:
    try:
        return parse(source, is_fast=True)
    except NotPlainError:
        return parse(source, is_fast=False)


def parse(source: Source, *, is_fast: bool) -> GPXFile:
    """Read a file with or without the fast path.

    Raises GPXReadError as `read_gpx`, and with `is_fast` NotPlainError if a run is not where track points
    belong.
    """
    parser = Parser(shown(source.path))
    scanner = Scanner()
    is_begun = False
    for chunk in source.text():
        text = chunk
        if not is_begun:
            text = chunk.lstrip(_BLANK)
            blank = chunk[: len(chunk) - len(text)]
            parser.lines_before += blank.count(b"\n") + blank.count(b"\r") - blank.count(b"\r\n")
            is_begun = bool(text)
            parser.beginning = text[:40]
            if text.startswith(b"<?xml") and blank:
                said = "Blank space stands before the XML declaration, which XML forbids."
                parser.content.notes.add(Trap.BLANK_BEFORE_DECLARATION, 1, said)
        if is_fast:
            _feed(parser, scanner, text)
        else:
            parser.feed(text)
        if parser.is_cut:
            break
    parser.feed(scanner.carry)
    return parser.finish(is_cut=source.is_cut)


def _feed(parser: Parser, scanner: Scanner, text: bytes) -> None:
    for piece in scanner.pieces(text):
        if isinstance(piece, Run):
            parser.feed_run(piece)
        else:
            parser.feed(piece)


def grouped(file: GPXFile) -> tuple[str, ...]:
    """One sentence for each kind of problem in a file: the first with its line, and the number of others."""
    found = []
    for code, total in file.warning_totals.items():
        first = next(note for note in file.warnings if note.code == code)
        more = f" (and {total - 1:,} more)" if total > 1 else ""
        where = f"{file.source}, line {first.line}" if first.line else file.source
        found.append(f"{where}: {first.text}{more}")
    return tuple(found)


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
    """Its height (``ele``), metres; None if there is none."""

    type: str = ""
    """Its ``type``, or else ``sym``; empty if there is none."""


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """One track of a GPX file, or one route if it has no tracks."""

    name: str
    """Name, empty if it has none."""

    segments: tuple[Segment, ...]
    """Segments in file order, never joined."""

    provenance: Provenance | None
    """Provenance from our own extension; None in other files."""

    lateral_p90_m: float | None
    """Distance within which 90 % of the real trail lies, from that extension, metres."""

    source: str
    """``src`` of the track, or the creator of the file."""


def read_tracks(path: Path | str) -> tuple[NamedTrack, ...]:
    """Tracks with a segment of two or more points, in file order; routes if there is no track.

    Raises GPXReadError as `read_gpx`, and if there is no such segment or all points of one are the same
    position. Warns with RoutesWarning as `read_gpx`, and if single-point segments are left out.
    """
    return tracks_of(Path(path), read_gpx(path))


def tracks_of(path: Path, file: GPXFile) -> tuple[NamedTrack, ...]:
    """Tracks of an open file, as `read_tracks` returns them."""
    lines = file.lines()
    counts = np.diff(file.offsets)
    chosen = [(info, file.segments(info)) for info in lines]
    if not any(segments for _, segments in chosen):
        routes = sum(info.is_route for info in file.tracks)
        msg = (
            f"{shown(path)} has no track or route of two points or more (tracks: {len(file.tracks) - routes}, routes: "
            f"{routes}, waypoints: {len(file.waypoints)}); export a track from your app."
        )
        raise GPXReadError(msg)
    short = sum(int((counts[info.first_segment : info.stop_segment] < 2).sum()) for info in lines)
    if short:
        text = f"{shown(path)}: {short} segments of fewer than two points are left out."
        warnings.warn(text, RoutesWarning, stacklevel=2)
    source = next((info.src for info in file.tracks if info.src), "") or file.metadata.creator or path.name
    return tuple(_named(path, info, segments, source) for info, segments in chosen if segments)


def _named(path: Path, info: TrackInfo, segments: tuple[Segment, ...], source: str) -> NamedTrack:
    for segment in segments:
        lon, lat = segment.lon_deg, segment.lat_deg
        if np.ptp(lon) == 0.0 and np.ptp(lat) == 0.0:
            msg = f"{shown(path)}: all {lon.size} points of a segment are one position (lat {lat[0]}, lon {lon[0]})."
            raise GPXReadError(msg)
    mark = info.mark
    return NamedTrack(
        info.name,
        segments,
        None if mark is None else mark.provenance,
        None if mark is None else mark.lateral_p90_m,
        info.src or source,
    )


def stated_mark(tracks: Sequence[NamedTrack]) -> tuple[Provenance | None, float | None]:
    """Provenance and lateral uncertainty (metres) from the first track that states them."""
    marked = next((track for track in tracks if track.provenance is not None), None)
    return (None, None) if marked is None else (marked.provenance, marked.lateral_p90_m)


def read_waypoints(path: Path | str) -> tuple[NamedPosition, ...]:
    """Waypoints of a GPX file, in file order. Raises GPXReadError as `read_gpx`."""
    return waypoints_of(read_gpx(path))


def waypoints_of(file: GPXFile) -> tuple[NamedPosition, ...]:
    """Waypoints of an open file, as `read_waypoints` returns them."""
    found = file.waypoints
    columns = zip(
        found.name,
        found.points.lon_deg.tolist(),
        found.points.lat_deg.tolist(),
        found.points.height_m.tolist(),
        found.type,
        found.sym,
        strict=True,
    )
    return tuple(
        NamedPosition(name, lon, lat, ele if np.isfinite(ele) else None, kind or symbol)
        for name, lon, lat, ele, kind, symbol in columns
    )


def read_line(path: Path | str, provenance: Provenance | None = None) -> Line:
    """Read a GPX file as the line of a leg.

    `provenance` is the trek file's, needed if the GPX does not state its own. Raises GPXReadError as
    `read_tracks`, and if neither states it or the two disagree.
    """
    path = Path(path)
    tracks = read_tracks(path)
    said, lateral_p90_m = stated_mark(tracks)
    if provenance is None and said is None:
        allowed = ", ".join(Provenance)
        msg = (
            f"{shown(path)} does not say where its line comes from; set provenance for its leg in the trek file "
            f"({allowed})."
        )
        raise GPXReadError(msg)
    if provenance is not None and said is not None and provenance is not said:
        msg = f"{shown(path)} calls its line {said}, the trek file calls it {provenance}; mend one of them."
        raise GPXReadError(msg)
    found = provenance or said
    assert found is not None  # noqa: S101 - one of the two is set, see above
    return Line(
        tuple(segment for track in tracks for segment in track.segments),
        found,
        tracks[0].source,
        lateral_p90_m,
    )
