"""The reader's own position: asked for only when the reader asks, and told in words."""

import functools
import http.server
import threading

import pytest

from tests.analytic import at_m
from tests.render.conftest import page_of
from tests.render.studies import study_over_hills


@pytest.fixture
def served(tmp_path):
    """Address of a page served from this machine: browsers give positions to such pages, and to https."""
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "index.html").write_text(page_of(study_over_hills()), encoding="utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    thread.join()
    server.server_close()


def position(east_m, north_m, accuracy=10.0):
    lon, lat = (float(value) for value in at_m(east_m, north_m))
    return {"longitude": lon, "latitude": lat, "accuracy": accuracy}


def find(page):
    page.get_by_role("button", name="My position").click()


def said(page, beginning):
    page.locator("#status", has_text=beginning).wait_for()
    return page.locator("#status").inner_text()


def test_position_on_the_way_tells_progress_and_what_is_left_to_climb(served, opened):
    page = opened("", url=served, permissions=["geolocation"], geolocation=position(-500.0, 40.0))
    assert page.locator("#status").inner_text() == ""
    assert page.evaluate("routesPage.cursor.x") is None
    find(page)
    text = said(page, "2.5 km behind you · 3.5 km left · ")
    # hills of 100 m amplitude: from the trough at -500 m two whole rises of 200 m, and half of one
    left = page.evaluate("routesPage.stretch(routesPage.state.way, routesPage.cursor.x, 6000).up[1]")
    assert left == pytest.approx(400.0, abs=10.0)
    assert f"{round(left)} m to climb" in text
    assert "within 10 m" in text
    page.context.set_geolocation(position(1500.0, 0.0))
    assert "4.5 km behind you · 1.5 km left" in said(page, "4.5 km")
    find(page)
    assert page.locator("#status").inner_text() == ""
    assert page.locator(".position").get_attribute("aria-pressed") == "false"


def test_position_off_the_way_says_how_far(served, opened):
    page = opened("", url=served, permissions=["geolocation"], geolocation=position(0.0, 2500.0))
    find(page)
    assert said(page, "You are ") == "You are 2.5 km from the way. · within 10 m"
    assert page.evaluate("routesPage.cursor.x") is None


def test_refusal_is_told_with_what_to_do(served, opened):
    page = opened("", url=served, permissions=[])
    find(page)
    assert "Allow it for this page" in said(page, "The browser does not give")


def test_a_page_from_disk_says_that_it_has_no_position(opened):
    page = opened(page_of(study_over_hills()))
    find(page)
    assert "Open the page from a web site (https)" in said(
        page, "The browser gives no position to a page opened"
    )
