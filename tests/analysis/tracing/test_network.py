"""Lines along made-up networks over terrain of known form."""

import heapq
import itertools
import re

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from routes.analysis.figures.line_error import LATERAL_P90_M
from routes.analysis.tracing.network import trace_network
from routes.analysis.tracing.network_graph import NetworkParameters
from routes.errors import TraceError
from routes.gpx.read.reader import read_line
from routes.io.export.gpx import line_gpx
from routes.model.kinds import Provenance
from routes.model.network import PathNetwork, WayKind
from tests.analytic import GEOD, AnalyticSource, at_m, local_m, plane
from tests.builders import place
from tests.strategies import examples

GENTLE = AnalyticSource(plane(east=0.02, north=0.01))


def network(nodes_m, stretches, bounds=(1.0, 42.0, 2.0, 43.0)):
    """Network through local coordinates; stretches are (from, to) or (from, to, {kind, is_hard, is_marked})."""
    lon, lat = at_m(*np.array(nodes_m, dtype=float).T)
    more = [stretch[2] if len(stretch) > 2 else {} for stretch in stretches]
    return PathNetwork(
        lon_deg=lon,
        lat_deg=lat,
        start=np.array([stretch[0] for stretch in stretches], dtype=np.intp),
        end=np.array([stretch[1] for stretch in stretches], dtype=np.intp),
        kind=np.array([int(tags.get("kind", WayKind.PATH)) for tags in more], dtype=np.intp),
        is_hard=np.array([tags.get("is_hard", False) for tags in more], dtype=bool),
        is_marked=np.array([tags.get("is_marked", False) for tags in more], dtype=bool),
        source="made-up ways",
        bounds=bounds,
    )


def chain(*points_m, **tags):
    """Nodes and stretches of one way."""
    return list(points_m), [(i, i + 1, tags) for i in range(len(points_m) - 1)]


def lattice(side, step_m=500.0):
    """Square grid of ways."""
    nodes = [(col * step_m, row * step_m) for row in range(side) for col in range(side)]
    across = [(row * side + col, row * side + col + 1) for row in range(side) for col in range(side - 1)]
    up = [(row * side + col, (row + 1) * side + col) for row in range(side - 1) for col in range(side)]
    return nodes, across + up


def whole(line):
    (run,) = line.unbroken()
    return run.whole


def length_m(segment):
    return GEOD.line_length(segment.lon_deg, segment.lat_deg)


def assert_along(segment, ways, within_m=0.01):
    """Every vertex, and every middle between two, lies on the network."""
    nodes = np.column_stack(local_m(ways.lon_deg, ways.lat_deg))
    lines = shapely.MultiLineString([nodes[[a, b]] for a, b in zip(ways.start, ways.end, strict=True)])
    at = np.column_stack(local_m(segment.lon_deg, segment.lat_deg))
    for points in (at, 0.5 * (at[1:] + at[:-1])):
        assert shapely.distance(lines, shapely.points(points)).max() <= within_m


def along_network(line):
    return [segment for segment in line.segments if segment.provenance is None]


def tobler_m_s(slope):
    return 6.0 / 3.6 * np.exp(-3.5 * abs(slope + 0.05))


def oracle_time_s(ways, source, first, last, weights):
    """Textbook Dijkstra over the nodes of a network."""
    height = source.sample(ways.lon_deg, ways.lat_deg).height_m
    beside = {}
    for a, b, weight in zip(ways.start.tolist(), ways.end.tolist(), weights, strict=True):
        run = GEOD.inv(ways.lon_deg[a], ways.lat_deg[a], ways.lon_deg[b], ways.lat_deg[b])[2]
        for one, other in ((a, b), (b, a)):
            time = weight * run / tobler_m_s((height[other] - height[one]) / run)
            beside.setdefault(one, []).append((other, time))
    best, queue = {first: 0.0}, [(0.0, first)]
    while queue:
        time, node = heapq.heappop(queue)
        if node == last:
            return time
        for other, more in beside.get(node, []):
            if time + more < best.get(other, np.inf):
                best[other] = time + more
                heapq.heappush(queue, (time + more, other))
    return None


