"""The report on a list of places with stated heights."""

from collections.abc import Iterable, Sequence

from routes.analysis.pass_views import PassView
from routes.analysis.verdicts.finding import Verdict
from routes.analysis.verdicts.places import ListedVerdict
from routes.model.grid import Product
from routes.model.units import Units
from routes.render.blocks import Block, Bullets, Cell, Section, Table
from routes.render.report.passes import counted, pass_section, safe_key
from routes.render.report.verdicts import HOW, VerdictReport, heights_table, meanings, product_text
from routes.render.words.figures import VERDICT_ORDER

MOST_SECTIONS = 50
"""Most places with a section of their own; a longer page is too heavy to send or to read."""

MOST_ROWS = 500
"""Most rows of a table."""


def first_to_show(rows: Sequence[ListedVerdict]) -> tuple[ListedVerdict, ...]:
    """Rows that get a section: stated heights that do not agree, gravest and farthest off first."""
    return tuple(_to_look_at(rows)[:MOST_SECTIONS])


def listed_report(
    name: str,
    rows: Sequence[ListedVerdict],
    views: Sequence[tuple[ListedVerdict, PassView]],
    products: Sequence[Product],
    units: Units = Units.METRIC,
) -> VerdictReport:
    """Report on a list of places; `views` hold the terrain around those with a section."""
    open_rows = _to_look_at(rows)
    findings = [row.finding for row in open_rows if row.finding is not None]
    taken: set[str] = set()
    sections = tuple(
        pass_section(
            view,
            [] if row.finding is None else [row.finding],
            None,
            safe_key(f"place-{row.number}-{view.place.name}", taken),
            units,
        )
        for row, view in views
    )
    table: tuple[Block, ...] = ("All stated heights agree with the DEM.",)
    if findings:
        more = (
            f"The first {MOST_ROWS} of {len(findings)}; verdicts.json has all."
            if len(findings) > MOST_ROWS
            else ""
        )
        table = tuple(block for block in (more, heights_table(findings[:MOST_ROWS], units)) if block)
    note: tuple[Block, ...] = ()
    if len(open_rows) > len(views):
        note = (
            f"Of {len(open_rows)} places the first {len(views)} are shown, the gravest and farthest off.",
        )
    return VerdictReport(
        f"Stated heights checked: {name}",
        "",
        (
            Section("In short", tuple(_short(rows, products, units))),
            Section("What does not plainly agree", table),
            Section("Places", note if sections else ("There is none to look at.",), sections=sections),
            *_errors(rows),
            Section("How verdicts are made", (Bullets(HOW), Bullets(tuple(meanings())))),
        ),
    )


def _to_look_at(rows: Sequence[ListedVerdict]) -> list[ListedVerdict]:
    """Rows whose stated height does not agree, gravest and farthest off first."""
    found = [
        row
        for row in rows
        if row.finding is not None and row.finding.statements and row.finding.verdict is not Verdict.AGREES
    ]
    return sorted(found, key=_gravity)


def _gravity(row: ListedVerdict) -> tuple[int, float, int]:
    finding = row.finding
    if finding is None:
        return len(VERDICT_ORDER), 0.0, row.number
    off = 0.0
    if finding.stated is not None and finding.estimate is not None:
        off = abs(finding.stated - finding.estimate)
    return VERDICT_ORDER.index(finding.verdict), -off, row.number


def _short(rows: Sequence[ListedVerdict], products: Sequence[Product], units: Units) -> Iterable[Block]:
    verdicts = [row.finding.verdict for row in rows if row.finding is not None and row.finding.statements]
    bare = sum(row.finding is not None and not row.finding.statements for row in rows)
    wrong = sum(row.finding is None for row in rows)
    told = [f"{len(rows)} rows; {len(verdicts)} stated heights: {counted(verdicts) or 'none'}."]
    told.extend([f"{bare} state no height."] if bare else [])
    told.extend([f"{wrong} cannot be read."] if wrong else [])
    yield " ".join(told)
    if products:
        yield " ".join(product_text(product, units) for product in dict.fromkeys(products))
    else:
        yield (
            "No DEM was at hand, so no height could be checked, and there is neither map nor profile. Name one with "
            "--dem."
        )


def _errors(rows: Sequence[ListedVerdict]) -> list[Section]:
    wrong = [row for row in rows if row.finding is None]
    if not wrong:
        return []
    more = (f"The first {MOST_ROWS} of {len(wrong)}.",) if len(wrong) > MOST_ROWS else ()
    table = Table(
        "Rows that cannot be read",
        ("Row", "Name", "What is wrong"),
        tuple((Cell(row.place.where), Cell(row.place.name), Cell(row.error)) for row in wrong[:MOST_ROWS]),
    )
    return [Section("Rows that cannot be read", (*more, table))]
