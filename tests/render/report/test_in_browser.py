"""The report in a browser, from disk: no error, nothing cut off at any width, no fault that axe finds."""

import json
import subprocess
import sys

import pytest

from routes.pipeline import report_texts
from tests.analysis.test_pass_views import RIDGE, over_a_ridge
from tests.render.conftest import CHROMIUM
from tests.render.studies import hills, hostile_study

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")

AXE = """
import json, sys
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

chromium, url = sys.argv[1:]
found = []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
    for scheme in ("light", "dark"):
        for width in (320, 768, 1280):
            # axe is put into the page as a script, which the page's own policy would forbid
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, offline=True
            )
            page = context.new_page()
            page.goto(url)
            faults = [fault["id"] for fault in Axe().run(page).response["violations"]]
            sizes = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            found.append([scheme, width, faults, *sizes])
            context.close()
    browser.close()
print(json.dumps(found))
"""
"""In a process of its own, as tests open no sockets."""


@pytest.mark.parametrize(
    "make",
    [
        lambda: (over_a_ridge(), RIDGE),
        lambda: (hostile_study(hills()), hills()),
        lambda: (hostile_study(), None),
    ],
    ids=["ridge", "hostile", "hostile without heights"],
)
def test_report_is_accessible_and_fits_every_screen(make, tmp_path):
    pytest.importorskip("axe_playwright_python")
    path = tmp_path / "report.html"
    path.write_text(report_texts(*make())["report.html"], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", AXE, CHROMIUM, path.as_uri()],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    found = json.loads(done.stdout)
    assert len(found) == 6
    for scheme, width, faults, whole, seen in found:
        assert faults == [], (scheme, width)
        assert whole <= seen, (scheme, width)


def test_report_opens_without_a_word_from_the_browser(opened):
    texts = report_texts(hostile_study(hills()), hills())
    page = opened(texts["report.html"])
    assert page.title() != "owned"
    drawn = page.locator('svg[role="img"], [role="img"]').count()
    assert drawn == sum(name.endswith(".svg") for name in texts) >= 2
