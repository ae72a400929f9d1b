"""Data for the page's script: lines, cards, places, contour lines and files."""

from collections.abc import Mapping, Sequence

import numpy as np
from shapely import LineString

from routes.analysis.figures.leg_points import LegRun, leg_runs
from routes.analysis.figures.results import DayStudy, LegStudy, VariantStudy
from routes.analysis.study import Study
from routes.model.estimate import Estimate
from routes.model.kinds import Mode, PlaceKind
from routes.model.track import Line
from routes.model.trek import Place
from routes.model.units import Units
from routes.render.drawing.palette import (
    GRADIENT_COLOURS,
    GRADIENT_EDGES_PCT,
    MINOR_KINDS,
    TECHNICAL_KINDS,
    day_colour,
    stroke_of,
)
from routes.render.page.cards import leg_card, place_card
from routes.render.page.coding import CHARACTERS, fixed
from routes.render.page.contours import contour_data
from routes.render.page.downloads import Download, Shelf, packed
from routes.render.page.tiles import TILES_ATTRIBUTION, TILES_URL
from routes.render.words.catalogue import CATALOGUES
from routes.render.words.figures import kind_word, leg_title
from routes.render.words.markup import escape
from routes.render.words.reader import Reader

BASELINE_M = 100.0
"""Shortest distance over which the page takes gradients, metres; two DEM rows if that is more."""

_RIDE_TOLERANCE_DEG = 2e-5
"""Allowed deviation of a drawn ride, degrees: two metres, as nobody follows it on foot."""


def page_data(
    study: Study,
    variants: Sequence[VariantStudy],
    reader: Reader,
    downloads: Mapping[str, Sequence[Download]],
) -> Mapping[str, object]:
    """Data of a page as plain values, each point stored once; docs/explanation.md describes the encoding.

    `variants` are those that the page can show, the initial one first; `downloads` are files by variant id.
    """
    shelf = Shelf()
    legs = {leg.leg.id: leg for variant in variants for leg in variant.legs}
    data: dict[str, object] = {
        "imperial": reader.units is Units.IMPERIAL,
        "words": CATALOGUES[reader.language].script_words,
        "characters": CHARACTERS,
        "tiles": {"url": TILES_URL, "attribution": TILES_ATTRIBUTION},
        "baseline_m": _baseline_m(study),
        "edges": GRADIENT_EDGES_PCT,
        "gradient_colours": GRADIENT_COLOURS,
        "legs": {leg_id: _leg(study, leg, shelf, reader) for leg_id, leg in legs.items()},
        "places": [_place(study, place, reader) for place in study.trek.places],
        "variants": [
            {
                "id": variant.variant.id,
                "days": [_day(day, reader) for day in variant.days],
                "shown": [leg.leg.id for leg in shown_legs(variant)],
                "places": _places_on_the_way(study, variant),
                "files": packed(downloads.get(variant.variant.id, ()), shelf),
            }
            for variant in variants
        ],
        "contours": None if study.terrain is None else contour_data(study.terrain, reader.units),
    }
    return data | {"runs": shelf.runs, "texts": shelf.texts}


def _baseline_m(study: Study) -> float:
    rows_m = [profile.dem_spacing_m for leg in study.legs for profile in leg.profiles]
    return round(max([BASELINE_M, *(2.0 * row_m for row_m in rows_m)]), 1)


def shown_legs(variant: VariantStudy) -> Sequence[LegStudy]:
    """Legs of the profile and of the first view: hikes, or all walks if there are none."""
    hikes = [leg for leg in variant.legs if leg.leg.mode is Mode.HIKE]
    return hikes or [leg for leg in variant.legs if leg.is_on_foot]


def _day(day: DayStudy, reader: Reader) -> Mapping[str, object]:
    return {
        "name": escape(reader.say("day_title", number=day.day.number, title=day.day.title)),
        "colour": day_colour(day.day.number),
        "legs": [leg.leg.id for leg in day.legs],
    }


