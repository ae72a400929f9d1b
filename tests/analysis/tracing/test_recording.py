"""Legs cut out of made-up and real recordings."""

import numpy as np
import pytest

from routes.analysis.tracing.recording import cut_track
from routes.errors import TraceError
from routes.gpx.read.reader import read_tracks
from routes.model.kinds import Provenance
from routes.model.track import Segment
from tests.analytic import GEOD, at_m, local_m
from tests.builders import place


def track(*corners_m, step_m=10.0, ele=True):
    """Recording along corners with points every few metres; its elevation is a tenth of the easting."""
    corners = np.array(corners_m, dtype=float)
    away = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    at = np.append(np.arange(0.0, away[-1], step_m), away[-1])
    x, y = np.interp(at, away, corners[:, 0]), np.interp(at, away, corners[:, 1])
    lon, lat = at_m(x, y)
    return Segment(lon, lat, 0.1 * x if ele else None)


def cut(segments, *stops):
    segments = segments if isinstance(segments, list) else [segments]
    return cut_track(segments, stops, "walk.gpx")


def ends(part):
    first, last = part.line.segments[0], part.line.segments[-1]
    x, y = local_m([first.lon_deg[0], last.lon_deg[-1]], [first.lat_deg[0], last.lat_deg[-1]])
    return list(zip(x.round(1).tolist(), y.round(1).tolist(), strict=True))


def length_m(part):
    return sum(GEOD.line_length(s.lon_deg, s.lat_deg) for s in part.line.segments)


A, B = place("a", -1000.0), place("b", 2000.0)
LONG = track((-5000.0, 0.0), (5000.0, 0.0))


def test_a_leg_is_cut_at_its_places():
    part = cut(LONG, A, B)
    assert ends(part) == [(-1000.0, 0.0), (2000.0, 0.0)]
    assert length_m(part) == pytest.approx(3000.0, rel=1e-4)
    assert part.line.provenance is Provenance.RECORDED
    assert (part.is_reversed, part.left_out) == (False, 0)
    assert part.line.source == "recorded track walk.gpx, from A to B"
    assert part.away_m < 1.0


def test_elevations_stay_with_their_points():
    for part in (cut(LONG, A, B), cut(LONG, B, A)):
        (segment,) = part.line.segments
        x, _ = local_m(segment.lon_deg, segment.lat_deg)
        assert segment.ele_m == pytest.approx(0.1 * x, abs=0.02)
    assert cut(track((-5000.0, 0.0), (5000.0, 0.0), ele=False), A, B).line.segments[0].ele_m is None


def test_elevations_of_some_points_are_not_made_up_for_others():
    ele = LONG.ele_m.copy()
    ele[450:500] = np.nan
    (segment,) = cut(Segment(LONG.lon_deg, LONG.lat_deg, ele), A, B).line.segments
    assert np.isnan(segment.ele_m).sum() == 50


def test_a_track_walked_the_other_way_is_turned_round():
    part = cut(LONG, B, A)
    assert part.is_reversed
    assert ends(part) == [(2000.0, 0.0), (-1000.0, 0.0)]
    assert "turned round" in part.line.source


def test_the_points_of_the_recording_stay_as_they_are():
    (segment,) = cut(LONG, A, B).line.segments
    own = set(zip(LONG.lon_deg.tolist(), LONG.lat_deg.tolist(), strict=True))
    inner = set(zip(segment.lon_deg[1:-1].tolist(), segment.lat_deg[1:-1].tolist(), strict=True))
    assert inner <= own


def test_a_sparse_track_is_cut_between_its_points():
    sparse = track((-5000.0, 0.0), (5000.0, 0.0), step_m=5000.0)
    part = cut(sparse, A, B)
    assert ends(part)[0][0] == pytest.approx(-1000.0, abs=13.0)
    assert ends(part)[1][0] == pytest.approx(2000.0, abs=13.0)


