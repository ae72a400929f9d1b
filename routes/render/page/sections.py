"""Sections of the page below the map: tables, lists and notes, as HTML."""

from collections.abc import Iterable, Sequence

from routes.analysis.figures.results import DayStudy, LegStudy, Totals, VariantStudy
from routes.analysis.study import Study
from routes.analysis.verdicts.finding import Finding, Verdict
from routes.analysis.walking.outing import Outing
from routes.model.figures import StatedSeason
from routes.model.language import Language
from routes.model.trek import Place, Trek
from routes.render.drawing.palette import INK, TRANSPORT_COLOUR, day_colour, stroke_of
from routes.render.words.figures import (
    AGAINST_THE_GROUND,
    MISSING,
    VERDICT_ORDER,
    by_mode,
    climb,
    height,
    how_made,
    kind_word,
    line_word,
    mode_word,
    on_foot,
    ordered,
    quantity,
    reasons,
    time_of_year,
    variant_text,
    verdict_word,
)
from routes.render.words.markup import escape
from routes.render.words.reader import Reader
from routes.render.words.walking import duration, how_told

OPEN_ROWS = 12
"""Verdict rows shown at first; the rest is folded."""


def legend(variant: VariantStudy, reader: Reader) -> str:
    """List of the line styles on a variant's map."""
    entries: dict[str, tuple[str, float, str | None]] = {}
    for leg in variant.legs:
        for provenance in leg.line.provenances:
            stroke = stroke_of(leg, provenance)
            name, colour = reader.say("on_foot_line", line=line_word(provenance, reader)), INK
            if not leg.is_on_foot:
                name, colour = mode_word(leg.leg.mode, reader), TRANSPORT_COLOUR
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
            f'<li><svg viewBox="0 0 34 10" aria-hidden="true">{band}</svg>{escape(reader.say("band"))}</li>'
        )
    days = [day for day in variant.days if day.is_on_foot]
    items.extend(
        f'<li><span class="swatch" style="background:{day_colour(day.day.number)}"></span>'
        f"{escape(reader.say('day', number=day.day.number))}</li>"
        for day in days
    )
    return f'<ul class="legend" aria-label="{escape(reader.say("legend"))}">{"".join(items)}</ul>'


def days_table(study: Study, variant: VariantStudy, reader: Reader) -> str:
    """Table with one row per day and a total; missing figures have footnotes."""
    notes: dict[str, int] = {}
    prefix = f"missing-{variant.variant.id}"
    body = "".join(_day_row(study.trek, day, notes, prefix, reader) for day in variant.days)
    head = _head(
        reader, "day", "title", "ends", "foot", "ascent", "descent", "time", "high", "low", "night"
    )  # fmt: skip
    total = _figures(variant.totals, variant.legs, notes, prefix, reader)
    foot = f'<tr><th scope="row" colspan="3">{escape(reader.say("in_all"))}</th>{total}<td></td></tr>'
    table = f"<table>{head}<tbody>{body}</tbody><tfoot>{foot}</tfoot></table>"
    footnotes = "".join(
        f'<li id="{prefix}-{number}">{reader.english(reason[:1].upper() + reason[1:] + ".")}</li>'
        for reason, number in notes.items()
    )
    listed = (
        f'<ol class="notes" aria-label="{escape(reader.say("why_missing"))}">{footnotes}</ol>'
        if footnotes
        else ""
    )
    return _scroll(table, reader.say("days_table")) + listed


def _day_row(trek: Trek, day: DayStudy, notes: dict[str, int], prefix: str, reader: Reader) -> str:
    """Row of one day."""
    ends = MISSING
    if day.legs:
        start, end = (trek.place(place_id).name for place_id in (day.legs[0].leg.start, day.legs[-1].leg.end))
        ends = start if start == end else reader.say("from_to", start=start, end=end)
    sleep = trek.place(day.day.sleep).name if day.day.sleep else MISSING
    return (
        f'<tr><th scope="row"><span class="swatch" style="background:{day_colour(day.day.number)}"></span>'
        f"{day.day.number}</th><td>{escape(day.day.title)}</td><td>{escape(ends)}</td>"
        f"{_figures(day.totals, day.legs, notes, prefix, reader)}<td>{escape(sleep)}</td></tr>"
    )


