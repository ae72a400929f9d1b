"""The one place where reading, study and writing meet."""

from routes.pipeline.building import BuildResult, build, output_texts, study_file
from routes.pipeline.exporting import ExportFormat, ExportOptions, export_study
from routes.pipeline.loading import load_trek
from routes.pipeline.tracing import (
    TracedLeg,
    TraceOptions,
    TraceResult,
    cut_recording,
    trace_legs,
    write_lines,
)

__all__ = [
    "BuildResult",
    "ExportFormat",
    "ExportOptions",
    "TraceOptions",
    "TraceResult",
    "TracedLeg",
    "build",
    "cut_recording",
    "export_study",
    "load_trek",
    "output_texts",
    "study_file",
    "trace_legs",
    "write_lines",
]
