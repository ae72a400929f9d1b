"""``routes export``: one format at a time."""

from enum import StrEnum
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
from routes.model.units import Units


class Format(StrEnum):
    """Formats of ``routes export``."""

    GPX = "gpx"
    GEOJSON = "geojson"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "md"


def export(  # noqa: PLR0913 - typer's options are arguments
    trek_file: TrekArgument,
    file_format: Annotated[Format, typer.Option("--format", "-f", help="Format.")] = Format.GPX,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Default: stdout, as with -.", show_default=False),
    ] = None,
    dem: DEMOption = None,
    variant: VariantOption = None,
    units: UnitsOption = Units.METRIC,
    day: Annotated[
        int | None,
        typer.Option("--day", metavar="N", help="GPX of one day alone, by its number.", show_default=False),
    ] = None,
    max_points: MaxPointsOption = None,
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a trek as GPX for hiking apps, GeoJSON of legs, CSV or JSON of statistics, or a Markdown report."""
    from routes.io.files import write_text
    from routes.io.gpx_export import day_gpx, variant_gpx
    from routes.io.gpx_thinning import Thinning
    from routes.io.tables import legs_geojson, stats_csv, study_json
    from routes.pipeline import study_file
    from routes.render.report import report_markdown

    quieten(quiet=quiet)
    if file_format is not Format.GPX and (day is not None or max_points is not None):
        msg = f"--day and --max-points are for GPX, not for {file_format}."
        raise typer.BadParameter(msg)
    with at_work(f"Reading {trek_file}", quiet=quiet) as work:
        study = study_file(
            trek_file, dem=dem, offline=offline, on_leg=work.on_leg, on_progress=work.on_progress
        )
    chosen = study.default if variant is None else study.variant(variant)
    match file_format:
        case Format.GPX:
            thinning = Thinning(max_points=max_points)
            if day is None:
                text = variant_gpx(study, chosen, units, thinning)
            else:
                text = day_gpx(study, study.day(day, chosen), units, thinning)
        case Format.GEOJSON:
            text = legs_geojson(chosen)
        case Format.CSV:
            text = stats_csv(chosen)
        case Format.JSON:
            text = study_json(study, chosen)
        case Format.MARKDOWN:
            text = report_markdown(study, chosen, units)
    if out is None or out == Path("-"):
        print_raw(text)
        return
    write_text(out, text, overwrite=overwrite)
    STDOUT.print(str(out))
