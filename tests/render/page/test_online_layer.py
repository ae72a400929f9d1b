"""OpenStreetMap's tiles: offered over http only, asked for only when the reader turns them on."""

import functools
import http.server
import re
import threading

import pytest

from routes.render.page.page import page_html
from routes.render.page.tiles import TILES_HOST
from routes.render.words.markup import policy
from tests.render.conftest import WAIT_MS
from tests.render.studies import page_data_of, study_over_hills

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
"""A transparent PNG."""


@pytest.fixture
def served(tmp_path):
    """Address of a page on a server of this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    (tmp_path / "web").mkdir()
    file = tmp_path / "web/index.html"
    study = study_over_hills()
    file.write_text(page_html(study, study.default), encoding="utf-8")
    handler = functools.partial(Quiet, directory=file.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()
        thread.join()


def box_of(page):
    page.locator(".leaflet-control-layers").hover()
    return page.get_by_role("checkbox", name=re.compile("OpenStreetMap"))


def test_a_page_from_disk_offers_no_tiles(opened):
    study = study_over_hills()
    page = opened(page_html(study, study.default))
    assert box_of(page).count() == 0
    assert "OpenStreetMap" not in page.locator(".leaflet-control-attribution").inner_text()


def test_a_page_from_the_web_asks_for_tiles_when_they_are_turned_on_and_not_before(browser, served):
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    asked, said = [], []
    page.on("console", lambda message: said.append(message.text))

    def answer(route):
        asked.append(route.request)
        route.fulfill(status=200, content_type="image/png", body=PIXEL)

    page.route(re.compile(r"^https://"), answer)
    page.goto(served)
    page.wait_for_function("document.documentElement.dataset.ready === 'true'")
    credit = page.locator(".leaflet-control-attribution")
    assert "OpenStreetMap" not in credit.inner_text()
    box = box_of(page)
    assert not box.is_checked()
    page.wait_for_timeout(300)
    assert asked == []
    box.check()
    page.wait_for_selector("img.leaflet-tile-loaded")
    assert asked
    assert all(re.fullmatch(rf"{TILES_HOST}/\d+/\d+/\d+\.png", request.url) for request in asked)
    # their policy asks for a Referer that tells the site
    origin = served.removesuffix("index.html")
    assert {request.all_headers().get("referer") for request in asked} == {origin}
    assert "© OpenStreetMap contributors" in credit.inner_text()
    assert credit.get_by_role("link", name="OpenStreetMap contributors").get_attribute("href") == (
        "https://www.openstreetmap.org/copyright"
    )
    box_of(page).uncheck()
    assert "OpenStreetMap" not in credit.inner_text()
    assert said == []
    context.close()


def test_policy_lists_the_one_host_of_pictures():
    study = study_over_hills()
    page = page_html(study, study.default)
    found = re.search(r"img-src ([^;]*);", page)
    assert found
    assert found[1].split() == ["data:", "blob:", TILES_HOST]
    assert page_data_of(page)["tiles"]["url"].startswith(f"{TILES_HOST}/")
    assert "img-src data: blob:;" in policy([])
