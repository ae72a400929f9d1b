"""The map element: folium's HTML and script, with the relief."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import folium
from folium.raster_layers import ImageOverlay

from routes.analysis.study import Study
from routes.model.units import Units
from routes.render.drawing.palette import SIGNS, TECHNICAL_KINDS
from routes.render.drawing.relief import relief_image
from routes.render.words.markup import escape, script_value

MAX_ZOOM = 17


@dataclass(frozen=True, slots=True)
class MapParts:
    """What folium generates."""

    links: dict[str, str]
    """URLs that its page head would link, by folium's key."""

    element: str
    """HTML of the map element."""

    script: str
    """Script that draws it."""


def map_parts(study: Study, units: Units) -> MapParts:
    """Map with a trek's relief alone; days and places come from the page's data.

    The same input gives the same output: folium's random ids are replaced.
    """
    # no tiles, so that the map requests nothing
    drawn = folium.Map(
        location=(0.0, 0.0), tiles=None, minZoom=2, maxZoom=MAX_ZOOM, zoomSnap=0.5, zoomDelta=0.5,
        worldCopyJump=False, scrollWheelZoom=False,
    )  # fmt: skip
    relief = None
    if study.terrain is not None:
        uri, (west, south, east, north) = relief_image(study.terrain)
        # below contours and lines
        folium.map.CustomPane("relief", z_index=250).add_to(drawn)
        relief = ImageOverlay(uri, [[south, west], [north, east]], interactive=False, pane="relief")
        relief.add_to(drawn)
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
    more.append(f"window.routesMap = {name};")
    if relief is not None:
        more.append(f"window.routesRelief = {relief.get_name()};")
    element, script = figure.html.render(), figure.script.render() + "\n" + "\n".join(more)
    seen: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        return f"_{seen.setdefault(match[1], str(len(seen) + 1))}" if match[1] in known else match[0]

    # folium indents deeply
    script = "\n".join(line.strip() for line in script.splitlines() if line.strip())
    element, script = (re.sub(r"_([0-9a-f]{32})(?![0-9a-f])", numbered, text) for text in (element, script))
    return MapParts(links, element.strip() + _signs(study), script)


def _signs(study: Study) -> str:
    """Signs of the place kinds, drawn once and used by every marker."""
    kinds = sorted({place.kind for place in study.trek.places} - TECHNICAL_KINDS)
    symbols = "".join(
        f'<symbol id="sign-{kind.value}" viewBox="0 0 18 18"><path d="{SIGNS[kind]}" '
        'transform="translate(2.7 2.7) scale(.7)"/></symbol>'
        for kind in kinds
    )
    return f'<svg class="unseen" aria-hidden="true">{symbols}</svg>'


def _ids(element: object) -> Iterator[str]:
    """Yield the random ids of a folium element and its descendants."""
    yield element._id  # type: ignore[attr-defined]  # noqa: SLF001 - branca has no other way to them
    for child in element._children.values():  # type: ignore[attr-defined]  # noqa: SLF001
        yield from _ids(child)
