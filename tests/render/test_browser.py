"""The page in a browser, from disk, with nothing reachable."""

import re
import shutil
import subprocess

import pytest

from routes.model.units import Units
from routes.render.page import page_html
from tests.render.studies import hills, hostile_study, study_over_hills, study_without_heights

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")


def opened(page, folder):
    """DOM after the scripts ran, and what the browser logged."""
    file = folder / "index.html"
    file.write_text(page, encoding="utf-8")
    done = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}",
            "--enable-logging=stderr", "--window-size=800,900", "--virtual-time-budget=3000", "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.parametrize(
    "make",
    [study_over_hills, study_without_heights, hostile_study, lambda: hostile_study(hills())],
    ids=["hills", "no heights", "hostile", "hostile over hills"],
)
def test_map_is_drawn_from_disk_without_error(make, tmp_path):
    study = make()
    dom, console = opened(page_html(study, study.default), tmp_path)
    assert console == []
    assert dom.count('class="leaflet-interactive"') >= 2
    assert '<path class="leaflet-interactive" stroke="#0072b2"' in dom
    assert 'class="leaflet-control-scale' in dom
    assert 'class="leaflet-control-layers ' in dom
    assert 'class="label ' in dom
    assert ('<img class="leaflet-image-layer' in dom) == (study.terrain is not None)
    assert "<title>owned" not in dom


@pytest.mark.parametrize(("units", "names"), [(Units.METRIC, {"m", "km"}), (Units.IMPERIAL, {"ft", "mi"})])
def test_scale_of_the_map_is_in_the_readers_units(units, names, tmp_path):
    study = study_over_hills()
    dom, console = opened(page_html(study, study.default, units), tmp_path)
    assert console == []
    (scale,) = re.findall(r'leaflet-control-scale-line"[^>]*>([^<]*)<', dom)
    assert scale.split()[1] in names