def test_out_and_back_is_cut_to_the_shorter_of_its_ways():
    there_and_back = track((-1000.0, 0.0), (2000.0, 0.0), (-1000.0, 10.0))
    assert length_m(cut(there_and_back, A, B)) == pytest.approx(3000.0, rel=1e-3)
    whole = cut(there_and_back, A, B, place("a2", -1000.0))
    assert length_m(whole) == pytest.approx(6000.0, rel=5e-3)
    assert not whole.is_reversed


def test_of_two_passages_of_a_place_the_nearer_in_walking_counts():
    """Past the hut, round a loop of 4 km, past the hut again, and on to the village."""
    loop = track(
        (-3000.0, 0.0), (0.0, 0.0), (0.0, 1000.0), (1000.0, 1000.0), (1000.0, -5.0), (0.0, -5.0), (0.0, -3000.0)
    )  # fmt: skip
    hut, start, village = place("hut"), place("start", -3000.0), place("village", 0.0, -3000.0)
    assert length_m(cut(loop, start, hut)) == pytest.approx(3000.0, rel=0.01)
    assert length_m(cut(loop, hut, village)) == pytest.approx(2995.0, rel=0.01)
    assert length_m(cut(loop, start, hut, village)) == pytest.approx(10_000.0, rel=0.01)


def test_a_loop_from_a_place_to_itself_by_way_of_another():
    loop = track((0.0, 0.0), (2000.0, 0.0), (2000.0, 2000.0), (0.0, 2000.0), (0.0, 0.0))
    start = place("start")
    part = cut(loop, start, place("corner", 2000.0, 2000.0), place("again"))
    assert length_m(part) == pytest.approx(8000.0, rel=1e-3)


def test_gaps_stay_gaps():
    west, east = track((-5000.0, 0.0), (0.0, 0.0)), track((500.0, 0.0), (5000.0, 0.0))
    for part in (cut([west, east], A, B), cut([west, east], B, A)):
        assert len(part.line.segments) == 2
        assert length_m(part) == pytest.approx(2500.0, rel=1e-3)


@pytest.mark.parametrize("stops", [(0.0, 500.0), (500.0, 0.0)])
def test_places_either_side_of_a_gap_have_no_recording_between_them(stops):
    west, east = track((-5000.0, 0.0), (0.0, 0.0)), track((500.0, 0.0), (5000.0, 0.0))
    with pytest.raises(TraceError, match="no way from A to B: it has a gap between them"):
        cut([west, east], place("a", stops[0]), place("b", stops[1]))


def test_places_at_one_point_of_the_track_have_no_way_between_them():
    with pytest.raises(TraceError, match=r"no way from A to B: it passes them at one point"):
        cut(LONG, place("a", 0.0, 50.0), place("b", 0.0, -50.0))


def test_spikes_and_standstill_are_left_out_and_counted():
    x = np.concatenate([np.arange(-2000.0, 0.0, 10.0), np.zeros(40), np.arange(0.0, 3001.0, 10.0)])
    random = np.random.default_rng(5)
    y = np.zeros(x.size)
    x[200:240] += random.normal(0.0, 4.0, 40)
    y[200:240] += random.normal(0.0, 4.0, 40)
    y[[50, 300]] = 400.0, -900.0
    lon, lat = at_m(x, y)
    part = cut(Segment(lon, lat, np.arange(x.size, dtype=float)), A, B)
    assert 36 <= part.left_out <= 60
    assert length_m(part) == pytest.approx(3000.0, abs=40.0)
    assert f"{part.left_out} points of spikes and standstill left out" in part.line.source
    (segment,) = part.line.segments
    assert (np.diff(segment.ele_m) >= 0.0).all()


def test_a_summit_reached_out_and_back_stays_the_summit():
    summit = track((-1000.0, 0.0), (0.0, 0.0), (0.0, 900.0), (0.0, 0.0), (2000.0, 0.0), step_m=100.0)
    part = cut(summit, A, place("top", 0.0, 900.0), B)
    assert part.left_out == 0
    _, y = local_m(part.line.segments[0].lon_deg, part.line.segments[0].lat_deg)
    assert y.max() == pytest.approx(900.0, abs=0.1)


