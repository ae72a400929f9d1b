"""Print what verdicts are based on."""

from typing import TYPE_CHECKING

from routes.cli._console import STDOUT, plain
from routes.model.units import Units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routes.analysis.study import Study
    from routes.analysis.verdicts.finding import Finding


def explain_findings(findings: "Sequence[Finding]", units: Units) -> None:
    """Print a table for each finding with an uncertainty budget: its terms, sources and further facts."""
    from rich.table import Column, Table
    from rich.text import Text

    for finding in findings:
        if (
            finding.unit not in ("m", "h")
            or finding.u is None
            or finding.estimate is None
            or not finding.terms
        ):
            continue
        table = Table(
            Column("Term"),
            Column("Standard uncertainty", justify="right"),
            Column("From", overflow="fold"),
            title=Text(f"{plain(finding.name)}: {plain(finding.statements[0].printed)}, {finding.verdict}"),
            title_justify="left",
        )
        for term, value in finding.budget.items():
            table.add_row(term, _size(finding, value, units), Text(plain(finding.terms.get(term, ""))))
        table.add_row(
            "all", _size(finding, finding.u, units), Text("root of the sum of squares"), end_section=True
        )
        STDOUT.print(table)
        if finding.interval is not None:
            best = units.height(finding.estimate, is_exact=True)
            ends = units.height_range(*finding.interval, is_exact=True)
            STDOUT.print(Text(f"Best estimate {best}; {ends} (90 %), {plain(finding.basis)}."))
        if finding.printed_figure:
            as_stated = " (as stated)" if finding.stays else ""
            STDOUT.print(Text(f"We would print: {plain(finding.printed_figure)}{as_stated}"))
        for note in finding.notes_in(units):
            STDOUT.print(Text(plain(note)))
        STDOUT.print()


def print_unnamed(study: "Study", units: Units) -> None:
    """Print the high points of lines that are not named passes."""
    from rich.text import Text

    for leg in study.legs:
        for found in leg.unnamed_passes:
            near = plain(study.trek.place(found.nearest_id).name)
            height, prominence = units.height(found.height_m), units.height(found.prominence_m)
            where = f"{found.lon:.5f}, {found.lat:.5f}, {units.length(found.nearest_m)} from {near}"
            STDOUT.print(
                Text(f"Unnamed pass on {leg.leg.id}: {height} at {where}; prominence on the way {prominence}")
            )


def _size(finding: "Finding", value: float, units: Units) -> str:
    return units.spot_height(value) if finding.unit == "m" else f"{value:.2f} {finding.unit}"