def _figures(
    totals: Totals,
    legs: Sequence[LegStudy],
    notes: dict[str, int],
    prefix: str,
    reader: Reader,
) -> str:
    """Cells of distance, ascent, descent, walking time, highest and lowest point."""
    why = reasons(legs)
    dash = f"<td>{MISSING}</td>"
    if why:
        number = notes.setdefault(why, len(notes) + 1)
        link = f'<a href="#{prefix}-{number}" aria-label="{escape(reader.say("why_note", number=number))}">{number}</a>'
        dash = f"<td>{MISSING}&nbsp;<sup>{link}</sup></td>"
    cells = [f"<td>{escape(on_foot(totals, legs, reader))}</td>"]
    cells.extend(
        dash if estimate is None else f"<td>{escape(climb(estimate, reader))}</td>"
        for estimate in (totals.ascent_m, totals.descent_m)
    )
    cells.append(
        f"<td>{escape(duration(totals.effort.time_s, reader))}</td>"
    )  # the ascent's footnote explains this gap too
    cells.extend(
        dash if level is None else f"<td>{escape(height(level, reader)).replace(' ', '&nbsp;')}</td>"
        for level in (totals.high_m, totals.low_m)
    )
    return "".join(cells)


def modes_table(variant: VariantStudy, reader: Reader) -> str:
    """Table of length by mode of travel."""
    rows = "".join(
        f'<tr><th scope="row">{escape(mode[:1].upper() + mode[1:])}</th><td>{escape(text)}</td></tr>'
        for mode, text in by_mode(variant, reader)
    )
    return f'<table class="narrow"><tbody>{rows}</tbody></table>'


def variants_list(study: Study, shown: VariantStudy, reader: Reader) -> str:
    """List of the variants, the shown one marked."""
    items = []
    for other in study.variants:
        walked = on_foot(other.totals, other.legs, reader)
        text = reader.say("variant_foot", days=variant_text(other.variant, reader), length=walked)
        note = f" {other.variant.note}" if other.variant.note else ""
        mark = f" <strong>{escape(reader.say('shown_here'))}</strong>" if other is shown else ""
        items.append(f"<li><b>{escape(other.variant.name)}</b>: {escape(text + note)}{mark}</li>")
    return f"<ul>{''.join(items)}</ul>"


def verdicts(study: Study, reader: Reader) -> str:
    """Number and tables of verdicts: figures against terrain and route, then sources compared."""
    findings = ordered(study.findings)
    if not findings:
        return f"<p>{escape(reader.say('nothing_to_check'))}</p>"
    counts = ", ".join(
        f'<span class="verdict {verdict.value}">{sum(f.verdict is verdict for f in findings)} '
        f"{escape(verdict_word(verdict, reader))}</span>"
        for verdict in VERDICT_ORDER
    )
    meanings = "; ".join(
        f"{verdict_word(verdict, reader)}: {reader.say(f'means_{verdict.value}')}"
        for verdict in VERDICT_ORDER
    )
    parts = [f'<p>{counts}.</p><p class="soft">{escape(meanings[:1].upper() + meanings[1:])}.</p>']
    groups = [
        (title, [finding for finding in findings if (finding.check in AGAINST_THE_GROUND) is is_ground])
        for title, is_ground in ((reader.say("against_ground"), True), (reader.say("against_others"), False))
    ]
    # gravest verdict first
    groups.sort(
        key=lambda group: VERDICT_ORDER.index(group[1][0].verdict) if group[1] else len(VERDICT_ORDER)
    )
    parts.extend(
        f"<h3>{escape(title)}</h3>{_verdict_tables(study, title, group, reader)}"
        for title, group in groups
        if group
    )
    return "".join(parts)


def _verdict_tables(study: Study, title: str, findings: Sequence[Finding], reader: Reader) -> str:
    """Table whose rows beyond the first are folded; a group without verdicts is folded entirely."""
    shown = 0 if all(finding.verdict is Verdict.UNDECIDED for finding in findings) else OPEN_ROWS
    first, rest = findings[:shown], findings[shown:]
    if shown and len(rest) <= 3:
        return _verdict_table(study, title, findings, reader)
    table = _verdict_table(study, title, first, reader) if first else ""
    name = reader.say("more_rows" if first else "undecided_rows", count=len(rest))
    folded = _verdict_table(study, reader.say("rows_of", title=title, name=name), rest, reader)
    return f"{table}<details><summary>{escape(name)}</summary>{folded}</details>"


def _verdict_table(study: Study, label: str, findings: Sequence[Finding], reader: Reader) -> str:
    rows = "".join(_verdict_row(study, finding, reader) for finding in findings)
    head = _head(reader, "verdict", "about", "printed", "reason")
    table = f'<table class="verdicts">{head}<tbody>{rows}</tbody></table>'
    return _scroll(table, label)


