"""``routes validate``: whether the stated figures are right."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routes.cli._console import STDOUT, at_work, plain, print_json, quieten, say
from routes.cli._options import DEMOption, JSONOption, OfflineOption, QuietOption, UnitsOption
from routes.cli._places import ListRequest, validate_places
from routes.errors import ModelError
from routes.model.units import Units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routes.analysis.consensus import Consensus
    from routes.analysis.finding import Finding
    from routes.analysis.study import Study
    from routes.dem.choice import DEMOptions

_STYLE = {"agrees": "green", "doubtful": "yellow", "differs": "red", "undecided": "dim"}


def validate(  # noqa: PLR0913 - two ways to ask in one command
    trek_file: Annotated[
        Path | None,
        typer.Argument(metavar="[TREK.toml]", help="Trek file (docs/trek-file.md).", show_default=False),
    ] = None,
    at: Annotated[
        tuple[float, float] | None,
        typer.Option(
            "--at", metavar="LON LAT", help="Check one height at this position instead.", show_default=False
        ),
    ] = None,
    stated: Annotated[
        str | None,
        typer.Option("--stated", metavar="'4450 m'", help="The height, with --at.", show_default=False),
    ] = None,
    uncertainty: Annotated[
        float,
        typer.Option(
            "--uncertainty",
            metavar="M",
            help="With --at and --places: radius of 95 % for positions that state none, metres.",
        ),
    ] = 100.0,
    places: Annotated[
        Path | None,
        typer.Option(
            "--places",
            metavar="FILE",
            help="Check a list of named points with heights instead: CSV (columns lon, lat, name, ele ...), GeoJSON "
            "points or GPX waypoints; one row of CSV out for each, or a line of JSON.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="With --places: write the rows here.", show_default=False),
    ] = None,
    dem: DEMOption = None,
    units: UnitsOption = Units.METRIC,
    *,
    osm_quality: Annotated[
        bool,
        typer.Option(
            "--osm-quality",
            help="With --places: what differs or is doubtful as Markdown for mappers, with links (columns osm_node or "
            "osm_id) and heights to confirm.",
        ),
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace --out if it exists.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 also for doubtful and undecided.")] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Show every term of the uncertainty, its source, and the saddles found."
        ),
    ] = False,
    as_json: JSONOption = False,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check stated figures against the DEM, the lines and one another.

    Exit code 0: none differs; 1: some differ; 2: bad input. Verdicts: agrees within 1.645 u, doubtful within 3 u,
    differs beyond; undecided where our own doubt is above 50 m or nothing is known.
    """
    from routes.dem.choice import DEMOptions
    from routes.io.findings_json import findings_data
    from routes.io.tables import unnamed_data
    from routes.pipeline import study_file

    quieten(quiet=quiet)
    if sum(given is not None for given in (trek_file, at, places)) != 1 or (at is None) != (stated is None):
        msg = "Give either a trek file, or --at LON LAT together with --stated '4450 m', or --places FILE."
        raise typer.BadParameter(msg)
    failing = {"differs", "doubtful", "undecided", "error"} if strict else {"differs"}
    consensus: Sequence[Consensus] = ()
    if places is not None:
        request = ListRequest(
            path=places, out=out, uncertainty_m=uncertainty, as_json=as_json, is_for_osm=osm_quality,
            overwrite=overwrite, quiet=quiet,
        )  # fmt: skip
        options = DEMOptions(choice=dem, is_offline=offline)
        raise typer.Exit(int(any(validate_places(request, options).get(verdict) for verdict in failing)))
    if out is not None or osm_quality or overwrite:
        msg = "--out, --overwrite and --osm-quality go with --places FILE."
        raise typer.BadParameter(msg)
    study = None
    if at is not None and stated is not None:
        name = "--at"
        findings = _check_one(at, stated, uncertainty, DEMOptions(choice=dem, is_offline=offline))
    else:
        assert trek_file is not None  # noqa: S101 - one of the two is given, see above
        with at_work(f"Reading {trek_file}", quiet=quiet) as work:
            study = study_file(
                trek_file, dem=dem, offline=offline, on_leg=work.on_leg, on_progress=work.on_progress
            )
        name, findings, consensus = study.trek.id, study.findings, study.consensus
        for note in study.notes:
            say(note, quiet=quiet)
    if at is not None:
        for note in {note for found in findings if found.diagnosis for note in found.diagnosis.untested}:
            say(note, quiet=quiet)
    if as_json:
        print_json(findings_data(name, findings, consensus) | unnamed_data(study))
    else:
        _print_all(study, findings, units, is_explained=explain)
    raise typer.Exit(int(any(finding.verdict.value in failing for finding in findings)))