def walked_time_s(segment, ways, source, weights):
    """Weighted time along a line whose vertices are nodes of the network."""
    position = {(lon, lat): i for i, (lon, lat) in enumerate(zip(ways.lon_deg, ways.lat_deg, strict=True))}
    kind = {}
    for a, b, weight in zip(ways.start.tolist(), ways.end.tolist(), weights, strict=True):
        kind[a, b] = kind[b, a] = weight
    nodes = [position[at] for at in zip(segment.lon_deg, segment.lat_deg, strict=True)]
    height = source.sample(ways.lon_deg, ways.lat_deg).height_m
    total = 0.0
    for a, b in itertools.pairwise(nodes):
        run = GEOD.inv(ways.lon_deg[a], ways.lat_deg[a], ways.lon_deg[b], ways.lat_deg[b])[2]
        total += kind[a, b] * run / tobler_m_s((height[b] - height[a]) / run)
    return total


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=examples(25))
def test_the_way_is_that_of_a_textbook_search(seed):
    """A lattice over hills without a DEM window to leave it for; kinds and marks at random."""
    random = np.random.default_rng(seed)
    source = AnalyticSource(lambda x, y: 2000.0 + 90.0 * np.sin(x / 300.0) * np.cos(y / 400.0))
    nodes, pairs = lattice(6)
    nodes = np.array(nodes) + random.uniform(-150.0, 150.0, (len(nodes), 2))
    tags = [
        {
            "kind": WayKind(random.integers(3)),
            "is_hard": random.random() < 0.2,
            "is_marked": random.random() < 0.3,
        }
        for _ in pairs
    ]
    ways = network(nodes, [(a, b, tag) for (a, b), tag in zip(pairs, tags, strict=True)])
    p = NetworkParameters(leave_s=1e9)
    weights = [
        (1.0, p.street, p.road)[tag["kind"]]
        * (p.hard if tag["is_hard"] else 1.0)
        * (p.marked if tag["is_marked"] else 1.0)
        for tag in tags
    ]
    stops = [place("a", *nodes[0]), place("b", *nodes[35])]
    found = trace_network(stops, ways, source, p)
    segment = whole(found.line)
    ends = [segment.lon_deg[0] - ways.lon_deg[0], segment.lat_deg[-1] - ways.lat_deg[35]]
    assert np.abs(ends).max() < 1e-9
    inner = shapely.points(np.column_stack(local_m(segment.lon_deg, segment.lat_deg)))
    tree = shapely.STRtree(shapely.points(nodes))
    nearest = tree.nearest(inner)
    assert shapely.distance(inner, shapely.points(nodes[nearest])).max() < 0.01
    order = nearest[np.concatenate([[True], np.diff(nearest) != 0])]
    assert order[0] == 0
    assert order[-1] == 35
    snapped = type(segment)(ways.lon_deg[order], ways.lat_deg[order])
    expected = oracle_time_s(ways, source, 0, 35, weights)
    assert walked_time_s(snapped, ways, source, weights) == pytest.approx(expected, rel=1e-6)
    assert found.network_share == 1.0
    assert found.snap_m < 0.01


def two_ways(north, south):
    """From west to east by a northern or by a southern way, which is longer."""
    nodes = [(-2000.0, 0.0), (0.0, 300.0), (2000.0, 0.0), (0.0, -600.0)]
    return network(nodes, [(0, 1, north), (1, 2, north), (0, 3, south), (3, 2, south)])


@pytest.mark.parametrize(
    ("north", "south", "goes_north"),
    [
        ({}, {}, True),
        ({"kind": WayKind.ROAD}, {}, False),
        ({"kind": WayKind.STREET}, {}, False),
        ({"is_hard": True}, {}, False),
        ({}, {"is_marked": True}, False),
        ({"is_marked": True}, {"is_marked": True}, True),
        ({"kind": WayKind.ROAD}, {"kind": WayKind.ROAD}, True),
    ],
)
def test_what_is_preferred(north, south, goes_north):
    stops = [place("a", -2000.0), place("b", 2000.0)]
    found = trace_network(stops, two_ways(north, south), GENTLE)
    _, y = local_m(whole(found.line).lon_deg, whole(found.line).lat_deg)
    assert bool(y.max() > 200.0) is goes_north
    assert found.line.provenance is Provenance.OSM
    assert found.network_share == 1.0


