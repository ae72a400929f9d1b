"""Work of a batch worker: locate files, and make the rows of a part."""

import hashlib
import io
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from routes._version import __version__
from routes.analysis.figures.profile import ProfileParameters
from routes.dem.opening import DEMChoice
from routes.errors import BatchError, DEMError, RoutesError
from routes.gpx.read.reader import read_gpx_bytes
from routes.gpx.track_file import GPXFile
from routes.kernel.hilbert import curve_index
from routes.model.kinds import Provenance
from routes.model.track import Line
from routes.pipeline.batch.heights import Heights
from routes.pipeline.batch.rows import Row, error_row, line_of, text_of, track_row
from routes.pipeline.batch.schema import arrow_schema
from routes.pipeline.batch.sources import Source, UnreadableError, read_source

_TOO_LARGE = "It does not fit into the worker's memory."

NOWHERE = -1
"""Curve position of a file without a track."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the figures depend on besides the files, the same for all workers."""

    root: Path
    """Folder that relative source paths start from, absolute."""

    choice: DEMChoice
    """DEMs in order of preference."""

    dem_folder: Path
    """Folder of public DEMs, absolute."""

    is_offline: bool
    """Download no DEM."""

    parameters: ProfileParameters
    """Parameters of profile and ascent."""

    tolerance_m: float
    """Largest distance of the simplified geometry from the track, metres."""

    version: str = __version__
    """Version of the package that made the tasks; workers with another version are rejected."""


class Seen(NamedTuple):
    """Result of the first pass for a file."""

    curve: int
    """Curve position of its first track; `NOWHERE` without one."""

    points: int
    """Number of points of its tracks."""

    sha256: str
    """Hash of its contents; empty if they cannot be read."""

    error: str
    """Why it has no track to study; empty if it has one."""

    is_passing: bool
    """Whether another try may work."""


class File(NamedTuple):
    """A file of a part."""

    source: Source
    sha256: str
    copies: int


@dataclass(frozen=True, slots=True)
class Made:
    """Rows of a part, and their cost."""

    rows: bytes
    """Rows as Parquet."""

    count: int
    """Number of rows."""

    errors: int
    """Number of rows with an error."""

    is_passing: bool
    """Whether some errors may be temporary, so that the part should be repeated."""

    seconds: float
    """Worker time, seconds."""

    worker_bytes: int
    """Resident memory of the worker at the end, bytes."""


def look_through(sources: Sequence[Source], settings: Settings) -> list[Seen]:
    """First pass: hash and locate each file. Raises BatchError if this worker has another version of the package."""
    _check_version(settings)
    return [_look_at(source, settings.root) for source in sources]


def _look_at(source: Source, root: Path) -> Seen:
    digest = ""
    try:
        data = read_source(source, root)
        digest = hashlib.sha256(data).hexdigest()
        file = parsed(data, source)
        track = next(track for track in file.lines() if file.segments(track))
        first = file.segments(track)[0]
        here = int(curve_index(first.lon_deg[:1], first.lat_deg[:1])[0])
    except UnreadableError as error:
        return Seen(NOWHERE, 0, digest, text_of(str(error)), error.is_passing)
    except RoutesError as error:
        return Seen(NOWHERE, 0, digest, text_of(str(error)), is_passing=False)
    except StopIteration:
        return Seen(NOWHERE, 0, digest, _no_track(file), is_passing=False)
    except MemoryError:
        return Seen(NOWHERE, 0, digest, _TOO_LARGE, is_passing=True)
    except Exception as error:  # noqa: BLE001 - a file that nobody thought of must not end a batch
        return Seen(NOWHERE, 0, digest, _bug(error), is_passing=False)
    return Seen(here, len(file.points), digest, "", is_passing=False)


