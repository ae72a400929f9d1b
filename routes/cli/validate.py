"""``routes validate``: whether the stated figures are right."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routes.cli._console import STDOUT, at_work, plain, print_json, quieten, say
from routes.cli._one_height import check_one
from routes.cli._options import DEMOption, JSONOption, OfflineOption, QuietOption, UnitsOption
from routes.cli._places import ListRequest, validate_places
from routes.model.kinds import PlaceKind
from routes.model.units import Units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routes.analysis.study import Study
    from routes.analysis.verdicts.consensus import Consensus
    from routes.analysis.verdicts.finding import Finding
    from routes.dem.folder import DEMFolder
    from routes.dem.opening import DEMOptions

_STYLE = {"differs": "red", "doubtful": "yellow", "undecided": "dim", "agrees": "green"}
"""Style of each verdict, the gravest first."""


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
    kind: Annotated[
        PlaceKind | None,
        typer.Option(
            "--kind",
            help="With --at: what is there. A pass has the height of the saddle that its position may mean, all else "
            "that of the position. Default: a pass where a saddle lies within --uncertainty, else the position.",
            show_default=False,
        ),
    ] = None,
    osm_quality: Annotated[
        bool,
        typer.Option(
            "--osm-quality",
            help="With --places: what differs or is doubtful as Markdown for mappers, with links (columns osm_node or "
            "osm_id) and heights to confirm.",
        ),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="DIR",
            help="Also write a report to send to an author to this folder: report.html (one file with everything), "
            "report.md, verdicts.json, and a map and a profile of each pass as SVG.",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace --out and files in --report that exist.")
    ] = False,
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
    from routes.dem.opening import DEMOptions

    quieten(quiet=quiet)
    if sum(given is not None for given in (trek_file, at, places)) != 1 or (at is None) != (stated is None):
        msg = "Give either a trek file, or --at LON LAT together with --stated '4450 m', or --places FILE."
        raise typer.BadParameter(msg)
    if kind is not None and at is None:
        msg = "--kind goes with --at LON LAT; trek files and lists say it of each place."
        raise typer.BadParameter(msg)
    options = DEMOptions(choice=dem, is_offline=offline)
    failing = {"differs", "doubtful", "undecided", "error"} if strict else {"differs"}
    if places is not None:
        request = ListRequest(
            path=places, out=out, uncertainty_m=uncertainty, as_json=as_json, is_for_osm=osm_quality,
            overwrite=overwrite, quiet=quiet, report=report, units=units,
        )  # fmt: skip
        raise typer.Exit(int(any(validate_places(request, options).get(verdict) for verdict in failing)))
    _refuse(for_places=out is not None or osm_quality or (overwrite and report is None), at=at, report=report)
    study = None
    if at is not None and stated is not None:
        name = "--at"
        findings, notes = check_one(at, stated, options, uncertainty_m=uncertainty, kind=kind)
        for note in notes:
            say(note, quiet=quiet)
    else:
        assert trek_file is not None  # noqa: S101 - one of the two is given, see above
        study, source = _studied(trek_file, options, quiet=quiet)
        name, findings = study.trek.id, study.findings
        for note in study.notes:
            say(note, quiet=quiet)
        if report is not None:
            _write_report(report, (study, source), units, overwrite=overwrite, quiet=quiet)
    if as_json:
        from routes.io.export.verdict_tables import findings_data, verdicts_data

        print_json(findings_data(name, findings) if study is None else verdicts_data(study))
    else:
        _print_all(study, findings, units, is_explained=explain)
    raise typer.Exit(int(any(finding.verdict.value in failing for finding in findings)))


def _refuse(*, for_places: bool, at: tuple[float, float] | None, report: Path | None) -> None:
    """Refuse options that say nothing here."""
    if for_places:
        msg = "--out, --osm-quality, and --overwrite without --report, go with --places FILE."
        raise typer.BadParameter(msg)
    if at is not None and report is not None:
        msg = "--report goes with a trek file or --places FILE; put the position into a list of one row."
        raise typer.BadParameter(msg)


def _studied(trek_file: Path, options: "DEMOptions", *, quiet: bool) -> "tuple[Study, DEMFolder | None]":
    from routes.pipeline import study_with_source

    with at_work(f"Reading {trek_file}", quiet=quiet) as work:
        return study_with_source(
            trek_file, replace(options, on_progress=work.on_progress), on_leg=work.on_leg
        )


def _write_report(
    folder: Path, studied: "tuple[Study, DEMFolder | None]", units: Units, *, overwrite: bool, quiet: bool
) -> None:
    from routes.pipeline import report_texts, write_report

    with at_work("Drawing the report", quiet=quiet):
        texts = report_texts(*studied, units)
        files = write_report(folder, texts, overwrite=overwrite)
    say(f"Wrote {len(files)} files; open {folder / 'report.html'}", quiet=quiet)


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

    order = tuple(_STYLE)
    names = ("Verdict", "What", "Stated", "Why")
    table = Table(
        *(Column(name, overflow="fold") for name in names), show_lines=True
    )  # a source is never cut
    for finding in sorted(findings, key=lambda finding: order.index(finding.verdict.value)):
        verdict = finding.verdict.value
        statements = [
            Text.assemble(plain(stated.printed), " ", (plain(stated.source), "dim"))
            for stated in finding.statements[:6]
        ]
        if len(finding.statements) > 6:
            statements.append(Text(f"and {len(finding.statements) - 6} more"))
        table.add_row(
            Text(verdict, style=_STYLE[verdict]),
            Text.assemble(
                plain(finding.name), "\n", (f"{finding.quantity}, by {finding.check.value}", "dim")
            ),
            Text("\n").join(statements),
            finding.told_in(units),
        )
    STDOUT.print(table)
    counts = {verdict: sum(finding.verdict.value == verdict for finding in findings) for verdict in order}
    STDOUT.print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
