"""What a trek allows and refuses."""

import pytest

from routes.errors import ModelError
from routes.model.trek import Mode, Variant, check_identifier
from tests.builders import day, leg, one_leg_trek, place, stated, trek

A, B, C = place("a"), place("b", 1000.0), place("c", 2000.0)


def test_ends_of_legs_join_over_night():
    made = trek([A, B, C], [day(1, leg("a-b", "a", "b")), day(2, leg("b-c", "b", "c"))])
    assert [found.id for _, found in made.legs()] == ["a-b", "b-c"]
    assert made.place("b") is B


def test_a_leg_that_begins_elsewhere_is_refused_unless_the_day_is_a_transfer():
    legs = (leg("a-b", "a", "b"), leg("c-a", "c", "a"))
    with pytest.raises(
        ModelError, match=r"leg 'c-a' begins at 'c', but leg 'a-b' ended at 'b'.*transfer = true"
    ):
        trek([A, B, C], [day(1, legs[0]), day(2, legs[1])])
    made = trek([A, B, C], [day(1, legs[0]), day(2, legs[1], transfer=True)])
    assert len(made.days) == 2


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ([day(1, leg("a-x", "a", "x"))], "day 1, leg 'a-x', to: unknown place 'x'; known places: a, b, c"),
        ([day(1, leg("x-a", "x", "a"))], "from: unknown place 'x'"),
        ([day(1, leg("a-b", "a", "b", via=("x",)))], "via: unknown place 'x'"),
        ([day(1, leg("a-b", "a", "b"), sleep="x")], "day 1, sleep: unknown place 'x'"),
    ],
)
def test_unknown_places_are_refused(days, message):
    with pytest.raises(ModelError, match=message):
        trek([A, B, C], days)


def test_unknown_place_in_between_is_refused():
    saddle = place("saddle", kind="pass", between=("a", "x"))
    with pytest.raises(ModelError, match="place 'saddle', between: unknown place 'x'"):
        trek([A, B, saddle], [day(1, leg("a-b", "a", "b"))])


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (([A, A], [day(1, leg("a-a", "a", "a"))], {}), "places: 'a' occurs twice"),
        (([A, B], [day(1, leg("x", "a", "b"), leg("x", "b", "a"))], {}), "legs: 'x' occurs twice"),
        (([A, B], [day(1, leg("x", "a", "b")), day(1, leg("y", "b", "a"))], {}), "days: 1 occurs twice"),
        (
            (
                [A, B],
                [day(1, leg("x", "a", "b"))],
                {"variants": (Variant(id="v", name="V", days=(1,)), Variant(id="v", name="W", days=(1,)))},
            ),
            "variants: 'v' occurs twice",
        ),
    ],
)
def test_ids_occur_once(parts, message):
    places, days, more = parts
    with pytest.raises(ModelError, match=message):
        trek(places, days, **more)


@pytest.mark.parametrize(
    "identifier",
    ["", "../etc", "a/b", "A", "a b", "a_b", "-a", "a-", "a--b", "a.b", "ñ", "a\n", "x" * 81, "..", "."],
)
def test_ids_that_are_no_file_names_are_refused(identifier):
    with pytest.raises(ModelError, match="must be lower-case letters, digits and single hyphens"):
        check_identifier(identifier, "trek")


@pytest.mark.parametrize("identifier", ["a", "a-b", "2-day", "x" * 80])
def test_ids_that_are_file_names_are_taken(identifier):
    check_identifier(identifier, "trek")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"lon": -13.15, "lat": -172.0},
            "Latitude -172.0 of place 'p' is outside -90 to 90; are lon and lat swapped",
        ),
        ({"lat": float("nan")}, "Latitude nan"),
        ({"lon": 180.0}, "Longitude 180.0 of place 'p'.*180 itself is -180"),
        ({"lon": float("inf")}, "Longitude inf"),
        ({"name": " "}, "empty name"),
    ],
)
def test_places_not_on_earth_are_refused(given, message):
    with pytest.raises(ModelError, match=message):
        place("p", **given)


@pytest.mark.parametrize("uncertainty", [0.0, -5.0, 100_001.0, float("nan"), float("inf")])
def test_position_uncertainty_must_be_a_radius(uncertainty):
    with pytest.raises(ModelError, match="position_uncertainty_m of place 'p' must be more than 0"):
        place("p", uncertainty_m=uncertainty)


