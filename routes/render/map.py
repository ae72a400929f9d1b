"""The map itself: folium's script and element, with days as layers, places as signs and relief below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import folium
from folium.raster_layers import ImageOverlay

from routes.analysis.finding import Check
from routes.analysis.results import DayStudy, LegStudy, VariantStudy
from routes.analysis.study import Study
from routes.model.kinds import Mode, PlaceKind
from routes.model.track import Segment
from routes.model.trek import Place
from routes.model.units import Units
from routes.render.markup import escape, script_value
from routes.render.palette import MINOR_KINDS, SIGNS, TECHNICAL_KINDS, day_colour, stroke_of
from routes.render.relief import relief_image
from routes.render.words import (
    KIND_LABELS,
    PROVENANCE_LABELS,
    against_the_dem,
    leg_title,
    length,
)

DECIMALS = 5
"""Decimals of coordinates in the page: a metre."""

MAX_ZOOM = 17


@dataclass(frozen=True, slots=True)
class MapParts:
    """What folium makes of a map."""

    links: dict[str, str]
    """URLs that its head would link, by folium's key."""

    element: str
    """HTML of the map's element."""

    script: str
    """Script that draws it."""


def map_parts(study: Study, variant: VariantStudy, units: Units) -> MapParts:
    """Map of a variant: element, script and the links it would need.

    Parameters
    ----------
    study : Study
        The trek.
    variant : VariantStudy
        One of its variants.
    units : Units
        Units of popups and of the scale.

    Returns
    -------
    MapParts
        The same for the same input: folium's random ids are replaced.
    """
    middle = _middle_deg(variant)
    # without tiles there is nothing that a map could request
    drawn = folium.Map(
        location=(0.0, 0.0), tiles=None, minZoom=2, maxZoom=MAX_ZOOM, zoomSnap=0.5, zoomDelta=0.5,
        worldCopyJump=False, scrollWheelZoom=False,
    )  # fmt: skip
    if study.terrain is not None:
        uri, (west, south, east, north) = relief_image(study.terrain)
        overlay = ImageOverlay(
            uri, [[south, west], [north, east]], name="Relief from the DEM", interactive=False
        )
        overlay.add_to(drawn)
    for day in variant.days:
        _day_layer(study, day, middle, units).add_to(drawn)
    for layer in _place_layers(study, variant, middle, units):
        layer.add_to(drawn)
    view = _view(variant, middle)
    folium.FitBounds(view, padding=(28, 28), max_zoom=15).add_to(drawn)
    folium.LayerControl(collapsed=True).add_to(drawn)
    return _rendered(study, drawn, view, units)


def _rendered(study: Study, drawn: folium.Map, view: list[list[float]], units: Units) -> MapParts:
    figure = drawn.get_root()
    assert isinstance(figure, folium.Figure)  # noqa: S101 - folium.Map makes one
    figure.render()
    known = {*_ids(drawn)}
    links = {
        name: child.url for name, child in figure.header._children.items() if hasattr(child, "url")  # noqa: SLF001
    }  # fmt: skip
    credits_ = dict.fromkeys((*(p.attribution for p in study.products if p.attribution), *study.credits))
    name = drawn.get_name()
    # folium's own scale shows both units
    scale = {"metric": units is Units.METRIC, "imperial": units is Units.IMPERIAL}
    more = [f"L.control.scale({script_value(scale)}).addTo({name});"]
    more.append(f"{name}.attributionControl.setPrefix('Leaflet');")
    more.extend(
        f"{name}.attributionControl.addAttribution({script_value(escape(text))});" for text in credits_
    )
    more.append(f"window.routesMap = {name};\nwindow.routesView = {script_value(view)};")
    element, script = figure.html.render(), figure.script.render() + "\n" + "\n".join(more)
    seen: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        return f"_{seen.setdefault(match[1], str(len(seen) + 1))}" if match[1] in known else match[0]

    # folium indents deeply: a fifth of the page
    script = "\n".join(line.strip() for line in script.splitlines() if line.strip())
    element, script = (re.sub(r"_([0-9a-f]{32})(?![0-9a-f])", numbered, text) for text in (element, script))
    return MapParts(links, element.strip() + _signs(study), script)


def _signs(study: Study) -> str:
    """Signs of the kinds of places, drawn once and used by every marker."""
    kinds = sorted({place.kind for place in study.trek.places} - TECHNICAL_KINDS)
    symbols = "".join(
        f'<symbol id="sign-{kind.value}" viewBox="0 0 18 18"><path d="{SIGNS[kind]}" '
        'transform="translate(2.7 2.7) scale(.7)"/></symbol>'
        for kind in kinds
    )
    return f'<svg class="unseen" aria-hidden="true">{symbols}</svg>'


def _ids(element: object) -> Iterator[str]:
    """Random ids of an element of folium and of everything in it."""
    yield element._id  # type: ignore[attr-defined]  # noqa: SLF001 - branca has no other way to them
    for child in element._children.values():  # type: ignore[attr-defined]  # noqa: SLF001
        yield from _ids(child)
    if isinstance(element, folium.Popup):
        yield from _ids(element.html)


