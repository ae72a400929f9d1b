"""Export a finished study in one format."""

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from routes.analysis.figures.results import VariantStudy
from routes.analysis.study import Study
from routes.errors import ModelError, OutputError
from routes.files import shown, write_bytes
from routes.gpx.write.thinning import DEFAULT_THINNING, Thinning
from routes.io.export.fit import FIT_DATE, variant_fit
from routes.io.export.geojson import layers_geojson
from routes.io.export.gpkg import layers_gpkg
from routes.io.export.gpx import day_gpx, variant_gpx
from routes.io.export.kml import variant_kml
from routes.io.export.layers import layers_of
from routes.io.export.parquet import layers_parquet
from routes.io.export.profile_csv import profile_csv
from routes.io.export.stats_csv import stats_csv
from routes.io.export.tables import study_json
from routes.model.export_format import ExportFormat
from routes.model.units import Units
from routes.render.drawing.png import png_of_drawing
from routes.render.drawing.shapes import svg_text
from routes.render.pictures.profile import static_profile
from routes.render.pictures.trek_map import trek_map_png
from routes.render.report.trek import report_markdown

_OF_DAYS = {
    ExportFormat.GPX,
    ExportFormat.KML,
    ExportFormat.GEOJSON,
    ExportFormat.GPKG,
    ExportFormat.PARQUET,
    ExportFormat.FIT,
    ExportFormat.PROFILE_CSV,
    ExportFormat.MAP_PNG,
    ExportFormat.PROFILE_PNG,
    ExportFormat.PROFILE_SVG,
}
"""Formats that can hold a single day; all others need a whole variant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """Content of an export."""

    variant: str | None = None
    """Id of the variant; the trek's first by default."""

    day: int | None = None
    """Number of the day to export; all days by default."""

    units: Units = Units.METRIC
    """Units of descriptions and of the report; data formats stay metric."""

    thinning: Thinning = DEFAULT_THINNING
    """Number of points in GPX tracks."""

    date: dt.date | None = None
    """Date of the variant's first day, for FIT; `routes.io.export.fit.FIT_DATE` by default."""


def export_study(
    study: Study,
    out: Path | str,
    file_format: ExportFormat | str,
    options: ExportOptions | None = None,
    *,
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write a finished study in one format.

    Parameters
    ----------
    study : Study
        Result of `routes.study_file`.
    out : Path or str
        Output file. GeoParquet has one table per file: ``trek.parquet`` becomes ``trek-tracks.parquet`` and so on.
        A FIT course is a day: with several, ``trek.fit`` becomes ``trek-day-1.fit`` and so on.
    file_format : ExportFormat or str
        ``gpx kml geojson gpkg parquet fit csv profile-csv json md map-png profile-png profile-svg``.
    options : ExportOptions, optional
        Variant, day, units, date.
    overwrite : bool
        Replace existing files.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    OutputError
        If a file exists (then nothing is written) or cannot be written, or a package needed for the format is
        missing.
    ModelError
        If the format, variant or day does not exist, or the format cannot represent the date.
    """
    out = Path(out)
    made = exported(study, _format(file_format), options)
    files = {
        out if not key else out.with_name(f"{out.stem}-{key}{out.suffix}"): data for key, data in made.items()
    }
    there = [path for path in files if os.path.lexists(path)]
    if there and not overwrite:
        msg = (
            f"{shown(there[0])} exists and was not written by this command; move it away or pass --overwrite."
        )
        raise OutputError(msg)
    for path, data in files.items():
        write_bytes(path, data, overwrite=overwrite)
    return tuple(files)


def exported(
    study: Study, file_format: ExportFormat, options: ExportOptions | None = None
) -> Mapping[str, bytes]:
    """Contents of an export's files, by name suffix ("" for a single file); errors as `export_study`."""
    options = options or ExportOptions()
    whole = study.default if options.variant is None else study.variant(options.variant)
    chosen = whole if options.day is None else _only_day(study, whole, options.day, file_format)
    match file_format:
        case ExportFormat.GPKG:
            return {"": layers_gpkg(layers_of(study, chosen))}
        case ExportFormat.PARQUET:
            return layers_parquet(layers_of(study, chosen))
        case ExportFormat.FIT:
            numbers = [day.day.number for day in whole.days]
            number = chosen.days[0].day.number
            before = numbers.index(number) if number in numbers else number - 1
            first = (options.date or FIT_DATE) + dt.timedelta(days=before)
            courses = variant_fit(study, chosen, date=first)
            return courses if len(courses) > 1 else {"": next(iter(courses.values()))}
        case ExportFormat.MAP_PNG | ExportFormat.PROFILE_PNG | ExportFormat.PROFILE_SVG:
            return {"": _picture(study, chosen, file_format, options.units)}
    return {"": _text(study, chosen, file_format, options).encode()}


def _picture(study: Study, variant: VariantStudy, file_format: ExportFormat, units: Units) -> bytes:
    """Map or profile as the bytes of its file."""
    if file_format is ExportFormat.MAP_PNG:
        picture = trek_map_png(study, variant, units)
    else:
        drawing = static_profile(study, variant, units)
        is_png = file_format is ExportFormat.PROFILE_PNG
        picture = (
            b"" if drawing is None else png_of_drawing(drawing) if is_png else svg_text(drawing).encode()
        )
    if not picture:
        msg = (
            f"There is nothing to draw of {variant.variant.name!r}: no walk, or no height that anybody knows."
        )
        raise OutputError(msg)
    return picture


def _text(study: Study, chosen: VariantStudy, file_format: ExportFormat, options: ExportOptions) -> str:
    match file_format:
        case ExportFormat.GPX if options.day is not None:
            text = day_gpx(study, chosen.days[0], options.units, options.thinning)
        case ExportFormat.GPX:
            text = variant_gpx(study, chosen, options.units, options.thinning)
        case ExportFormat.KML:
            text = variant_kml(study, chosen, options.units)
        case ExportFormat.GEOJSON:
            text = layers_geojson(layers_of(study, chosen))
        case ExportFormat.CSV:
            text = stats_csv(chosen)
        case ExportFormat.PROFILE_CSV:
            text = profile_csv(chosen)
        case ExportFormat.JSON:
            text = study_json(study, chosen)
        case _:
            text = report_markdown(study, chosen, options.units)
    return text


def _format(name: ExportFormat | str) -> ExportFormat:
    try:
        return ExportFormat(name)
    except ValueError as error:
        msg = f"There is no format {name!r}; there are {', '.join(ExportFormat)}."
        raise ModelError(msg) from error


def _only_day(study: Study, variant: VariantStudy, number: int, file_format: ExportFormat) -> VariantStudy:
    """Variant of one day, with that day's totals; the default variant includes days of add-ons."""
    if file_format not in _OF_DAYS:
        msg = f"The format {file_format.value} tells of a whole variant; leave the day out."
        raise ModelError(msg)
    day = study.day(number, variant)
    of_day = replace(variant.variant, name=f"day {number}: {day.day.title}", days=(number,))
    return replace(variant, variant=of_day, days=(day,), totals=day.totals, is_default=False)
