"""Walking times against published examples; each names its source."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.errors import InvalidCoordinatesError
from routes.kernel.effort import din_33466_s, munter_s, naismith_langmuir_s, swiss_s, tobler_s
from routes.kernel.slowdown import altitude_slowdown, pack_slowdown, pandolf_w

ALONG_A_PROFILE = (naismith_langmuir_s, tobler_s, swiss_s)
KM = (0.0, 1000.0)


def hours_of(method, length_m, rise_m):
    return method([0.0, length_m], [0.0, rise_m])[-1] / 3600.0


def test_naismith_tells_his_own_walk():
    """Ten miles and 6300 feet took six and a half hours, "an hour for every three miles on the map, with an additional
    hour for every 2,000 feet of ascent" (Naismith 1892, SMC Journal 2, 136); metric 5 km and 600 m are 1 to 4 % off.
    """
    assert hours_of(naismith_langmuir_s, 10 * 1609.344, 6300 * 0.3048) == pytest.approx(6.5, abs=0.1)


@pytest.mark.parametrize(
    ("degrees", "minutes_a_300_m"),
    [(4.0, 0.0), (5.1, -10.0), (8.0, -10.0), (11.9, -10.0), (12.1, 10.0), (25.0, 10.0)],
)
def test_langmuir_corrects_descents_by_their_slope(degrees, minutes_a_300_m):
    """Minus 10 minutes a 300 m of descent between 5 and 12 degrees, plus 10 beyond (docsbay.net/naismiths-rule, after
    Langmuir 1984; GRASS r.walk: 0.72 s/m, 6.0, 1.9998 and -1.9998 s/m, slope factor -0.2125)."""
    length = 300.0 / np.tan(np.radians(degrees))
    minutes = 60.0 * hours_of(naismith_langmuir_s, length, -300.0)
    assert minutes == pytest.approx(length * 0.72 / 60.0 + minutes_a_300_m, abs=1e-3)


@pytest.mark.parametrize(
    ("degrees", "seconds_a_metre"),
    [(-30, 3.80), (-20, 1.80), (-10, 0.93), (-5, 0.68), (0, 0.71), (1, 0.76), (5, 0.97), (10, 1.32), (20, 2.56),
     (30, 5.39)],
)  # fmt: skip
def test_tobler_paces(degrees, seconds_a_metre):
    """Table of sample values in https://en.wikipedia.org/wiki/Tobler%27s_hiking_function."""
    rise = 1000.0 * np.tan(np.radians(degrees))
    assert tobler_s(KM, [0.0, rise])[-1] / 1000.0 == pytest.approx(seconds_a_metre, abs=0.006)


def test_swiss_walkers_do_4_2_km_an_hour_on_the_flat():
    """4.2 km/h since 2006: https://www.alpineg.ch/ist-es-noch-weit/ (Schweizer Wanderwege)."""
    assert 1.0 / hours_of(swiss_s, 1000.0, 0.0) == pytest.approx(4.2, abs=0.01)


def test_swiss_polynomial_meets_the_straight_lines_that_follow_it():
    """swisstopo's map viewer goes on beyond 40 % with 17 minutes a 100 m up and 9 down; a misprinted coefficient of a
    high power would tear the curve apart there."""
    for rise, minutes in ((399.999, 17.0 * 4.0), (-399.999, 9.0 * 4.0)):
        assert swiss_s(KM, [0.0, rise])[-1] / 60.0 == pytest.approx(minutes, rel=0.02)
    assert swiss_s(KM, [0.0, 800.0])[-1] / 60.0 == pytest.approx(136.0)


def test_swiss_descent_is_fastest_on_gentle_slopes():
    gradient = np.linspace(-0.4, 0.4, 801)
    times = np.array([swiss_s(KM, [0.0, 1000.0 * g])[-1] for g in gradient])
    assert -0.15 < gradient[times.argmin()] < 0.0
    assert (np.diff(times[gradient >= 0.0]) > 0.0).all()