def study_part(files: Sequence[File], settings: Settings) -> Made:
    """Second pass: rows of some files, in order.

    Raises BatchError if this worker has another version of the package.
    """
    import psutil  # noqa: PLC0415 - comes with distributed

    _check_version(settings)
    begun = time.perf_counter()
    looked = [_read(file, settings.root) for file in files]
    heights = Heights(settings.choice, settings.dem_folder, is_offline=settings.is_offline)
    is_passing = False
    rows: list[Row] = []
    try:
        heights.prepare(_lines_of(looked))
    except RoutesError as error:
        is_passing = True
        rows = [error_row(file.source, file.sha256, file.copies, str(error)) for file in files]
    else:
        for file, found in zip(files, looked, strict=True):
            for row, may_pass in _rows_of(file, found, settings, heights):
                rows.append(row)
                is_passing = is_passing or may_pass
    return Made(
        as_parquet(rows),
        len(rows),
        sum(row["error"] is not None for row in rows),
        is_passing or bool(heights.faults),
        time.perf_counter() - begun,
        psutil.Process().memory_info().rss,
    )


def _read(file: File, root: Path) -> GPXFile | UnreadableError:
    """Read a file again; an error is kept for its row."""
    try:
        data = read_source(file.source, root)
        if hashlib.sha256(data).hexdigest() != file.sha256:
            msg = "It changed while the batch ran; run it again."
            return UnreadableError(msg, is_passing=True)
        return parsed(data, file.source)
    except UnreadableError as error:
        return error
    except MemoryError:
        return UnreadableError(_TOO_LARGE, is_passing=True)
    except RoutesError as error:
        return UnreadableError(str(error))


def _lines_of(looked: Sequence[GPXFile | UnreadableError]) -> Iterator[Line]:
    for file in looked:
        if isinstance(file, UnreadableError):
            continue
        for track in file.lines():
            line, _ = line_of(file, track)
            if line is not None and line.provenance is not Provenance.SCHEMATIC:
                yield line


def _rows_of(
    file: File, found: GPXFile | UnreadableError, settings: Settings, heights: Heights
) -> Iterator[tuple[Row, bool]]:
    """Rows of a file, and whether another try may change each."""
    if isinstance(found, UnreadableError):
        yield error_row(file.source, file.sha256, file.copies, str(found)), found.is_passing
        return
    for number, track in enumerate(found.lines(), start=1):
        if not found.segments(track):
            continue
        plain = error_row(file.source, file.sha256, file.copies, "", number, track.name)
        try:
            row = track_row(
                plain, found, track, heights, settings.parameters, tolerance_m=settings.tolerance_m
            )
        except DEMError as error:  # a disk or network error may be temporary
            yield plain | {"error": text_of(str(error))}, True
        except RoutesError as error:
            yield plain | {"error": text_of(str(error))}, False
        except MemoryError:
            yield plain | {"error": _TOO_LARGE}, True
        except Exception as error:  # noqa: BLE001 - a track that nobody thought of must not end a batch
            yield plain | {"error": _bug(error)}, False
        else:
            yield row, False


def as_parquet(rows: Sequence[Row]) -> bytes:
    """Rows as Parquet, with the same bytes for the same rows and version of pyarrow."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows), schema=arrow_schema()), buffer, compression="zstd")
    return buffer.getvalue()


def joined(parts: Sequence[Made]) -> Made:
    """Merge parts in order."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    tables = [pq.read_table(io.BytesIO(part.rows), schema=arrow_schema()) for part in parts]
    return Made(
        as_parquet(pa.concat_tables(tables).to_pylist()),
        sum(part.count for part in parts),
        sum(part.errors for part in parts),
        any(part.is_passing for part in parts),
        sum(part.seconds for part in parts),
        max(part.worker_bytes for part in parts),
    )


def _check_version(settings: Settings) -> None:
    if settings.version != __version__:
        begun = settings.version
        msg = f"A worker has trek-routes {__version__}, the batch was begun with {begun}; install one on all."
        raise BatchError(msg)


def _no_track(file: GPXFile) -> str:
    return (
        f"It has no track or route of two points or more (tracks and routes: {len(file.tracks)}, waypoints: "
        f"{len(file.waypoints)})."
    )


def _bug(error: Exception) -> str:
    return text_of(f"Unexpected {type(error).__name__}: {error}. Please report it with the file.")


def parsed(data: bytes, source: Source) -> GPXFile:
    """Parse the contents of a file. Raises GPXReadError if that fails."""
    return read_gpx_bytes(data, text_of(PurePosixPath(source.member or source.name).name))
