"""GPX of a finished study: a trek, a day, or the line of one leg."""

from collections.abc import Iterable, Sequence

import numpy as np

from routes.analysis.finding import Check, Finding
from routes.analysis.results import DayStudy, LegStudy, VariantStudy
from routes.analysis.study import Study
from routes.analysis.walked import walked_runs
from routes.io.gpx_write import GPXDocument, GPXSegment, GPXTrack, GPXWaypoint, gpx_text
from routes.model.estimate import Estimate
from routes.model.kinds import PlaceKind, Provenance
from routes.model.track import Line, Segment, osm_credit
from routes.model.units import Units

_COLOURS = (
    ("0072b2", "Blue"),
    ("d55e00", "Red"),
    ("009e73", "Green"),
    ("cc79a7", "Magenta"),
    ("8c5e00", "DarkYellow"),
    ("5d3a9b", "DarkMagenta"),
)
"""A colour a day (Okabe and Ito's palette, darkened where pale), and the nearest that Garmin names."""

_FIRST = (PlaceKind.PASS, PlaceKind.PEAK, PlaceKind.CAMP)
_KINDS = {
    Provenance.RECORDED: "Recorded line",
    Provenance.OSM: "Line along ways of OpenStreetMap",
    Provenance.MODELLED: "Modelled line, no recorded track",
    Provenance.SCHEMATIC: "Schematic line: straight from place to place",
}
_WARNING = {Provenance.MODELLED: "MODELLED ", Provenance.SCHEMATIC: "SCHEMATIC "}


def variant_gpx(study: Study, variant: VariantStudy, units: Units = Units.METRIC) -> str:
    """GPX of a variant: a track a day on foot, a segment a leg, waypoints with passes and camps first.

    Descriptions, which people read, are in `units`; every ``ele`` is in metres, as GPX has it.
    """
    tracks = [track for day in variant.days for track in _day_tracks(day, units)]
    title = study.trek.name if variant is study.default else f"{study.trek.name}, {variant.variant.name}"
    return _document(study, title, tracks, _place_ids(variant.days), units)


def day_gpx(study: Study, day: DayStudy, units: Units = Units.METRIC) -> str:
    """GPX of one day, with descriptions in `units`; without tracks if nothing of it is on foot."""
    title = f"{study.trek.name}, day {day.day.number}: {day.day.title}"
    return _document(study, title, list(_day_tracks(day, units)), _place_ids([day]), units)


def line_gpx(name: str, line: Line, attribution: str, *, made_on: str = "") -> str:
    """GPX of the line of one leg, as stored in ``data/gpx``: its provenance can be read back.

    Elevations are written if a recorder gave one to every point; a traced line has none.
    """
    segments = tuple(
        GPXSegment(
            segment.lon_deg,
            segment.lat_deg,
            segment.ele_m if segment.ele_m is not None and np.isfinite(segment.ele_m).all() else None,
            segment.provenance,
            segment.lateral_p90_m,
        )
        for segment in line.segments
        if _is_long(segment)
    )
    offset = (
        f" Nine tenths of the true way are expected within {line.lateral_p90_m:.0f} m of it."
        if line.lateral_p90_m is not None
        else ""
    )
    made = f" Made on {made_on}." if made_on else ""
    track = GPXTrack(
        name=f"{warning_of(line)}{name}",
        desc=f"{_KINDS[line.provenance]}.{offset}{made}",
        src=line.source,
        kind="hiking",
        colour=_COLOURS[0][0],
        garmin_colour=_COLOURS[0][1],
        segments=segments,
        provenance=line.provenance,
        lateral_p90_m=line.lateral_p90_m,
    )
    credits_ = " ".join(part for part in (attribution, osm_credit([line])) if part)
    return gpx_text(GPXDocument(name=name, desc="", attribution=credits_, tracks=(track,)))


def _is_long(segment: Segment) -> bool:
    """Whether a segment leads anywhere at the six decimals that are written; its neighbours meet without it."""
    return any(np.ptp(np.round(values, 6)) > 0.0 for values in (segment.lon_deg, segment.lat_deg))


