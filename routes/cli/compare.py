"""``routes compare``: two treks or variants side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routes.cli._console import STDOUT, at_work, print_json, quieten, say
from routes.cli._effort import AltitudeOption, MethodOption, PaceOption, PackOption
from routes.cli._options import DEMOption, JSONOption, OfflineOption, QuietOption, UnitsOption
from routes.errors import ModelError
from routes.model.effort import DEFAULT_METHOD, EffortParameters
from routes.model.units import Units

if TYPE_CHECKING:
    from routes.analysis.planning.compare import Row, Side

_HELP = "Trek file, or TREK.toml#variant."


def compare(  # noqa: PLR0913 - typer's options are arguments
    first: Annotated[str, typer.Argument(metavar="A.toml[#VARIANT]", help=_HELP, show_default=False)],
    second: Annotated[str, typer.Argument(metavar="B.toml[#VARIANT]", help=_HELP, show_default=False)],
    variant_a: Annotated[
        str | None, typer.Option("--variant-a", metavar="ID", help="Variant of A.", show_default=False)
    ] = None,
    variant_b: Annotated[
        str | None, typer.Option("--variant-b", metavar="ID", help="Variant of B.", show_default=False)
    ] = None,
    dem: DEMOption = None,
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
    """Put two treks or variants side by side: distance, ascent, days, walking time, nights, hardest day.

    Days with a hike count. Where two intervals meet, neither is said to be larger.
    """
    from routes.analysis.planning.compare import Side
    from routes.analysis.planning.compare import compare as hold_against
    from routes.io.export.walking_tables import comparison_data
    from routes.pipeline import study_file

    quieten(quiet=quiet)
    parameters = EffortParameters(method=method, pace=pace, pack_kg=pack_kg, is_slower_at_altitude=thin_air)
    wanted = [split_reference(first, variant_a), split_reference(second, variant_b)]
    studies = {}
    for path, _ in wanted:
        if path in studies:
            continue
        with at_work(f"Reading {path}", quiet=quiet) as work:
            studies[path] = study_file(
                path, dem=dem, offline=offline, effort_parameters=parameters,
                on_leg=work.on_leg, on_progress=work.on_progress,
            )  # fmt: skip
    a, b = (
        Side(
            study=studies[path],
            variant=studies[path].default if name is None else studies[path].variant(name),
        )
        for path, name in wanted
    )
    rows = hold_against(a, b, parameters)
    if as_json:
        print_json(comparison_data((a, b), rows, parameters))
        return
    _print((a, b), rows, parameters, units, quiet=quiet)


def split_reference(text: str, variant: str | None) -> tuple[Path, str | None]:
    """Path and variant of ``TREK.toml#variant``; a file whose own name has a ``#`` is that file.

    Raises
    ------
    ModelError
        If a variant is given twice, or nothing follows the ``#``.
    """
    path, mark, name = text.rpartition("#")
    if not mark or Path(text).exists():
        return Path(text), variant
    if not name:
        msg = f"{text!r} names no variant after the #; write for example {path}#two-days."
        raise ModelError(msg)
    if variant is not None and variant != name:
        msg = f"{text!r} names the variant {name!r}, and the option {variant!r}; give one of them."
        raise ModelError(msg)
    return Path(path), name


def _print(
    sides: tuple["Side", "Side"],
    rows: "tuple[Row, ...]",
    parameters: EffortParameters,
    units: Units,
    *,
    quiet: bool,
) -> None:
    from rich.table import Table

    from routes.render.words import planning as plan_words
    from routes.render.words import walking as effort_words

    names = [f"{side.study.trek.name}: {side.variant.variant.name}" for side in sides]
    if names[0] == names[1]:
        names = [f"{name} ({letter})" for name, letter in zip(names, "AB", strict=True)]
    table = Table("", f"A: {names[0]}", f"B: {names[1]}", "Which has more")
    for row in rows:
        table.add_row(
            row.quantity.value.capitalize(),
            plan_words.figure(row.first, row, units),
            plan_words.figure(row.second, row, units),
            plan_words.larger(row, ("A", "B")),
        )
    STDOUT.print(table)
    say(effort_words.parameters_line(parameters, units), quiet=quiet)
    for side, letter in zip(sides, "AB", strict=True):
        for note in side.study.notes:
            say(f"{letter}: {note}", quiet=quiet)
