"""How files are put together to parts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from routes.pipeline.batch.rows import simplified
from routes.pipeline.batch.stages import FILES_A_PART, POINTS_A_PART, hash_of, parted


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2 * POINTS_A_PART)), max_size=120))
def test_parts_hold_each_file_once_in_order_and_are_bounded(files):
    tile = np.array([file[0] for file in files], dtype=np.int64)
    points = np.array([file[1] for file in files], dtype=np.int64)
    parts = list(parted(tile, points))
    assert [n for part in parts for n in range(part.start, part.stop)] == list(range(len(files)))
    for part in parts:
        assert 1 <= part.stop - part.start <= FILES_A_PART
        assert len(set(tile[part].tolist())) == 1
        assert points[part].sum() <= POINTS_A_PART or part.stop - part.start == 1


@given(st.integers(2, 60), st.floats(1.0, 200.0), st.integers(0, 2**31))
def test_simplified_lines_keep_their_ends_and_their_own_vertices(size, tolerance_m, seed):
    generator = np.random.default_rng(seed)
    lon, lat = 7.0 + np.cumsum(generator.normal(0.0, 1e-3, (2, size)), axis=1)
    kept = simplified(lon, lat, tolerance_m)
    assert kept[0].tolist() == [lon[0], lat[0]]
    assert kept[-1].tolist() == [lon[-1], lat[-1]]
    assert {tuple(row) for row in kept.tolist()} <= set(zip(lon.tolist(), lat.tolist(), strict=True))


def test_keys_tell_apart_what_is_not_the_same():
    assert hash_of("a", ["b"]) == hash_of("a", ["b"])
    assert len({hash_of(*parts) for parts in (("a", ["b"]), ("ab", []), ("a", "b"), ("caf\udce9",), ())}) == 5
