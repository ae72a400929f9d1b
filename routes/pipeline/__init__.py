"""The one place where reading, study and writing meet."""

from routes.pipeline.building import BuildResult, build, downloads_of, output_texts, study_file
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
    "TraceOptions",
    "TraceResult",
    "TracedLeg",
    "build",
    "cut_recording",
    "downloads_of",
    "load_trek",
    "output_texts",
    "study_file",
    "trace_legs",
    "write_lines",
]
