"""``routes stats``: distance, ascent and descent per day."""

from routes.cli._console import STDOUT, at_work, print_json, quieten, say
from routes.cli._options import (
    DEMOption,
    JSONOption,
    OfflineOption,
    QuietOption,
    TrekArgument,
    UnitsOption,
    VariantOption,
)
from routes.model.units import Units


def stats(
    trek_file: TrekArgument,
    dem: DEMOption = None,
    variant: VariantOption = None,
    units: UnitsOption = Units.METRIC,
    *,
    as_json: JSONOption = False,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show distance, ascent and descent per day, on foot only."""
    from rich.table import Table

    from routes.io.tables import study_data
    from routes.pipeline import study_file
    from routes.render import words

    quieten(quiet=quiet)
    with at_work(f"Reading {trek_file}", quiet=quiet) as work:
        study = study_file(
            trek_file, dem=dem, offline=offline, on_leg=work.on_leg, on_progress=work.on_progress
        )
    chosen = study.default if variant is None else study.variant(variant)
    if as_json:
        print_json(study_data(study, chosen))
        return
    table = Table(
        "Day",
        "Title",
        "On foot",
        "Ascent",
        "Descent",
        "High",
        "Low",
        "Steeper than 15 / 25 / 35 %",
        title=study.trek.name,
    )
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
            words.high_point(totals, units),
            words.height(totals.low_m, units),
            words.steepness(totals.gradients),
        )
    STDOUT.print(table)
    for reason in words.missing_days(chosen):
        STDOUT.print(f"{words.MISSING}: {reason}")
    products = "; ".join(
        f"{product.title}, {product.vertical_datum}, LE90 {units.size(product.le90_m)}"
        for product in study.products
    )
    say(
        f"DEM: {products or 'none'}. {words.ascent_recipes(chosen.legs, units)} Intervals are P10 to P90 "
        "(docs/accuracy.md).",
        quiet=quiet,
    )
    for note in study.notes:
        say(note, quiet=quiet)
