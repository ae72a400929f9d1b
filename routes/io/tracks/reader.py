"""Read recorded tracks of any format, recognised by content instead of name."""

import io
import lzma
import re
import warnings
import zipfile
import zlib
from pathlib import Path

from routes.errors import GPXReadError, RoutesWarning, TrackReadError
from routes.files import read_regular, shown
from routes.gpx.encoding import marked
from routes.gpx.read.reader import (
    NamedTrack,
    grouped,
    read_gpx,
    tracks_of,
)
from routes.gpx.track_file import GPXFile
from routes.io.tracks.fit import read_fit
from routes.io.tracks.geojson import read_geojson
from routes.io.tracks.gpkg import read_gpkg
from routes.io.tracks.kml import read_kml
from routes.io.tracks.tcx import read_tcx

MAX_BYTES = 300_000_000
"""Largest unpacked file, bytes; GPX, which is read in pieces, may be larger."""

MAX_BYTES_OF = {"geojson": 100_000_000, "fit": 20_000_000}
"""Lower limits for formats whose decoders need many times the file's size; one FIT record per second makes 3
MB a day."""

FORMATS = "GPX, KML, KMZ, GeoJSON, GeoPackage, FIT or TCX"
"""Supported formats."""

_HEAD_BYTES = 65_536
_BLANK = b" \t\r\n"
_MAX_MEMBERS = 10_000
_ZIP_FAULTS = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, IndexError, ValueError, zlib.error,
    lzma.LZMAError,
)  # fmt: skip
"""What zipfile raises on damaged files; a position before the start of the file is a ValueError."""

_ROOT = re.compile(r"<(?:[\w.-]+:)?(gpx|kml|TrainingCenterDatabase)[\s>/]")


def read_track_file(path: Path | str, *, layer: str | None = None, is_quiet: bool = False) -> GPXFile:
    """Read a track file: GPX, KML, KMZ, GeoJSON, GeoPackage, FIT or TCX, also gzipped.

    Parameters
    ----------
    path : Path or str
        The file; its content determines the format.
    layer : str, optional
        Line layer, for a GeoPackage with several.
    is_quiet : bool
        Suppress Python warnings; `GPXFile.warnings` has them anyway.

    Returns
    -------
    GPXFile
        The same columns for all formats; missing values are NaN or empty.

    Raises
    ------
    TrackReadError
        If the file cannot be read, has another format, is too large, or is invalid; the message says where.
        For GPX it is a `GPXReadError`.

    Warns
    -----
    RoutesWarning
        Once for each kind of problem in the file.
    """
    path = Path(path)
    kind = _kind(path)
    if kind == "gpx":
        return read_gpx(path, is_quiet=is_quiet)
    data = _data(path, min(MAX_BYTES_OF.get(kind, MAX_BYTES), MAX_BYTES))
    source = shown(path)
    match kind:
        case "kml":
            file = read_kml(data.lstrip(_BLANK), source)
        case "kmz":
            file = read_kml(_kml_of(data, path).lstrip(_BLANK), source)
        case "tcx":
            file = read_tcx(data.lstrip(_BLANK), source)
        case "fit":
            file = read_fit(data, source)
        case "gpkg":
            file = read_gpkg(data, source, layer)
        case _:
            file = read_geojson(data, source)
    if not is_quiet:
        for text in grouped(file):
            warnings.warn(text, RoutesWarning, stacklevel=2)
    return file


def read_tracks(path: Path | str, *, layer: str | None = None) -> tuple[NamedTrack, ...]:
    """Tracks of a file.

    Raises TrackReadError as `read_track_file`, and if there is no segment of two points or all points of one
    are the same position.
    """
    return tracks_of(Path(path), read_track_file(path, layer=layer))


def is_gpx(path: Path | str) -> bool:
    """Whether a file is GPX, packed or not, or in no supported format. Raises TrackReadError if it cannot be read."""
    return _kind(Path(path)) == "gpx"


def _kind(path: Path) -> str:
    try:
        head = read_regular(path, _HEAD_BYTES)
    except OSError as error:
        msg = f"Cannot read {shown(path)}: {error.strerror}."
        raise GPXReadError(msg) from error
    if head.startswith(b"\x1f\x8b"):
        head = _unpacked(head, path, _HEAD_BYTES)
    return _kind_of(head, path)


def _data(path: Path, most: int) -> bytes:
    """Contents of a file, unpacked if necessary."""
    try:
        data = read_regular(path, most)
    except OSError as error:
        msg = f"Cannot read {shown(path)}: {error.strerror}."
        raise TrackReadError(msg) from error
    if data.startswith(b"\x1f\x8b"):
        data = _unpacked(data, path, most + 1)
    if len(data) > most:
        msg = f"{shown(path)} is larger than {most / 1e6:,.0f} MB; split it."
        raise TrackReadError(msg)
    return data


def _unpacked(data: bytes, path: Path, most: int) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, most)
    except zlib.error as error:
        msg = f"{shown(path)} is not a sound gzip file: {error}."
        raise TrackReadError(msg) from error


def _kind_of(head: bytes, path: Path) -> str:
    """Format of a file, by its first bytes."""
    if head.startswith(b"SQLite format 3\0"):
        return "gpkg"
    if head[8:12] == b".FIT":
        return "fit"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "kmz" if _holds_kml(path) else "gpx"
    encoding, mark = marked(head)
    text = head[mark:].decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return "geojson"
    if "<" not in text and "\0" not in text:  # the latter may be UTF-16 without a mark
        begins = repr(text[:40])
        msg = f"{shown(path)} is no file of tracks ({FORMATS}); it begins with {begins}."
        raise TrackReadError(msg)
    root = _ROOT.search(text)
    # the GPX reader rejects any other XML, and says why
    return {None: "gpx", "gpx": "gpx", "kml": "kml"}.get(root and root[1], "tcx")


def _holds_kml(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.lower().endswith(".kml") for name in archive.namelist()[:_MAX_MEMBERS])
    except _ZIP_FAULTS:
        return False


def _kml_of(data: bytes, path: Path) -> bytes:
    """Main document of a KMZ: ``doc.kml``, or else the first KML in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist()[:_MAX_MEMBERS] if name.lower().endswith(".kml")]
            chosen = next((name for name in names if name.lower() == "doc.kml"), names[0])
            with archive.open(chosen) as member:  # read but never unpacked to disk, so its name is harmless
                found = member.read(MAX_BYTES + 1)
    except _ZIP_FAULTS as error:
        why = " ".join(str(error).split())[:200] or "it is cut off"
        msg = f"{shown(path)} is not a KMZ file that can be read: {why!r}."
        raise TrackReadError(msg) from error
    if len(found) > MAX_BYTES:
        msg = f"{shown(path)} holds a KML file larger than {MAX_BYTES // 1_000_000} MB; split it."
        raise TrackReadError(msg)
    return found
