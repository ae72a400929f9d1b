"""Distances against pyproj and published geodesics; points along and beside a line."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pyproj import Geod

from routes.errors import InvalidCoordinatesError
from routes.kernel.geodesy import cumulative_distance_m, distance_m, metres_per_degree, resample
from tests.strategies import moving_tracks, tracks

GEOD = Geod(ellps="WGS84")


@given(tracks())
@example(([179.9, -179.9], [0.0, 0.0]))  # antimeridian
@example(([5.0], [45.0]))
@example(([5.0, 5.0], [45.0, 45.0]))
def test_length_is_the_same_walked_backwards(track):
    lon, lat = np.asarray(track[0]), np.asarray(track[1])
    there, back = cumulative_distance_m(lon, lat), cumulative_distance_m(lon[::-1], lat[::-1])
    assert (np.diff(there) >= 0).all()
    assert there[0] == 0.0
    assert back[-1] == pytest.approx(there[-1], rel=1e-9, abs=1e-6)


def test_length_matches_published_geodesic():
    """Wellington to Salamanca, README of geographiclib-geodesic: 19959679.267 m."""
    assert cumulative_distance_m([174.81, -5.5], [-41.32, 40.96])[-1] == pytest.approx(19959679.267, abs=1e-3)


def test_quarter_meridian_matches_published_length():
    """WGS 84 meridian quadrant, 10,001,965.729 m (NIMA TR8350.2 and many others)."""
    assert distance_m([7.0], [0.0], [7.0], [90.0])[0] == pytest.approx(10_001_965.729, abs=1e-3)


def test_a_fifth_of_a_degree_over_the_antimeridian_is_short():
    """A degree of the equator is a pi/180 = 111,319.4908 m by the WGS 84 semi-major axis 6,378,137 m."""
    expected = 0.2 * 6_378_137.0 * np.pi / 180.0
    assert cumulative_distance_m([179.9, -179.9], [0.0, 0.0])[-1] == pytest.approx(expected, abs=1e-6)
    assert distance_m([179.9], [0.0], [-179.9], [0.0])[0] == pytest.approx(expected, abs=1e-6)


@given(tracks())
def test_length_equals_that_of_pyproj(track):
    lon, lat = track
    assert cumulative_distance_m(lon, lat)[-1] == pytest.approx(
        GEOD.line_length(lon, lat), rel=1e-9, abs=1e-6
    )


@given(
    st.floats(-180.0, 180.0),
    st.floats(-79.9, 79.9),
    st.floats(0.0, 360.0),
    st.floats(0.0, 2.0).map(lambda power: 10.0**power),
)
@example(180.0, 79.9, 90.0, 100.0)
@example(-180.0, 60.0, 270.0, 99.9)
@example(0.0, 45.0, 0.0, 100.0)
def test_short_steps_equal_the_geodesic_to_a_billionth(lon, lat, azimuth, step_m):
    """1e-9 of the step, and 5e-9 m for pyproj's own rounding of degrees, which it changes to radians and back."""
    to_lon, to_lat, _ = GEOD.fwd(lon, lat, azimuth, step_m)
    expected = GEOD.inv(lon, lat, to_lon, to_lat)[2]
    assert cumulative_distance_m([lon, to_lon], [lat, to_lat])[-1] == pytest.approx(
        expected, rel=1e-9, abs=5e-9
    )


@pytest.mark.parametrize("lat", [80.5, 89.999, -85.0])
def test_near_the_poles_every_step_is_a_geodesic(lat):
    lon = np.linspace(0.0, 0.01, 50)
    assert cumulative_distance_m(lon, np.full(50, lat))[-1] == pytest.approx(
        GEOD.line_length(lon, np.full(50, lat)), rel=1e-9, abs=1e-7
    )


def test_a_dense_line_is_as_long_as_its_geodesics():
    """Twenty kilometres in steps of 5 to 15 m, and now and then of a kilometre."""
    generator = np.random.default_rng(4)
    step = generator.uniform(5e-5, 1.5e-4, 2000)
    step[::400] = 1e-2
    lon, lat = 8.0 + np.cumsum(step), 46.0 + 1e-4 * np.cumsum(generator.normal(size=2000))
    assert cumulative_distance_m(lon, lat)[-1] == pytest.approx(GEOD.line_length(lon, lat), rel=1e-9)


def test_one_position_is_paired_with_every_other():
    both = distance_m([1.5], [42.5], [1.5, 1.6, 1.7], [42.5, 42.5, 42.6])
    expected = [GEOD.inv(1.5, 42.5, lon, lat)[2] for lon, lat in ((1.5, 42.5), (1.6, 42.5), (1.7, 42.6))]
    assert both == pytest.approx(expected, abs=1e-6)


def test_pairs_of_unlike_numbers_are_refused():
    with pytest.raises(InvalidCoordinatesError, match="3 positions cannot be paired with 2"):
        distance_m([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0], [1.0, 2.0])


@pytest.mark.parametrize(
    "function", [cumulative_distance_m, lambda lon, lat: resample(lon, lat, spacing_m=10.0)]
)
@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        ([1.0, 2.0], [1.0], r"\(2,\) and \(1,\)"),
        ([[1.0, 2.0]], [[1.0, 2.0]], "one dimension"),
        ([], [], "one dimension"),
        ([1.0, np.nan], [1.0, 1.0], "1 of 2 positions.*number 1, is longitude nan"),
        ([1.0, 1.0], [1.0, np.inf], "latitude inf"),
        ([1.0, 180.1], [1.0, 1.0], "longitude 180.1.*Longitude comes first"),
        ([42.5, 42.6], [-91.0, 91.5], "2 of 2 positions.*number 0, is longitude 42.5, latitude -91.0"),
    ],
)
def test_bad_positions_are_refused(function, lon, lat, message):
    with pytest.raises(InvalidCoordinatesError, match=message):
        function(lon, lat)


