"""Read, check, fix and write GPX files.

Public names load on first use (PEP 562): `read_gpx`, `check_gpx`, `fix_gpx`, `gpx_text`, and their parameters
and results.
"""

from importlib import import_module
from typing import TYPE_CHECKING

_HOME = {
    "CheckedGPX": "routes.gpx.lint.check",
    "FixOptions": "routes.gpx.fix.points",
    "FixedGPX": "routes.gpx.fix.copy",
    "GPXDocument": "routes.gpx.write.document",
    "GPXFile": "routes.gpx.track_file",
    "check_gpx": "routes.gpx.lint.check",
    "fix_gpx": "routes.gpx.fix.copy",
    "frame_of": "routes.gpx.interop",
    "gpx_text": "routes.gpx.write.document",
    "gpxpy_of": "routes.gpx.interop",
    "read_gpx": "routes.gpx.read.reader",
}

__all__ = [
    "CheckedGPX",
    "FixOptions",
    "FixedGPX",
    "GPXDocument",
    "GPXFile",
    "check_gpx",
    "fix_gpx",
    "frame_of",
    "gpx_text",
    "gpxpy_of",
    "read_gpx",
]

if TYPE_CHECKING:
    from routes.gpx.fix.copy import FixedGPX, fix_gpx
    from routes.gpx.fix.points import FixOptions
    from routes.gpx.interop import frame_of, gpxpy_of
    from routes.gpx.lint.check import CheckedGPX, check_gpx
    from routes.gpx.read.reader import read_gpx
    from routes.gpx.track_file import GPXFile
    from routes.gpx.write.document import GPXDocument, gpx_text


def __getattr__(name: str) -> object:
    """Load a public name on first use."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    msg = f"module 'routes.gpx' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return list(__all__)