def _verdict_row(study: Study, finding: Finding, reader: Reader) -> str:
    # the study's own words (reasons, seasons in figures) are English
    english = "" if reader.language is Language.ENGLISH else ' lang="en"'
    printed = "<br>".join(
        f"<b{english if isinstance(stated, StatedSeason) else ''}>{escape(stated.printed)}</b> "
        f"<small>{escape(stated.source)}</small>"
        for stated in finding.statements
    )
    about = (
        f"{escape(_subject(study, finding, reader))}<br><small>{escape(quantity(finding, reader))}</small>"
    )
    basis = f"<br><small>{escape(finding.basis)}</small>" if finding.basis else ""
    return (
        f'<tr><td class="verdict {finding.verdict.value}">{escape(verdict_word(finding.verdict, reader))}</td>'
        f"<td>{about}</td><td>{printed}</td><td{english}>{escape(finding.told_in(reader.units))}{basis}</td></tr>"
    )


def _subject(study: Study, finding: Finding, reader: Reader) -> str:
    """Name of a finding's subject; a leg is named by its ends."""
    trek = study.trek
    leg = next((leg.leg for leg in study.legs if leg.leg.id == finding.subject), None)
    if leg is None:
        return finding.name
    return reader.say("from_to", start=trek.place(leg.start).name, end=trek.place(leg.end).name)


def seasons_and_facts(trek: Trek, reader: Reader) -> str:
    """Seasons and facts with their sources; "" if there are none."""
    items = []
    for season in trek.seasons:
        said = reader.say(f"season_{season.kind.value}", when=time_of_year(season, reader))
        note = f" ({season.note})" if season.note else ""
        items.append(_sourced(said + note, season.source))
    items.extend(_sourced(f"{_topic(fact.topic)}: {fact.text}", fact.source) for fact in trek.facts)
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _topic(topic: str) -> str:
    text = topic.replace("-", " ")
    return text[:1].upper() + text[1:]


def _sourced(text: str, source: str) -> str:
    return f"<li>{escape(text)} <small>{escape(source)}</small></li>"


def places_table(study: Study, reader: Reader) -> str:
    """All places with kind, position and DEM height, folded."""
    rows = "".join(_place_row(study, place, reader) for place in study.trek.places)
    head = _head(reader, "place", "kind", "lonlat", "within", "dem")
    table = _scroll(f"<table>{head}<tbody>{rows}</tbody></table>", reader.say("places"))
    count = escape(reader.say("places_count", count=len(study.trek.places)))
    return f"<details><summary>{count}</summary>{table}</details>"


def _place_row(study: Study, place: Place, reader: Reader) -> str:
    off = reader.height(place.position_uncertainty_m)
    within = reader.say("within_assumed" if place.assumed else "within", off=off)
    dem = height(study.place_heights_m.get(place.id), reader)
    return (
        f'<tr><th scope="row">{escape(place.name)}</th><td>{escape(kind_word(place.kind, reader))}</td>'
        f"<td>{place.lon:.5f}, {place.lat:.5f}</td><td>{escape(within)}</td>"
        f"<td>{escape(dem)}</td></tr>"
    )


def paragraphs(texts: Iterable[str], language: Language | None = None) -> str:
    """Texts as a list, marked with their language if it is not the page's."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    mark = "" if language is None else f' lang="{language.value}"'
    return f'<ul class="notes"{mark}>{items}</ul>' if items else ""


def english_notes(texts: Iterable[str], reader: Reader) -> str:
    """The study's English sentences as a list, with a note in other languages that they are English."""
    if reader.language is Language.ENGLISH:
        return paragraphs(texts)
    listed = paragraphs(texts, Language.ENGLISH)
    return f'<p class="notes">{escape(reader.say("in_english"))}</p>{listed}' if listed else ""


def making(study: Study, outing: Outing, reader: Reader) -> str:
    """How the figures were computed, and credits."""
    units = reader.units
    asked = (f"Sources ask for this credit: {credit}" for credit in study.credits)
    return english_notes((*how_made(study, units), *how_told(outing, units), *asked), reader)


def _head(reader: Reader, *names: str) -> str:
    cells = "".join(f'<th scope="col">{escape(reader.say(f"col_{name}"))}</th>' for name in names)
    return f"<thead><tr>{cells}</tr></thead>"


def _scroll(table: str, label: str) -> str:
    """Table in a box that scrolls sideways and works with the keyboard."""
    return f'<div class="scroll" role="region" aria-label="{escape(label)}" tabindex="0">{table}</div>'