@given(moving_tracks(), st.floats(5.0, 500.0))
@example((np.array([179.99, -179.99]), np.array([0.0, 0.0])), 100.0)
@example((np.array([1.5, 1.5, 1.51, 1.51]), np.array([42.5, 42.5, 42.5, 42.5])), 30.0)  # repeated ends
def test_resampled_line_keeps_ends_and_spacing(track, spacing):
    lon, lat = track
    out_lon, out_lat, along, _ = resample(lon, lat, spacing_m=spacing)
    length = GEOD.line_length(lon, lat)
    ends = distance_m(
        out_lon[[0, -1]], out_lat[[0, -1]], np.array([lon[0], lon[-1]]), np.array([lat[0], lat[-1]])
    )
    assert ends == pytest.approx([0.0, 0.0], abs=1e-3)
    assert along[0] == 0.0
    assert along[-1] == pytest.approx(length, rel=1e-9)
    steps = np.diff(along)
    assert steps.max() <= spacing * (1 + 1e-9)
    assert np.ptp(steps) < 1e-6 * max(1.0, length)
    # a chord is never longer than the way it cuts
    assert (distance_m(out_lon[:-1], out_lat[:-1], out_lon[1:], out_lat[1:]) <= steps + 1e-4).all()


@given(moving_tracks(), st.floats(10.0, 5000.0))
def test_a_line_divided_by_its_own_step_has_the_same_points(track, spacing):
    lon, lat = track
    assume(GEOD.line_length(lon, lat) / spacing < 1e4)
    first = resample(lon, lat, spacing_m=spacing)[2]
    again = resample(lon, lat, spacing_m=float(first[1]))[2]
    np.testing.assert_array_equal(again, first)


@given(moving_tracks(), st.floats(5.0, 500.0))
def test_kept_vertices_leave_the_length_unchanged(track, spacing):
    lon, lat = track
    out_lon, out_lat, along, _ = resample(lon, lat, spacing_m=spacing, keep_vertices=True)
    assert GEOD.line_length(out_lon, out_lat) == pytest.approx(GEOD.line_length(lon, lat), rel=1e-7, abs=1e-3)
    assert np.diff(along).max() <= spacing * (1 + 1e-9)
    for vertex in zip(lon, lat, strict=True):
        away = distance_m(out_lon, out_lat, *([value] for value in vertex))
        assert away.min() < 1e-3


@given(moving_tracks(max_size=6), st.integers(1, 40))
def test_resampled_points_do_not_depend_on_density_of_input(track, extra):
    lon, lat = track
    dense_lon, dense_lat = [lon[0]], [lat[0]]
    for i in range(len(lon) - 1):
        between = GEOD.npts(lon[i], lat[i], lon[i + 1], lat[i + 1], extra)
        dense_lon += [point[0] for point in between] + [lon[i + 1]]
        dense_lat += [point[1] for point in between] + [lat[i + 1]]
    spacing = GEOD.line_length(lon, lat) / 17.5
    sparse = resample(lon, lat, spacing_m=spacing)
    dense = resample(dense_lon, dense_lat, spacing_m=spacing)
    assert len(dense[0]) == len(sparse[0])
    assert distance_m(dense[0], dense[1], sparse[0], sparse[1]).max() < 0.01


@given(st.floats(-170.0, 170.0), st.floats(-60.0, 60.0), st.floats(0.0, 360.0), st.floats(100.0, 5000.0))
def test_azimuth_is_that_of_the_line(lon, lat, azimuth, length):
    end_lon, end_lat, _ = GEOD.fwd(lon, lat, azimuth, length)
    *_, found = resample([lon, end_lon], [lat, end_lat], spacing_m=50.0)
    assert np.cos(np.radians(found - azimuth)) == pytest.approx(np.ones(found.size), abs=1e-4)


def test_azimuth_at_a_doubled_last_point_is_that_of_the_line():
    """The line runs due east; its last vertex occurs twice, as recorded tracks often have it."""
    *_, azimuth = resample([1.5, 1.51, 1.51], [0.0, 0.0, 0.0], spacing_m=100.0)
    assert azimuth == pytest.approx(np.full(azimuth.size, 90.0), abs=1e-6)


def test_a_line_without_length_is_refused():
    with pytest.raises(InvalidCoordinatesError, match="equal points has no length"):
        resample([1.5, 1.5, 1.5], [42.5, 42.5, 42.5], spacing_m=10.0)


def test_resampling_does_not_edit_its_arguments():
    lon, lat = np.array([1.5, 1.6]), np.array([42.5, 42.6])
    resample(lon, lat, spacing_m=10.0)
    assert lon.tolist() == [1.5, 1.6]
    assert lat.tolist() == [42.5, 42.6]


@given(st.floats(-85.0, 85.0))
def test_degree_lengths_equal_geodesics(lat):
    lon_m, lat_m = metres_per_degree(lat)
    small = 1e-4
    assert lon_m == pytest.approx(GEOD.inv(0.0, lat, small, lat)[2] / small, rel=1e-6)
    assert lat_m == pytest.approx(GEOD.inv(0.0, lat - small / 2, 0.0, lat + small / 2)[2] / small, rel=1e-6)


def test_degree_lengths_at_45_degrees_are_the_published_ones():
    """Osborne (2013), The Mercator Projections, and Wikipedia 'Latitude': 111.132 km and 78.847 km at 45 degrees."""
    lon_m, lat_m = metres_per_degree(45.0)
    assert lat_m == pytest.approx(111_132, abs=1)
    assert lon_m == pytest.approx(78_847, abs=1)
