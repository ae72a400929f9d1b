"""Sections of the report on stated figures, one per pass."""

import math
import re
from collections.abc import Sequence

from routes.analysis.pass_views import PassView
from routes.analysis.passes.saddles import PassStudy
from routes.analysis.verdicts.consensus import Consensus, Member
from routes.analysis.verdicts.finding import Finding, Verdict
from routes.analysis.verdicts.heights import line_top_words, where_words
from routes.kernel.uncertainty import Z90
from routes.model.kinds import PlaceKind
from routes.model.units import Units, rounded_height
from routes.render.blocks import Block, Bullets, Cell, Pictures, Section, Table
from routes.render.pictures.pass_map import pass_map
from routes.render.pictures.pass_profile import pass_profile
from routes.render.words.figures import MISSING, VERDICT_ORDER, ordered

LEAST_PROBABILITY = 0.01
"""Causes less probable than this are left out."""

_STATED_TERMS = ("rounding", "datum")
_TERM_WORDS = {
    "dem": "vertical error of the DEM",
    "sharpness": "narrow ridge or notch",
    "forest": "trees",
    "slope": "slope within a DEM cell",
    "position": "position",
    "rounding": "rounding of the source",
    "datum": "vertical datums",
}
_KEY = re.compile(r"[^a-z0-9]+")
_KEY_LENGTH = 60


def safe_key(text: str, taken: set[str]) -> str:
    """Turn a text into a unique key of letters, digits and hyphens, and add it to `taken`.

    >>> taken = set()
    >>> safe_key("../Col d'Ordino", taken), safe_key("col d ordino", taken), safe_key("\u4e2d", taken)
    ('col-d-ordino', 'col-d-ordino-2', 'place')
    """
    stem = _KEY.sub("-", text.lower()).strip("-")[:_KEY_LENGTH].strip("-") or "place"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    taken.add(key)
    return key


def pass_section(
    view: PassView, own: Sequence[Finding], consensus: Consensus | None, key: str, units: Units
) -> Section:
    """Section on a pass or other place, with the verdicts on its height; no pictures without a DEM.

    `key` is the section's key; its pictures' keys start with it.
    """
    blocks: list[Block] = [_in_words(view, own, units), *_wrong(own, units)]
    if consensus is not None:
        blocks.append(consensus_words(consensus, units))
    drawn = (pass_map(view, f"{key}-map", units), pass_profile(view, own, f"{key}-profile", units))
    pictures = tuple(picture for picture in drawn if picture is not None)
    if pictures:
        blocks.append(
            Pictures(pictures, _caption(view, has_stated=bool(view.place.stated), count=len(pictures)))
        )
    if own and own[0].statements:
        blocks.append(_stated_table(own, consensus, units))
        blocks.extend(_causes(own, units))
        blocks.extend(_budget(own, units))
    if view.passing is not None and view.passing.saddles:
        blocks.append(_saddles_table(view.passing, units))
    # a pass's notes repeat its table of saddles
    notes = own[0].notes_in(units) if own and view.place.kind is not PlaceKind.PASS else ()
    blocks.append(Bullets((*_facts(view, units), *notes)))
    return Section(view.place.name, tuple(blocks), key)


def counted(verdicts: Sequence[Verdict]) -> str:
    """Number of each verdict present.

    >>> counted([Verdict.AGREES, Verdict.DIFFERS, Verdict.AGREES])
    '1 differs, 2 agree'
    """
    told = []
    for verdict in VERDICT_ORDER:
        count = sum(found is verdict for found in verdicts)
        word = {Verdict.AGREES: "agree", Verdict.DIFFERS: "differ"}.get(verdict)
        if count:
            told.append(f"{count} {word if word and count > 1 else verdict.value}")
    return ", ".join(told)


def advice(finding: Finding) -> str:
    """Sentence on what we would print; "" if unknown."""
    if not finding.printed_figure:
        return ""
    if finding.stays:
        return f"We would keep {finding.printed_figure}."
    return f"We would print {finding.printed_figure}."


def _in_words(view: PassView, own: Sequence[Finding], units: Units) -> str:
    """The verdict in plain words."""
    if not own or not own[0].statements:
        return _without_statement(view, units)
    told = [
        f"{len(own)} stated {'height' if len(own) == 1 else 'heights'}: {counted([f.verdict for f in own])}."
    ]
    ours = next((f for f in own if f.estimate is not None and f.interval is not None), None)
    if ours is None or ours.estimate is None or ours.interval is None:
        reasons = dict.fromkeys(finding.reason_in(units) for finding in own)
        return " ".join((*told, *reasons))
    best, ends = units.height(ours.estimate, is_exact=True), units.height_range(*ours.interval, is_exact=True)
    where = "" if ours.clues.ground is None else where_words(ours.clues.ground).text(units)
    told.append(f"The DEM has {best}{where}; the true height is between {ends} (90 %).")
    first = next((f for f in own if f.stays), own[0])
    told.append(advice(first) or "That is not good enough for a verdict, nor for a figure to print.")
    return " ".join(told)


