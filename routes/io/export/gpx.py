"""Write GPX of a trek, a day, or the line of one leg."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from routes.analysis.figures.leg_points import leg_runs
from routes.analysis.figures.results import DayStudy, LegStudy, VariantStudy
from routes.analysis.study import Study
from routes.gpx.write.document import (
    ODBL,
    GPXDocument,
    GPXParts,
    GPXTrack,
    gpx_parts,
    gpx_text,
    text_of,
)
from routes.gpx.write.thinning import DEFAULT_THINNING, Thinning, thin_track
from routes.io.export.gpx_waypoints import sentences, waypoints
from routes.model.estimate import Estimate
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment, osm_credit
from routes.model.trek import Trek
from routes.model.units import Units

_COLOURS = (
    ("0072b2", "Blue"),
    ("d55e00", "Red"),
    ("009e73", "Green"),
    ("cc79a7", "Magenta"),
    ("8c5e00", "DarkYellow"),
    ("5d3a9b", "DarkMagenta"),
)
"""One colour per day (Okabe and Ito's palette, pale ones darkened), and Garmin's nearest named colour."""

_KINDS = {
    Provenance.RECORDED: "Recorded line",
    Provenance.OSM: "Line along ways of OpenStreetMap",
    Provenance.MODELLED: "Modelled line, no recorded track",
    Provenance.SCHEMATIC: "Schematic line: straight from place to place",
}
_WARNING = {Provenance.MODELLED: "MODELLED ", Provenance.SCHEMATIC: "SCHEMATIC "}


@dataclass(frozen=True, slots=True, eq=False)
class TrekGPX:
    """GPX of a trek as parts."""

    variants: Mapping[str, GPXParts]
    """Files of variants, by id."""

    days: Mapping[tuple[int | str, ...], GPXParts]
    """Files of days, by number and legs."""

    def day(self, day: DayStudy) -> GPXParts:
        """File of a day."""
        return self.days[_key(day)]


def variant_gpx(
    study: Study,
    variant: VariantStudy,
    units: Units = Units.METRIC,
    thinning: Thinning = DEFAULT_THINNING,
) -> str:
    """GPX of a variant: one track per walking day, one segment per leg, passes and camps first.

    Descriptions are in `units`; every ``ele`` is in metres, as GPX requires. Raises OutputError if a track
    cannot be reduced to the points that `thinning` allows.
    """
    return text_of(trek_gpx(study, [variant], [], units, thinning).variants[variant.variant.id])


def day_gpx(
    study: Study, day: DayStudy, units: Units = Units.METRIC, thinning: Thinning = DEFAULT_THINNING
) -> str:
    """GPX of one day, without tracks if it has no walk; units and errors as in `variant_gpx`."""
    return text_of(trek_gpx(study, [], [day], units, thinning).day(day))


def trek_gpx(
    study: Study,
    variants: Sequence[VariantStudy],
    days: Sequence[DayStudy],
    units: Units = Units.METRIC,
    thinning: Thinning = DEFAULT_THINNING,
) -> TrekGPX:
    """GPX of variants and days as in `variant_gpx` and `day_gpx`, each track and file made once."""
    known = {_key(day): day for day in (*days, *(day for variant in variants for day in variant.days))}
    tracks = {
        key: [thin_track(track, thinning, units) for track in _day_tracks(study.trek, day, units)]
        for key, day in known.items()
    }

    def parts(title: str, some: Sequence[DayStudy]) -> GPXParts:
        drawn = [track for day in some for track in tracks[_key(day)]]
        return gpx_parts(_document(study, title, some, drawn, units))

    return TrekGPX(
        variants={variant.variant.id: parts(_title(study, variant), variant.days) for variant in variants},
        days={
            _key(day): parts(f"{study.trek.name}, day {day.day.number}: {day.day.title}", [day])
            for day in {_key(day): day for day in days}.values()
        },
    )


def _key(day: DayStudy) -> tuple[int | str, ...]:
    """Key of days with the same GPX: a variant may leave out legs of a day."""
    return (day.day.number, *(leg.leg.id for leg in day.legs))


def _title(study: Study, variant: VariantStudy) -> str:
    """Title of a variant's file, which apps show."""
    return study.trek.name if variant.is_default else f"{study.trek.name}, {variant.variant.name}"


def gpx_name(study: Study, variant: VariantStudy) -> str:
    """File name of a variant's GPX: ``<trek>.gpx`` for the default, otherwise ``<trek>-<variant>.gpx``."""
    if variant.is_default:
        return f"{study.trek.id}.gpx"
    return f"{study.trek.id}-{variant.variant.id}.gpx"


def line_gpx(name: str, line: Line, attribution: str, *, author: str = "", made_on: str = "") -> str:
    """GPX of the line of one leg, as in ``data/gpx``; its provenance can be read back.

    It has elevations only if a device recorded one at every point.
    """
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
        segments=tuple(segment for segment in line.segments if _is_long(segment)),
        provenance=line.provenance,
        lateral_p90_m=line.lateral_p90_m,
    )
    credits_ = " ".join(part for part in (attribution, osm_credit([line])) if part)
    terms = ODBL if line.provenance is Provenance.OSM else None
    return gpx_text(
        GPXDocument(name=name, desc="", attribution=credits_, author=author, terms=terms, tracks=(track,))
    )


