"""Assets come from installed packages, in the version that folium links."""

import folium
import pytest

from routes.errors import AssetError
from routes.render.assets import DROPPED, PROVIDED, read_assets

LINKS = dict([*folium.Map.default_js, *folium.Map.default_css])


def test_everything_that_folium_links_is_provided_or_dropped_on_purpose():
    assert set(LINKS) == set(DROPPED) | set(PROVIDED)
    assets = read_assets(LINKS)
    assert "Leaflet 1.9.3" in assets.scripts[0]
    assert any("jQuery v3.7.1" in script for script in assets.scripts)
    assert "url(" in assets.styles[0]
    assert assets.styles[0].count("url(") == assets.styles[0].count('url("data:')


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