@pytest.mark.parametrize(
    ("length", "ascent", "descent", "hours"),
    [
        (
            10_000.0,
            1200.0,
            0.0,
            5.25,
        ),  # http://www.freytagberndt.com/de/magazin/wanderung-berechnung-der-gehzeit
        (
            10_000.0,
            0.0,
            1200.0,
            3.7,
        ),  # same page, 2.4 and 2.5 h; it halves the 2.4 h, prints 1.2 + 2.4 and slips
        (
            8000.0,
            900.0,
            0.0,
            4.0,
        ),  # AV-Wegekonzept 2009, on mountainista.de/mountainista-stories/tourenplanung-...
    ],
)
def test_din_33466_examples(length, ascent, descent, hours):
    assert din_33466_s(length, ascent, descent) / 3600.0 == pytest.approx(hours)


def test_munter_example():
    """9.5 km and 500 m: 3 h 38 min up (chrismarchbanks.com/post/trip-speed); on foot down 14.5 units at 6 an hour."""
    assert munter_s(9500.0, 500.0, 0.0, 0.0) / 60.0 == pytest.approx(218.0, abs=0.6)
    assert munter_s(0.0, 0.0, 9500.0, 500.0) / 3600.0 == pytest.approx(14.5 / 6.0)


def test_pandolf_example():
    """180 lb with 30 lb at 3.5 mph: about 410 kcal an hour (ruckauthority.com/guides/pandolf-equation-rucking)."""
    watts = pandolf_w(180 * 0.45359237, 30 * 0.45359237, 3.5 * 0.44704)
    assert watts * 3600.0 / 4184.0 == pytest.approx(410.0, abs=3.0)


def test_a_pack_slows_at_equal_power():
    slowdown = pack_slowdown(18.0, body_kg=75.0)
    assert pandolf_w(75.0, 18.0, 4.2 / 3.6 / slowdown) == pytest.approx(pandolf_w(75.0, 0.0, 4.2 / 3.6))
    assert pack_slowdown(0.0) == pytest.approx(1.0)
    with pytest.raises(InvalidCoordinatesError, match="too heavy"):
        pack_slowdown(90.0)
    with pytest.raises(InvalidCoordinatesError, match="too heavy"):
        pack_slowdown(10.0, body_kg=0.0)


def test_altitude_takes_a_quarter_of_aerobic_power_at_4000_m():
    """74 % of maximal oxygen uptake left at 4000 m: Buskirk et al. (1967), J. Appl. Physiol. 23, 259."""
    assert altitude_slowdown([300.0, 1500.0, 4000.0]) == pytest.approx([1.0, 1.0, 1.0 / 0.74])
    assert np.isfinite(altitude_slowdown(8848.0))


@given(
    st.lists(st.tuples(st.floats(1.0, 500.0), st.floats(-2.0, 2.0)), min_size=1, max_size=30),
    st.sampled_from(ALONG_A_PROFILE),
)
def test_time_along_a_profile_adds_up_and_grows(steps, method):
    """A stretch takes as long alone as within the whole. (On the brink of 12 degrees Langmuir takes time off, never
    more than the walk along takes.)"""
    distance = np.concatenate(([0.0], np.cumsum([run for run, _ in steps])))
    height = np.concatenate(([2000.0], 2000.0 + np.cumsum([run * slope for run, slope in steps])))
    times = method(distance, height)
    assert times[0] == 0.0
    assert (np.diff(times) > 0.0).all()
    middle = len(distance) // 2
    parts = (
        method(distance[: middle + 1], height[: middle + 1])[-1]
        + method(distance[middle:], height[middle:])[-1]
    )
    assert times[-1] == pytest.approx(parts, rel=1e-9)


@pytest.mark.parametrize("method", ALONG_A_PROFILE)
def test_bad_profiles_are_refused(method):
    with pytest.raises(InvalidCoordinatesError, match="known heights at increasing distances"):
        method([0.0, 10.0], [0.0, np.nan])
    with pytest.raises(InvalidCoordinatesError, match="increasing"):
        method([0.0, 0.0], [0.0, 1.0])
    with pytest.raises(InvalidCoordinatesError, match="as many distances as heights"):
        method([0.0, 1.0], [0.0])
    with pytest.raises(InvalidCoordinatesError, match="0 or more"):
        din_33466_s(-1.0, 0.0, 0.0)
