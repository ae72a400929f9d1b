"""Assets come from an installed package, not from the network."""

import pytest

from routes.errors import AssetError
from routes.render.assets import SCRIPTS, own_script, read_assets, resource


def test_leaflet_comes_whole_with_its_pictures():
    assets = read_assets()
    assert "Leaflet 1.9.3" in assets.scripts[0]
    assert "url(" in assets.styles[0]
    assert assets.styles[0].count("url(") == assets.styles[0].count('url("data:')


def test_own_script_loses_only_comments_and_indents():
    script = own_script()
    assert "\n//" not in script
    for name in SCRIPTS:
        for line in resource(f"page/script/{name}.js").splitlines():
            assert line.strip().startswith("//") or line.strip() in script
    # a line that begins inside a string or a comment would be harmed
    assert "`" not in script
    assert "/*" not in script


def test_missing_package_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(AssetError, match="pip install XStatic-Leaflet"):
        read_assets()
