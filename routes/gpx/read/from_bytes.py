"""Read GPX from memory: what came out of an archive or over a network."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from routes.gpx.encoding import Source
from routes.gpx.read.parser import NotPlainError
from routes.gpx.read.reader import parse
from routes.gpx.track_file import GPXFile


@dataclass(slots=True)
class _Held(Source):
    """A file whose bytes are in memory."""

    data: bytes = b""

    def _open(self) -> IO[bytes]:
        return io.BytesIO(self.data)


def read_gpx_bytes(data: bytes, name: str) -> GPXFile:
    """Read the contents of a GPX file, as `routes.gpx.read.reader.read_gpx` reads a file, but without Python warnings.

    Parameters
    ----------
    data : bytes
        As `read_gpx` takes them from a file, packed or not.
    name : str
        Name of the file, for messages.

    Raises
    ------
    GPXReadError
        As `read_gpx`.
    """
    source = _Held(Path(name), data=data)
    try:
        return parse(source, is_fast=True)
    except NotPlainError:
        return parse(source, is_fast=False)