def test_places_are_snapped_within_their_uncertainty_and_the_line_says_how_far():
    ways = network(*chain((-3000.0, 0.0), (3000.0, 0.0)))
    near = [place("a", -2000.0, 40.0), place("b", 2000.0, -120.0, uncertainty_m=150.0)]
    found = trace_network(near, ways, GENTLE)
    assert found.snap_m == pytest.approx(120.0, rel=0.01)
    assert found.network_share == 1.0
    x, y = local_m(whole(found.line).lon_deg, whole(found.line).lat_deg)
    assert (x[0], x[-1]) == pytest.approx((-2000.0, 2000.0), abs=0.5)
    assert np.abs(y).max() < 0.5


def test_a_place_off_the_network_is_reached_over_the_terrain():
    """A camp 800 m from the path: the line goes to it, and says which part is a guess."""
    ways = network(*chain((-4000.0, 0.0), (0.0, 0.0), (4000.0, 0.0)))
    stops = [place("a", -3000.0), place("camp", 1000.0, 800.0), place("b", 3000.0)]
    found = trace_network(stops, ways, GENTLE)
    segment = whole(found.line)
    where = np.flatnonzero((segment.lon_deg == stops[1].lon) & (segment.lat_deg == stops[1].lat))
    assert where.size >= 1
    bridges = [part for part in found.line.segments if part.provenance is Provenance.MODELLED]
    assert len(bridges) == 2
    assert all(part.lateral_p90_m > LATERAL_P90_M[Provenance.OSM] for part in bridges)
    assert found.line.lateral_p90_m == max(part.lateral_p90_m for part in bridges)
    assert 0.6 < found.network_share < 0.95
    assert found.line.is_partly_modelled
    for part in along_network(found.line):
        assert_along(part, ways)


def test_several_places_on_one_stretch_are_passed_in_order():
    ways = network(*chain((-3000.0, 0.0), (3000.0, 0.0)))
    stops = [place("a", -2000.0), place("b", 1000.0), place("c", 0.0, 30.0), place("d", 2500.0)]
    segment = whole(trace_network(stops, ways, GENTLE).line)
    # 3 km there, 1 km back, 2.5 km on
    assert length_m(segment) == pytest.approx(6500.0, rel=1e-3)
    assert_along(segment, ways)


def test_two_places_at_one_node_and_places_at_ends_work():
    ways = network(*chain((-2000.0, 0.0), (0.0, 0.0), (2000.0, 0.0)))
    stops = [place("a", -2000.0), place("b", 0.0), place("b2", 0.0), place("c", 2000.0)]
    segment = whole(trace_network(stops, ways, GENTLE).line)
    assert length_m(segment) == pytest.approx(4000.0, rel=1e-3)


def test_there_and_back_is_walked_twice():
    ways = network(*chain((-2000.0, 0.0), (2000.0, 0.0)))
    stops = [place("a", -2000.0), place("b", 2000.0), place("a2", -2000.0)]
    assert length_m(whole(trace_network(stops, ways, GENTLE).line)) == pytest.approx(8000.0, rel=1e-3)


GAP = network(
    [(-4000.0, 0.0), (-500.0, 0.0), (500.0, 0.0), (4000.0, 0.0)],
    [(0, 1), (2, 3)],
)
ENDS = [place("a", -4000.0), place("b", 4000.0)]


def test_a_gap_is_bridged_over_the_terrain_and_marked():
    found = trace_network(ENDS, GAP, GENTLE)
    kinds = [segment.provenance for segment in found.line.segments]
    assert kinds == [None, Provenance.MODELLED, None]
    for one, other in itertools.pairwise(found.line.segments):
        assert (one.lon_deg[-1], one.lat_deg[-1]) == (other.lon_deg[0], other.lat_deg[0])
    assert found.network_share == pytest.approx(7000.0 / 8000.0, abs=0.02)
    assert re.search(r", 8[78]\.\d % of it; the rest least-time path over the terrain;", found.line.source)
    for segment in along_network(found.line):
        assert_along(segment, GAP)


