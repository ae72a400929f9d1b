"""Sections of the page below the map: tables, lists and notes, as HTML."""

from collections.abc import Iterable, Sequence

from routes.analysis.finding import Finding, Verdict
from routes.analysis.outing import Outing
from routes.analysis.results import DayStudy, LegStudy, Totals, VariantStudy
from routes.analysis.study import Study
from routes.model.estimate import Estimate
from routes.model.trek import Place, Trek
from routes.model.units import Units
from routes.render.effort_words import duration, how_told
from routes.render.markup import escape
from routes.render.palette import INK, TRANSPORT_COLOUR, day_colour, stroke_of
from routes.render.words import (
    AGAINST_THE_GROUND,
    KIND_LABELS,
    MISSING,
    MODE_LABELS,
    PROVENANCE_LABELS,
    VERDICT_MEANING,
    VERDICT_ORDER,
    by_mode,
    climb,
    height,
    how_made,
    months,
    on_foot,
    ordered,
    quantity,
    reasons,
    variant_text,
)

OPEN_ROWS = 12
"""Rows of verdicts that are shown at once; the others are folded."""


def legend(variant: VariantStudy) -> str:
    """Strokes that the map of a variant uses, as a list."""
    entries: dict[str, tuple[str, float, str | None]] = {}
    for leg in variant.legs:
        for provenance in leg.line.provenances:
            stroke = stroke_of(leg, provenance)
            name, colour = f"on foot: {PROVENANCE_LABELS[provenance]}", INK
            if not leg.is_on_foot:
                name, colour = MODE_LABELS[leg.leg.mode], TRANSPORT_COLOUR
            entries.setdefault(name, (colour, stroke.width_px, stroke.dash))
    items = []
    for name, (colour, width, dash) in entries.items():
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        line = (
            f'<svg viewBox="0 0 34 10" aria-hidden="true"><path d="M2 5h30" stroke="{colour}" stroke-width="{width:g}" '
            f'stroke-linecap="round"{dashes}/></svg>'
        )
        items.append(f"<li>{line}{escape(name)}</li>")
    if any(leg.line.lateral_of(part) for leg in variant.legs if leg.is_on_foot for part in leg.line.segments):
        band = f'<path d="M0 5h34" stroke="{day_colour(1)}" stroke-width="10" stroke-opacity=".25"/>'
        items.append(
            f'<li><svg viewBox="0 0 34 10" aria-hidden="true">{band}</svg>nine tenths of the true way lie within</li>'
        )
    days = [day for day in variant.days if any(leg.is_on_foot for leg in day.legs)]
    items.extend(
        f'<li><span class="swatch" style="background:{day_colour(day.day.number)}"></span>Day {day.day.number}</li>'
        for day in days
    )
    return f'<ul class="legend" aria-label="Legend of the map">{"".join(items)}</ul>'


def days_table(study: Study, variant: VariantStudy, outing: Outing, units: Units) -> str:
    """Table with one row a day and a row of sums; missing figures refer to footnotes."""
    notes: dict[str, int] = {}
    prefix = f"missing-{variant.variant.id}"
    method = outing.parameters.method
    body = "".join(
        _day_row(study.trek, day, found.effort.time_s(method), notes, prefix, units)
        for day, found in zip(variant.days, outing.days, strict=True)
    )
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in (
            "Day",
            "Title",
            "From and to",
            "On foot",
            "Ascent",
            "Descent",
            "Walking time",
            "Highest",
            "Lowest",
            "Night at",
        )
    )
    total = _figures(variant.totals, variant.legs, outing.effort.time_s(method), notes, prefix, units)
    foot = f'<tr><th scope="row" colspan="3">In all</th>{total}<td></td></tr>'
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody><tfoot>{foot}</tfoot></table>"
    footnotes = "".join(
        f'<li id="{prefix}-{number}">{escape(reason[:1].upper() + reason[1:])}.</li>'
        for reason, number in notes.items()
    )
    listed = f'<ol class="notes" aria-label="Why figures are missing">{footnotes}</ol>' if footnotes else ""
    return _scroll(table, "Figures by day") + listed


