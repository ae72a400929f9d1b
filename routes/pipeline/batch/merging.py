"""Merge finished parts into one GeoParquet file."""

import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from routes.pipeline.batch.schema import arrow_schema, file_metadata
from routes.pipeline.batch.work import Work, cannot_write

ROWS_A_GROUP = 4096
"""Rows per row group; they are neighbours on the ground, so readers can skip other areas."""


def merged(out: Path, work: Work, keys: Sequence[str], about: Mapping[str, object]) -> tuple[int, int]:
    """Write the parts in the order of `keys` to `out`, atomically, and return the numbers of rows and of errors.

    Only one part and one row group are in memory at a time; `about` goes into the metadata. Raises
    OutputError if the output cannot be written.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    bounds = _bounds(work, keys)
    schema = arrow_schema(file_metadata(bounds, about))
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=".", suffix=".parquet.tmp")
        with (
            os.fdopen(handle, "wb") as file,
            pq.ParquetWriter(file, schema, compression="zstd", version="2.6") as writer,
        ):
            waiting: list[pa.Table] = []
            for number, key in enumerate(keys, start=1):
                waiting.append(pq.read_table(io.BytesIO(work.read(key)), schema=arrow_schema()))
                if sum(table.num_rows for table in waiting) >= ROWS_A_GROUP or number == len(keys):
                    writer.write_table(pa.concat_tables(waiting).cast(schema).combine_chunks())
                    waiting = []
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(out)
    except OSError as error:
        with suppress(OSError):
            Path(temporary).unlink(missing_ok=True)
        raise cannot_write(out, error) from error
    entries = [work.entries[key] for key in keys]
    return sum(entry.rows for entry in entries), sum(entry.errors for entry in entries)


def _bounds(work: Work, keys: Sequence[str]) -> tuple[float, float, float, float] | None:
    """Bounds of all geometries, from the column statistics of the parts."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    found = []
    for key in keys:
        boxes = (
            pq.read_table(io.BytesIO(work.read(key)), columns=["bbox"])["bbox"].combine_chunks().drop_null()
        )
        if len(boxes):
            low = [pc.min(boxes.field(edge)).as_py() for edge in ("xmin", "ymin")]
            found.append((*low, *(pc.max(boxes.field(edge)).as_py() for edge in ("xmax", "ymax"))))
    if not found:
        return None
    west, south, east, north = zip(*found, strict=True)
    return min(west), min(south), max(east), max(north)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
