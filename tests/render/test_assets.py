"""Assets come from installed packages, in the version that folium links."""

import re

import folium
import pytest

from routes.errors import AssetError
from routes.model.units import Units
from routes.render.assets import DROPPED, PROVIDED, SCRIPTS, own_script, read_assets, resource
from routes.render.page.map import map_parts
from tests.render.studies import study_over_hills, study_without_heights

LINKS = dict([*folium.Map.default_js, *folium.Map.default_css])


def test_everything_that_folium_links_is_provided_or_dropped_on_purpose():
    assert set(LINKS) == set(DROPPED) | set(PROVIDED)
    assets = read_assets(LINKS)
    assert "Leaflet 1.9.3" in assets.scripts[0]
    assert "url(" in assets.styles[0]
    assert assets.styles[0].count("url(") == assets.styles[0].count('url("data:')


def test_jquery_is_left_out_because_nothing_uses_it():
    """folium links it; a plugin or a layer of folium's that used it would leave a call in the page."""
    for study in (study_over_hills(), study_without_heights()):
        script = map_parts(study, Units.METRIC).script + own_script()
        assert not re.search(r"\$\s*[(.]|jQuery", script)
    assert not any("jQuery" in script for script in read_assets(LINKS).scripts)


def test_own_script_loses_only_comments_and_indents():
    script = own_script()
    assert "\n//" not in script
    for name in SCRIPTS:
        for line in resource(f"page/script/{name}.js").splitlines():
            assert line.strip().startswith("//") or line.strip() in script
    # a line that begins inside a string or a comment would be harmed
    assert "`" not in script
    assert "/*" not in script


def test_unknown_asset_is_named():
    with pytest.raises(
        AssetError, match=r"'fullscreen' \(https://cdn.invalid/x.js\), which no installed package"
    ):
        read_assets({"fullscreen": "https://cdn.invalid/x.js"})


def test_other_version_is_refused_with_both_versions():
    with pytest.raises(AssetError, match=r"leaflet@1\.9\.4.*holds version 1\.9\.3.*with version 1\.9\.4"):
        read_assets({"leaflet": "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.js"})


def test_missing_package_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(AssetError, match="pip install XStatic-Leaflet"):
        read_assets(LINKS)