def _day_layer(study: Study, day: DayStudy, middle: float, units: Units) -> folium.FeatureGroup:
    number = day.day.number
    swatch = f'<span class="swatch" style="background:{day_colour(number)}"></span>'
    layer = folium.FeatureGroup(name=f"{swatch}Day {number}: {escape(day.day.title)}")
    # transport first, so that it lies below the ways on foot
    for leg in sorted(day.legs, key=lambda leg: leg.is_on_foot):
        popup, tooltip = _leg_popup(study, leg, units), escape(f"Day {number}: {leg_title(study.trek, leg)}")
        for provenance, segment in leg.line.stretches():
            stroke = stroke_of(leg, provenance)
            positions = _positions(segment, middle)
            if leg.is_on_foot:
                _line(positions, color="#ffffff", weight=8, opacity=0.75, interactive=False).add_to(layer)
            line = _line(positions, color=stroke.colour, weight=stroke.width_px, dashArray=stroke.dash)
            line.add_child(_popup(popup))
            line.add_child(folium.Tooltip(tooltip)).add_to(layer)
    return layer


def _line(positions: Sequence[tuple[float, float]], **options: str | float | None) -> folium.PolyLine:
    """Line with just these options of Leaflet: folium writes out every default, 300 bytes a line."""
    line = folium.PolyLine(positions)  # type: ignore[no-untyped-call]
    line.options = {key: value for key, value in options.items() if value is not None}
    return line


def _place_layers(
    study: Study, variant: VariantStudy, middle: float, units: Units
) -> Iterator[folium.FeatureGroup]:
    """Places that the variant touches, and the others, which are hidden at first."""
    touched = {place_id for leg in variant.legs for place_id in leg.leg.stops}
    touched.update(day.day.sleep for day in variant.days if day.day.sleep is not None)
    on_foot = {place_id for leg in variant.legs if leg.leg.mode is Mode.HIKE for place_id in leg.leg.stops}
    on_the_way = [place for place in study.trek.places if place.id in touched]
    others = [place for place in study.trek.places if place.id not in touched]
    # names that find no room are hidden: the last first
    on_the_way.sort(key=lambda place: (place.id not in on_foot, _rank(place)))
    for name, places, is_shown in (("Places", on_the_way, True), ("Other places of the trek", others, False)):
        if places:
            layer = folium.FeatureGroup(name=name, show=is_shown)
            for place in places:
                _marker(study, place, middle, units).add_to(layer)
            yield layer


def _marker(study: Study, place: Place, middle: float, units: Units) -> folium.Marker:
    position = (round(place.lat, DECIMALS), _near(place.lon, middle))
    popup = _popup(_place_popup(study, place, units))
    if place.kind in TECHNICAL_KINDS:
        dot = folium.CircleMarker(position, radius=3, popup=popup)
        dot.options = {
            "radius": 3,
            "color": "#222222",
            "weight": 1,
            "fillColor": "#ffffff",
            "fillOpacity": 1.0,
        }
        return dot
    size = 14 if place.kind in MINOR_KINDS else 20
    kind = place.kind.value
    html = (
        f'<svg class="sign {kind}" viewBox="0 0 18 18" aria-hidden="true"><circle cx="9" cy="9" r="8.4"/>'
        f'<use href="#sign-{kind}"/></svg><span class="label" data-kind="{kind}">{escape(place.name)}</span>'
        f'<span class="unseen"> ({KIND_LABELS[place.kind]})</span>'
    )
    icon = folium.DivIcon(html=html, icon_size=(size, size), class_name="place")
    return folium.Marker(position, icon=icon, popup=popup, zIndexOffset=-1000 * _rank(place))


def _popup(html: str) -> folium.Popup:
    """Popup from HTML whose texts are escaped; as an element, for folium would wrap a string twice."""
    return folium.Popup(folium.Element(f"<div>{html}</div>"), max_width=280)


def _rank(place: Place) -> int:
    """Which name or sign gives way to another: 0 never."""
    if place.kind in (PlaceKind.PASS, PlaceKind.PEAK):
        return 0
    if place.kind in (PlaceKind.CAMP, PlaceKind.TRAILHEAD, PlaceKind.HOTEL, PlaceKind.CITY):
        return 1
    return 3 if place.kind in MINOR_KINDS else 2


def _place_popup(study: Study, place: Place, units: Units) -> str:
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


def _leg_popup(study: Study, leg: LegStudy, units: Units) -> str:
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


def _middle_deg(variant: VariantStudy) -> float:
    """Longitude that the map is drawn around: where the first shown leg begins."""
    return float(_shown(variant)[0].line.segments[0].lon_deg[0]) if variant.legs else 0.0


def _shown(variant: VariantStudy) -> Sequence[LegStudy]:
    """Legs that the first view fits: the hikes, else those on foot, else all."""
    hikes = [leg for leg in variant.legs if leg.leg.mode is Mode.HIKE]
    return hikes or [leg for leg in variant.legs if leg.is_on_foot] or variant.legs


def _view(variant: VariantStudy, middle: float) -> list[list[float]]:
    positions = [
        xy for leg in _shown(variant) for part in leg.line.segments for xy in _positions(part, middle)
    ]
    if not positions:
        return [[-60.0, -170.0], [75.0, 170.0]]
    lats, lons = zip(*positions, strict=True)
    return [[min(lats), min(lons)], [max(lats), max(lons)]]


def _positions(segment: Segment, middle: float) -> list[tuple[float, float]]:
    """Latitude and longitude of the vertices, as Leaflet orders them."""
    return [
        (round(lat, DECIMALS), _near(lon, middle))
        for lon, lat in zip(segment.lon_deg.tolist(), segment.lat_deg.tolist(), strict=True)
    ]


def _near(lon_deg: float, middle: float) -> float:
    """Longitude less than half a turn from the middle, so that no line crosses the whole map."""
    turns = round((lon_deg - middle) / 360.0)
    return round(lon_deg - 360.0 * turns, DECIMALS)
