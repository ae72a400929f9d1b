"""The two committed treks: every fact of the guide is there, and what disagrees is found."""

import csv
import re

import pytest
from pyproj import Geod

from routes.analysis.study import study_trek
from routes.analysis.verdicts.finding import Check, Verdict
from routes.dem.folder import open_dem
from routes.io.trek.read import read_trek
from routes.model.measure import Measure
from routes.model.trek import Mode, PlaceKind
from routes.model.units import Units
from tests.conftest import ROOT

GEOD = Geod(ellps="WGS84")
GUIDE = "Lares Trek guide"
TREKS = ROOT / "data" / "treks"


@pytest.fixture(scope="module")
def lares():
    return read_trek(TREKS / "lares.toml")


@pytest.fixture(scope="module")
def study(lares):
    return study_trek(lares, {})


@pytest.fixture(scope="module")
def john_muir():
    return read_trek(TREKS / "john-muir.toml")


def legs(trek):
    return {leg.id: leg for _, leg in trek.legs()}


def findings(study, check, subject):
    return [f for f in study.findings if f.check is check and f.subject == subject]


def of_guide(figures):
    return [figure for figure in figures if figure.source.startswith(GUIDE)]


# ---------------------------------------------------------------------------------------------------------------------
# What the guide of the Lares Trek states, one by one (DESIGN.md, section 3)
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place_id", "value", "also"),
    [
        ("cusco", "11,000 ft", "3,000 m"),
        ("quishuarani", "3700 m", None),
        ("huchayccasa-pass", "4200 m", None),
        ("huacahuasi", "3750 m", None),
        ("ipsaycocha-pass", "4450 m", None),
        ("patacancha", "3700 m", None),
    ],
)
def test_heights_of_the_guide_are_there_as_printed(lares, place_id, value, also):
    (figure,) = of_guide(lares.place(place_id).stated)
    assert (figure.value, figure.also) == (value, also)


@pytest.mark.parametrize(
    ("leg_id", "start", "end", "quantity", "value", "also"),
    [
        ("cusco-sacsayhuaman", "cusco", "sacsayhuaman", "distance", "2.5 mi", "4 km"),
        ("inca-trail", "km-104", "machu-picchu", "distance", "11 km", None),
    ],
)
def test_distances_of_the_guide_are_there_as_printed(lares, leg_id, start, end, quantity, value, also):
    leg = legs(lares)[leg_id]
    assert (leg.start, leg.end) == (start, end)
    (figure,) = of_guide(leg.stated)
    assert (figure.quantity, figure.value, figure.also) == (quantity, value, also)


def test_both_durations_of_the_road_to_totora_are_there(lares):
    leg = legs(lares)["cusco-totora"]
    assert (leg.start, leg.end) == ("cusco", "totora")
    assert [(f.quantity, f.value) for f in of_guide(leg.stated)] == [
        ("duration", "2 h"),
        ("duration", "3 to 4 h"),
    ]


@pytest.mark.parametrize(
    ("quantity", "value", "also"),
    [("max_elevation", "4450 m", "14,600 ft"), ("days", "3 days", None), ("passes", "2", None)],
)
def test_figures_of_the_whole_trek_are_there_as_printed(lares, quantity, value, also):
    (figure,) = [f for f in of_guide(lares.stated) if f.quantity == quantity]
    assert (figure.value, figure.also) == (value, also)


def test_six_days_and_the_add_on_are_there(lares):
    assert [day.number for day in lares.days] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert lares.default_variant.days == (1, 2, 3, 4, 5, 6)
    assert [day.number for day in lares.days if day.is_trekking] == [3, 4, 5, 7]
    assert {leg.mode for _, leg in lares.legs()} == set(Mode)
    assert {day.number: day.sleep for day in lares.days} == {
        1: "lima", 2: "cusco", 3: "quishuarani", 4: "huacahuasi", 5: "patacancha-hotel", 6: None,
        7: "machupicchu-pueblo", 8: "cusco",
    }  # fmt: skip


def test_variants_are_there(lares):
    two = [v for v in lares.variants if len(v.days) == 2]
    three = [v for v in lares.variants if v.days == (3, 4, 5)]
    long = [v for v in lares.variants if set(v.days) == {1, 2, 3, 4, 5, 6, 7, 8}]
    assert len(two) == len(three) == len(long) == 1
    assert two[0].assumed  # the guide does not say which two days


