"""Splitting a chain of blocks into the fewest runs within limits, as even as can be."""

import numpy as np
from numpy.typing import ArrayLike


def split_evenly(load: ArrayLike, amounts: ArrayLike, limits: ArrayLike) -> tuple[list[int], list[int]]:
    """Cut a chain of blocks into the fewest runs of neighbours that keep all limits, and of those the most even.

    Parameters
    ----------
    load : array_like, shape (n,), n >= 1
        What is to be shared out evenly, 0 or more a block: the sum of its squares over the runs is least.
    amounts : array_like, shape (m, n)
        What is limited, 0 or more a block: one row a limit.
    limits : array_like, shape (m,)
        Most of each that a run may hold.

    Returns
    -------
    ends : list of int
        Index after the last block of each run; the last is n.
    too_large : list of int
        Blocks that break a limit all by themselves; each is a run of its own.

    Notes
    -----
    Exact: dynamic programming over the end of the first runs, in order of n².  For a given number of runs the sum of
    loads is fixed, so that least squares mean least variance.

    Examples
    --------
    >>> split_evenly([3.0, 1.0, 2.0, 2.0], [[3.0, 1.0, 2.0, 2.0]], [5.0])
    ([2, 4], [])
    >>> split_evenly([3.0, 9.0, 2.0], [[3.0, 9.0, 2.0]], [5.0])
    ([1, 2, 3], [1])
    """
    loads = np.asarray(load, dtype=np.float64)
    rows = np.atleast_2d(np.asarray(amounts, dtype=np.float64)).reshape(-1, loads.size)
    # a hair of room, so that sums which equal a limit but for rounding keep it
    most = np.asarray(limits, dtype=np.float64).reshape(-1) * (1.0 + 1e-9)
    count = loads.size
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, count + 1):
        candidates = []
        for start in range(end - 1, -1, -1):
            fits = bool((rows[:, start:end].sum(axis=1) <= most).all())
            if not fits and start < end - 1:
                break  # amounts are not negative: a longer run holds no less
            runs, squares, _ = best[start]
            candidates.append((runs + 1, squares + float(loads[start:end].sum()) ** 2, start))
        best.append(min(candidates))
    ends = [count]
    while (start := best[ends[-1]][2]) > 0:
        ends.append(start)
    too_large = np.flatnonzero((rows > most[:, None]).any(axis=0)) if most.size else np.empty(0, dtype=int)
    return ends[::-1], [int(index) for index in too_large]
