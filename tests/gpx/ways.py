"""Read GPX in both ways and compare them."""

import gzip

import numpy as np
import pytest

from routes.errors import GPXReadError
from routes.gpx.encoding import Source
from routes.gpx.read.parser import NotPlainError
from routes.gpx.read.reader import parse


def same_files(one, other):
    """Compare all of two files, columns to the last bit."""
    for a, b in ((one.points, other.points), (one.waypoints.points, other.waypoints.points)):
        for name in ("lon_deg", "lat_deg", "height_m", "time_s"):
            left, right = getattr(a, name), getattr(b, name)
            assert left.shape == right.shape
            assert left.dtype == right.dtype == np.float64
            assert left.view(np.int64).tolist() == right.view(np.int64).tolist(), name
    for name in ("name", "cmt", "desc", "sym", "type", "lines"):
        assert getattr(one.waypoints, name) == getattr(other.waypoints, name)
    assert one.offsets.tolist() == other.offsets.tolist()
    for name in ("metadata", "tracks", "segment_marks", "warnings", "warning_totals"):
        assert getattr(one, name) == getattr(other, name), name


def read_both(path):
    """File as the careful way reads it, after the fast way gave the same or declined.

    Raises
    ------
    GPXReadError
        If the careful way refuses it; the fast way must have refused it in the same words, or declined.
    """
    try:
        careful = parse(Source(path), is_fast=False)
    except GPXReadError as error:
        try:
            fast = parse(Source(path), is_fast=True)
        except NotPlainError:
            raise error from None
        except GPXReadError as other:
            assert str(other) == str(error)  # noqa: PT017 - it must be raised, and compared with another
            raise
        pytest.fail(f"the fast way reads {len(fast.points)} points; the careful one says: {error}")
    try:
        fast = parse(Source(path), is_fast=True)
    except NotPlainError:
        return careful
    same_files(fast, careful)
    return careful


def packed(text):
    return gzip.compress(text if isinstance(text, bytes) else text.encode())
