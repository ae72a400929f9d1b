"""Split a chain of blocks into the fewest, most even runs within limits."""

import numpy as np
from numpy.typing import ArrayLike


def split_evenly(load: ArrayLike, amounts: ArrayLike, limits: ArrayLike) -> tuple[list[int], list[int]]:
    """Split a chain of blocks into the fewest, most even runs within all limits.

    Parameters
    ----------
    load : array_like, shape (n,), n >= 1
        Load of each block, 0 or more; the sum of the runs' squared loads is minimised.
    amounts : array_like, shape (m, n)
        Limited amounts of each block, 0 or more; one row per limit.
    limits : array_like, shape (m,)
        Largest amount of each per run.

    Returns
    -------
    ends : list of int
        Index after the last block of each run; the last is n.
    too_large : list of int
        Blocks that exceed a limit by themselves; each is a run of its own.

    Notes
    -----
    Exact: dynamic programming over the end of the first runs, in O(n²) time. For a given number of runs the total
    load is fixed, so least squares mean least variance.

    Examples
    --------
    >>> split_evenly([3.0, 1.0, 2.0, 2.0], [[3.0, 1.0, 2.0, 2.0]], [5.0])
    ([2, 4], [])
    >>> split_evenly([3.0, 9.0, 2.0], [[3.0, 9.0, 2.0]], [5.0])
    ([1, 2, 3], [1])
    """
    loads = np.asarray(load, dtype=np.float64)
    rows = np.atleast_2d(np.asarray(amounts, dtype=np.float64)).reshape(-1, loads.size)
    # some slack, so that sums that equal a limit except for rounding meet it
    most = np.asarray(limits, dtype=np.float64).reshape(-1) * (1.0 + 1e-9)
    count = loads.size
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, count + 1):
        candidates = []
        for start in range(end - 1, -1, -1):
            fits = bool((rows[:, start:end].sum(axis=1) <= most).all())
            if not fits and start < end - 1:
                break  # amounts are not negative: a longer run never has less
            runs, squares, _ = best[start]
            candidates.append((runs + 1, squares + float(loads[start:end].sum()) ** 2, start))
        best.append(min(candidates))
    ends = [count]
    while (start := best[ends[-1]][2]) > 0:
        ends.append(start)
    too_large = np.flatnonzero((rows > most[:, None]).any(axis=0)) if most.size else np.empty(0, dtype=int)
    return ends[::-1], [int(index) for index in too_large]
