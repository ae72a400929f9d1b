"""Segments and lines: read-only, reversible, never joined."""

import numpy as np
import pytest

from routes.errors import ModelError
from routes.model.track import Line, Segment
from routes.model.trek import Provenance

LON, LAT, ELE = np.array([1.0, 1.1, 1.3]), np.array([42.0, 42.2, 42.1]), np.array([900.0, np.nan, 1100.0])


def test_a_segment_keeps_a_copy_that_nobody_can_write_to():
    lon = LON.copy()
    segment = Segment(lon, LAT, ELE)
    lon[0] = 99.0
    assert segment.lon_deg[0] == 1.0
    for array in (segment.lon_deg, segment.lat_deg, segment.ele_m):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


@pytest.mark.parametrize(
    ("lon", "lat"), [(LON[:1], LAT[:1]), (LON, LAT[:2]), (LON[:0], LAT[:0]), (LON[None], LAT[None])]
)
def test_a_segment_has_two_points_of_equal_number(lon, lat):
    with pytest.raises(ModelError, match="needs two or more points"):
        Segment(lon, lat)


def test_elevations_go_with_their_points():
    with pytest.raises(ModelError):
        Segment(LON, LAT, ELE[:2])


def test_reversing_twice_changes_nothing():
    line = Line((Segment(LON, LAT, ELE), Segment(LON + 1, LAT)), Provenance.RECORDED, "GPS", 5.0, ("a note",))
    back = line.reversed()
    assert back.segments[0].lon_deg.tolist() == (LON + 1)[::-1].tolist()
    assert back.segments[1].ele_m.tolist()[::2] == [1100.0, 900.0]
    again = back.reversed()
    for one, other in zip(line.segments, again.segments, strict=True):
        assert (one.lon_deg == other.lon_deg).all()
        assert (one.lat_deg == other.lat_deg).all()
    assert (again.provenance, again.source, again.lateral_p90_m, again.notes) == (
        line.provenance, line.source, line.lateral_p90_m, line.notes,
    )  # fmt: skip


def test_bounds_are_west_south_east_north_over_all_segments():
    line = Line((Segment(LON, LAT), Segment(LON + 1, LAT - 1)), Provenance.OSM, "OpenStreetMap")
    assert line.bounds == (1.0, 41.0, 2.3, 42.2)


def test_a_line_that_is_modelled_in_part_tells_its_stretches():
    """A gap bridged over the terrain between two stretches of the network, and a second leg of it after a break."""
    lon = np.linspace(1.50, 1.57, 8)
    lat = np.full(8, 42.5)
    network, bridge = None, Provenance.MODELLED
    pieces = [(0, 3, network), (2, 5, bridge), (4, 6, network), (6, 8, network)]
    segments = tuple(Segment(lon[a:b], lat[a:b], None, kind) for a, b, kind in pieces)
    line = Line(segments, Provenance.OSM, "made for tests")
    assert line.is_partly_modelled
    assert line.provenances == (Provenance.OSM, Provenance.MODELLED)
    found = [(kind, part.lon_deg.tolist()) for kind, part in line.stretches()]
    assert found == [
        (Provenance.OSM, lon[0:3].tolist()),
        (Provenance.MODELLED, lon[2:5].tolist()),
        (Provenance.OSM, lon[4:6].tolist()),
        (Provenance.OSM, lon[6:8].tolist()),
    ]
    assert [len(run.parts) for run in line.unbroken()] == [3, 1]