def warning_of(line: Line) -> str:
    """First words of the name of a line that nobody recorded: apps show little else."""
    if line.provenance is Provenance.OSM and line.is_partly_modelled:
        return "PARTLY MODELLED "
    return _WARNING.get(line.provenance, "")


def _document(
    study: Study, title: str, tracks: Sequence[GPXTrack], place_ids: Iterable[str], units: Units
) -> str:
    heights = "; ".join(f"{p.title} ({p.vertical_datum}): {p.attribution}" for p in study.products)
    attribution = " ".join((*study.credits, *([f"Heights: {heights}."] if heights else [])))
    document = GPXDocument(
        name=title,
        desc=study.trek.summary,
        attribution=attribution,
        tracks=tuple(tracks),
        waypoints=tuple(_waypoints(study, place_ids, units)),
    )
    return gpx_text(document)


def _place_ids(days: Sequence[DayStudy]) -> list[str]:
    """Places of legs on foot and of nights, in order of travel, each once."""
    ids: dict[str, None] = {}
    for day in days:
        for leg in day.legs:
            if leg.is_on_foot:
                ids.update(dict.fromkeys(leg.leg.stops))
        if day.day.sleep is not None:
            ids[day.day.sleep] = None
    return list(ids)


def _day_tracks(day: DayStudy, units: Units) -> Iterable[GPXTrack]:
    """One track for each kind of line among the legs on foot of a day, so that its name tells what it is."""
    walked = [leg for leg in day.legs if leg.is_on_foot]
    colour, garmin_colour = _COLOURS[(day.day.number - 1) % len(_COLOURS)]
    for warning in dict.fromkeys(warning_of(leg.line) for leg in walked):
        legs = [leg for leg in walked if warning_of(leg.line) == warning]
        yield GPXTrack(
            name=f"{warning}Day {day.day.number}: {day.day.title}",
            desc=_track_desc(legs, units),
            src="; ".join(dict.fromkeys(leg.line.source for leg in legs)),
            kind="hiking",
            colour=colour,
            garmin_colour=garmin_colour,
            segments=tuple(segment for leg in legs for segment in _segments(leg)),
        )


def _track_desc(legs: Sequence[LegStudy], units: Units) -> str:
    parts = []
    for leg in legs:
        length = units.length(leg.length_m.value)
        text = (
            f"at least {length}, straight lines"
            if leg.is_lower_bound
            else f"{length} {leg.line.provenance} line"
        )
        if leg.ascent_m is not None and leg.descent_m is not None:
            text += f", ascent {_climb(leg.ascent_m, units)}, descent {_climb(leg.descent_m, units)}"
        parts.append(f"{leg.leg.id}: {text}")
    return "; ".join(parts) + "."


def _climb(estimate: Estimate, units: Units) -> str:
    if estimate.p10 is None or estimate.p90 is None:
        return units.height(estimate.value)
    return f"{units.height(estimate.value)} (P10 to P90: {units.height_range(estimate.p10, estimate.p90)})"


def _segments(leg: LegStudy) -> Iterable[GPXSegment]:
    """Points of the line with the heights of its profile; the line's own vertices stay."""
    for run in walked_runs(leg):
        yield GPXSegment(run.lon_deg, run.lat_deg, run.height_m)


def _waypoints(study: Study, place_ids: Iterable[str], units: Units) -> Iterable[GPXWaypoint]:
    places = [study.trek.place(place_id) for place_id in place_ids]
    for place in sorted(places, key=lambda place: place.kind not in _FIRST):
        height = study.place_heights_m.get(place.id)
        verdicts = [f for f in study.findings if f.subject == place.id and f.check is Check.DEM]
        parts = [place.note, *(_verdict_text(finding) for finding in verdicts)]
        if place.position_uncertainty_m >= 500.0:
            parts.append(f"Position uncertain by {units.length(place.position_uncertainty_m)}.")
        yield GPXWaypoint(
            lon=place.lon,
            lat=place.lat,
            ele_m=height if place.position_uncertainty_m < 500.0 else None,
            name=place.name,
            desc=" ".join(part for part in parts if part),
            kind=place.kind,
        )


def _verdict_text(finding: Finding) -> str:
    claim = finding.claims[0]
    return f"Stated {claim.printed} ({claim.source}): {finding.verdict}."
