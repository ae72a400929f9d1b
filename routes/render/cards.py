"""Cards that open on the map: what is known of a place, and of a leg, as HTML."""

from routes.analysis.finding import Check
from routes.analysis.results import LegStudy
from routes.analysis.study import Study
from routes.model.trek import Place
from routes.model.units import Units
from routes.render.markup import escape
from routes.render.words import KIND_LABELS, PROVENANCE_LABELS, against_the_dem, leg_title, length


def place_card(study: Study, place: Place, units: Units) -> str:
    """Name, kind, note, heights with verdicts, and where the position comes from."""
    aliases = f" (also {', '.join(place.aliases)})" if place.aliases else ""
    parts = [f"<b>{escape(place.name)}</b>{escape(aliases)}<br>{escape(KIND_LABELS[place.kind])}"]
    if place.note:
        parts.append(escape(place.note))
    dem = study.place_heights_m.get(place.id)
    if dem is not None:
        parts.append(f"DEM {escape(units.height(dem))}")
    checks = [f for f in study.findings if f.subject == place.id and f.check is Check.DEM]
    if checks:
        rows = "".join(
            f'<li class="{finding.verdict.value}">{escape(against_the_dem(finding, units))}</li>'
            for finding in checks
        )
        parts.append(f"<ul>{rows}</ul>")
    source = f"Position: {place.position_source}, ± {units.height(place.position_uncertainty_m)}"
    parts.append(f"<small>{escape(source)}{' (assumed)' if place.assumed else ''}</small>")
    return "".join(f"<div>{part}</div>" for part in parts)


def leg_card(study: Study, leg: LegStudy, units: Units) -> str:
    """Ends, length, ascent and descent, what the line is, and the note."""
    parts = [f"<b>Day {leg.day_number}: {escape(leg_title(study.trek, leg))}</b>"]
    kinds = {leg.line.provenance}
    parts.append(escape(length(leg.length_m, kinds, units, is_lower_bound=leg.is_lower_bound)))
    if leg.ascent_m is not None and leg.descent_m is not None:
        parts.append(escape(f"Ascent {units.climb(leg.ascent_m)}"))
        parts.append(escape(f"Descent {units.climb(leg.descent_m)}"))
    assumed = " The leg is our assumption." if leg.leg.assumed else ""
    kinds_of_line = " and ".join(escape(PROVENANCE_LABELS[kind]) for kind in leg.line.provenances)
    parts.append(f"<small>Line: {kinds_of_line}.{assumed}</small>")
    if leg.leg.note:
        parts.append(escape(leg.leg.note))
    return "".join(f"<div>{part}</div>" for part in parts)
