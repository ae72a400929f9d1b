"""``routes trace``: lines for legs that nobody recorded, or out of a recorded track."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routes.cli._console import STDOUT, at_work, print_json, quieten, say
from routes.cli._options import DEMOption, JSONOption, OfflineOption, QuietOption, TrekArgument, UnitsOption
from routes.model.units import Units

if TYPE_CHECKING:
    from rich.table import Table

    from routes.model.estimate import Estimate
    from routes.pipeline import TracedLeg

FAILED = 1
"""Exit code when a leg has no line."""


def trace(  # noqa: PLR0913 - options of a command
    trek_file: TrekArgument,
    dem: DEMOption = None,
    leg: Annotated[
        list[str] | None,
        typer.Option("--leg", metavar="ID", help="Only this leg; repeatable.", show_default=False),
    ] = None,
    osm: Annotated[
        str,
        typer.Option(
            "--osm",
            metavar="FILE|overpass|none",
            help="Extract of OpenStreetMap (.osm.pbf, .osm, .osm.gz, .osm.bz2), or overpass to ask a server.",
        ),
    ] = "none",
    method: Annotated[
        str, typer.Option("--method", metavar="LIST", help="Methods in order of preference: osm, terrain.")
    ] = "osm,terrain",
    speed: Annotated[
        str, typer.Option("--speed", metavar="NAME", help="Walking speed by slope: tobler or campbell.")
    ] = "tobler",
    track: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="TRACK",
            help="Cut the legs out of this recorded track instead: at their places, cleaned, turned round if need be. "
            "GPX, KML, KMZ, GeoJSON, GeoPackage, FIT or TCX.",
            show_default=False,
        ),
    ] = None,
    date: Annotated[
        dt.datetime | None,
        typer.Option(
            "--date",
            formats=["%Y-%m-%d"],
            help="Date to write into the GPX; none by default.",
            show_default=False,
        ),
    ] = None,
    *,
    layer: Annotated[
        str | None,
        typer.Option(
            "--layer",
            metavar="NAME",
            help="With --from: layer of lines of a GeoPackage that has several.",
            show_default=False,
        ),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write data/gpx/<trek>/<leg>.gpx.")] = False,
    units: UnitsOption = Units.METRIC,
    as_json: JSONOption = False,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show, or write, the line that each leg on foot gets from its places.

    Along the ways of OpenStreetMap where an extract is at hand (osm), over the DEM as the least-time path (modelled),
    without either as straight lines (schematic). A recorded line is never replaced. Exit code 1: a leg has no line.
    """
    from routes.analysis.tracing.network_graph import NetworkParameters
    from routes.analysis.tracing.terrain import TraceParameters
    from routes.pipeline import TraceOptions, cut_recording, trace_legs, write_lines

    quieten(quiet=quiet)
    with at_work(f"Tracing {trek_file}", quiet=quiet) as work:
        options = TraceOptions(
            dem=dem,
            is_offline=offline,
            osm=osm,
            methods=tuple(name.strip() for name in method.split(",")),
            only=leg or (),
            parameters=NetworkParameters(terrain=TraceParameters(speed=speed)),
            layer=layer,
            on_leg=work.on_leg,
            on_progress=work.on_progress,
        )
        result = trace_legs(trek_file, options) if track is None else cut_recording(trek_file, track, options)
    made_on = "" if date is None else date.date().isoformat()
    paths = write_lines(trek_file, result, made_on=made_on) if write else {}
    for note in result.notes:
        say(note, quiet=quiet)
    kept = {
        found.leg.id: "a better line" if found.line.provenance == "schematic" else "a recorded line"
        for found in result.legs
        if write and found.line and found.leg.id not in paths
    }
    if as_json:
        print_json([_row(found, paths.get(found.leg.id)) for found in result.legs])
    else:
        STDOUT.print(_table(result.legs, units))
        for found in result.legs:
            missing = found.study.missing if found.study is not None else ""
            for note in (*found.notes, *([f"no ascent: {missing}"] if missing else [])):
                STDOUT.print(f"{found.leg.id}: {note}")
    for leg_id, what in sorted(kept.items()):
        say(f"{leg_id}: its file holds {what}, which stays.", quiet=quiet)
    for leg_id, path in paths.items():
        say(f"{leg_id} -> {path}", quiet=quiet)
    if any(found.line is None for found in result.legs):
        raise typer.Exit(FAILED)


def _row(found: "TracedLeg", path: Path | None) -> dict[str, object]:
    study, line = found.study, found.line
    return {
        "leg": found.leg.id,
        "line": None if line is None else line.provenance.value,
        "length_m": None if study is None else _numbers(study.length_m),
        "ascent_m": None if study is None else _numbers(study.ascent_m),
        "network_share": None if found.network_share is None else round(found.network_share, 4),
        "snap_m": None if found.snap_m is None else round(found.snap_m, 1),
        "lateral_p90_m": None if line is None or line.lateral_p90_m is None else round(line.lateral_p90_m, 1),
        "source": None if line is None else line.source,
        "missing": "" if study is None else study.missing,
        "notes": list(found.notes),
        "file": None if path is None else str(path),
    }


def _numbers(estimate: "Estimate | None") -> dict[str, float | None] | None:
    if estimate is None:
        return None
    shown = estimate.rounded()
    return {"value": shown.value, "p10": shown.p10, "p90": shown.p90}


def _table(legs: "tuple[TracedLeg, ...]", units: Units) -> "Table":
    from rich.table import Table

    from routes.render.words import figures as words

    table = Table(
        "Leg", "Line", "Length", "Ascent", "On the network", "Farthest place", "True way within (90 %)"
    )
    for found in legs:
        study, line = found.study, found.line
        if study is None or line is None:
            table.add_row(found.leg.id, "none", *[words.MISSING] * 5)
            continue
        table.add_row(
            found.leg.id,
            line.provenance.value,
            words.length(study.length_m, [line.provenance], units, is_lower_bound=study.is_lower_bound),
            words.climb(study.ascent_m, units),
            words.MISSING if found.network_share is None else f"{100.0 * found.network_share:.1f} %",
            words.MISSING if found.snap_m is None else units.height(found.snap_m),
            words.MISSING if line.lateral_p90_m is None else units.height(line.lateral_p90_m),
        )
    return table
