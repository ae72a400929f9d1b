"""Content of the report on stated figures, for an author."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from routes.analysis.pass_views import PassView
from routes.analysis.study import Study
from routes.analysis.verdicts.consensus import Consensus
from routes.analysis.verdicts.finding import Check, Finding, Verdict
from routes.kernel.uncertainty import Z90
from routes.model.figures import Quantity
from routes.model.grid import Product, Surface
from routes.model.units import Units
from routes.render.blocks import Block, Bullets, Cell, Section, Table, pictures_of
from routes.render.drawing.svg import Picture
from routes.render.report.passes import consensus_table, consensus_words, counted, pass_section, safe_key
from routes.render.words.figures import (
    AGAINST_THE_GROUND,
    MISSING,
    VERDICT_MEANING,
    how_made,
    ordered,
    quantity,
)

HOW = (
    (
        "A stated height is held against the DEM: for a pass at the saddle that its position may mean (where two "
        "parts of the ground, each at least 20 m deep, join), else at the position itself."
    ),
    (
        "The difference is judged by its standard uncertainty u, the root of the sum of five squares: the DEM's "
        "vertical error, the size of its cells on a slope, the doubt about the position, the step to which the "
        "source rounds, and 2 m where the two vertical datums are not known to be one."
    ),
    (
        "A stated distance, ascent or highest point is held against the line, with the line's own interval; a "
        "duration, a number of days or passes, and the two units of one statement against the itinerary and other "
        "statements."
    ),
    (
        "Likely causes are weighed with the same uncertainty: a probability says how likely a cause is among "
        "those that were weighed."
    ),
    '"We would print" is our own estimate, rounded no finer than its interval of 90 % allows.',
)
"""How verdicts are made, for readers without background."""

_SURFACES = {
    Surface.DSM: "a surface model (canopy and roofs included)", Surface.DTM: "a model of the bare ground",
    Surface.UNKNOWN: "of unknown surface",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VerdictReport:
    """Title and sections of a report."""

    title: str
    """Subject."""

    subtitle: str
    """Region; empty if unknown."""

    sections: tuple[Section, ...]
    """Sections in order."""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, in order."""
        return tuple(pictures_of(self.sections))


def verdict_report(study: Study, views: Sequence[PassView], units: Units = Units.METRIC) -> VerdictReport:
    """Report on a trek's stated figures and passes; without a date, so the same for the same study."""
    trek = study.trek
    heights = [finding for finding in study.findings if finding.check is Check.DEM]
    ground = [f for f in study.findings if f.check in AGAINST_THE_GROUND and f.check is not Check.DEM]
    others = [finding for finding in study.findings if finding.check not in AGAINST_THE_GROUND]
    weighed = {whole.subject: whole for whole in study.consensus}
    taken: set[str] = set()
    passes = tuple(
        pass_section(
            view,
            [finding for finding in heights if finding.subject == view.place.id],
            weighed.get(view.place.id),
            safe_key(f"pass-{view.place.id}", taken),
            units,
        )
        for view in views
    )
    shown = {view.place.id for view in views}
    sections = [
        Section("In short", tuple(_short(study, (heights, ground, others), units))),
        Section(
            "Stated heights", (heights_table(heights, units, weighed) if heights else "No height is stated.",)
        ),
        Section(
            "Passes",
            () if passes else ("The itinerary has no pass that could be looked at.",),
            sections=passes,
        ),
        *_consensus_section([whole for whole in study.consensus if whole.subject not in shown], units),
        Section("Other stated figures", tuple(_others(ground, units, "Figures against lines and places"))),
        Section(
            "Statements against one another",
            tuple(_others(others, units, "Statements held against one another")),
        ),
        Section("How verdicts are made", (Bullets(HOW), Bullets(tuple(meanings())))),
        Section("Heights, lines and sources", (Bullets(tuple(_sources(study, units))),)),
    ]
    where = ", ".join(part for part in (trek.region, trek.country) if part)
    return VerdictReport(f"Stated figures checked: {trek.name}", where, tuple(sections))


def heights_table(
    findings: Sequence[Finding], units: Units, weighed: Mapping[str, Consensus] | None = None
) -> Table:
    """Stated and measured heights, with verdicts and the figures to print.

    `weighed` holds the joint result of all sources, by place.
    """
    weighed = weighed or {}
    is_measured = any(finding.estimate is not None for finding in findings)
    head = ["Place", "As printed, by whom", "Verdict"]
    if is_measured:
        head[2:2] = ["DEM, with its interval of 90 %"]
        head.append("We would print")
    head.extend(["All sources together"] if weighed else [])
    rows = []
    for group in _grouped(ordered(findings)):
        finding = group[0]
        statements = [stated for one in group for stated in one.statements]
        printed = "; ".join(stated.printed for stated in statements) or MISSING
        sources = "; ".join(dict.fromkeys(stated.source for stated in statements))
        why = "" if finding.estimate is not None else finding.reason_in(units)
        cells = [
            Cell(finding.name, "" if finding.quantity == Quantity.ELEVATION else quantity(finding)),
            Cell(printed, sources, is_strong=bool(statements)),
        ]
        cells.extend([Cell(_measured(finding, units))] if is_measured else [])
        cells.append(Cell(finding.verdict.value, why, verdict=finding.verdict))
        cells.extend([Cell(finding.printed_figure or MISSING)] if is_measured else [])
        if weighed:
            whole = weighed.get(finding.subject)
            cells.append(Cell(MISSING if whole is None else _together(whole, units)))
        rows.append(tuple(cells))
    return Table("Stated heights against the DEM, what needs a look first", tuple(head), tuple(rows))


