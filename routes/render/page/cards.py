"""Popup cards of places and legs on the map, as HTML."""

from routes.analysis.figures.results import LegStudy
from routes.analysis.study import Study
from routes.analysis.verdicts.finding import Check, Finding
from routes.kernel.uncertainty import Z90
from routes.model.trek import Place
from routes.render.words.figures import kind_word, leg_title, length, line_word, verdict_word
from routes.render.words.markup import escape
from routes.render.words.reader import Reader


def place_card(study: Study, place: Place, reader: Reader) -> str:
    """Name, kind, note, heights with verdicts, and source of the position."""
    aliases = f" {reader.say('also', names=', '.join(place.aliases))}" if place.aliases else ""
    parts = [f"<b>{escape(place.name)}</b>{escape(aliases)}<br>{escape(kind_word(place.kind, reader))}"]
    if place.note:
        parts.append(escape(place.note))
    dem = study.place_heights_m.get(place.id)
    if dem is not None:
        parts.append(escape(reader.say("dem_height", height=reader.height(dem))))
    checks = [f for f in study.findings if f.subject == place.id and f.check is Check.DEM]
    if checks:
        why = {"" if _is_measured(finding) else finding.reason_in(reader.units) for finding in checks}
        # a reason that all share appears once
        shared = why.pop() if len(why) == 1 else ""
        rows = "".join(
            f'<li class="{finding.verdict.value}">{against_the_dem(finding, reader, has_reason=not shared)}</li>'
            for finding in checks
        )
        parts.append(f"<ul>{rows}</ul>{reader.english(shared) if shared else ''}")
    off = reader.height(place.position_uncertainty_m)
    said = "position_assumed" if place.assumed else "position"
    parts.append(f"<small>{escape(reader.say(said, source=place.position_source, off=off))}</small>")
    return "".join(f"<div>{part}</div>" for part in parts)


def _is_measured(finding: Finding) -> bool:
    return finding.estimate is not None and finding.u is not None


def against_the_dem(finding: Finding, reader: Reader, *, has_reason: bool = True) -> str:
    """One stated height compared with the DEM; `has_reason` adds why it could not be compared.

    For example ``"stated 3370 m (A map); DEM 3377 m ± 11 m (90 %): agrees"``.
    """
    claims = ", ".join(stated.cited for stated in finding.statements)
    verdict = verdict_word(finding.verdict, reader)
    if finding.estimate is None or finding.u is None:
        said = escape(reader.say("stated_only", claims=claims, verdict=verdict))
        return f"{said} {reader.english(finding.reason_in(reader.units))}" if has_reason else said
    dem, off = (reader.height(metres, is_exact=True) for metres in (finding.estimate, Z90 * finding.u))
    return escape(reader.say("stated_dem", claims=claims, height=dem, off=off, verdict=verdict))


def leg_card(study: Study, leg: LegStudy, reader: Reader) -> str:
    """Ends, length, ascent and descent, kind of line, and note."""
    title = reader.say("day_title", number=leg.day_number, title=leg_title(study.trek, leg, reader))
    parts = [f"<b>{escape(title)}</b>"]
    kinds = {leg.line.provenance}
    parts.append(escape(length(leg.length_m, kinds, reader, is_lower_bound=leg.is_lower_bound)))
    if leg.ascent_m is not None and leg.descent_m is not None:
        parts.append(escape(reader.say("ascent_of", climb=reader.climb(leg.ascent_m))))
        parts.append(escape(reader.say("descent_of", climb=reader.climb(leg.descent_m))))
    said = "line_of_assumed" if leg.leg.assumed else "line_of"
    words = reader.listed(line_word(kind, reader) for kind in leg.line.provenances)
    parts.append(f"<small>{escape(reader.say(said, kinds=words))}</small>")
    if leg.leg.note:
        parts.append(escape(leg.leg.note))
    return "".join(f"<div>{part}</div>" for part in parts)
