"""Gaussian smoothing against SciPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter1d

from routes.kernel.gaussian import gaussian_smooth


@given(st.integers(0, 2**32 - 1), st.integers(1, 200), st.floats(1e-3, 12.0))
@pytest.mark.parametrize(("beyond", "mode"), [("edge", "nearest"), ("wrap", "wrap")])
def test_rows_equal_scipy(beyond, mode, seed, count, sigma):
    rows = 1000.0 * np.random.default_rng(seed).standard_normal((3, count))
    expected = gaussian_filter1d(rows, sigma, axis=-1, mode=mode, truncate=4.0)
    assert gaussian_smooth(rows, sigma, beyond=beyond) == pytest.approx(expected, rel=1e-12, abs=1e-9)
    assert gaussian_smooth(rows[0], sigma, beyond=beyond) == pytest.approx(expected[0], rel=1e-12, abs=1e-9)
