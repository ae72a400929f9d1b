"""Stated figures, seasons and facts."""

import pytest

from routes.errors import ModelError
from routes.model.figures import Quantity, StatedFigure, StatedSeason, VerticalDatum

NORTH, SOUTH = 42.5, -13.2


def figure(quantity="elevation", value="4450 m", **more):
    return StatedFigure(quantity=Quantity(quantity), value=value, source="A guide", **more)


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("elevation", "4450 m"), ("elevation", "14,600 ft"), ("max_elevation", "4450 m"), ("distance", "11 km"),
        ("distance", "2.5 mi"), ("distance", "800 m"), ("duration", "3 to 4 h"), ("duration", "45 min"),
        ("ascent", "900 m"), ("descent", "2,500 ft"), ("days", "3 days"), ("passes", "2"),
    ],
)  # fmt: skip
def test_units_that_make_sense_are_taken(quantity, value):
    assert figure(quantity, value).printed == value


@pytest.mark.parametrize(
    ("quantity", "value", "allowed"),
    [
        ("elevation", "4 km", "m, ft"),
        ("elevation", "4450", "m, ft"),
        ("distance", "3 h", "m, ft, km, mi"),
        ("duration", "3 days", "h, min"),
        ("days", "3", "d"),
        ("passes", "2 m", "none"),
        ("ascent", "1 km", "m, ft"),
    ],
)
def test_units_that_make_no_sense_are_refused(quantity, value, allowed):
    with pytest.raises(ModelError, match=f"{value!r} has no unit for {quantity}; allowed: {allowed}"):
        figure(quantity, value)


def test_second_value_has_the_same_rules():
    assert figure(also="14,600 ft").printed == "4450 m (14,600 ft)"
    assert figure(also="14,600 ft").second.value == pytest.approx(4450.08)
    assert figure().second is None
    with pytest.raises(ModelError, match="'3 h' has no unit for elevation"):
        figure(also="3 h")
    with pytest.raises(ModelError, match="are in the same unit; give two stated figures"):
        figure(also="4400 m")


@pytest.mark.parametrize("value", ["9000 m", "-600 m", "44,500 m", "30,000 ft"])
def test_heights_that_are_not_on_land_are_refused(value):
    with pytest.raises(ModelError, match="is not on land"):
        figure(value=value)


def test_shore_of_the_dead_sea_is_land():
    assert figure(value="-430 m").measure.value == -430.0


@pytest.mark.parametrize(
    ("quantity", "value"), [("ascent", "-5 m"), ("distance", "-1 km"), ("duration", "-2 h")]
)
def test_negative_figures_are_refused(quantity, value):
    with pytest.raises(ModelError, match="is negative"):
        figure(quantity, value)


@pytest.mark.parametrize("source", ["", "   "])
def test_a_source_is_needed(source):
    with pytest.raises(ModelError, match="has an empty source; say who printed it"):
        StatedFigure(quantity=Quantity.ELEVATION, value="4450 m", source=source)


def test_rounding_is_in_the_printed_unit():
    assert figure(value="14,600 ft", rounding=100.0).measure.step_base == pytest.approx(30.48)
    with pytest.raises(ModelError, match="rounding step of -1"):
        figure(rounding=-1.0)


def test_datum_is_unknown_unless_named():
    assert figure().datum is VerticalDatum.UNKNOWN


def test_figures_are_frozen():
    with pytest.raises(AttributeError):
        figure().value = "1 m"


@pytest.mark.parametrize(
    ("season", "north", "south"),
    [
        # meteorological seasons: March to May is spring in the north and autumn in the south
        ("spring", {3, 4, 5}, {9, 10, 11}),
        ("summer", {6, 7, 8}, {12, 1, 2}),
        ("autumn", {9, 10, 11}, {3, 4, 5}),
        ("winter", {12, 1, 2}, {6, 7, 8}),
        ("early spring", {3}, {9}),
        ("late spring", {5}, {11}),
        ("early autumn", {9}, {3}),
        ("mid winter", {1}, {7}),
    ],
)
def test_seasons_are_half_a_year_apart_across_the_equator(season, north, south):
    stated = StatedSeason(kind="best", source="A guide", seasons=(season,))
    assert stated.months_at(NORTH) == north
    assert stated.months_at(SOUTH) == south


def test_months_are_months_everywhere():
    stated = StatedSeason(kind="best", source="A guide", months=(5, 9))
    assert stated.months_at(NORTH) == stated.months_at(SOUTH) == {5, 9}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "either months or names"),
        ({"months": (5,), "seasons": ("spring",)}, "either months or names"),
        ({"months": (0,)}, "Months run from 1 to 12"),
        ({"months": (5, 13)}, r"not \[5, 13\]"),
        ({"seasons": ("fall",)}, "'fall' is no season; write for example 'late spring'"),
        ({"seasons": ("very late spring",)}, "is no season"),
        ({"seasons": ("",)}, "is no season"),
    ],
)
def test_bad_seasons_are_refused(given, message):
    with pytest.raises(ModelError, match=message):
        StatedSeason(kind="best", source="A guide", **given)
