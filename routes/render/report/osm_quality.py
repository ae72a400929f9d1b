"""List heights that OpenStreetMap's mappers should review, as Markdown."""

from collections.abc import Sequence

from routes.analysis.verdicts.places import ListedVerdict
from routes.model.units import Units
from routes.render.report.trek import plain

_GROUPS = (("differs", "Differ"), ("doubtful", "Are doubtful"), ("error", "Cannot be read"))


def osm_quality_markdown(verdicts: Sequence[ListedVerdict], *, basis: str = "") -> str:
    """Heights that differ, are doubtful, or cannot be read, each with a link to its OSM element.

    All text from files is escaped. Heights are in metres, like OpenStreetMap's key ``ele``. `basis` names the
    DEM behind the verdicts.
    """
    counts: dict[str, int] = {}
    for verdict in verdicts:
        counts[verdict.verdict] = counts.get(verdict.verdict, 0) + 1
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    parts = [
        "# Heights to look at",
        f"{len(verdicts)} places: {told}.{f' Held against {plain(basis)}.' if basis else ''}",
        (
            "These are hints for somebody who knows the place or has a better source: a sign on the spot, a survey, an "
            "official map whose licence allows it. A DEM is an estimate, and so is every figure suggested here. Do not "
            "change heights by machine or from this list alone "
            "(https://wiki.openstreetmap.org/wiki/Automated_Edits_code_of_conduct)."
        ),
    ]
    for key, title in _GROUPS:
        group = [verdict for verdict in verdicts if verdict.verdict == key]
        if group:
            parts.append(f"## {title} ({len(group)})")
            parts.append(
                "\n".join(f"- {_line(verdict)}" for verdict in sorted(group, key=_off, reverse=True))
            )
    return "\n\n".join(parts) + "\n"


def _off(verdict: ListedVerdict) -> float:
    """Deviation of a height in standard uncertainties, for sorting."""
    finding = verdict.finding
    if finding is None or finding.estimate is None or not finding.u or verdict.stated_m is None:
        return 0.0
    return abs(verdict.stated_m - finding.estimate) / finding.u


def _line(verdict: ListedVerdict) -> str:
    place, finding = verdict.place, verdict.finding
    name = plain(place.name or place.where)
    head = f"[{name}]({place.osm_url})" if place.osm else f"{name} ({plain(place.where)})"
    if place.lon is not None and place.lat is not None:
        head += f" at {place.lat:.6f}, {place.lon:.6f} (latitude, longitude)"
    if finding is None:
        return f"{head}: {plain(verdict.error)}"
    parts = [f"{head}: `ele` states {plain(place.printed)}"]
    suggestion = verdict.suggestion_m
    if suggestion is not None:
        value, half = suggestion
        parts.append(f"the DEM suggests `ele` = {value:.0f} (± {half:.0f} m, 90 %), to be confirmed")
    text = f"{'; '.join(parts)}."
    if finding.diagnosis is not None:
        text += f" {plain(finding.diagnosis.text(Units.METRIC))}"
    return text