def _together(whole: Consensus, units: Units) -> str:
    value, off = (units.height(height_m, is_exact=True) for height_m in (whole.value_m, Z90 * whole.u_m))
    return f"{value} \N{PLUS-MINUS SIGN} {off}"


def _grouped(findings: Sequence[Finding]) -> Iterable[list[Finding]]:
    """Yield findings one by one, but those of a place that agree or have no DEM height together."""
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        is_alike = finding.verdict is Verdict.AGREES or finding.estimate is None
        key = (finding.subject, finding.verdict, finding.estimate, finding.quantity) if is_alike else number
        groups.setdefault(key, []).append(finding)
    return groups.values()


def _measured(finding: Finding, units: Units) -> str:
    if finding.estimate is None:
        return MISSING
    best = units.height(finding.estimate, is_exact=True)
    if finding.interval is None:
        return best
    return f"{best}; {units.height_range(*finding.interval, is_exact=True)}"


def _short(
    study: Study, findings: tuple[Sequence[Finding], Sequence[Finding], Sequence[Finding]], units: Units
) -> Iterable[Block]:
    names = "on stated heights", "on other figures against the ground", "on statements against one another"
    told = [
        f"{len(found)} verdicts {name}: {counted([finding.verdict for finding in found])}."
        for name, found in zip(names, findings, strict=True)
        if found
    ]
    yield " ".join(told) or "The itinerary states no figure."
    differing = [(f, f.statement) for f in findings[0] if f.verdict is Verdict.DIFFERS and f.statement]
    if differing:
        yield "Heights to mend or to ask about:"
        yield Bullets(
            tuple(
                f"{finding.name}: {stated.cited}"
                + (f"; we would print {finding.printed_figure}." if finding.printed_figure else ".")
                for finding, stated in differing
            )
        )
    told_already = {stated for _, stated in differing}
    outliers = tuple(
        f"{whole.name}: {member.vote.cited}; all sources together {_together(whole, units)}."
        for whole in study.consensus
        for member in whole.outliers
        if member.vote.statement is not None and member.vote.statement not in told_already
    )
    if outliers:
        yield "Outliers among the sources on one height, probably wrong:"
        yield Bullets(outliers)
    if not study.products:
        yield (
            "No DEM was at hand for this trek, so heights could be held against one another only, and there is "
            "neither map nor profile. With a network, the public DEM is fetched when the report is made again; or "
            "name a DEM file with --dem."
        )
    else:
        yield " ".join(product_text(product, units) for product in study.products)


def product_text(product: Product, units: Units) -> str:
    """Product behind the DEM heights, what they represent, and their accuracy."""
    return (
        f"DEM: {product.title}, {_SURFACES[product.surface]}, vertical datum {product.vertical_datum}; nine tenths of "
        f"its heights are taken to be right within {units.size(product.le90_m)} (LE90; {product.le90_source})."
    )


def _consensus_section(consensus: Sequence[Consensus], units: Units) -> list[Section]:
    if not consensus:
        return []
    inner = tuple(
        Section(whole.name, (consensus_words(whole, units), consensus_table(whole, units)))
        for whole in consensus
    )
    return [Section("Other heights that several sources state", (), sections=inner)]


def _others(findings: Sequence[Finding], units: Units, label: str) -> Iterable[Block]:
    if not findings:
        yield "There is none."
        return
    rows = []
    for finding in ordered(findings):
        one = finding.statement
        printed = Cell("; ".join(stated.cited for stated in finding.statements))
        if one is not None:
            printed = Cell(one.printed, one.source, is_strong=True)
        rows.append(
            (
                Cell(finding.name, quantity(finding)),
                printed,
                Cell(finding.told_in(units), finding.basis),
                Cell(finding.verdict.value, verdict=finding.verdict),
            )
        )
    yield Table(label, ("What", "As printed, by whom", "Why", "Verdict"), tuple(rows))


def meanings() -> Iterable[str]:
    """Yield the meaning of each verdict."""
    for verdict, meaning in VERDICT_MEANING.items():
        yield f"{verdict.value}: {meaning}."


def _sources(study: Study, units: Units) -> Iterable[str]:
    yield f"Itinerary: {study.trek.source}."
    yield from how_made(study, units)
    yield from study.notes
    yield from (f"Credit: {credit}." for credit in study.credits)
