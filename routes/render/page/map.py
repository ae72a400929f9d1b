"""The map itself: its element and the script that draws it with the relief; the page holds days and places."""

from dataclasses import dataclass

from routes.analysis.study import Study
from routes.model.units import Units
from routes.render.drawing.palette import SIGNS, TECHNICAL_KINDS
from routes.render.drawing.relief import relief_image
from routes.render.words.markup import escape, script_value

MAX_ZOOM = 17

_MAP = """\
var map_1 = L.map(
"map_1",
{
center: [0.0, 0.0],
crs: L.CRS.EPSG3857,
...{
"zoom": 10,
"zoomControl": true,
"preferCanvas": false,
"minZoom": 2,
"maxZoom": %d,
"zoomSnap": 0.5,
"zoomDelta": 0.5,
"worldCopyJump": false,
"scrollWheelZoom": false,
}
}
);"""
"""Without tiles there is nothing that a map could request."""

_RELIEF = """\
var pane_2 = map_1.createPane(
"relief");
pane_2.style.zIndex = 250;
pane_2.style.pointerEvents = 'none';
var image_overlay_3 = L.imageOverlay(
%s,
%s,
{
"interactive": false,
"pane": "relief",
}
);
image_overlay_3.addTo(map_1);"""
"""Below contours and lines; its picture and its corners."""


@dataclass(frozen=True, slots=True)
class MapParts:
    """A map in two parts."""

    element: str
    """HTML of the map's element."""

    script: str
    """Script that draws it with Leaflet."""


def map_parts(study: Study, units: Units) -> MapParts:
    """Map with the relief of a trek and nothing on it.

    Parameters
    ----------
    study : Study
        The trek.
    units : Units
        Units of the scale.

    Returns
    -------
    MapParts
        The same text as folium writes, for Leaflet, under ids that do not change.
    """
    lines = [_MAP % MAX_ZOOM]
    if study.terrain is not None:
        uri, (west, south, east, north) = relief_image(study.terrain)
        lines.append(_RELIEF % (script_value(uri), script_value([[south, west], [north, east]])))
    credits_ = dict.fromkeys((*(p.attribution for p in study.products if p.attribution), *study.credits))
    scale = {"metric": units is Units.METRIC, "imperial": units is Units.IMPERIAL}
    lines.append(f"L.control.scale({script_value(scale)}).addTo(map_1);")
    lines.append("map_1.attributionControl.setPrefix('Leaflet');")
    lines.extend(
        f"map_1.attributionControl.addAttribution({script_value(escape(text))});" for text in credits_
    )
    lines.append("window.routesMap = map_1;")
    if study.terrain is not None:
        lines.append("window.routesRelief = image_overlay_3;")
    return MapParts(f'<div class="folium-map" id="map_1" ></div>{_signs(study)}', "\n".join(lines))


def _signs(study: Study) -> str:
    """Signs of the kinds of places, drawn once and used by every marker."""
    kinds = sorted({place.kind for place in study.trek.places} - TECHNICAL_KINDS)
    symbols = "".join(
        f'<symbol id="sign-{kind.value}" viewBox="0 0 18 18"><path d="{SIGNS[kind]}" '
        'transform="translate(2.7 2.7) scale(.7)"/></symbol>'
        for kind in kinds
    )
    return f'<svg class="unseen" aria-hidden="true">{symbols}</svg>'