def _day_row(
    trek: Trek, day: DayStudy, time_s: Estimate | None, notes: dict[str, int], prefix: str, units: Units
) -> str:
    ends = MISSING
    if day.legs:
        start, end = (trek.place(place_id).name for place_id in (day.legs[0].leg.start, day.legs[-1].leg.end))
        ends = start if start == end else f"{start} to {end}"
    sleep = trek.place(day.day.sleep).name if day.day.sleep else MISSING
    return (
        f'<tr><th scope="row"><span class="swatch" style="background:{day_colour(day.day.number)}"></span>'
        f"{day.day.number}</th><td>{escape(day.day.title)}</td><td>{escape(ends)}</td>"
        f"{_figures(day.totals, day.legs, time_s, notes, prefix, units)}<td>{escape(sleep)}</td></tr>"
    )


def _figures(
    totals: Totals,
    legs: Sequence[LegStudy],
    time_s: Estimate | None,
    notes: dict[str, int],
    prefix: str,
    units: Units,
) -> str:
    """Cells of distance, ascent, descent, walking time, highest and lowest point."""
    why = reasons(legs)
    dash = f"<td>{MISSING}</td>"
    if why:
        number = notes.setdefault(why, len(notes) + 1)
        link = f'<a href="#{prefix}-{number}" aria-label="why: note {number}">{number}</a>'
        dash = f"<td>{MISSING}&nbsp;<sup>{link}</sup></td>"
    cells = [f"<td>{escape(on_foot(totals, legs, units))}</td>"]
    cells.extend(
        dash if estimate is None else f"<td>{escape(climb(estimate, units))}</td>"
        for estimate in (totals.ascent_m, totals.descent_m)
    )
    cells.append(f"<td>{escape(duration(time_s))}</td>")  # why it is missing stands beside the ascent
    cells.extend(
        dash if level is None else f"<td>{escape(height(level, units)).replace(' ', '&nbsp;')}</td>"
        for level in (totals.high_m, totals.low_m)
    )
    return "".join(cells)


def modes_table(variant: VariantStudy, units: Units) -> str:
    """Table of length by mode."""
    rows = "".join(
        f'<tr><th scope="row">{escape(mode[:1].upper() + mode[1:])}</th><td>{escape(text)}</td></tr>'
        for mode, text in by_mode(variant, units)
    )
    return f'<table class="narrow"><tbody>{rows}</tbody></table>'


def variants_list(study: Study, shown: VariantStudy, units: Units) -> str:
    """List of the ways to do the trek; the shown one is marked."""
    items = []
    for other in study.variants:
        text = f"{variant_text(other.variant)}; on foot {on_foot(other.totals, other.legs, units)}."
        note = f" {other.variant.note}" if other.variant.note else ""
        mark = " <strong>Shown on this page.</strong>" if other is shown else ""
        items.append(f"<li><b>{escape(other.variant.name)}</b>: {escape(text + note)}{mark}</li>")
    return f"<ul>{''.join(items)}</ul>"


def verdicts(study: Study, units: Units) -> str:
    """Count and tables of verdicts: against the ground, and statements against one another."""
    findings = ordered(study.findings)
    if not findings:
        return "<p>No stated figure to check.</p>"
    counts = ", ".join(
        f'<span class="verdict {verdict.value}">{sum(f.verdict is verdict for f in findings)} {verdict.value}</span>'
        for verdict in VERDICT_ORDER
    )
    meanings = "; ".join(f"{verdict.value}: {meaning}" for verdict, meaning in VERDICT_MEANING.items())
    parts = [f'<p>{counts}.</p><p class="soft">{escape(meanings[:1].upper() + meanings[1:])}.</p>']
    groups = [
        (title, [finding for finding in findings if (finding.check in AGAINST_THE_GROUND) is is_ground])
        for title, is_ground in (("Against DEM and lines", True), ("Statements against one another", False))
    ]
    # the group with the gravest verdict first
    groups.sort(
        key=lambda group: VERDICT_ORDER.index(group[1][0].verdict) if group[1] else len(VERDICT_ORDER)
    )
    parts.extend(
        f"<h3>{title}</h3>{_verdict_tables(title, group, units)}" for title, group in groups if group
    )
    return "".join(parts)


