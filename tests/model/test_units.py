"""Quantities as people read them, in metric and imperial units."""

import re
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from routes.errors import ModelError
from routes.model.estimate import Estimate
from routes.model.measure import Measure
from routes.model.sentence import Sentence, shown
from routes.model.units import Units

INCH_M = Fraction(254, 10_000)
METRES = {"m": Fraction(1), "km": Fraction(1000), "ft": 12 * INCH_M, "mi": 63_360 * INCH_M}
"""International yard and pound agreement of 1959: an inch is 25.4 mm, a foot 12, a mile 63,360 inches."""

BOTH = pytest.mark.parametrize("units", Units)


def read(text):
    """Values of a text in metres, and the step that its digits show, which for feet of 30 and more is ten."""
    numbers, unit = re.fullmatch(r"(-?[\d,.]+(?: to -?[\d,.]+)?) (m|km|ft|mi)", text).groups()
    values = [Fraction(number.replace(",", "")) for number in numbers.split(" to ")]
    decimals = len(numbers.split(" to ")[-1].partition(".")[2])
    step = Fraction(1, 10**decimals)
    if unit == "ft" and max(map(abs, values)) >= 30:
        step = Fraction(10)
    return [value * METRES[unit] for value in values], step * METRES[unit]


def holds(text, *truths):
    values, step = read(text)
    if len(values) == 1:
        values *= len(truths)
    return all(
        abs(value - Fraction(truth)) <= step / 2 * Fraction(1_000_001, 1_000_000)
        for value, truth in zip(values, truths, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # marathon of 42.195 km, "26 miles 385 yards" (World Athletics, C2.1, rule 55)
        (Units.IMPERIAL.length(42_195.0), "26.2 mi"),
        # Everest, 8848.86 m, "29,031.69 feet" (joint announcement of Nepal and China, 2020)
        (Units.IMPERIAL.spot_height(8848.86), "29,032 ft"),
        (Units.METRIC.spot_height(8848.86), "8848.9 m"),
        # highway limit of 55 mph, 88.5 km/h (88.51392)
        (Units.METRIC.speed(55 * 1609.344 / 3600), "88.5 km/h"),
        (Units.IMPERIAL.speed(55 * 1609.344 / 3600), "55.0 mph"),
    ],
)
def test_published_conversions(text, said):
    assert text == said


@BOTH
@given(length_m=st.floats(0.0, 2e7))
@example(length_m=999.5)
@example(length_m=304.8)
@example(length_m=99_950.0)
def test_length_reads_back_within_its_rounding(units, length_m):
    text = units.length(length_m)
    assert holds(text, length_m)
    # never coarser than a tenth of a mile in a kilometre
    assert read(text)[1] <= max(0.162 * length_m, METRES["ft"] * 10)


@BOTH
@given(ends=st.tuples(st.floats(0.0, 5e5), st.floats(0.0, 5e5)).map(sorted))
def test_range_of_lengths_reads_back_within_its_rounding(units, ends):
    assert holds(units.length_range(*ends), *ends)


@BOTH
@given(height_m=st.floats(-500.0, 9000.0))
@example(height_m=-0.2)
@example(height_m=30 * 0.3048)
def test_height_reads_back_within_its_rounding(units, height_m):
    text = units.height(height_m)
    assert holds(text, height_m)
    assert not text.startswith("-0 ")


@BOTH
@given(ends=st.tuples(st.floats(-500.0, 9000.0), st.floats(-500.0, 9000.0)).map(sorted))
def test_range_of_heights_reads_back_within_its_rounding(units, ends):
    assert holds(units.height_range(*ends), *ends)


@given(st.floats(10.0, 2e7))
def test_imperial_figure_has_no_finer_step_than_the_metric_one(value_m):
    for write in (Units.length, Units.height):
        assert read(write(Units.IMPERIAL, value_m))[1] >= read(write(Units.METRIC, value_m))[1]


