"""The index: what its cards say, that nothing in a text becomes markup, and that it can be read by everybody."""

import json
import re
from html.parser import HTMLParser

import pytest

from routes.errors import ModelError
from routes.model.units import Units
from routes.render.index.card import MAP_HEIGHT, MAP_WIDTH, card_json, card_of, read_card
from routes.render.index.page import POLICY, Listed, index_html
from tests.render.studies import HOSTILE, hills, hostile_study, study_over_hills, study_without_heights


def listed_of(study, source=None):
    card = card_of(study, source)
    return Listed(
        card=card,
        pages={variant.id: f"{card.trek}/index.html#{variant.id}" for variant in card.variants},
        gpx={card.variants[0].id: f"{card.trek}/{card.trek}.gpx"},
    )


class Texts(HTMLParser):
    """Texts and tags of a page, as a browser reads them."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.tags = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def test_card_says_where_the_trek_goes_and_what_it_takes():
    study = study_over_hills()
    card = card_of(study, hills())
    totals = study.default.totals
    assert card.length_m.value == pytest.approx(totals.walking_m.value, abs=0.1)
    assert card.ascent_m.value == pytest.approx(totals.ascent_m.value, abs=0.1)
    assert card.days_on_foot == 1
    assert len(card.passes) == 1
    ways = [line for line in card.lines if line.day]
    xs = [x for line in ways for x, _ in line.points]
    ys = [y for line in ways for _, y in line.points]
    # the way runs from west to east through the middle of the map, with a margin on either side
    assert 0.0 < min(xs) < 0.15 * MAP_WIDTH
    assert 0.85 * MAP_WIDTH < max(xs) < MAP_WIDTH
    assert all(y == pytest.approx(0.5 * MAP_HEIGHT, abs=1.0) for y in ys)
    assert card.passes[0][0] == pytest.approx(0.5 * MAP_WIDTH, abs=1.0)
    assert card.relief.startswith("data:image/jpeg;base64,")
    heights = [y for line in card.profile for _, y in line.points]
    assert min(heights) < 6.0


@pytest.mark.parametrize("make", [study_over_hills, study_without_heights, hostile_study])
def test_card_survives_its_file(make):
    card = card_of(make())
    assert read_card(card_json(card).encode()) == card
    assert card_json(card) == card_json(card_of(make()))


def changed(**more):
    return json.dumps(json.loads(card_json(card_of(study_over_hills()))) | more).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"\xff\xfe", b'{"trek": 1}', b"{" * 5000, changed(card=2), changed(trek="../../etc"),
        changed(relief='data:image/svg+xml,<svg onload="x()">'), changed(relief="https://example.invalid/a.jpeg"),
        changed(relief="data:image/jpeg;base64,A"), changed(variants=[]), changed(high_m=float("nan")),
        changed(high_m="4000"), changed(lines=[{"day": 1, "kind": 'red" onload="x', "points": [[0, 0]]}]),
        changed(lines=[{"day": 1, "kind": "osm", "points": [["M0", 0]]}]), changed(more=1),
        changed(name="x" * 2_000_000),
    ],
)  # fmt: skip
def test_foreign_or_damaged_card_is_refused_in_one_line(data):
    with pytest.raises(ModelError) as caught:
        read_card(data)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("source", [None, hills()], ids=["no heights", "hills"])
def test_hostile_text_stays_text(source):
    study = hostile_study(source)
    page = index_html([listed_of(study, source)])
    read = Texts(page)
    assert not {"script", "img", "iframe", "object"} & {tag for tag, _ in read.tags}
    assert not any(name.startswith("on") for _, attrs in read.tags for name in attrs)
    text = " ".join("".join(read.texts).split())
    for hostile in HOSTILE:
        assert " ".join(hostile.split())[:120] in text or hostile in study.trek.summary[600:]


def test_page_asks_for_nothing_and_runs_nothing():
    page = index_html([listed_of(study_over_hills(), hills())])
    tags = Texts(page).tags
    policies = [
        attrs["content"] for tag, attrs in tags if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == [POLICY]
    assert "default-src 'none'" in POLICY
    assert "script-src" not in POLICY
    addresses = [value for _, attrs in tags for name, value in attrs.items() if name in ("href", "src")]
    assert all(value.startswith(("data:", "test")) for value in addresses), addresses
    assert not re.search(r"url\(|@import", page)


def test_same_treks_give_the_same_bytes():
    pages = {
        index_html([listed_of(study_over_hills(), hills()), listed_of(study_without_heights())])
        for _ in range(2)
    }
    assert len(pages) == 1


def test_what_is_not_known_is_said():
    read = " ".join(Texts(index_html([listed_of(study_without_heights())])).texts)
    assert "at least" in read
    assert "straight lines; the way is longer" in read
    assert "unknown" in read


def test_units_are_the_readers():
    metric, imperial = (
        " ".join(Texts(index_html([listed_of(study_over_hills(), hills())], units)).texts)
        for units in (Units.METRIC, Units.IMPERIAL)
    )
    assert re.search(r"\d m\b", metric)
    assert not re.search(r"\d (?:ft|mi)\b", metric)
    assert re.search(r"\d ft\b", imperial)
    assert re.search(r"\d mi\b", imperial)


def test_index_is_accessible_and_fits_every_screen(has_room_for_all):
    treks = [
        listed_of(study_over_hills(), hills()),
        listed_of(study_without_heights()),
        listed_of(hostile_study()),
    ]
    has_room_for_all(index_html(treks))


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_index_opens_from_disk_without_a_request_or_a_word(opened, width):
    treks = [listed_of(study_over_hills(), hills()), listed_of(hostile_study())]
    page = opened(index_html(treks), width=width, color_scheme="dark")
    assert page.title() == "Treks"
    assert page.locator("article").count() == 2
    # every picture is as large as the room that it takes, so nothing moves while the page loads
    for box in (one.bounding_box() for one in page.locator(".picture svg").all()):
        assert box["width"] > 200
        assert box["height"] > 20
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
