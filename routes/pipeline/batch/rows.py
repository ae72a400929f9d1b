"""One row of figures per track, or of an error per file."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import numpy as np
import shapely

from routes._typing import FloatArray
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.track import TrackFigures, study_track
from routes.errors import GPXReadError
from routes.gpx.track_file import GPXFile, TrackInfo
from routes.kernel.antimeridian import cut_at_antimeridian
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.moving import moving_time_s
from routes.model.estimate import Estimate
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment
from routes.pipeline.batch.heights import Heights
from routes.pipeline.batch.schema import COLUMNS
from routes.pipeline.batch.sources import Source

Row: TypeAlias = dict[str, object]

MAX_WARNINGS = 20
"""Most warnings of a file that a row repeats; the rest are counted."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def text_of(text: str) -> str:
    r"""Text that can be stored: bytes of file names that are not UTF-8 become escapes.

    >>> text_of("caf\udce9.gpx")
    'caf\\udce9.gpx'
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def error_row(source: Source, sha256: str, copies: int, error: str, track: int = 0, name: str = "") -> Row:
    """Row without figures."""
    row: Row = dict.fromkeys(column.name for column in COLUMNS)
    row |= {
        "source": text_of(source.name), "member": text_of(source.member), "track": track, "name": text_of(name),
        "content_sha256": sha256 or None, "copies": copies, "warnings": [], "error": text_of(error) or None,
    }  # fmt: skip
    return row


def line_of(file: GPXFile, track: TrackInfo) -> tuple[Line | None, int]:
    """Line of a track without zero-length segments, and their number; None if nothing is left."""
    segments = file.segments(track)
    moving = tuple(s for s in segments if np.ptp(s.lon_deg) > 0.0 or np.ptp(s.lat_deg) > 0.0)
    if not moving:
        return None, len(segments)
    # the mark of a track, or of its first segment, is the line's
    marks = [track.mark, *file.segment_marks[track.first_segment : track.stop_segment]]
    mark = next((mark for mark in marks if mark is not None), None)
    provenance = Provenance.RECORDED if mark is None else mark.provenance
    line = Line(moving, provenance, track.src, None if mark is None else mark.lateral_p90_m)
    return line, len(segments) - len(moving)


def track_row(
    plain: Row,
    file: GPXFile,
    track: TrackInfo,
    heights: Heights,
    parameters: ProfileParameters,
    *,
    tolerance_m: float,
) -> Row:
    """Row of a track: `plain` (from `error_row`), completed with its figures.

    The track must have a segment of two points; `tolerance_m` is that of the simplified geometry. Raises
    RoutesError if the track cannot be studied.
    """
    line, still = line_of(file, track)
    if line is None:
        msg = "All points of a segment are one position in each of its segments: it has no length."
        raise GPXReadError(msg)
    source = None if line.provenance is Provenance.SCHEMATIC else heights.along(line)
    figures = study_track(line, source, parameters)
    row = plain | {
        "is_route": track.is_route,
        "line": line.provenance.value,
        "segments": len(line.segments),
        "points": sum(segment.lon_deg.size for segment in line.segments),
        **_figure_cells(figures),
        **_time_cells(file, track),
        **geometry_cells(line.segments, tolerance_m),
    }
    row["warnings"] = [text_of(text) for text in (*_file_warnings(file, track, still), *figures.warnings)]
    return row


def _figure_cells(figures: TrackFigures) -> Row:
    study, spacing = figures.study, None
    if figures.product is not None:
        spacing = study.profiles[0].dem_spacing_m
    cells: Row = {
        "low_m": study.low_m,
        "climbs": len(study.climbs) if study.ascent_m is not None else None,
        "heights": None if figures.heights is None else figures.heights.value,
        "dem_product": None if figures.product is None else figures.product.id,
        "dem_datum": None if figures.heights is None else "unknown",
        "dem_spacing_m": spacing,
        "dem_void_share": figures.void_share,
        "recorded_bias_m": None if study.recorded is None else study.recorded.bias_m,
    }
    if figures.product is not None:
        cells["dem_datum"] = figures.product.vertical_datum.value
    high = study.high_estimate_m
    if high is None and study.high_m is not None:
        high = Estimate(study.high_m)
    for name, unit, estimate in (
        ("distance", "m", study.length_m),
        ("ascent", "m", study.ascent_m),
        ("descent", "m", study.descent_m),
        ("high", "m", high),
        ("walking_time", "s", study.effort.time_s),
    ):
        if estimate is not None:
            cells |= estimate.columns(name, unit)
    return cells


def _time_cells(file: GPXFile, track: TrackInfo) -> Row:
    elapsed = file.duration_s(track)
    if elapsed is None:
        return {}
    runs = [file.segment_points(i) for i in range(track.first_segment, track.stop_segment)]
    start = min(float(np.nanmin(run.time_s)) for run in runs if np.isfinite(run.time_s).any())
    moving = sum(moving_time_s(run.lon_deg, run.lat_deg, run.time_s) for run in runs if len(run) > 1)
    return {
        "start_time": _EPOCH + timedelta(milliseconds=round(start * 1000.0)),
        "elapsed_time_s": elapsed,
        "moving_time_s": moving,
    }


def _file_warnings(file: GPXFile, track: TrackInfo, still: int) -> list[str]:
    """Warnings of the file, repeated for each of its tracks, since few say which one they concern."""
    found = [f"line {warning.line}: {warning.text}" for warning in file.warnings[:MAX_WARNINGS]]
    total = sum(file.warning_totals.values())
    if total > len(found):
        found.append(f"{total - len(found)} more warnings of the reader.")
    if track.is_route:
        found.append("It is a route: a planned line, read as if it were recorded.")
    if still:
        found.append(f"{still} segments whose points are all one position are left out.")
    return found


def geometry_cells(segments: Sequence[Segment], tolerance_m: float) -> Row:
    """Simplified geometry with its bounds, split at the antimeridian."""
    parts = []
    for segment in segments:
        for lon, lat, _ in cut_at_antimeridian(segment.lon_deg, segment.lat_deg, segment.lat_deg):
            parts.append(simplified(lon, lat, tolerance_m))
    geometry = shapely.MultiLineString([shapely.LineString(part) for part in parts])
    edges = zip(("xmin", "ymin", "xmax", "ymax"), geometry.bounds, strict=True)
    return {"geometry": shapely.to_wkb(geometry), "bbox": dict(edges)}


def simplified(lon_deg: FloatArray, lat_deg: FloatArray, tolerance_m: float) -> FloatArray:
    """Vertices of a line that keep all others within a tolerance (Douglas-Peucker), shape (m, 2)."""
    lon_m, lat_m = metres_per_degree(float(lat_deg.mean()))
    numbered = np.column_stack([lon_deg * lon_m, lat_deg * lat_m, np.arange(lon_deg.size)])
    kept = shapely.get_coordinates(
        shapely.simplify(shapely.LineString(numbered), tolerance_m, preserve_topology=False), include_z=True
    )
    index = kept[:, 2].astype(np.intp)
    return np.column_stack([lon_deg[index], lat_deg[index]])
