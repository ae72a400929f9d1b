"""A browser for the tests of the page: one for the whole run, with nothing reachable."""

import shutil
from itertools import count

import pytest

from routes.analysis.study import study_trek
from routes.dem.folder import open_dem
from routes.io.trek.read import read_trek
from routes.model.language import Language
from routes.model.units import Units
from routes.pipeline import downloads_of
from routes.render.page.page import page_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

WAIT_MS = 60_000
"""Longest wait for something on a page, on a machine however busy."""


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by playwright; the test is skipped where one of the two is missing."""
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Open a page from disk; when the test is over, it must have asked for nothing and complained of nothing."""
    numbers, contexts, asked, said = count(), [], [], []

    def open_page(html, *, width=1000, height=800, url=None, errors=(), **options):
        file = tmp_path / f"page-{next(numbers)}.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=url is None, accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        address = url or file.as_uri()
        page.on("request", lambda r: asked.append(r.url) if not is_own(r.url, address) else None)
        page.on("console", lambda m: said.append(m.text) if not any(e in m.text for e in errors) else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert asked == []
    assert said == []


@pytest.fixture
def has_room_for_all(browser, tmp_path):
    """Check a page without a script: axe finds no fault, and nothing is wider than the screen, by day and by night."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def check(html):
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        # axe is put into the page as a script, which the page's own policy would forbid
        with browser.new_context(bypass_csp=True, offline=True) as context:
            page = context.new_page()
            page.goto(file.as_uri())
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                for width in (320, 768, 1280):
                    page.set_viewport_size({"width": width, "height": 900})
                    found = axe.run(page)
                    assert found.response["violations"] == [], (scheme, width, found.generate_report())
                    whole, seen = page.evaluate(
                        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
                    )
                    assert whole <= seen, (scheme, width)

    return check


def is_own(url, address):
    return url.partition("#")[0] == address or url.startswith(("data:", "blob:"))


def page_of(study, variant=None, units=Units.METRIC, language=Language.ENGLISH):
    """A page with its downloads, as `routes build` writes it."""
    shown = variant or study.default
    files = downloads_of(study, shown, units, language)
    return page_html(study, shown, units, language=language, downloads=files)


@pytest.fixture(scope="session")
def studies(repository):
    """The two committed treks: one over its DEM, one without any."""
    return {
        name: study_trek(read_trek(repository / f"data/treks/{name}.toml"), {}, source)
        for name, source in (("john-muir", open_dem(repository / "data/dem")), ("lares", None))
    }


@pytest.fixture(scope="session")
def pages(studies):
    """Their pages."""
    return {name: page_of(study) for name, study in studies.items()}


@pytest.fixture(scope="session")
def spanish_pages(studies):
    """Their pages in Spanish."""
    return {name: page_of(study, language=Language.SPANISH) for name, study in studies.items()}