@pytest.mark.parametrize(
    ("day", "mode", "stops"),
    [
        (1, "walk", ["lima-plaza-mayor", "lima-cathedral", "casa-aliaga"]),
        (1, "walk", ["pueblo-libre", "larco-museum"]),
        (1, "walk", ["miraflores", "love-park"]),
        (2, "flight", ["lima-airport", "cusco-airport"]),
        (2, "walk", ["coricancha", "cusco-cathedral", "san-blas", "san-pedro-market"]),
        (2, None, ["sacsayhuaman", "quenqo"]),
        (2, None, ["puca-pucara", "tambomachay"]),
        (3, "car", ["cusco", "totora"]),
        (3, "hike", ["totora", "hillside-communities"]),
        (3, "bus", ["hillside-communities", "quishuarani"]),
        (4, "hike", ["quishuarani", "huchayccasa-pass", "cuncani"]),
        (4, "hike", ["cuncani", "huacahuasi"]),
        (5, "hike", ["huacahuasi", "ipsaycocha-pass", "patacancha"]),
        (5, "bus", ["patacancha", "patacancha-hotel"]),
        (6, None, ["patacancha", "cusco"]),
        (6, "flight", ["cusco-airport"]),
        (7, "train", ["km-104"]),
        (7, "hike", ["chachabamba", "winay-wayna", "inti-punku", "machu-picchu"]),
        (8, None, ["machu-picchu", "watchmans-hut", "inca-bridge"]),
        (8, "train", ["machupicchu-pueblo", "cusco"]),
    ],
)
def test_each_day_goes_where_the_guide_goes(lares, day, mode, stops):
    """One leg of the day visits the stops in order, by that mode."""
    day_legs = next(d for d in lares.days if d.number == day).legs
    assert any(
        [stop for stop in leg.stops if stop in stops][: len(stops)] == stops and mode in (None, leg.mode)
        for leg in day_legs
    )


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("start", "Totora"), ("finish", "Patacancha"), ("difficulty", "Moderate"),
        ("accommodation", "Camping.*Quishuarani.*Huacahuasi"),
        ("hotel", "Patacancha.*a bus ride away"), ("permit", "No permit"), ("cold", "near freezing"),
        ("springs", "thermal springs"), ("compared-to-the-inca-trail", "day or two shorter.*less difficult"),
        ("shorter-version", "two days"), ("machu-picchu-add-on", "Two more days.*train"), ("map-caption", "6 days"),
        ("bus-lima-cusco", "bus.*up to a day"), ("road-to-totora", "two hours.*three to four hours.*Lares"),
        ("road-patacancha-cusco", "similar distance"),
        ("inca-way", "Totora canyon.*Inca way.*communities on the hillsides"),
        ("view-huchayccasa", "lakes.*Urubamba range"), ("cloud-forest", "Quishuarani.*Huchayccasa.*Inca Trail"),
        ("lunch-day-4", "Cuncani"), ("spelling-cuncani", "Cucani"), ("view-ipsaycocha", "Veronica"),
        ("ridge", "between the Lares valley and the Patacancha valley"), ("lunch-day-5", "lake"),
        ("sites-above-cusco", "next to each other.*Puca Pucara and Tambomachay farther out"),
        ("love-park", "Love Park.*Chorrillos"), ("options-at-machu-picchu", "Inca bridge and the watchman's hut"),
        ("train", "Ollantaytambo to km 104"),
    ],
)  # fmt: skip
def test_facts_of_the_guide_are_there(lares, topic, words):
    (fact,) = [fact for fact in lares.facts if fact.topic == topic]
    assert re.search(words, fact.text)
    assert fact.source.startswith(GUIDE)


def test_seasons_of_the_guide_are_there(lares):
    own = [s for s in lares.seasons if s.source.startswith(GUIDE)]
    assert [(s.kind, s.seasons, set(s.months)) for s in own] == [
        ("best", ("late spring", "early autumn"), set()), ("best", (), {5, 9}), ("wettest", (), {12, 1, 2}),
    ]  # fmt: skip


def test_names_and_aliases(lares):
    assert "Cucani" in lares.place("cuncani").aliases
    assert lares.place("veronica").kind is PlaceKind.PEAK
    assert lares.place("ipsaycocha-pass").kind is lares.place("huchayccasa-pass").kind is PlaceKind.PASS
    assert set(lares.place("ipsaycocha-pass").between) == {"huacahuasi", "patacancha"}
    assert set(lares.place("huchayccasa-pass").between) == {"quishuarani", "cuncani"}


def test_what_is_not_in_the_guide_says_so(lares, john_muir):
    for trek in (lares, john_muir):
        for place in trek.places:
            assert place.position_source.strip()
            if place.position_source.startswith("estimate"):
                assert place.assumed or place.between
                assert place.position_uncertainty_m >= 200.0


# ---------------------------------------------------------------------------------------------------------------------
# What the checks find without any DEM
# ---------------------------------------------------------------------------------------------------------------------