def _wrong(own: Sequence[Finding], units: Units) -> list[Block]:
    """List of the figures that differ or are doubtful."""
    found = [
        f"{stated.printed} {finding.verdict if finding.verdict is Verdict.DIFFERS else 'is doubtful'}: "
        f"{_off_the_dem(finding, units)} ({stated.source})."
        for finding in ordered(own)
        if finding.is_open
        for stated in finding.statements
    ]
    return [Bullets(tuple(found))] if found else []


def _off_the_dem(finding: Finding, units: Units) -> str:
    """How far a stated height is above or below the DEM; "" if the finding does not say."""
    if finding.stated is None or finding.estimate is None:
        return ""
    off = finding.stated - finding.estimate
    size = units.height(abs(off), is_exact=True)
    return f"{size} too {'high' if off > 0 else 'low'}"


def _without_statement(view: PassView, units: Units) -> str:
    """What is known of a pass without a stated height."""
    told = []
    if view.found is not None:
        found = view.found
        told.append(
            f"Nobody names this high point of the line of {view.leg_id}: {units.height(found.height_m)} along the "
            f"line, from which it falls {units.height(found.prominence_m)} or more both ways."
        )
    else:
        told.append("No height is stated.")
    if view.ground is not None and view.ground.spot is not None:
        best, half = view.ground.spot.best_m, Z90 * view.ground.u_m
        ends = units.height_range(best - half, best + half, is_exact=True)
        told.append(
            f"The DEM has {units.height(best, is_exact=True)} at the nearest saddle that may be meant; the "
            f"truth lies within {ends} nine times in ten. We would print {rounded_height(best, half)}."
        )
    elif view.terrain is not None:
        told.append("Its height is not known well enough to print.")
    return " ".join(told)


def _caption(view: PassView, *, has_stated: bool, count: int) -> str:
    told = []
    if view.terrain is not None:
        product = view.terrain.product
        told.append(
            f"Terrain: {product.title} ({product.surface}, {product.vertical_datum}). {product.attribution}."
        )
    if has_stated and count > 1:
        told.append(
            "In the profile, the blue band is the DEM's height with its interval of 90 %; "
            "lines are stated heights, shaded where a rounded figure may lie: solid and \N{CHECK MARK} "
            "agrees, long dashes and ? doubtful, short dashes and \N{MULTIPLICATION SIGN} differs, dotted "
            "undecided. A number in brackets counts sources; arrows point to figures off the "
            "scale."
        )
    return " ".join(told)


def _stated_table(own: Sequence[Finding], consensus: Consensus | None, units: Units) -> Table:
    """Each statement compared with the DEM and, if there are several, with all others; the DEM last."""
    members = {} if consensus is None else {member.vote.statement: member for member in consensus.members}
    has_budget = any(finding.budget for finding in own)
    head = ["As printed, by whom", "Verdict"]
    if has_budget:
        head[1:1] = ["Against the DEM", "u of rounding", "u of datum", "u in all"]
    head.extend([] if consensus is None else ["Against all others"])
    rows = []
    for finding in ordered(own):
        stated, budget = finding.statement, finding.budget
        cells = [_printed_cell(finding)]
        if has_budget:
            cells.append(Cell(_off_the_dem(finding, units) or MISSING))
            sizes = (budget.get("rounding"), budget.get("datum"), finding.u)
            cells.extend(Cell(_size(value, units)) for value in sizes)
        cells.append(Cell(finding.verdict.value, verdict=finding.verdict))
        if consensus is not None:
            cells.append(_member_cell(members.get(stated)))
        rows.append(tuple(cells))
    for member in () if consensus is None else consensus.members:
        if member.vote.statement is None:  # the DEM
            best = Cell(units.height(member.vote.value_m, is_exact=True), member.vote.source, is_strong=True)
            dashes = [Cell(MISSING)] * (len(head) - 4)
            cells = [best, *dashes, Cell(_size(member.vote.u_m, units)), Cell(MISSING), _member_cell(member)]
            rows.append(tuple(cells))
    label = "Stated heights; u is a standard uncertainty" if has_budget else "Stated heights"
    return Table(label, tuple(head), tuple(rows))


def _printed_cell(finding: Finding) -> Cell:
    stated = finding.statements[0]
    return Cell(stated.printed, stated.source, is_strong=True)


def _member_cell(member: Member | None) -> Cell:
    """How well a source agrees with all others, and the probability that it is wrong."""
    if member is None:
        return Cell(MISSING)
    return Cell(member.verdict.value, _wrong_text(member), verdict=member.verdict)


