"""The dynamic programme against all ways to cut a chain."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.kernel.partition import split_evenly


def all_splits(count):
    for size in range(count):
        for cuts in combinations(range(1, count), size):
            yield [*cuts, count]


def runs_of(ends):
    return list(pairwise([0, *ends]))


def cost(load, ends):
    return (len(ends), sum(sum(load[a:b]) ** 2 for a, b in runs_of(ends)))


def keeps(amounts, limits, a, b):
    return b == a + 1 or all(sum(row[a:b]) <= limit for row, limit in zip(amounts, limits, strict=True))


chains = st.integers(1, 8).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 9), min_size=n, max_size=n),
        st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=2, max_size=2),
        st.lists(st.integers(1, 25), min_size=2, max_size=2),
    )
)


@given(chains)
def test_no_other_split_has_fewer_runs_or_is_more_even(chain):
    """Whole numbers, so that sums and squares are exact; a block too large for a limit may only stand alone."""
    load, amounts, limits = chain
    ends, too_large = split_evenly(load, amounts, limits)
    allowed = [
        split
        for split in all_splits(len(load))
        if all(keeps(amounts, limits, a, b) for a, b in runs_of(split))
    ]
    assert ends in allowed
    assert cost(load, ends) == min(cost(load, split) for split in allowed)
    assert too_large == [
        i for i in range(len(load)) if any(row[i] > limit for row, limit in zip(amounts, limits, strict=True))
    ]


def test_without_limits_it_is_one_run():
    assert split_evenly([1.0, 2.0, 3.0], np.empty((0, 3)), []) == ([3], [])


def test_a_sum_that_equals_the_limit_keeps_it():
    assert split_evenly([0.1] * 3, [[0.1] * 3], [0.3]) == ([3], [])


@pytest.mark.parametrize("count", [1, 60])
def test_equal_blocks_are_shared_out_equally(count):
    ends, _ = split_evenly([1.0] * count, [[1.0] * count], [10.0])
    assert {b - a for a, b in runs_of(ends)} == {min(10, count)}