def test_without_a_dem_every_height_is_undecided(lares, study):
    against_dem = [f for f in study.findings if f.check is Check.DEM]
    assert len(against_dem) >= sum(len(place.stated) for place in lares.places)
    assert {f.verdict for f in against_dem} == {Verdict.UNDECIDED}
    line = [f for f in study.findings if f.check is Check.LINE]
    assert {f.verdict for f in line} == {Verdict.UNDECIDED}


def test_the_conversion_for_cusco_is_wrong(study):
    """11,000 ft are 3353 m, not 3,000 m."""
    wrong = [f for f in findings(study, Check.UNITS, "cusco") if f.statements[0].source.startswith(GUIDE)]
    assert [(f.statements[0].printed, f.verdict) for f in wrong] == [("11,000 ft (3,000 m)", Verdict.DIFFERS)]


def test_the_conversion_of_the_maximum_is_right(study):
    right = [f for f in findings(study, Check.UNITS, "lares") if f.statements[0].source.startswith(GUIDE)]
    assert [(f.statements[0].printed, f.verdict) for f in right] == [("4450 m (14,600 ft)", Verdict.AGREES)]


def test_the_durations_of_the_road_to_totora_exclude_each_other(study):
    (finding,) = findings(study, Check.SOURCES, "cusco-totora")
    assert finding.verdict is Verdict.DIFFERS
    assert finding.quantity == "duration"


@pytest.mark.parametrize("place_id", ["huchayccasa-pass", "ipsaycocha-pass"])
def test_sources_on_both_passes_exclude_each_other(study, place_id):
    (finding,) = findings(study, Check.SOURCES, place_id)
    assert finding.verdict is Verdict.DIFFERS


def test_the_best_seasons_of_the_guide_have_no_month_in_common(study):
    seasons = findings(study, Check.SEASON, "lares")
    own = [f for f in seasons if all(claim.source.startswith(GUIDE) for claim in f.statements)]
    assert [f.verdict for f in own] == [Verdict.DIFFERS]


@pytest.mark.parametrize(("quantity", "count"), [("days", 3), ("passes", 2)])
def test_days_and_passes_are_as_many_as_stated(study, quantity, count):
    (finding,) = [f for f in findings(study, Check.COUNT, "lares") if f.quantity == quantity]
    assert (finding.verdict, finding.estimate) == (Verdict.AGREES, count)


def test_the_maximum_is_the_ipsaycocha_pass_by_the_guide(study):
    own = [
        f for f in findings(study, Check.MAXIMUM, "lares")
        if all(claim.source.startswith(GUIDE) for claim in f.statements)
    ]  # fmt: skip
    assert [f.verdict for f in own] == [Verdict.AGREES]
    assert "Ipsaycocha Pass" in own[0].reason_in(Units.METRIC)


def test_four_kilometres_to_sacsayhuaman_are_not_refuted_by_the_straight_line(study):
    """The straight line is about 2 km, which neither proves nor refutes a road of 4 km."""
    found = findings(study, Check.STRAIGHT_LINE, "cusco-sacsayhuaman")
    own = [f for f in found if f.statements[0].source.startswith(GUIDE)]
    assert [f.verdict for f in own] == [Verdict.UNDECIDED]


def test_without_lines_no_leg_on_foot_has_ascent(study):
    assert study.default.totals.ascent_m is None
    assert study.default.totals.is_lower_bound


# ---------------------------------------------------------------------------------------------------------------------
# Places against independent positions
# ---------------------------------------------------------------------------------------------------------------------


def away_km(place, lon, lat):
    return GEOD.inv(place.lon, place.lat, float(lon), float(lat))[2] / 1000.0


@pytest.fixture(scope="module")
def found_places(test_data):
    with (test_data / "places" / "lares_places.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["lon"]]


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Patacancha", "patacancha"),
        ("Lares hot springs", "lares-hot-springs"),
        ("Ipsaycocha pass", "ipsaycocha-pass"),
    ],
)
def test_wrong_positions_of_public_code_are_not_ours(lares, found_places, name, place_id):
    """Three rows are marked WRONG: real errors in public code. Ours lie more than 5 km from them."""
    (wrong,) = [row for row in found_places if row["name"] == f"{name} [WRONG in public code]"]
    assert away_km(lares.place(place_id), wrong["lon"], wrong["lat"]) > 5.0


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Lares", "lares-town"), ("Cuncani (Lares)", "cuncani"), ("Quishuarani", "quishuarani"),
        ("Quelquena", "quelquena"), ("Patacancha", "patacancha"), ("Ollantaytambo", "ollantaytambo"),
        ("Totora (Calca district, on Calca-Amparaes road)", "totora"), ("Chachabamba (km 104)", "chachabamba"),
        ("Winay Wayna", "winay-wayna"), ("Machupicchu pueblo (Aguas Calientes)", "machupicchu-pueblo"),
        ("Cusco airport SPZO", "cusco-airport"), ("Lima airport SPJC", "lima-airport"),
    ],
)  # fmt: skip
def test_positions_are_those_of_their_sources(lares, found_places, name, place_id):
    place = lares.place(place_id)
    rows = [row for row in found_places if row["name"] == name]
    assert min(away_km(place, row["lon"], row["lat"]) for row in rows) < 0.05
    # and the other sources lie within what we say we may be off by, doubled
    assert all(away_km(place, r["lon"], r["lat"]) < 2.0 * place.position_uncertainty_m / 1000.0 for r in rows)


