"""``routes stats``: distance, ascent, descent, walking time and nights per day."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from routes.cli._console import STDOUT, at_work, print_json, quieten, say
from routes.cli._effort import AltitudeOption, MethodOption, PaceOption, PackOption
from routes.cli._options import (
    DEMOption,
    HeightsOption,
    JSONOption,
    OfflineOption,
    QuietOption,
    TrekArgument,
    UnitsOption,
    VariantOption,
)
from routes.model.effort import DEFAULT_METHOD, EffortParameters, Method
from routes.model.kinds import Recorder
from routes.model.units import Units

if TYPE_CHECKING:
    from routes.analysis.figures.results import VariantStudy
    from routes.analysis.study import Study
    from routes.analysis.walking.outing import Outing

_START = datetime(1900, 1, 1, 8)  # noqa: DTZ001 - a time of day


def stats(  # noqa: PLR0913 - typer's options are arguments
    trek_file: TrekArgument,
    dem: DEMOption = None,
    variant: VariantOption = None,
    units: UnitsOption = Units.METRIC,
    heights: HeightsOption = Recorder.AUTO,
    *,
    method: MethodOption = DEFAULT_METHOD,
    pace: PaceOption = 1.0,
    pack_kg: PackOption = 0.0,
    breaks: Annotated[
        float,
        typer.Option("--breaks", metavar="MIN", help="Breaks in the timetable, minutes an hour of walking."),
    ] = 10.0,
    start_time: Annotated[
        datetime | None,
        typer.Option(
            "--start-time",
            formats=["%H:%M"],
            metavar="HH:MM",
            help="Show a timetable for each day, from this local time on.",
            show_default=False,
        ),
    ] = None,
    date: Annotated[
        datetime | None,
        typer.Option(
            "--date",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Date of the first day: timetables from 08:00 or --start-time, held against the daylight.",
            show_default=False,
        ),
    ] = None,
    thin_air: AltitudeOption = None,
    as_json: JSONOption = False,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show distance, ascent, descent, walking time and nights per day, on foot only."""
    from routes.analysis.study import outing_of
    from routes.pipeline import study_file

    quieten(quiet=quiet)
    parameters = EffortParameters(
        method=method, pace=pace, pack_kg=pack_kg, is_slower_at_altitude=thin_air, break_min_per_hour=breaks
    )
    with at_work(f"Reading {trek_file}", quiet=quiet) as work:
        study = study_file(
            trek_file, dem=dem, offline=offline, heights=heights, effort_parameters=parameters,
            on_leg=work.on_leg, on_progress=work.on_progress,
        )  # fmt: skip
    chosen = study.default if variant is None else study.variant(variant)
    outing = outing_of(
        study, chosen, start=(start_time or _START).time(), date=None if date is None else date.date(),
    )  # fmt: skip
    if as_json:
        from routes.io.export.tables import study_data

        print_json(study_data(study, chosen, outing))
        return
    _print_days(study, chosen, units)
    if start_time is not None or date is not None:
        _print_timetables(outing)
    _print_lines(study, chosen, outing, units, quiet=quiet)


def _print_days(study: "Study", chosen: "VariantStudy", units: Units) -> None:
    """Print the table of days, and walking times by each method."""
    from rich.table import Table

    from routes.render.words import figures as words
    from routes.render.words import walking as effort_words

    table = Table(
        "Day", "Title", "On foot", "Ascent", "Descent", "Walking time", "High", "Low", "Steeper than 15 / 25 / 35 %",
        title=study.trek.name,
    )  # fmt: skip
    rows = [(str(day.day.number), day.day.title, day.totals, day.legs) for day in chosen.days]
    for number, title, totals, legs in [*rows, ("", chosen.variant.name, chosen.totals, chosen.legs)]:
        if number == "":
            table.add_section()
        table.add_row(
            number,
            title,
            words.on_foot(totals, legs, units),
            words.climb(totals.ascent_m, units),
            words.climb(totals.descent_m, units),
            effort_words.duration(totals.effort.time_s),
            words.high_point(totals, units),
            words.height(totals.low_m, units),
            words.steepness(totals.gradients),
        )
    STDOUT.print(table)
    for reason in words.missing_days(chosen):
        STDOUT.print(f"{words.MISSING}: {reason}")
    methods = Table("Day", *(m.label for m in Method), title="Walking time by each method, without breaks")
    for day in chosen.days:
        if day.totals.effort.times_s:
            methods.add_row(str(day.day.number), *effort_words.by_method(day.totals.effort))
    if methods.row_count:
        STDOUT.print(methods)


def _print_timetables(outing: "Outing") -> None:
    from rich.table import Table

    from routes.render.words import walking as effort_words

    for day in outing.days:
        if not day.arrivals:
            continue
        when = "" if day.date is None else f", {day.date:%Y-%m-%d}"
        table = Table("Place", "By", "Arrival", title=f"Day {day.day.day.number}{when}")
        for number, found in enumerate(day.arrivals):
            how = "start" if number == 0 else found.mode.value
            table.add_row(found.place.name, how, effort_words.arrival(found, outing.start))
        STDOUT.print(table)


def _print_lines(
    study: "Study", chosen: "VariantStudy", outing: "Outing", units: Units, *, quiet: bool
) -> None:
    from routes.render.words import figures as words
    from routes.render.words import walking as effort_words

    for line in (*effort_words.what_follows(outing, units), *map(effort_words.season_line, outing.seasons)):
        STDOUT.print(line)
    products = "; ".join(
        f"{product.title}, {product.vertical_datum}, LE90 {units.size(product.le90_m)}"
        for product in study.products
    )
    say(
        f"DEM: {products or 'none'}. {words.ascent_recipes(chosen.legs, units)} Ranges are P10 to P90 "
        "(docs/accuracy.md).",
        quiet=quiet,
    )
    for note in (*effort_words.how_told(outing, units), *study.notes):
        say(note, quiet=quiet)