def _leg(study: Study, leg: LegStudy, shelf: Shelf, reader: Reader) -> Mapping[str, object]:
    runs = leg_runs(leg, is_whole=True) if leg.is_on_foot else ()
    data: dict[str, object] = {
        "d": leg.day_number,
        "m": round(leg.length_m.value, 2),
        "foot": leg.is_on_foot,
        "least": leg.is_lower_bound,
        "title": escape(
            reader.say("day_title", number=leg.day_number, title=leg_title(study.trek, leg, reader))
        ),
        "card": leg_card(study, leg, reader),
        "colour": stroke_of(leg, leg.line.provenance).colour,
        "runs": [_run(leg, run, shelf) for run in runs] if runs else _ride(leg, leg.line, shelf),
    }
    if leg.ascent_m is not None and leg.descent_m is not None:
        data["threshold"] = leg.profiles[0].threshold_m
        data["up"], data["down"] = (
            _beyond(leg.ascent_m, leg.line_climb.ascent_m),
            _beyond(leg.descent_m, leg.line_climb.descent_m),
        )
    return data


def _beyond(estimate: Estimate, of_line_m: float) -> list[float]:
    """P10, value and P90 less the line's own sum, metres, which the page shares out by length."""
    ends = (estimate.p10, estimate.value, estimate.p90)
    return [round((estimate.value if end is None else end) - of_line_m, 2) + 0.0 for end in ends]


def _run(leg: LegStudy, run: LegRun, shelf: Shelf) -> list[object]:
    points = run.points
    columns = [fixed(points.lat_deg, 6), fixed(points.lon_deg, 6)]
    if points.has_heights:
        columns.append(fixed(points.height_m, 1))
    stretches = []
    for part in run.stretches:
        stroke = stroke_of(leg, part.provenance)
        stretches.append([part.first, part.last, stroke.width_px, stroke.dash or 0, part.lateral_p90_m or 0])
    return [shelf.run(columns), stretches, int(points.has_heights)]


def _ride(leg: LegStudy, line: Line, shelf: Shelf) -> list[object]:
    runs: list[object] = []
    for provenance, segment in line.stretches():
        stroke = stroke_of(leg, provenance)
        simple = LineString(np.column_stack([segment.lon_deg, segment.lat_deg])).simplify(_RIDE_TOLERANCE_DEG)
        lon, lat = np.asarray(simple.coords).T
        at = shelf.run([fixed(lat, 6), fixed(lon, 6)])
        runs.append([at, [[0, lon.size - 1, stroke.width_px, stroke.dash or 0, 0]], 0])
    return runs


def _place(study: Study, place: Place, reader: Reader) -> Mapping[str, object]:
    size = 0 if place.kind in TECHNICAL_KINDS else 14 if place.kind in MINOR_KINDS else 20
    return {
        "lat": round(place.lat, 6),
        "lon": round(place.lon, 6),
        "kind": place.kind.value,
        "label": kind_word(place.kind, reader),
        "name": escape(place.name),
        "card": place_card(study, place, reader),
        "rank": _rank(place),
        "size": size,
    }


def _places_on_the_way(study: Study, variant: VariantStudy) -> list[int]:
    """Indices of places on a variant; where names overlap, the last are hidden first."""
    touched = {place_id for leg in variant.legs for place_id in leg.leg.stops}
    touched.update(day.day.sleep for day in variant.days if day.day.sleep is not None)
    on_foot = {place_id for leg in variant.legs if leg.leg.mode is Mode.HIKE for place_id in leg.leg.stops}
    places = [(i, place) for i, place in enumerate(study.trek.places) if place.id in touched]
    nights = {day.day.sleep for day in variant.days}
    places.sort(
        key=lambda pair: (
            pair[1].id not in on_foot,
            min(_rank(pair[1]), 1) if pair[1].id in nights else _rank(pair[1]),
        )
    )
    return [i for i, _ in places]


def _rank(place: Place) -> int:
    """Rank that decides which of two overlapping names or signs is hidden; 0 never is."""
    if place.kind in (PlaceKind.PASS, PlaceKind.PEAK):
        return 0
    if place.kind in (PlaceKind.CAMP, PlaceKind.TRAILHEAD, PlaceKind.HOTEL, PlaceKind.CITY):
        return 1
    return 3 if place.kind in MINOR_KINDS else 2
