"""Routes, maps and checked figures for multi-day treks.

Public names load on first use (PEP 562), so that ``import routes`` stays light.

Examples
--------
>>> import routes
>>> sorted(routes.__all__)[:3]
['BuildResult', 'EffortParameters', 'ElevationSource']
"""

from importlib import import_module
from typing import TYPE_CHECKING

from routes._version import __version__ as __version__

_HOME = {
    "BuildResult": "routes.pipeline",
    "EffortParameters": "routes.model.effort",
    "ElevationSource": "routes.analysis.heights.source",
    "ExportFormat": "routes.model.export_format",
    "ExportOptions": "routes.pipeline",
    "GPXFile": "routes.gpx.track_file",
    "GPXReadError": "routes.errors",
    "IndexResult": "routes.pipeline",
    "Limits": "routes.analysis.planning.plan",
    "RoutesError": "routes.errors",
    "Study": "routes.analysis.study",
    "Trek": "routes.model.trek",
    "Units": "routes.model.units",
    "build": "routes.pipeline",
    "export_study": "routes.pipeline",
    "load_trek": "routes.pipeline",
    "open_dem": "routes.dem.opening",
    "outing_of": "routes.analysis.study",
    "plan_variant": "routes.analysis.planning.plan",
    "read_gpx": "routes.gpx.read.reader",
    "read_track_file": "routes.io.tracks.reader",
    "read_trek": "routes.io.trek.read",
    "study_file": "routes.pipeline",
    "write_index": "routes.pipeline",
}

__all__ = [
    "BuildResult",
    "EffortParameters",
    "ElevationSource",
    "ExportFormat",
    "ExportOptions",
    "GPXFile",
    "GPXReadError",
    "IndexResult",
    "Limits",
    "RoutesError",
    "Study",
    "Trek",
    "Units",
    "build",
    "export_study",
    "load_trek",
    "open_dem",
    "outing_of",
    "plan_variant",
    "read_gpx",
    "read_track_file",
    "read_trek",
    "study_file",
    "write_index",
]

if TYPE_CHECKING:
    from routes.analysis.heights.source import ElevationSource
    from routes.analysis.planning.plan import Limits, plan_variant
    from routes.analysis.study import Study, outing_of
    from routes.dem.opening import open_dem
    from routes.errors import GPXReadError, RoutesError
    from routes.gpx.read.reader import read_gpx
    from routes.gpx.track_file import GPXFile
    from routes.io.tracks.reader import read_track_file
    from routes.io.trek.read import read_trek
    from routes.model.effort import EffortParameters
    from routes.model.export_format import ExportFormat
    from routes.model.trek import Trek
    from routes.model.units import Units
    from routes.pipeline import (
        BuildResult,
        ExportOptions,
        IndexResult,
        build,
        export_study,
        load_trek,
        study_file,
        write_index,
    )


def __getattr__(name: str) -> object:
    """Load a public name on first use."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    msg = f"module 'routes' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return [*__all__, "__version__"]
