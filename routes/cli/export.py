"""``routes export``: one format at a time."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from routes.cli._console import STDOUT, at_work, print_raw, quieten
from routes.cli._options import (
    DEMOption,
    MaxPointsOption,
    OfflineOption,
    QuietOption,
    TrekArgument,
    UnitsOption,
    VariantOption,
)
from routes.model.export_format import ExportFormat
from routes.model.units import Units


def export(  # noqa: PLR0913 - typer's options are arguments
    trek_file: TrekArgument,
    file_format: Annotated[
        ExportFormat,
        typer.Option(
            "--format",
            "-f",
            help="gpx, kml: tracks and places. geojson, gpkg, parquet: tracks, places, days and verdicts as layers. "
            "fit: a course a day. csv, json: statistics. profile-csv: heights along the way. md: a report. "
            "map-png, profile-png, profile-svg: pictures.",
        ),
    ] = ExportFormat.GPX,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Default: stdout, as with -. Needed for PNG, gpkg, parquet (FILE-tracks.parquet and so on) and fit "
            "(FILE-day-1.fit and so on).",
            show_default=False,
        ),
    ] = None,
    dem: DEMOption = None,
    variant: VariantOption = None,
    day: Annotated[
        int | None,
        typer.Option("--day", metavar="N", help="This day only; not for csv, json, md.", show_default=False),
    ] = None,
    date: Annotated[
        dt.datetime | None,
        typer.Option(
            "--date",
            formats=["%Y-%m-%d"],
            help="For fit: date of the first day of the variant. Default: 2001-01-01.",
            show_default=False,
        ),
    ] = None,
    units: UnitsOption = Units.METRIC,
    *,
    max_points: MaxPointsOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")] = False,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a trek as GPX, KML, GeoJSON, GeoPackage, GeoParquet, FIT, CSV, JSON, Markdown or as pictures."""
    from routes.errors import OutputError
    from routes.gpx.write.thinning import Thinning
    from routes.pipeline import study_file
    from routes.pipeline.exporting import ExportOptions, export_study, exported

    quieten(quiet=quiet)
    is_stdout = out is None or out == Path("-")
    if is_stdout and not file_format.is_text:
        msg = f"The format {file_format.value} is no text; name a file with --out."
        raise OutputError(msg)
    if max_points is not None and file_format is not ExportFormat.GPX:
        msg = f"--max-points is for GPX, not for {file_format.value}."
        raise typer.BadParameter(msg)
    options = ExportOptions(
        variant=variant,
        day=day,
        units=units,
        date=None if date is None else date.date(),
        thinning=Thinning(max_points=max_points),
    )
    with at_work(f"Reading {trek_file}", quiet=quiet) as work:
        study = study_file(
            trek_file, dem=dem, offline=offline, on_leg=work.on_leg, on_progress=work.on_progress
        )
    if out is None or is_stdout:
        print_raw(exported(study, file_format, options)[""].decode())
        return
    for path in export_study(study, out, file_format, options, overwrite=overwrite):
        STDOUT.print(str(path), markup=False)
