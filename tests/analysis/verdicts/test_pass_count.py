"""Numbers of passes along a line, on terrain that has a known number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import peak_prominences

from routes.analysis.study import study_trek
from routes.analysis.verdicts.consistency import check_consistency
from routes.analysis.verdicts.finding import Check
from routes.analysis.verdicts.pass_count import pass_count
from tests.analytic import AnalyticSource, sine_hills
from tests.builders import line_m, one_leg_trek, place, stated

HILLS = AnalyticSource(sine_hills(amplitude_m=300.0, wavelength_m=2000.0))


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40), st.sampled_from([1.0, 5.0, 20.0]))
def test_count_is_that_of_scipy_prominences(steps, least):
    """Oracle: scipy's prominences of local maxima, plateaus taken as one sample."""
    height = np.array(
        [step for step, before in zip(steps, [None, *steps], strict=False) if step != before], dtype=float
    )
    inner = [i for i in range(1, height.size - 1) if height[i - 1] < height[i] > height[i + 1]]
    prominences = peak_prominences(height, inner)[0] if inner else np.array([])
    assert pass_count(height, prominence_m=least) <= int((prominences >= least).sum())
    if np.unique(height).size == height.size:  # of two passes of one height scipy and we keep different ones
        assert pass_count(height, prominence_m=least) == int((prominences >= least).sum())


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_a_line_has_as_many_passes_walked_backwards(steps):
    height = np.array(steps, dtype=float)
    assert pass_count(height, prominence_m=7.0) == pass_count(height[::-1], prominence_m=7.0)


@pytest.mark.parametrize(
    ("value", "verdict"), [("3", "agrees"), ("2 to 3", "agrees"), ("2", "differs"), ("5", "differs")]
)
def test_stated_number_of_passes_of_a_leg(value, verdict):
    """Three hills of 600 m between two valleys, whatever counts as a pass from 25 to 400 m."""
    trek = one_leg_trek([place("a", -2500.0), place("b", 3500.0)], [stated("passes", value)])
    line = line_m(*((x, 0.0) for x in np.arange(-2500.0, 3501.0, 100.0)))
    found = study_trek(trek, {"a-b": line}, HILLS).findings
    (of_line,) = [f for f in found if f.check is Check.LINE]
    assert (of_line.verdict, of_line.estimate) == (verdict, 3.0)
    (counted,) = [f for f in found if f.check is Check.COUNT]
    assert (counted.verdict, counted.estimate) == ("differs", 0.0)  # the itinerary names none


def test_without_heights_the_line_tells_no_number():
    trek = one_leg_trek(None, [stated("passes", "1")])
    (found,) = [f for f in study_trek(trek, {}).findings if f.check is Check.LINE]
    assert found.verdict == "undecided"


def test_passes_of_a_leg_are_counted_in_the_itinerary():
    places = [place("a", -3000.0), place("p", kind="pass"), place("b", 3000.0)]
    (found,) = check_consistency(one_leg_trek(places, [stated("passes", "1")]))
    assert (found.check, found.verdict, found.name) == (Check.COUNT, "agrees", "A to B")
