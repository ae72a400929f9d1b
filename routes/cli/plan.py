"""``routes plan``: days that keep limits."""

from typing import TYPE_CHECKING, Annotated

import typer

from routes.cli._console import STDOUT, at_work, print_json, quieten, say
from routes.cli._effort import AltitudeOption, MethodOption, PaceOption, PackOption
from routes.cli._options import (
    DEMOption,
    JSONOption,
    OfflineOption,
    QuietOption,
    TrekArgument,
    UnitsOption,
    VariantOption,
)
from routes.model.effort import DEFAULT_METHOD, EffortParameters
from routes.model.units import Units

if TYPE_CHECKING:
    from routes.analysis.planning.plan import Plan
    from routes.analysis.study import Study


def plan(  # noqa: PLR0913 - typer's options are arguments
    trek_file: TrekArgument,
    max_km: Annotated[
        float | None,
        typer.Option(
            "--max-km",
            metavar="KM",
            help="Most of a day on foot, km whatever the --units.",
            show_default=False,
        ),
    ] = None,
    max_hours: Annotated[
        float | None,
        typer.Option(
            "--max-hours", metavar="H", help="Most walking time of a day, without breaks.", show_default=False
        ),
    ] = None,
    max_ascent: Annotated[
        float | None,
        typer.Option(
            "--max-ascent",
            metavar="M",
            help="Most ascent of a day, metres whatever the --units.",
            show_default=False,
        ),
    ] = None,
    sleep_at: Annotated[
        list[str] | None,
        typer.Option(
            "--sleep-at",
            metavar="PLACE",
            help="Id of a place on the way where one can sleep too; may be repeated. Camps, hotels, villages, towns, "
            "cities and the nights of the trek file count anyway.",
            show_default=False,
        ),
    ] = None,
    dem: DEMOption = None,
    variant: VariantOption = None,
    units: UnitsOption = Units.METRIC,
    *,
    method: MethodOption = DEFAULT_METHOD,
    pace: PaceOption = 1.0,
    pack_kg: PackOption = 0.0,
    thin_air: AltitudeOption = None,
    as_json: JSONOption = False,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
) -> None:
    """Part a walk into the fewest days within limits, as even as can be. Exit code 1 if a limit cannot be kept.

    Days end where one can sleep.
    """
    from routes.analysis.planning.plan import Limits, nights_of_plan, plan_variant
    from routes.io.export.walking_tables import plan_data
    from routes.pipeline import study_file

    quieten(quiet=quiet)
    limits = Limits(
        length_m=None if max_km is None else 1000.0 * max_km,
        time_s=None if max_hours is None else 3600.0 * max_hours,
        ascent_m=max_ascent,
    )
    parameters = EffortParameters(method=method, pace=pace, pack_kg=pack_kg, is_slower_at_altitude=thin_air)
    with at_work(f"Reading {trek_file}", quiet=quiet) as work:
        study = study_file(
            trek_file, dem=dem, offline=offline, effort_parameters=parameters,
            on_leg=work.on_leg, on_progress=work.on_progress,
        )  # fmt: skip
    chosen = study.default if variant is None else study.variant(variant)
    found = plan_variant(study, chosen, limits, sleep_at=sleep_at or ())
    if as_json:
        print_json({"trek": study.trek.id} | plan_data(found, nights_of_plan(study, found)))
    else:
        _print(study, found, units, quiet=quiet)
    raise typer.Exit(0 if found.keeps_limits else 1)


def _print(study: "Study", found: "Plan", units: Units, *, quiet: bool) -> None:
    from rich.table import Table

    from routes.analysis.planning.plan import nights_of_plan
    from routes.render.words import figures as words
    from routes.render.words import planning as plan_words
    from routes.render.words import walking as effort_words

    table = Table(
        "Day", "From and to", "On foot", "Walking time", "Ascent", "Descent", "Highest", "Night at",
        title=f"{study.trek.name}: {found.variant.variant.name}",
    )  # fmt: skip
    for day in found.days:
        table.add_row(
            str(day.number),
            f"{day.start.name} to {day.end.name}",
            plan_words.on_foot(day, units),
            effort_words.duration(day.time_s),
            words.climb(day.ascent_m, units),
            words.climb(day.descent_m, units),
            words.height(day.high_m, units),
            words.MISSING if day.night is None else day.night.name,
            end_section=day.number in found.rides,
        )
    STDOUT.print(table)
    for line in plan_words.lines(study.trek, found, units):
        STDOUT.print(line)
    for line in effort_words.night_lines(nights_of_plan(study, found), units):
        STDOUT.print(line)
    say(effort_words.parameters_line(found.parameters, units), quiet=quiet)
    for text in study.notes:
        say(text, quiet=quiet)