@given(st.floats(0.0, 5e5), st.floats(0.0, 1e5))
def test_imperial_range_has_no_finer_step_than_the_metric_one(low_m, width_m):
    ends = low_m, low_m + max(width_m, 10.0)
    for write in (Units.length_range, Units.height_range):
        assert read(write(Units.IMPERIAL, *ends))[1] >= read(write(Units.METRIC, *ends))[1]


@BOTH
@given(speed_m_s=st.floats(0.0, 50.0))
def test_speed_reads_back_within_its_rounding(units, speed_m_s):
    number, unit = units.speed(speed_m_s).split()
    size = {"km/h": Fraction(1000, 3600), "mph": METRES["mi"] / 3600}[unit]
    assert abs(Fraction(number) - Fraction(speed_m_s) / size) <= Fraction(50_001, 1_000_000)


@given(st.floats(0.01, 50_000.0))
def test_size_in_feet_has_two_significant_digits(size_m):
    value = Fraction(Units.IMPERIAL.size(size_m).removesuffix(" ft").replace(",", "")) * METRES["ft"]
    assert abs(value / Fraction(size_m) - 1) <= Fraction(51, 1000)
    assert Units.METRIC.size(5.0) == "5 m"


@given(st.floats(-500.0, 9000.0))
def test_height_at_a_position_is_to_a_tenth_of_a_metre_or_a_foot(height_m):
    assert abs(Fraction(Units.METRIC.spot_number(height_m)) - Fraction(height_m)) <= Fraction(51, 1000)
    feet = Fraction(Units.IMPERIAL.spot_number(height_m)) * METRES["ft"]
    assert abs(feet - Fraction(height_m)) <= METRES["ft"] * Fraction(501, 1000)


@given(st.integers(1, 9000), st.sampled_from(["m", "ft", "km", "mi"]), st.sampled_from(Units), st.booleans())
def test_printed_figure_is_converted_no_finer_than_its_digits_and_no_coarser(number, unit, units, is_decimal):
    """It moves by half of its own rounding step at most; in its own unit it does not move."""
    printed = f"{number / 10}" if is_decimal and unit in ("km", "mi") else f"{number}"
    measure = Measure.parse(f"{printed} {unit}")
    text = units.stated(measure)
    value = Fraction(text.split()[0].replace(",", "")) * METRES[text.split()[1]]
    off = abs(value - Fraction(printed) * METRES[unit])
    if text.split()[1] == unit:
        assert off == 0
    else:
        half = Fraction(measure.step) * METRES[unit] / 2
        smallest = (
            METRES[text.split()[1]] if text.split()[1] in ("m", "ft") else METRES[text.split()[1]] / 100
        )
        assert off <= max(half, smallest / 2) * Fraction(1_000_001, 1_000_000)


def test_printed_range_keeps_its_ends():
    measure = Measure.parse("3700 to 3900 m")
    assert (Units.METRIC.stated(measure), Units.IMPERIAL.stated(measure)) == (
        "3700 to 3900 m",
        "12,100 to 12,800 ft",
    )


def test_only_figures_of_the_other_units_are_restated():
    assert Units.METRIC.restated(Measure.parse("4450 m")) == ""
    assert Units.IMPERIAL.restated(Measure.parse("4450 m")) == "4450 m is 14,600 ft. "
    assert Units.METRIC.restated(Measure.parse("8 mi")) == "8 mi is 13 km. "
    assert Units.IMPERIAL.restated(Measure.parse("8 mi")) == ""


def test_estimate_without_interval_has_none():
    assert Units.IMPERIAL.climb(Estimate(100.0)) == "330 ft"
    assert Units.IMPERIAL.length_interval(Estimate(100.0)) == ""


def test_units_by_name():
    assert Units.of("imperial") is Units.IMPERIAL
    with pytest.raises(ModelError, match="'nautical' are no units; choose metric or imperial"):
        Units.of("nautical")


def test_sentence_waits_for_its_units():
    sentence = Sentence(("It is ", shown(Units.length, 8046.72), "."))
    assert [sentence.text(units) for units in Units] == ["It is 8.0 km.", "It is 5.0 mi."]
