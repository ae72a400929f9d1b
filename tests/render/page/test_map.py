"""The map's script says what folium would write for the same map."""

import re

import folium
import pytest
from folium.raster_layers import ImageOverlay

from routes.model.units import Units
from routes.render.drawing.relief import relief_image
from routes.render.page.map import MAX_ZOOM, map_parts
from tests.render.studies import study_over_hills, study_without_heights


def by_folium(study):
    """Element and script of folium's map, without indents, its random ids numbered."""
    drawn = folium.Map(
        location=(0.0, 0.0), tiles=None, minZoom=2, maxZoom=MAX_ZOOM, zoomSnap=0.5, zoomDelta=0.5,
        worldCopyJump=False, scrollWheelZoom=False,
    )  # fmt: skip
    if study.terrain is not None:
        uri, (west, south, east, north) = relief_image(study.terrain)
        folium.map.CustomPane("relief", z_index=250).add_to(drawn)
        ImageOverlay(uri, [[south, west], [north, east]], interactive=False, pane="relief").add_to(drawn)
    figure = drawn.get_root()
    figure.render()
    script = "\n".join(line.strip() for line in figure.script.render().splitlines() if line.strip())
    seen = {}

    def numbered(match):
        return f"_{seen.setdefault(match[1], len(seen) + 1)}"

    return [
        re.sub(r"_([0-9a-f]{32})(?![0-9a-f])", numbered, text)
        for text in (figure.html.render().strip(), script)
    ]


@pytest.mark.parametrize("make", [study_over_hills, study_without_heights])
def test_map_is_folium_s(make):
    study = make()
    element, script = by_folium(study)
    parts = map_parts(study, Units.METRIC)
    assert parts.element.startswith(element)
    assert parts.script.startswith(script)
