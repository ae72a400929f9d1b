"""Standard uncertainties against SciPy's distributions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from routes.kernel.uncertainty import Z90, combine, sigma_from_le90, sigma_from_rounding

sigmas = st.floats(0.0, 1e4)


def test_z90_is_that_of_the_normal_distribution():
    assert stats.norm.ppf(0.95) == pytest.approx(Z90, abs=1e-12)


def test_le90_of_the_srtm_requirement_in_standard_deviations():
    """LE90 of 16 m (SRTM requirement) is 16 / 1.645 = 9.73 m at one sigma."""
    assert sigma_from_le90(16.0) == pytest.approx(9.73, abs=0.005)


@given(st.floats(0.1, 100.0))
def test_nine_errors_of_ten_lie_within_le90(le90):
    sigma = sigma_from_le90(le90)
    assert stats.norm.cdf(le90 / sigma) - stats.norm.cdf(-le90 / sigma) == pytest.approx(0.9)


@given(st.floats(0.001, 1000.0))
def test_rounding_is_uniform_over_a_step(step):
    assert sigma_from_rounding(step) == pytest.approx(stats.uniform(-step / 2, step).std())


@given(st.lists(sigmas, min_size=1, max_size=6))
def test_variances_add(parts):
    assert combine(*parts) == pytest.approx(float(np.sqrt(np.sum(np.square(parts)))), rel=1e-9, abs=1e-12)
    assert combine(*parts) == pytest.approx(combine(*reversed(parts)))
    assert combine(*parts) >= max(parts) - 1e-9


def test_nothing_uncertain_is_certain():
    assert combine() == 0.0
    assert math.isclose(combine(0.0, 0.0), 0.0)