@pytest.mark.parametrize(
    "other",
    [
        "Cuncani (Urubamba district, different place)",
        "Huacahuasi (Urubamba district hamlet, NOT the Lares-trek village?)",
    ],
)
def test_places_of_the_same_name_elsewhere_are_not_taken(lares, found_places, other):
    (row,) = [row for row in found_places if row["name"] == other]
    place = lares.place(other.partition(" ")[0].lower())
    assert away_km(place, row["lon"], row["lat"]) > 5.0


# ---------------------------------------------------------------------------------------------------------------------
# John Muir Trail
# ---------------------------------------------------------------------------------------------------------------------


def test_three_days_of_the_john_muir_trail_are_hiked(john_muir):
    assert [day.number for day in john_muir.days] == [1, 2, 3]
    assert all(leg.mode is Mode.HIKE for _, leg in john_muir.legs())
    first, last = john_muir.days[0].legs[0], john_muir.days[-1].legs[-1]
    assert (first.start, last.end) == ("tuolumne-meadows", "reds-meadow")
    stops = [stop for _, leg in john_muir.legs() for stop in leg.stops]
    assert stops.index("donohue-pass") < stops.index("island-pass")


def test_the_trail_lies_inside_the_sample_dem(john_muir, repository):
    """data/dem/john-muir-srtmgl3.json: west -119.4504, south 37.5604, east -118.9804, north 37.9504."""
    assert (repository / "data" / "dem" / "john-muir-srtmgl3.tif").is_file()
    for place in john_muir.places:
        assert -119.4504 < place.lon < -118.9804
        assert 37.5604 < place.lat < 37.9504


def test_the_length_stated_in_two_units_fits(john_muir):
    assert Measure.parse("34 mi").meets(Measure.parse("55 km"))
    found = study_trek(john_muir, {})
    units = findings(found, Check.UNITS, "john-muir")
    assert {f.verdict for f in units} == {Verdict.AGREES}


def test_no_stated_length_is_below_the_straight_lines(john_muir):
    """Stops lie within about a kilometre of one another; stated are 33 to 36 miles, 53 to 58 km."""
    found = study_trek(john_muir, {})
    straight = found.default.totals.walking_m.value
    assert 35_000.0 < straight < 53_000.0
    lengths = findings(found, Check.STRAIGHT_LINE, "john-muir")
    assert {f.verdict for f in lengths} == {Verdict.UNDECIDED}


def test_the_printed_9900_feet_for_donohue_pass_contradicts_the_others(john_muir):
    found = study_trek(john_muir, {})
    (finding,) = findings(found, Check.SOURCES, "donohue-pass")
    assert finding.verdict is Verdict.DIFFERS
    assert "9900 ft" in finding.reason_in(Units.METRIC)


@pytest.mark.parametrize("units", Units)
def test_what_a_verdict_shows_bears_it_out(john_muir, repository, units):
    """Rounding moves no limit of 90 % past a figure: those that agree lie within what is shown, others outside."""
    found = study_trek(john_muir, {}, open_dem(repository / "data/dem"))
    shown = 0
    for finding in found.findings:
        text = finding.reason_in(units).replace(",", "")
        height = re.search(r"(?:DEM|corrected to) (\d+) (m|ft)(?!.*corrected to)[^±]*± (\d+) ", text)
        way = re.search(r"the way ([\d.]+)(?: to ([\d.]+))? (km|mi) \(90 %\)", text)
        if height:
            low, high = (float(height[1]) + sign * float(height[3]) for sign in (-1.0, 1.0))
            size, slack = {"m": 1.0, "ft": 0.3048}[height[2]], 1.0
        elif way:
            low, high = float(way[1]), float(way[2] or way[1])
            size, slack = {"km": 1000.0, "mi": 1609.344}[way[3]], 0.05
        else:
            continue
        shown += 1
        value = Measure.parse(finding.statements[0].printed.partition(" (")[0]).value / size
        if finding.verdict is Verdict.AGREES:
            assert low - slack <= value <= high + slack, text
        elif finding.verdict is not Verdict.UNDECIDED:
            assert not low + slack <= value <= high - slack, text
    assert shown > 30