def test_a_track_elsewhere_names_the_place_and_how_far_it_is():
    with pytest.raises(TraceError, match=r"walk\.gpx does not pass A \(1\.4878, 42\.5000\).*20\.0 km"):
        cut(track((-5000.0, 20_000.0), (5000.0, 20_000.0)), A, B)


def test_places_in_another_order_are_said_to_be():
    with pytest.raises(TraceError, match=r"passes the places from A to B, but not in this order"):
        cut(LONG, A, place("c", 4500.0), B)


def test_a_place_is_passed_within_its_uncertainty():
    far = place("far", 0.0, 800.0)
    with pytest.raises(TraceError, match="does not pass Far"):
        cut(LONG, A, far, B)
    part = cut(LONG, A, place("far", 0.0, 800.0, uncertainty_m=1000.0), B)
    assert part.away_m == pytest.approx(800.0, rel=0.01)


def test_across_the_antimeridian():
    lon = (np.linspace(179.9, 180.1, 400) + 180.0) % 360.0 - 180.0
    segment = Segment(lon, np.full(400, -17.0))
    stops = [place("a", lon=179.95, lat=-17.0), place("b", lon=-179.95, lat=-17.0)]
    for part in (cut(segment, *stops), cut(segment, *stops[::-1])):
        assert length_m(part) == pytest.approx(GEOD.inv(179.95, -17.0, -179.95, -17.0)[2], rel=0.01)
        for found in part.line.segments:
            assert np.abs(found.lon_deg).max() <= 180.0


KHUMBU = "gpx/khumbu_day_wise_routes.gpx"


@pytest.fixture(scope="module")
def khumbu(test_data):
    """Places by name: waypoints of the same file, not points of its tracks; and its tracks."""
    import gpxpy  # noqa: PLC0415

    path = test_data / KHUMBU
    gpx = gpxpy.parse(path.read_text(encoding="utf-8"))
    places = {
        point.name: place("p", lon=point.longitude, lat=point.latitude, name=point.name, uncertainty_m=100.0)
        for point in gpx.waypoints
    }
    return places, {found.name: found for found in read_tracks(path)}, gpx


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("Namche Bazaar - Dole", ("Namche Bazaar", "Dole")),
        ("Dole - Macchermo", ("Dole", "Macchermo")),
        ("Macchermo - Gokyo", ("Macchermo", "Gokyo")),
        ("Gokyo - Dzonglha", ("Gokyo", "Dragnag", "Cho La", "Dzonglha")),
        ("Lobuche - Namche Bazaar", ("Lobuche", "Pheriche", "Pangboche", "Tengboche", "Namche Bazaar")),
    ],
)
def test_a_khumbu_day_is_cut_out_of_the_whole_trek(khumbu, day, names):
    """The day's own track, as long as it is, comes back out of the recording of two weeks, either way round."""
    places, tracks, _ = khumbu
    stops = [places[name] for name in names]
    own = sum(GEOD.line_length(s.lon_deg, s.lat_deg) for s in tracks[day].segments)
    segments = [segment for found in tracks.values() for segment in found.segments]
    part = cut_track(segments, stops, "khumbu.gpx")
    back = cut_track(segments, stops[::-1], "khumbu.gpx")
    assert part.away_m < 300.0
    assert length_m(part) == pytest.approx(own, rel=0.03)
    assert length_m(back) == pytest.approx(length_m(part), rel=0.03)
    assert part.left_out < 0.02 * sum(s.lon_deg.size for s in tracks[day].segments)
    first, last = part.line.segments[0], part.line.segments[-1]
    assert GEOD.inv(first.lon_deg[0], first.lat_deg[0], stops[0].lon, stops[0].lat)[2] < 300.0
    assert GEOD.inv(last.lon_deg[-1], last.lat_deg[-1], stops[-1].lon, stops[-1].lat)[2] < 300.0
    known = {(lon, lat) for s in segments for lon, lat in zip(s.lon_deg, s.lat_deg, strict=True)}
    inner = [at for s in part.line.segments for at in zip(s.lon_deg[1:-1], s.lat_deg[1:-1], strict=True)]
    assert set(inner) <= known