def _print_all(
    study: "Study | None", findings: "Sequence[Finding]", units: Units, *, is_explained: bool
) -> None:
    from routes.cli._explain import explain_findings, print_unnamed

    _print(findings, units)
    _print_consensus(() if study is None else study.consensus, units)
    if is_explained:
        explain_findings(findings, units)
    if study is not None:
        print_unnamed(study, units)


def _check_one(
    at: tuple[float, float], stated: str, uncertainty: float, dem: "DEMOptions"
) -> "Sequence[Finding]":
    from routes.analysis.diagnosed import diagnosed_alone
    from routes.analysis.need import need_of_place
    from routes.analysis.validation import check_place
    from routes.dem.choice import open_dem_for
    from routes.dem.vertical import geoid
    from routes.model.figures import Quantity, StatedFigure
    from routes.model.kinds import PlaceKind
    from routes.model.trek import Place

    first, _, second = stated.partition("(")
    figure = StatedFigure(
        quantity=Quantity.ELEVATION,
        value=first.strip(),
        also=second.strip(" )") or None,
        source="command line",
    )
    try:
        place = Place(
            id="at", name=f"{at[0]:g} {at[1]:g}", kind=PlaceKind.PASS, lon=at[0], lat=at[1],
            position_uncertainty_m=uncertainty, position_source="command line", stated=(figure,),
        )  # fmt: skip
    except ModelError as error:
        msg = f"--at LON LAT, longitude first: {error}"
        raise ModelError(msg) from error
    source, report = open_dem_for(Path.cwd() / "here", need_of_place(place), dem)
    for fault in report.faults:
        say(fault, quiet=False)
    undulation = geoid(is_offline=dem.is_offline)
    height = None if undulation is None else undulation(place.lon, place.lat)
    return [diagnosed_alone(finding, figure, height) for finding in check_place(place, source)]


def _print_consensus(consensus: "Sequence[Consensus]", units: Units) -> None:
    from rich.table import Column, Table
    from rich.text import Text

    if not consensus:
        return
    names = ("Place", "Sources, each against the others", "Together")
    table = Table(*(Column(name, overflow="fold") for name in names), show_lines=True)
    for whole in consensus:
        lines = [
            Text.assemble(
                plain(member.vote.printed or units.height(member.vote.value_m)),
                " ",
                (plain(member.vote.source), "dim"),
                " ",
                (member.verdict.value, _STYLE[member.verdict.value]),
            )
            for member in whole.members
        ]
        table.add_row(plain(whole.name), Text("\n").join(lines), plain(whole.text(units)))
    STDOUT.print(table)


def _print(findings: "Sequence[Finding]", units: Units) -> None:
    from rich.table import Column, Table
    from rich.text import Text

    order = ("differs", "doubtful", "undecided", "agrees")
    names = ("Verdict", "What", "Stated", "Why")
    table = Table(
        *(Column(name, overflow="fold") for name in names), show_lines=True
    )  # a source is never cut
    for finding in sorted(findings, key=lambda finding: order.index(finding.verdict.value)):
        verdict = finding.verdict.value
        claims = [
            Text.assemble(plain(claim.printed), " ", (plain(claim.source), "dim"))
            for claim in finding.claims[:6]
        ]
        if len(finding.claims) > 6:
            claims.append(Text(f"and {len(finding.claims) - 6} more"))
        table.add_row(
            Text(verdict, style=_STYLE[verdict]),
            Text.assemble(
                plain(finding.name), "\n", (f"{finding.quantity}, by {finding.check.value}", "dim")
            ),
            Text("\n").join(claims),
            finding.told_in(units),
        )
    STDOUT.print(table)
    counts = {verdict: sum(finding.verdict.value == verdict for finding in findings) for verdict in order}
    STDOUT.print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