def _verdict_tables(title: str, findings: Sequence[Finding], units: Units) -> str:
    """Table of the first rows, and the others folded; a group without any verdict is folded as a whole."""
    shown = 0 if all(finding.verdict is Verdict.UNDECIDED for finding in findings) else OPEN_ROWS
    first, rest = findings[:shown], findings[shown:]
    if shown and len(rest) <= 3:
        return _verdict_table(title, findings, units)
    table = _verdict_table(title, first, units) if first else ""
    name = f"{len(rest)} more" if first else f"{len(rest)} {Verdict.UNDECIDED.value}"
    folded = _verdict_table(f"{title}: {name}", rest, units)
    return f"{table}<details><summary>{name}</summary>{folded}</details>"


def _verdict_table(label: str, findings: Sequence[Finding], units: Units) -> str:
    rows = "".join(_verdict_row(finding, units) for finding in findings)
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("Verdict", "About", "As printed, by whom", "Reason")
    )
    table = f'<table class="verdicts"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return _scroll(table, label)


def _verdict_row(finding: Finding, units: Units) -> str:
    claims = "<br>".join(
        f"<b>{escape(claim.printed)}</b> <small>{escape(claim.source)}</small>" for claim in finding.claims
    )
    about = f"{escape(finding.name)}<br><small>{escape(quantity(finding))}</small>"
    basis = f"<br><small>{escape(finding.basis)}</small>" if finding.basis else ""
    return (
        f'<tr><td class="verdict {finding.verdict.value}">{finding.verdict.value}</td><td>{about}</td><td>{claims}</td>'
        f"<td>{escape(finding.told_in(units))}{basis}</td></tr>"
    )


def seasons_and_facts(trek: Trek) -> str:
    """Seasons and facts with their sources; "" when there are none."""
    items = []
    for season in trek.seasons:
        when = " and ".join(season.seasons) or months(season.months)
        note = f" ({season.note})" if season.note else ""
        items.append(_sourced(f"{season.kind.value.capitalize()} time: {when}{note}", season.source))
    items.extend(_sourced(f"{_topic(fact.topic)}: {fact.text}", fact.source) for fact in trek.facts)
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _topic(topic: str) -> str:
    text = topic.replace("-", " ")
    return text[:1].upper() + text[1:]


def _sourced(text: str, source: str) -> str:
    return f"<li>{escape(text)} <small>{escape(source)}</small></li>"


def places_table(study: Study, units: Units) -> str:
    """All places with kind, position and DEM height, folded."""
    head = "".join(
        f'<th scope="col">{n}</th>' for n in ("Place", "Kind", "Longitude, latitude", "Within", "DEM")
    )
    rows = "".join(_place_row(study, place, units) for place in study.trek.places)
    table = _scroll(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>", "Places")
    return f"<details><summary>{len(study.trek.places)} places</summary>{table}</details>"


def _place_row(study: Study, place: Place, units: Units) -> str:
    assumed = " (assumed)" if place.assumed else ""
    dem = height(study.place_heights_m.get(place.id), units)
    return (
        f'<tr><th scope="row">{escape(place.name)}</th><td>{escape(KIND_LABELS[place.kind])}</td>'
        f"<td>{place.lon:.5f}, {place.lat:.5f}</td><td>± {units.height(place.position_uncertainty_m)}{assumed}</td>"
        f"<td>{escape(dem)}</td></tr>"
    )


def paragraphs(texts: Iterable[str]) -> str:
    """Texts as a list."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<ul class="notes">{items}</ul>' if items else ""


def making(study: Study, outing: Outing, units: Units) -> str:
    """How the figures were made, and who asks for credit."""
    asked = (f"Sources ask for this credit: {credit}" for credit in study.credits)
    return paragraphs((*how_made(study, units), *how_told(outing, units), *asked))


def _scroll(table: str, label: str) -> str:
    """Table in a box that scrolls sideways and can be reached by keyboard."""
    return f'<div class="scroll" role="region" aria-label="{escape(label)}" tabindex="0">{table}</div>'
