"""The report on stated figures, as HTML and as Markdown."""

import html
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from routes.analysis.pass_views import pass_views
from routes.analysis.verdicts.places import check_listed
from routes.model.kinds import PlaceKind
from routes.model.listed import ListedPlace
from routes.model.units import Units
from routes.pipeline import listed_report_texts, report_texts
from routes.render.report.files import verdict_html, verdict_markdown
from routes.render.report.verdicts import verdict_report
from tests.analysis.test_pass_views import RIDGE, over_a_ridge
from tests.analytic import at_m
from tests.render.report.test_trek import MARKDOWN, kinds
from tests.render.studies import HOSTILE, hills, hostile_study, study_without_heights


class Tags(HTMLParser):
    """Elements of a page, ids, links, and its text."""

    def __init__(self, page):
        super().__init__()
        self.names, self.ids, self.links, self.attributes, self.text = set(), [], [], set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src", "xlink:href"):
                self.links.append(value)

    def handle_data(self, data):
        self.text.append(data)


def report_of(study, source, units=Units.METRIC):
    return verdict_report(study, pass_views(study, source), units)


@pytest.mark.parametrize("source", [None, hills()], ids=["no heights", "hills"])
def test_text_from_files_stays_text(source):
    report = report_of(hostile_study(source), source)
    page = verdict_html(report)
    found = Tags(page)
    assert not found.names & {"script", "img", "iframe", "object", "embed", "form", "b onerror"}
    assert not any(name.startswith("on") for name in found.attributes)
    shown = " ".join("".join(found.text).split())
    text = verdict_markdown(report)
    assert not kinds(text) & {"html_block", "html_inline", "link_open", "em_open", "code_inline", "fence"}
    said = "".join(
        child.content
        for token in MARKDOWN.parse(text)
        for child in token.children or ()
        if child.type.startswith("text")
    )
    for hostile in HOSTILE:
        assert " ".join(hostile.split()) in shown
        assert " ".join(hostile.split()) in said


def test_page_asks_nothing_and_runs_nothing():
    page = verdict_html(report_of(over_a_ridge(), RIDGE))
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    found = Tags(page)
    assert all(link.startswith(("data:", "#")) for link in found.links)
    assert "url(http" not in page
    assert '<html lang="en">' in page


def test_ids_are_there_once_and_links_lead_somewhere():
    study = hostile_study(hills())
    found = Tags(verdict_html(report_of(study, hills())))
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in found.ids)


def test_verdict_budget_and_sources_are_told():
    study = over_a_ridge()
    page = verdict_html(report_of(study, RIDGE))
    finding = next(f for f in study.findings if f.budget)
    for told in (
        "Gap", "2500 m", "A guide", finding.verdict.value, finding.printed_figure, "analytic terrain", "EGM96",
        "vertical error of the DEM", "made for tests: standard deviation 1 m", "We would print",
    ):  # fmt: skip
        assert told in page, told
    assert page.count('role="img"') == 2


def test_units_of_the_reader_and_figures_as_printed():
    study = over_a_ridge()
    page = verdict_html(report_of(study, RIDGE, Units.IMPERIAL))
    text = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    assert "2500 m" in text  # as printed
    height = study.findings[0].estimate
    assert f"{height / 0.3048:,.0f} ft" in text
    assert f"{height:.0f} m;" not in text


def test_without_a_dem_there_is_no_picture_and_the_report_says_why():
    study = study_without_heights()
    report = report_of(study, None)
    assert report.pictures == ()
    page = verdict_html(report)
    assert "<svg" not in page
    assert "No DEM was at hand" in page
    assert "undecided" in page
    assert "Camp" in page  # its two statements are still held against one another
    assert "All sources weighed" in page


