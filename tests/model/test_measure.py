"""Printed figures: what they mean and how finely they are rounded."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from routes.errors import ModelError
from routes.model.measure import ROUNDING_CAP, Measure, Unit


@pytest.mark.parametrize(
    ("text", "unit", "value", "interval"),
    [
        # the foot is 0.3048 m and the mile 1609.344 m by definition (international yard and pound, 1959)
        ("4450 m", Unit.METRE, 4450.0, (4445.0, 4455.0)),
        ("4450m", Unit.METRE, 4450.0, (4445.0, 4455.0)),
        ("4,450m", Unit.METRE, 4450.0, (4445.0, 4455.0)),
        ("4,450 meters", Unit.METRE, 4450.0, (4445.0, 4455.0)),
        ("3700 m", Unit.METRE, 3700.0, (3650.0, 3750.0)),
        ("3,000 m", Unit.METRE, 3000.0, (2950.0, 3050.0)),  # capped at 100 m
        ("2871 m", Unit.METRE, 2871.0, (2870.5, 2871.5)),
        ("2864.4 m", Unit.METRE, 2864.4, (2864.35, 2864.45)),
        ("14,600 ft", Unit.FOOT, 4450.08, (4434.84, 4465.32)),
        ("11,000 ft", Unit.FOOT, 3352.8, (3276.6, 3429.0)),  # capped at 500 ft
        ("11,056 feet", Unit.FOOT, 3369.8688, (3369.7164, 3370.0212)),
        ("10860'", Unit.FOOT, 3310.128, (3308.604, 3311.652)),
        ("2.5 mi", Unit.MILE, 4023.36, (3942.8928, 4103.8272)),
        ("4 km", Unit.KILOMETRE, 4000.0, (3500.0, 4500.0)),
        ("11 km", Unit.KILOMETRE, 11000.0, (10500.0, 11500.0)),
        ("100 km", Unit.KILOMETRE, 100_000.0, (97_500.0, 102_500.0)),  # capped at 5 km
        ("2 h", Unit.HOUR, 2.0, (1.5, 2.5)),
        ("20 hours", Unit.HOUR, 20.0, (19.5, 20.5)),  # capped at 1 h
        ("45 min", Unit.MINUTE, 0.75, (44.5 / 60.0, 45.5 / 60.0)),
        ("3 to 4 h", Unit.HOUR, 3.5, (3.0, 4.0)),
        ("3-4 h", Unit.HOUR, 3.5, (3.0, 4.0)),
        ("3 \N{EN DASH} 4 hrs", Unit.HOUR, 3.5, (3.0, 4.0)),
        ("1 to 1.5 hours", Unit.HOUR, 1.25, (1.0, 1.5)),
        ("3 days", Unit.DAY, 3.0, (2.5, 3.5)),
        ("1 day", Unit.DAY, 1.0, (0.5, 1.5)),
        ("2", Unit.COUNT, 2.0, (1.5, 2.5)),
        ("0 m", Unit.METRE, 0.0, (-0.5, 0.5)),
        ("-86 m", Unit.METRE, -86.0, (-86.5, -85.5)),
        ("\N{MINUS SIGN}86 m", Unit.METRE, -86.0, (-86.5, -85.5)),
        ("3\N{THIN SPACE}373 m", Unit.METRE, 3373.0, (3372.5, 3373.5)),
        ("3\N{NARROW NO-BREAK SPACE}373 m", Unit.METRE, 3373.0, (3372.5, 3373.5)),
        ("3 373 m", Unit.METRE, 3373.0, (3372.5, 3373.5)),
        ("  4450 M  ", Unit.METRE, 4450.0, (4445.0, 4455.0)),
        ("6 km.", Unit.KILOMETRE, 6000.0, (5500.0, 6500.0)),
    ],
)
def test_printed_figure_means(text, unit, value, interval):
    measure = Measure.parse(text)
    assert measure.printed == text
    assert measure.unit is unit
    assert measure.value == pytest.approx(value)
    assert measure.interval == pytest.approx(interval)


@pytest.mark.parametrize(
    "text",
    [
        "", "m", "high", "about 4450 m", "4450 metros", "4450 furlongs", "2,5 km", "44,50 m", "4450 m (14,600 ft)",
        "4450..5 m", "1e3 m", "nan m", "inf m", "3 or 4 h", "4,4500 m", "- m", "4 5 h",
    ],
)  # fmt: skip
def test_text_that_is_no_figure_is_refused(text):
    with pytest.raises(ModelError, match="is no figure with a unit; write for example '4450 m'"):
        Measure.parse(text)


@pytest.mark.parametrize("text", ["4.450 m", "14.600 ft", "-1.086 m", "2.550 to 2600 m", "2 to 2.600 m"])
def test_a_point_that_may_part_thousands_is_refused_with_a_hint(text):
    with pytest.raises(ModelError, match=r"a point parts decimals, .*; write -?[0-9]{4,5} (m|ft) if"):
        Measure.parse(text)


@pytest.mark.parametrize("text", ["\u0664\u0664\u0665\u0660 m", "\uff14450 m", "4450\u00b2 m"])
def test_digits_of_other_scripts_are_refused(text):
    with pytest.raises(ModelError, match="is no figure with a unit"):
        Measure.parse(text)


def test_numbers_that_nobody_prints_are_refused():
    assert Measure.parse("100000000000 m").low == 1e11
    with pytest.raises(ModelError, match="more than 12 digits"):
        Measure.parse("1000000000000 m")
    for text in ("1" + "0" * 400 + " km", " " * 100_000 + "x", "1,111" * 10_000):
        with pytest.raises(ModelError, match="is no figure with a unit") as caught:
            Measure.parse(text)
        assert len(str(caught.value)) < 200


def test_upside_down_range_is_refused():
    with pytest.raises(ModelError, match="'4 to 3 h' runs from high to low"):
        Measure.parse("4 to 3 h")


@pytest.mark.parametrize("step", [0.0, -10.0, float("nan"), float("inf"), 1e6])
def test_rounding_step_that_is_no_positive_number_is_refused(step):
    with pytest.raises(ModelError, match="rounding step"):
        Measure.parse("4450 m", step)


def test_given_rounding_step_replaces_the_implied_one():
    assert Measure.parse("4450 m", 50.0).interval == (4425.0, 4475.0)
    assert Measure.parse("14,600 ft", 1.0).step_base == pytest.approx(0.3048)


@given(
    number=st.integers(0, 999_999),
    unit=st.sampled_from([unit for unit in Unit if unit is not Unit.COUNT]),
    has_commas=st.booleans(),
)
@example(number=11_000, unit=Unit.FOOT, has_commas=True)
def test_whole_numbers_round_trip(number, unit, has_commas):
    digits = f"{number:,}" if has_commas else str(number)
    measure = Measure.parse(f"{digits} {unit.value}")
    assert measure.low == measure.high == number
    assert measure.unit is unit
    assert not measure.is_range
    low, high = measure.interval
    assert low <= measure.value <= high
    # what is printed is a multiple of the step it implies, unless that step was capped
    if measure.step != ROUNDING_CAP[unit]:
        assert number % measure.step == 0


@given(st.integers(1, 9999), st.integers(1, 2), st.sampled_from(["m", "km", "mi", "ft", "h"]))
@example(number=1234, places=3, unit="km")
@example(number=305, places=3, unit="m")
@example(number=12345, places=4, unit="m")
def test_decimals_imply_their_last_place(number, places, unit):
    measure = Measure.parse(f"{number / 10**places:.{places}f} {unit}")
    assert measure.low == pytest.approx(number / 10**places)
    assert measure.step == pytest.approx(10.0**-places)


@given(st.floats(1.0, 8000.0), st.sampled_from([1.0, 10.0, 100.0]))
def test_rounded_value_lies_in_the_interval_of_its_print(height, step):
    """Whatever is rounded to a step and printed comes back as an interval that holds it."""
    printed = f"{round(height / step) * step:.0f} m"
    low, high = Measure.parse(printed, step).interval
    assert low - 1e-6 <= height <= high + 1e-6


@given(st.integers(100, 8800))
def test_right_conversions_meet(metres):
    """Metres and feet of one height, each rounded to the last digit, never exclude each other."""
    feet = metres / 0.3048
    assert Measure.parse(f"{metres} m", 1.0).meets(Measure.parse(f"{feet:.0f} ft", 1.0))


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        ("11,000 ft", "3,000 m", False),  # 3353 m, to 500 ft: 3277 to 3429 m
        ("4450 m", "14,600 ft", True),  # 4435 to 4465 m
        ("2.5 mi", "4 km", True),
        ("12,000 feet", "3,701 m", True),  # 3658 m, to 500 ft: 3581 to 3734 m
        ("2,200 meters", "6,889 feet", False),  # 2100 m
        ("2 h", "3 to 4 h", False),
        ("2 to 3 h", "3 to 4 h", True),
        ("34 mi", "55 km", True),
    ],
)
def test_two_prints_of_one_figure_meet(first, second, fits):
    a, b = Measure.parse(first), Measure.parse(second)
    assert a.meets(b) is fits
    assert b.meets(a) is fits
