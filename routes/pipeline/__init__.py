"""The one place where reading, study and writing meet."""

from routes.pipeline.building import (
    BuildResult,
    build,
    downloads_of,
    output_texts,
    study_file,
    study_with_source,
)
from routes.pipeline.exporting import ExportOptions, export_study
from routes.pipeline.indexing import IndexResult, write_index
from routes.pipeline.loading import load_trek
from routes.pipeline.reporting import listed_report_texts, report_texts, write_report
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