def test_markdown_refers_to_the_pictures_beside_it():
    texts = report_texts(over_a_ridge(), RIDGE)
    named = [
        child.attrs["src"]
        for token in MarkdownIt("commonmark").enable("table").parse(texts["report.md"])
        for child in token.children or ()
        if child.type == "image"
    ]
    assert named == ["pass-gap-map.svg", "pass-gap-profile.svg"]
    assert set(texts) == {"verdicts.json", "report.md", "report.html", *named}
    assert all(texts[name].startswith("<svg") for name in named)
    rows = [line for line in texts["report.md"].splitlines() if line.startswith("|")]
    assert len(rows) > 6


def test_same_study_same_bytes():
    assert report_texts(over_a_ridge(), RIDGE) == report_texts(over_a_ridge(), RIDGE)


MOST_SECTIONS = 6
"""In place of the real limit, which only takes longer."""


def listed(number, printed, **more):
    lon, lat = at_m(0.0, 0.0)
    given = {"name": f"Col {number}", "lon": float(lon), "lat": float(lat), "kind": PlaceKind.PASS} | more
    return ListedPlace(where=f"line {number}", printed=printed, uncertainty_m=10.0, **given)


def test_a_list_has_sections_for_what_does_not_agree_up_to_a_limit(monkeypatch):
    monkeypatch.setattr("routes.render.report.places.MOST_SECTIONS", MOST_SECTIONS)
    rows = [listed(i, f"{3000 + 10 * i} m") for i in range(MOST_SECTIONS + 5)]
    right = RIDGE.sample(*at_m([0.0], [0.0])).height_m[0]
    rows += [listed(900, f"{right:.1f} m"), listed(901, "high", error="Bad.")]
    texts = listed_report_texts("cols.csv", tuple(check_listed(rows, RIDGE)), RIDGE)
    page = texts["report.html"]
    assert page.count('aria-labelledby="place-') == 2 * MOST_SECTIONS
    assert f"Of {MOST_SECTIONS + 5} places the first {MOST_SECTIONS} are shown" in page
    sections = re.findall(r'<section id="place-(\d+)-', page)
    assert sections[0] == str(MOST_SECTIONS + 5)  # the farthest off first
    assert "Rows that cannot be read" in page
    assert "line 901" in page
    svgs = [name for name in texts if name.endswith(".svg")]
    assert len(svgs) == 2 * MOST_SECTIONS
    assert all(re.fullmatch(r"[a-z0-9-]+\.svg", name) for name in svgs)


@pytest.mark.parametrize("hostile", [*HOSTILE, "../../etc/passwd", "", "con", "a" * 300])
def test_a_list_of_the_hostile(hostile):
    rows = [listed(1, "3000 m", name=hostile), listed(2, "3100 m", name=hostile)]
    texts = listed_report_texts(hostile, tuple(check_listed(rows, RIDGE)), RIDGE)
    found = Tags(texts["report.html"])
    assert not found.names & {"script", "img", "iframe"}
    assert len(found.ids) == len(set(found.ids))
    assert all(re.fullmatch(r"[a-z0-9-]{1,90}\.(svg|json|md|html)", name) for name in texts)
    assert len(texts) == 7


def test_a_summit_in_a_coarse_dem_comes_with_its_known_bias():
    row = listed(1, "2600 m", kind=PlaceKind.PEAK)
    report = listed_report_texts("a", tuple(check_listed([row], RIDGE)), RIDGE)["report.md"]
    assert "cuts summits" in report
    assert "raised by what a DEM this coarse cuts off a summit" in report
    assert "| what a coarse DEM cuts off a summit | 17.0 m |" in report


def test_a_height_above_all_land_is_drawn_as_printed():
    """It is judged in feet, but its statement is the text of the list."""
    report = listed_report_texts("a", tuple(check_listed([listed(1, "14600 m")], RIDGE)), RIDGE)["report.md"]
    assert "Stated 14600 m: differs." in report


def test_an_empty_list_and_one_without_a_dem():
    assert "0 rows" in listed_report_texts("a", (), None)["report.html"]
    texts = listed_report_texts("a", tuple(check_listed([listed(1, "3000 m")], None)), None)
    assert "No DEM was at hand" in texts["report.html"]
    assert "<svg" not in texts["report.html"]