def test_a_place_states_heights_only():
    with pytest.raises(ModelError, match="Place 'p' states a distance; a place has elevations only"):
        place("p", stated=(stated("distance", "3 km"),))


@pytest.mark.parametrize("figure", [stated("elevation", "3000 m"), stated("days", "3 days")])
def test_a_leg_states_no_heights_or_days(figure):
    with pytest.raises(ModelError, match="belongs to a place or the trek"):
        leg("a-b", "a", "b", stated=(figure,))


@pytest.mark.parametrize("number", [0, -1, 1000])
def test_day_numbers_are_counted_from_one(number):
    with pytest.raises(ModelError, match=f"Day number {number}"):
        day(number, leg("a-b", "a", "b"))


def test_a_day_has_legs():
    with pytest.raises(ModelError, match="Day 4 has no legs"):
        day(4)


@pytest.mark.parametrize(
    ("mode", "on_foot", "trekking"),
    [("hike", True, True), ("walk", True, False), ("bus", False, False), ("train", False, False)],
)
def test_only_a_hike_makes_a_trekking_day(mode, on_foot, trekking):
    assert Mode(mode).is_on_foot is on_foot
    assert day(1, leg("a-b", "a", "b", mode=mode)).is_trekking is trekking


def three_days(**more):
    days = [
        day(1, leg("a-b", "a", "b")), day(2, leg("b-c", "b", "c"), leg("c-b", "c", "b")), day(3, leg("b-a", "b", "a")),
    ]  # fmt: skip
    return trek([A, B, C], days, **more)


def test_all_days_are_the_default_variant():
    made = three_days()
    assert made.default_variant.days == (1, 2, 3)
    with pytest.raises(ModelError, match="has no variant 'short'; it has: none"):
        made.variant("short")


def test_variants_leave_days_and_legs_out():
    short = Variant(id="short", name="Short", days=(1, 3))
    half = Variant(id="half", name="Half", days=(1, 2), skip_legs=("c-b",))
    made = three_days(variants=(short, half))
    assert made.default_variant is short
    assert made.variant("half") is half
    kept = [[found.id for found in legs] for _, legs in made.itinerary(half)]
    assert kept == [["a-b"], ["b-c"]]
    with pytest.raises(ModelError, match="it has: short, half"):
        made.variant("long")


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        (Variant(id="v", name="V", days=(1, 7)), "names day 7, which does not exist; days: \\[1, 2, 3\\]"),
        (Variant(id="v", name="V", days=(1,), skip_legs=("x",)), "skips the unknown leg 'x'"),
        (Variant(id="v", name="V", days=(2, 1)), "Day 1, leg 'a-b' begins at 'a'.*variant 'v'"),
        (Variant(id="v", name="V", days=(1, 2, 3), skip_legs=("c-b",)), "leg 'b-a' begins at 'b'"),
    ],
)
def test_variants_that_do_not_fit_are_refused(variant, message):
    with pytest.raises(ModelError, match=message):
        three_days(variants=(variant,))


@pytest.mark.parametrize("days", [(), (1, 1)])
def test_a_variant_names_each_day_once(days):
    with pytest.raises(ModelError, match="needs days, each once"):
        Variant(id="v", name="V", days=days)


def test_stops_of_a_leg_are_in_order():
    assert leg("a-c", "a", "c", via=("b",)).stops == ("a", "b", "c")


def test_time_zone_is_an_iana_name():
    with pytest.raises(ModelError, match="time_zone 'Peru/Lima' is no IANA name"):
        one_leg_trek(time_zone="Peru/Lima")


def test_a_leg_that_goes_nowhere_needs_places_or_a_line():
    places = [place("a"), place("b", 1000.0)]
    with pytest.raises(
        ModelError, match=r"Day 1, leg 'round' goes nowhere: give it places on the way \(via\) or a gpx"
    ):
        trek(places, [day(1, leg("round", "a", "a"))])
    trek(places, [day(1, leg("round", "a", "a", via=("b",)))])
    trek(places, [day(1, leg("round", "a", "a", gpx="round.gpx"))])
