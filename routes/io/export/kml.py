"""Write a variant as KML 2.2 for Google Earth and similar apps.

Through pyogrio, GDAL's drivers write neither feature styles nor nested folders, and lines stay white and one
pixel wide. The few elements needed are therefore written here.
"""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

import numpy as np

from routes.analysis.figures.leg_points import leg_runs
from routes.analysis.figures.results import DayStudy, LegStudy, VariantStudy
from routes.analysis.study import Study
from routes.analysis.verdicts.finding import Check
from routes.io.export.gpx import warning_of
from routes.io.export.layers import VAGUE_M, leg_name, place_ids
from routes.io.export.plain_text import one_line, plain_text
from routes.kernel.antimeridian import cut_at_antimeridian
from routes.model.kinds import PlaceKind
from routes.model.trek import Place
from routes.model.units import Units

_COLOURS = ("b27200", "005ed5", "739e00", "a779cc", "005e8c", "9b3a5d")
"""One colour per day (Okabe and Ito's palette, pale ones darkened), as KML writes it: blue, green, red."""

_FIRST = (PlaceKind.PASS, PlaceKind.PEAK, PlaceKind.CAMP)
_SIGNS = {"high": "ff005ed5", "night": "ff739e00", "place": "ffb27200"}
"""Colours of the app's own pushpin, so that no picture is downloaded."""


def variant_kml(study: Study, variant: VariantStudy, units: Units = Units.METRIC) -> str:
    """KML of a variant, one folder per day with one line per walking leg, and a folder of places.

    The same input gives the same text; encode it as UTF-8. Lines follow the ground (``clampToGround``); the
    coordinates include heights, for other readers, if all heights of a line are known. The name of a line
    without a recording begins with a warning.
    """
    title = study.trek.name if variant.is_default else f"{study.trek.name}, {variant.variant.name}"
    heights = "; ".join(f"{p.title} ({p.vertical_datum}): {p.attribution}" for p in study.products)
    about = [study.trek.summary, *study.credits, *([f"Heights: {heights}."] if heights else [])]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<kml xmlns="http://www.opengis.net/kml/2.2">',
        "<Document>",
        f"<name>{_name(title)}</name>",
        "<open>1</open>",
        f"<description>{_html(' '.join(about))}</description>",
        *_styles(),
        "<Folder>",
        "<name>Days</name>",
        "<open>1</open>",
        *(line for day in variant.days for line in _day(study, day, units)),
        "</Folder>",
        "<Folder>",
        "<name>Places</name>",
        *(line for place in _places(study, variant.days) for line in _placemark(study, place, units)),
        "</Folder>",
        "</Document>",
        "</kml>",
    ]
    return "\n".join(lines) + "\n"


def _name(value: str) -> str:
    """Escape a name for XML; a name is plain text on one line."""
    return escape(one_line(value))


def _html(value: str) -> str:
    """Escape a description twice: readers show it as HTML, and text from files must stay text."""
    return escape(escape(plain_text(value)))


def _styles() -> Iterator[str]:
    for number, colour in enumerate(_COLOURS, start=1):
        yield f'<Style id="day-{number}"><LineStyle><color>e6{colour}</color><width>4</width></LineStyle></Style>'
    for name, colour in _SIGNS.items():
        yield f'<Style id="{name}"><IconStyle><color>{colour}</color></IconStyle></Style>'


def _day(study: Study, day: DayStudy, units: Units) -> Iterator[str]:
    walked = [leg for leg in day.legs if leg.is_on_foot]
    if not walked:
        return
    yield "<Folder>"
    yield f"<name>{_name(f'Day {day.day.number}: {day.day.title}')}</name>"
    style = (day.day.number - 1) % len(_COLOURS) + 1
    for leg in walked:
        yield '<Placemark id="leg-' + leg.leg.id + '">'
        yield f"<name>{_name(warning_of(leg.line) + leg_name(study, leg))}</name>"
        yield f"<description>{_html(_told(leg, units))}</description>"
        yield f"<styleUrl>#day-{style}</styleUrl>"
        yield from _lines(leg)
        yield "</Placemark>"
    yield "</Folder>"


def _told(leg: LegStudy, units: Units) -> str:
    length = units.length(leg.length_m.value)
    told = (
        f"At least {length}, straight lines"
        if leg.is_lower_bound
        else f"{length}, {leg.line.provenance} line"
    )
    if leg.ascent_m is not None and leg.descent_m is not None:
        told += f", ascent {units.height(leg.ascent_m.value)}, descent {units.height(leg.descent_m.value)}"
    return f"{told}. {leg.line.source}"


def _lines(leg: LegStudy) -> Iterator[str]:
    lines = [run.points for run in leg_runs(leg)]
    is_solid = leg.ascent_m is not None and all(points.has_heights for points in lines)
    parts = [part for p in lines for part in cut_at_antimeridian(p.lon_deg, p.lat_deg, p.height_m)]
    if len(parts) > 1:
        yield "<MultiGeometry>"
    for lon, lat, height in parts:
        yield "<LineString>"
        yield "<tessellate>1</tessellate>"
        yield "<altitudeMode>clampToGround</altitudeMode>"
        yield "<coordinates>"
        columns = np.column_stack([lon, lat, height]).tolist()
        yield "\n".join(_coordinates(o, a, h if is_solid else None) for o, a, h in columns)
        yield "</coordinates>"
        yield "</LineString>"
    if len(parts) > 1:
        yield "</MultiGeometry>"


def _coordinates(lon: float, lat: float, height_m: float | None) -> str:
    # adding 0 removes the sign of a negative zero
    flat = f"{round(lon, 6) + 0.0:.6f},{round(lat, 6) + 0.0:.6f}"
    return flat if height_m is None else f"{flat},{round(height_m, 1) + 0.0:.1f}"


def _places(study: Study, days: Iterable[DayStudy]) -> list[Place]:
    places = [study.trek.place(key) for key in place_ids(tuple(days), on_foot=True)]
    return sorted(places, key=lambda place: place.kind not in _FIRST)


def _placemark(study: Study, place: Place, units: Units) -> Iterator[str]:
    height = study.place_heights_m.get(place.id) if place.position_uncertainty_m < VAGUE_M else None
    sign = "high" if place.kind in (PlaceKind.PASS, PlaceKind.PEAK) else "place"
    sign = "night" if place.kind in (PlaceKind.CAMP, PlaceKind.HOTEL) else sign
    yield f'<Placemark id="place-{place.id}">'
    yield f"<name>{_name(place.name)}</name>"
    yield f"<description>{_html(_noted(study, place, units))}</description>"
    yield f"<styleUrl>#{sign}</styleUrl>"
    yield "<Point>"
    yield "<altitudeMode>clampToGround</altitudeMode>"
    yield f"<coordinates>{_coordinates(place.lon, place.lat, height)}</coordinates>"
    yield "</Point>"
    yield "</Placemark>"


def _noted(study: Study, place: Place, units: Units) -> str:
    parts = [f"{place.kind.value.capitalize()}.", place.note]
    parts += [
        f"Stated {finding.statements[0].cited}: {finding.verdict}."
        for finding in study.findings
        if finding.subject == place.id and finding.check is Check.DEM
    ]
    if place.position_uncertainty_m >= VAGUE_M:
        parts.append(f"Position uncertain by {units.length(place.position_uncertainty_m)}.")
    return " ".join(part for part in parts if part)