def _wrong_text(member: Member) -> str:
    percent = 100.0 * member.p_wrong
    share = "less than 1 %" if percent < 1.0 else "more than 99 %" if percent > 99.0 else f"{percent:.0f} %"
    return f"wrong: {share}{', an outlier' if member.is_outlier else ''}"


def consensus_words(consensus: Consensus, units: Units) -> str:
    """Joint result of all sources on a height, and the figure that it supports in print."""
    half = max(Z90 * consensus.u_m, 0.5)
    return (
        f"All sources weighed as if none had copied another. {consensus.text(units)} That would allow to print "
        f"{rounded_height(consensus.value_m, half)}."
    )


def _budget(own: Sequence[Finding], units: Units) -> list[Block]:
    """Uncertainty of the DEM's height, which all statements on the place share."""
    finding = next((f for f in own if f.budget and f.terms), None)
    if finding is None or finding.own_u is None:
        return []
    rows = [
        (Cell(_TERM_WORDS[term]), Cell(_size(finding.budget[term], units)), Cell(finding.terms.get(term, "")))
        for term in finding.budget
        if term not in _STATED_TERMS
    ]
    rows.append(
        (Cell("these together"), Cell(_size(finding.own_u, units)), Cell("root of the sum of squares"))
    )
    for term in _STATED_TERMS:
        sizes = sorted({f.budget[term] for f in own if term in f.budget})
        told = _size(sizes[0], units)
        if len(sizes) > 1:
            told = f"{told} to {_size(sizes[-1], units)}"
        rows.append((Cell(_TERM_WORDS[term]), Cell(told), Cell(finding.terms.get(term, ""))))
    return [
        Table(
            "Uncertainty of the comparison, term by term",
            ("Term", "Standard uncertainty", "From"),
            tuple(rows),
        )
    ]


def _size(value_m: float | None, units: Units) -> str:
    return MISSING if value_m is None or not math.isfinite(value_m) else units.spot_height(value_m)


def _causes(own: Sequence[Finding], units: Units) -> list[Block]:
    rows = []
    for finding in own:
        if finding.diagnosis is None:
            continue
        causes = (c.told_in(units) for c in finding.diagnosis.causes if c.probability >= LEAST_PROBABILITY)
        rows.append((_printed_cell(finding), Cell("; ".join(causes))))
    if not rows:
        return []
    return [
        Table(
            "Likely causes of what differs or is doubtful",
            ("As printed, by whom", "Cause and its probability"),
            tuple(rows),
        )
    ]


def consensus_table(consensus: Consensus, units: Units) -> Table:
    """Table of the sources on a height, each compared with all others."""
    rows = tuple(
        (
            Cell(
                member.vote.printed or units.height(member.vote.value_m, is_exact=True),
                member.vote.source,
                is_strong=True,
            ),
            _member_cell(member),
        )
        for member in consensus.members
    )
    return Table(
        f"Sources on the height of {consensus.name}", ("Height, by whom", "Against all others"), rows
    )


def _saddles_table(passing: PassStudy, units: Units) -> Table:
    rows = []
    for number, saddle in enumerate(passing.saddles, 1):
        falls = units.height_range(*saddle.depths_m)
        rows.append(
            (
                Cell(f"{number}", "may be meant" if saddle.is_meant else ""),
                Cell(
                    units.height(saddle.height_m, is_exact=True),
                    "" if saddle.is_certain else "uncertain beside a void",
                ),
                Cell(f"{saddle.lon:.5f}, {saddle.lat:.5f}"),
                Cell(units.length(saddle.distance_m)),
                Cell(MISSING if saddle.line_m is None else units.length(saddle.line_m)),
                Cell(falls),
            )
        )
    head = (
        "No. on the map",
        "Height",
        "Longitude, latitude",
        "From the position",
        "From the line",
        "Its sides fall",
    )
    return Table("Saddles of the terrain", head, tuple(rows))


def _facts(view: PassView, units: Units) -> list[str]:
    """Position, DEM height there, highest point of the route, and the itinerary's notes."""
    place, passing = view.place, view.passing
    where = (
        f"Position {place.lon:.5f}, {place.lat:.5f} (longitude, latitude), within "
        f"{units.height(place.position_uncertainty_m)} (95 %): {place.position_source}."
    )
    if place.is_sought:
        where = "Its position is not known; a DEM would tell where the pass between the two places lies."
    facts = [where]
    if passing is not None and passing.height_m is not None:
        facts.append(f"DEM at that position: {units.height(passing.height_m, is_exact=True)}.")
    if passing is not None and passing.line_top is not None:
        facts.append(line_top_words(passing.line_top, passing.reach_m).text(units))
    if passing is not None and passing.height_m is not None and not passing.candidates:
        facts.append("No saddle that the position may mean; its own height counts.")
    facts.extend(
        f"{figure.printed} ({figure.source}): {figure.note}." for figure in place.stated if figure.note
    )
    if place.note:
        facts.append(place.note)
    return facts
