"""Read, study and write: the functions behind every command.

Names load on first use (PEP 562).
"""

from importlib import import_module
from typing import TYPE_CHECKING

_HOME = {
    "BuildResult": "building",
    "ExportOptions": "exporting",
    "IndexResult": "indexing",
    "TraceOptions": "tracing",
    "TraceResult": "tracing",
    "TracedLeg": "tracing",
    "build": "building",
    "cut_recording": "tracing",
    "downloads_of": "building",
    "export_study": "exporting",
    "listed_report_texts": "reporting",
    "load_trek": "loading",
    "output_texts": "building",
    "report_texts": "reporting",
    "study_file": "studying",
    "study_with_source": "studying",
    "trace_legs": "tracing",
    "write_index": "indexing",
    "write_lines": "tracing",
    "write_report": "reporting",
}

__all__ = [
    "BuildResult",
    "ExportOptions",
    "IndexResult",
    "TraceOptions",
    "TraceResult",
    "TracedLeg",
    "build",
    "cut_recording",
    "downloads_of",
    "export_study",
    "listed_report_texts",
    "load_trek",
    "output_texts",
    "report_texts",
    "study_file",
    "study_with_source",
    "trace_legs",
    "write_index",
    "write_lines",
    "write_report",
]

if TYPE_CHECKING:
    from routes.pipeline.building import BuildResult, build, downloads_of, output_texts
    from routes.pipeline.exporting import ExportOptions, export_study
    from routes.pipeline.indexing import IndexResult, write_index
    from routes.pipeline.loading import load_trek
    from routes.pipeline.reporting import listed_report_texts, report_texts, write_report
    from routes.pipeline.studying import study_file, study_with_source
    from routes.pipeline.tracing import (
        TracedLeg,
        TraceOptions,
        TraceResult,
        cut_recording,
        trace_legs,
        write_lines,
    )


def __getattr__(name: str) -> object:
    """Load a name on first use."""
    if name in _HOME:
        return getattr(import_module(f"routes.pipeline.{_HOME[name]}"), name)
    msg = f"module 'routes.pipeline' has no attribute {name!r}"
    raise AttributeError(msg)