def _is_long(segment: Segment) -> bool:
    """Whether a segment has any length at the six decimals written; if not, its neighbours meet without it."""
    return any(np.ptp(np.round(values, 6)) > 0.0 for values in (segment.lon_deg, segment.lat_deg))


def warning_of(line: Line) -> str:
    """Warning that begins the name of a line without a recording; apps show little else."""
    if line.provenance is Provenance.OSM and line.is_partly_modelled:
        return "PARTLY MODELLED "
    return _WARNING.get(line.provenance, "")


def _document(
    study: Study, title: str, days: Sequence[DayStudy], tracks: Sequence[GPXTrack], units: Units
) -> GPXDocument:
    """File of days with their tracks."""
    heights = "; ".join(
        f"{p.title} ({p.vertical_datum}; {p.licence}): {p.attribution}" for p in study.products
    )
    attribution = [study.trek.attribution, osm_credit(leg.line for day in days for leg in day.legs)]
    attribution += [f"Heights: {heights}"] if heights else []
    is_osm = any(leg.line.provenance is Provenance.OSM for day in days for leg in day.legs)
    return GPXDocument(
        name=title,
        desc=study.trek.summary,
        attribution=sentences(attribution),
        author=study.trek.author,
        terms=ODBL if is_osm else None,
        keywords=("hiking", study.trek.region, study.trek.country),
        tracks=tuple(tracks),
        waypoints=tuple(waypoints(study, _place_ids(days), units)),
    )


def _place_ids(days: Sequence[DayStudy]) -> list[str]:
    """Ids of the places of walking legs and nights, in travel order, each once."""
    ids: dict[str, None] = {}
    for day in days:
        for leg in day.legs:
            if leg.is_on_foot:
                ids.update(dict.fromkeys(leg.leg.stops))
        if day.day.sleep is not None:
            ids[day.day.sleep] = None
    return list(ids)


def _day_tracks(trek: Trek, day: DayStudy, units: Units) -> Iterable[GPXTrack]:
    """Yield one track per kind of line in a day's walk, named by that kind."""
    walked = [leg for leg in day.legs if leg.is_on_foot]
    colour, garmin_colour = _COLOURS[(day.day.number - 1) % len(_COLOURS)]
    for warning in dict.fromkeys(warning_of(leg.line) for leg in walked):
        legs = [leg for leg in walked if warning_of(leg.line) == warning]
        yield GPXTrack(
            name=f"{warning}Day {day.day.number}: {day.day.title}",
            desc=_track_desc(trek, legs, units),
            src="; ".join(dict.fromkeys(leg.line.source for leg in legs)),
            kind="hiking",
            colour=colour,
            garmin_colour=garmin_colour,
            segments=tuple(segment for leg in legs for segment in _segments(leg)),
        )


def _track_desc(trek: Trek, legs: Sequence[LegStudy], units: Units) -> str:
    parts = []
    for leg in legs:
        length = units.length(leg.length_m.value)
        text = (
            f"at least {length}, straight lines"
            if leg.is_lower_bound
            else f"{length} {leg.line.provenance} line"
        )
        if leg.line.provenance is Provenance.MODELLED and leg.length_model is not None:
            drawn = units.length(leg.length_model.drawn_m)
            text = f"{length} as trails wind, {drawn} along the {leg.line.provenance} line"
        if leg.ascent_m is not None and leg.descent_m is not None:
            text += f", ascent {_climb(leg.ascent_m, units)}, descent {_climb(leg.descent_m, units)}"
        start, end = trek.place(leg.leg.start).name, trek.place(leg.leg.end).name
        parts.append(f"{start if start == end else f'{start} to {end}'}: {text}")
    return "; ".join(parts) + "."


def _climb(estimate: Estimate, units: Units) -> str:
    if estimate.p10 is None or estimate.p90 is None:
        return units.height(estimate.value)
    return f"{units.height(estimate.value)} (P10 to P90: {units.height_range(estimate.p10, estimate.p90)})"


def _segments(leg: LegStudy) -> Iterable[Segment]:
    """Yield the points of a leg's line, its own vertices included, with the heights of its profile."""
    for run in leg_runs(leg, is_whole=True):
        points = run.points
        yield Segment(points.lon_deg, points.lat_deg, points.height_m if points.has_heights else None)