def test_without_a_dem_a_gap_stays_a_gap():
    with pytest.raises(TraceError, match="from A to B: the network has a gap, and no DEM is at hand"):
        trace_network(ENDS, GAP, None)


def test_without_a_dem_the_network_alone_will_do():
    ways = two_ways({}, {})
    found = trace_network([place("a", -2000.0), place("b", 2000.0)], ways, None)
    assert found.network_share == 1.0


def test_a_gap_that_a_chasm_closes_stays_one():
    chasm = AnalyticSource(plane(east=0.02), void=lambda x, _: np.abs(x) < 300.0)
    with pytest.raises(TraceError, match=r"from A to B: the network has a gap that water, voids or cliffs"):
        trace_network(ENDS, GAP, chasm)


def test_a_lake_in_the_gap_is_walked_round():
    def with_lake(x, y):
        return np.where(np.hypot(x, y) < 450.0, 1990.0, 2000.0 + 0.02 * x + 0.01 * y)

    found = trace_network(ENDS, GAP, AnalyticSource(with_lake))
    bridge = found.line.segments[1]
    x, y = local_m(bridge.lon_deg, bridge.lat_deg)
    share = np.linspace(0.0, 1.0, 40)
    for i in range(x.size - 1):
        away = np.hypot(x[i] + share * (x[i + 1] - x[i]), y[i] + share * (y[i + 1] - y[i]))
        assert away.min() > 450.0 - 100.0  # to a cell


def test_a_hairpin_road_is_not_cut_short():
    """Twelve bends up a slope of 25 %: straight up is 5 times shorter, and nobody's trail."""
    bends = [(-100.0 if i % 2 else 100.0, 40.0 * i) for i in range(13)]
    ways = network(*chain(*bends))
    found = trace_network(
        [place("a", *bends[0]), place("b", *bends[-1])], ways, AnalyticSource(plane(north=0.25))
    )
    assert found.network_share == 1.0
    assert_along(whole(found.line), ways)


def test_an_extract_that_ends_before_a_place_is_refused():
    ways = network(*chain((-3000.0, 0.0), (500.0, 0.0)), bounds=(1.45, 42.4, 1.51, 42.6))
    with pytest.raises(TraceError, match=r"made-up ways does not cover B \(1\.5.*it reaches from 1\.450"):
        trace_network([place("a", -2000.0), place("b", 2000.0)], ways, GENTLE)


def test_a_place_on_a_way_that_leaves_the_extract_whole_is_covered():
    """Extracts are cut at a box, but ways that cross it are kept to their ends."""
    ways = network(*chain((-3000.0, 0.0), (3000.0, 0.0)), bounds=(1.45, 42.4, 1.51, 42.6))
    assert trace_network([place("a", -2000.0), place("b", 2000.0)], ways, GENTLE).network_share == 1.0


def test_places_far_from_every_way_are_refused():
    ways = network(*chain((-3000.0, 9000.0), (3000.0, 9000.0)))
    with pytest.raises(TraceError, match="made-up ways has no way on foot within 50 m of any of its places"):
        trace_network([place("a", -2000.0), place("b", 2000.0)], ways, GENTLE)


def test_an_empty_network_is_refused():
    empty = network([(0.0, 0.0)], [])
    with pytest.raises(TraceError, match="has no way on foot within"):
        trace_network([place("a", -2000.0), place("b", 2000.0)], empty, GENTLE)


def test_islands_are_not_snapped_to():
    """A footway of 100 m beside the place leads nowhere; the path 45 m away does."""
    ways = network(
        [(-3000.0, 0.0), (3000.0, 0.0), (-2050.0, 40.0), (-1950.0, 40.0)],
        [(0, 1), (2, 3)],
    )
    found = trace_network([place("a", -2000.0, 45.0), place("b", 2000.0)], ways, GENTLE)
    assert found.snap_m == pytest.approx(45.0, rel=0.01)
    assert found.network_share == 1.0


