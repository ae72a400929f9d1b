"""``routes trace``: lines for legs that nobody recorded."""

from typing import Annotated

import typer

from routes.cli._console import STDOUT, at_work, print_json, quieten, say
from routes.cli._options import DEMOption, JSONOption, OfflineOption, QuietOption, TrekArgument


def trace(
    trek_file: TrekArgument,
    dem: DEMOption = None,
    leg: Annotated[
        list[str] | None,
        typer.Option("--leg", metavar="ID", help="Only this leg; repeatable.", show_default=False),
    ] = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="Write data/gpx/<trek>/<leg>.gpx.")] = False,
    as_json: JSONOption = False,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show, or write, the line that each leg on foot gets from its places.

    Over the DEM the least-time path (modelled), without one straight lines (schematic). A recorded line, or one along
    OpenStreetMap, is never replaced.
    """
    from routes.pipeline import trace_legs, write_lines

    quieten(quiet=quiet)
    with at_work(f"Tracing {trek_file}", quiet=quiet) as work:
        trek, traced, notes = trace_legs(
            trek_file, dem=dem, only=leg or (), offline=offline, on_leg=work.on_leg
        )
    for note in notes:
        say(note, quiet=quiet)
    paths = write_lines(trek_file, trek, traced) if write else [None] * len(traced)
    rows = []
    for found, path in zip(traced, paths, strict=True):
        rows.append(
            {
                "leg": found.leg.id,
                "line": found.line.provenance.value,
                "length_m": round(found.length_m, 1),
                "lateral_uncertainty_m": found.line.lateral_uncertainty_m,
                "file": None if path is None else str(path),
            }
        )
    if as_json:
        print_json(rows)
        return
    for row, found in zip(rows, traced, strict=True):
        offset = found.line.lateral_uncertainty_m
        apart = "" if offset is None else f", true way about {offset:.0f} m off (rms)"
        least = "at least " if found.line.provenance.value == "schematic" else ""
        where = f" -> {row['file']}" if row["file"] else ""
        STDOUT.print(f"{found.leg.id}: {row['line']}, {least}{found.length_m / 1000:.1f} km{apart}{where}")
