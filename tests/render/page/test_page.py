"""The page: nothing from a file becomes markup, nothing asks the network, the same bytes each time."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from routes.analysis.study import study_trek
from routes.dem.folder import open_dem
from routes.io.export.gpx import variant_gpx
from routes.io.trek.read import read_trek
from routes.model.language import Language
from routes.model.units import Units
from routes.pipeline import downloads_of
from routes.render.page.page import page_html
from routes.render.page.tiles import TILES_HOST
from routes.render.report.trek import report_markdown
from tests.analytic import AnalyticSource, sine_hills
from tests.builders import line_m, trek
from tests.render.studies import (
    HOSTILE,
    hills,
    hostile_study,
    page_data_of,
    places_m,
    study_over_hills,
    study_without_heights,
    two_days,
)


class Elements(HTMLParser):
    """Elements with their attributes, and the text outside scripts and styles."""

    def __init__(self, page):
        super().__init__()
        self.found, self.text, self.scripts = [], "", []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.lasttag == "script" and data.strip() and self.cdata_elem == "script":
            self.scripts.append(data)
        elif self.cdata_elem is None:
            self.text += data


def page_of(study):
    return page_html(study, study.default)


@pytest.mark.parametrize("source", [None, hills()], ids=["no DEM", "DEM"])
def test_text_from_files_stays_text(source):
    page = page_of(hostile_study(source))
    elements = Elements(page)
    assert not [attrs for _, attrs in elements.found if any(name.startswith("on") for name in attrs)]
    assert sum(tag == "script" for tag, _ in elements.found) == sum(
        tag == "script" for tag, _ in Elements(page_of(study_without_heights())).found
    )
    assert not [tag for tag, _ in elements.found if tag in ("img", "iframe", "object", "embed")]
    for text in HOSTILE:
        assert text in elements.text


def test_text_is_not_run_by_jinja_or_as_template_string():
    """folium compiles popups as jinja templates and puts them into JavaScript template strings."""
    page = page_of(hostile_study())
    assert str(7 * 191) not in page
    assert "${document" not in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("make", [study_over_hills, study_without_heights])
def test_same_study_same_bytes(make):
    assert page_of(make()) == page_of(make())


@pytest.mark.parametrize("make", [study_over_hills, study_without_heights, hostile_study])
def test_nothing_is_requested(make):
    elements = Elements(page_of(make()))
    for tag, attrs in elements.found:
        for name in ("src", "href", "data", "srcset", "action", "poster"):
            value = attrs.get(name)
            assert value is None or value.startswith(("data:", "#")), (tag, name, value)
    styles = re.findall(r"url\(([^)]*)\)", page_of(make()))
    assert all(
        url.strip("'\"").startswith(("data:", "#")) for url in styles if "'+" not in url and '"+' not in url
    )


def test_policy_names_each_script_and_no_other():
    page = page_of(study_over_hills())
    policy = dict(
        Elements(page).found[
            [a.get("http-equiv") for _, a in Elements(page).found].index("Content-Security-Policy")
        ][1]
    )["content"]
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == hashes
    assert policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert re.findall(r"https?:[^ ;]*", policy) == [TILES_HOST]


def test_page_is_a_document_for_people():
    page = page_of(study_over_hills())
    elements = Elements(page).found
    tags = [tag for tag, _ in elements]
    assert dict(elements)["html"]["lang"] == "en"
    assert (tags.count("h1"), tags.count("main"), tags.count("title") >= 1) == (1, 1, True)
    viewport = next(attrs["content"] for tag, attrs in elements if attrs.get("name") == "viewport")
    assert "user-scalable" not in viewport
    assert "maximum-scale" not in viewport
    ids = [attrs["id"] for _, attrs in elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_page_is_small():
    assert len(page_of(study_without_heights()).encode()) < 400_000
    assert len(page_of(study_over_hills()).encode()) < 1_000_000


def test_first_view_and_profile_are_of_the_hikes_not_the_rides():
    """The town lies 4 km north of the hike, and only the bus goes there."""
    data = page_data_of(page_of(study_over_hills()))
    assert data["variants"][0]["shown"] == ["up", "down"]
    assert data["legs"]["ride"]["foot"] is False


def test_heights_are_told_with_verdict_and_provenance():
    page = page_of(study_over_hills())
    assert "DEM 2000 m" in page
    assert ": agrees" in page
    assert "6.0 km recorded" in page
    missing = page_of(study_without_heights())
    assert "at least 6.0 km, straight lines" in missing
    assert "No line is known" in missing
    assert "window.routesRelief = " not in missing
    assert page_data_of(missing)["contours"] is None


def test_licences_stay_in_the_page():
    page = page_of(study_without_heights())
    assert "BSD 2-Clause" in page


@pytest.mark.parametrize("units", Units)
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", ["lares", "john-muir"])
def test_pages_of_the_treks_keep_to_their_size(name, language, units, repository):
    """Downloads and all, in each language: 400 kB without relief, 1 MB with it."""
    study = study_trek(
        read_trek(repository / f"data/treks/{name}.toml"), {}, open_dem(repository / "data/dem")
    )
    for variant in study.variants:
        files = downloads_of(study, variant, units, language)
        page = page_html(study, variant, units, language=language, downloads=files)
        assert len(page.encode()) < (400_000 if study.terrain is None else 1_000_000)


def test_lines_along_openstreetmap_credit_its_contributors():
    """ODbL: in the corner of the map, in the text of the page, in the report; nowhere else."""
    credit = "© OpenStreetMap contributors, ODbL 1.0, https://www.openstreetmap.org/copyright"
    lines = {
        "up": line_m((-3000.0, 0.0), (0.0, 0.0), provenance="osm"),
        "down": line_m((0.0, 0.0), (3000.0, 0.0)),
    }
    source = AnalyticSource(sine_hills())
    credited = study_trek(trek(places_m(), two_days(), attribution="Some Club"), lines, source)
    assert credited.credits == ("Some Club", credit)
    elements = Elements(page_of(credited))
    assert f"Sources ask for this credit: {credit}" in elements.text
    script = "".join(elements.scripts)
    assert re.search(r'addAttribution\("[^"]*OpenStreetMap contributors, ODbL 1\.0', script)
    assert "OpenStreetMap contributors" in report_markdown(credited, credited.default)
    assert credit in variant_gpx(credited, credited.default)
    plain = study_over_hills()
    assert plain.credits == ()
    page = page_of(plain).replace(
        page_data_of(page_of(plain))["tiles"]["attribution"].replace('"', r"\""), ""
    )
    assert "OpenStreetMap contributors" not in page + report_markdown(plain, plain.default)