def test_a_dem_of_half_the_way_is_no_crash():
    """Without heights stretches count as level; a gap beyond the DEM cannot be bridged."""
    half = AnalyticSource(plane(east=0.02), inside=lambda x, _: x < 0.0)
    ways = network(*chain((-4000.0, 0.0), (4000.0, 0.0)))
    assert trace_network(ENDS, ways, half).network_share == 1.0
    with pytest.raises(TraceError):
        trace_network(ENDS, GAP, half)


class CutSource(AnalyticSource):
    """Terrain whose grids end where it does, as those of files."""

    def window(self, bounds, product=None):
        west, south, _, north = bounds
        return super().window((west, south, 1.5, north), product) if west < 1.5 else None


def test_a_dem_whose_grid_ends_before_a_place_is_no_crash():
    half = CutSource(plane(east=0.02), inside=lambda x, _: x < 0.0)
    ways = network(*chain((-4000.0, 0.0), (4000.0, 0.0)))
    assert trace_network(ENDS, ways, half).network_share == 1.0
    assert trace_network(ENDS[::-1], ways, half).network_share == 1.0
    with pytest.raises(TraceError):
        trace_network(ENDS, GAP, half)


def test_short_ends_of_ways_can_be_written_and_read_back(tmp_path):
    """A place a few centimetres from the end of a way: too short a segment for six decimals of a degree."""
    ways = network([(-3000.0, 0.0), (-0.03, 0.0)], [(0, 1)])
    stops = [place("a", -2000.0), place("b", 0.0, 0.0), place("c", 1500.0, 0.0)]
    back_again = [place("a", -0.06, 0.0), place("c", 1500.0, 0.0), place("d", -0.05)]
    for places in (stops, stops[::-1], back_again):
        line = trace_network(places, ways, GENTLE).line
        path = tmp_path / "leg.gpx"
        path.write_text(line_gpx("A to C", line, ""), encoding="utf-8")
        again = read_line(path)
        assert again.provenance is Provenance.OSM
        assert len(again.unbroken()) == 1


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=examples(25))
def test_what_is_not_modelled_lies_on_the_network_and_segments_meet(seed):
    """A lattice with holes, places anywhere about it."""
    random = np.random.default_rng(seed)
    nodes, pairs = lattice(7, 600.0)
    nodes = np.array(nodes) - 1800.0 + random.uniform(-200.0, 200.0, (len(nodes), 2))
    pairs = [pair for pair in pairs if random.random() < 0.7]
    ways = network(nodes, pairs)
    source = AnalyticSource(
        lambda x, y: 2000.0 + 60.0 * np.sin(x / 500.0 + seed % 7) * np.cos(y / 700.0) + 0.02 * x
    )
    stops = [
        place(f"p{i}", *random.uniform(-1900.0, 1900.0, 2), uncertainty_m=random.choice([10.0, 200.0]))
        for i in range(3)
    ]
    try:
        found = trace_network(stops, ways, source)
    except TraceError:
        return
    segments = found.line.segments
    for one, other in itertools.pairwise(segments):
        assert (one.lon_deg[-1], one.lat_deg[-1]) == (other.lon_deg[0], other.lat_deg[0])
    for segment in segments:
        if segment.provenance is None:
            assert_along(segment, ways)
        else:
            assert segment.lateral_p90_m > 0.0
    on = sum(length_m(segment) for segment in along_network(found.line))
    assert found.network_share == pytest.approx(on / sum(map(length_m, segments)), abs=1e-6)
    for stop, (lon, lat) in (
        (stops[0], (segments[0].lon_deg[0], segments[0].lat_deg[0])),
        (stops[-1], (segments[-1].lon_deg[-1], segments[-1].lat_deg[-1])),
    ):
        away = GEOD.inv(stop.lon, stop.lat, lon, lat)[2]
        assert away <= max(50.0, stop.position_uncertainty_m) + 0.01
        assert away <= found.snap_m + 1e-6
