"""Extracts of OpenStreetMap in all their forms, and files that are none."""

import bz2
import gzip
import os

import numpy as np
import pytest

from routes.errors import OSMReadError
from routes.io.osm.extract import read_osm
from routes.model.network import WayKind
from tests.io.osm.files import BOUNDS, NODES, osm_xml

osmium = pytest.importorskip("osmium")

PATH = {"highway": "path"}


@pytest.fixture
def extract(tmp_path):
    def write(*ways, name="a.osm", **more):
        path = tmp_path / name
        path.write_text(osm_xml(ways, **more), encoding="utf-8")
        return path

    return write


def stretches(network):
    """Ends of the stretches as sets of positions, with their kinds."""
    lon_lat = np.column_stack([network.lon_deg, network.lat_deg]).round(7).tolist()
    return {
        (frozenset((tuple(lon_lat[a]), tuple(lon_lat[b]))), WayKind(kind))
        for a, b, kind in zip(network.start, network.end, network.kind, strict=True)
    }


def between(first, last, kind=WayKind.PATH):
    return frozenset((NODES[first], NODES[last])), kind


def test_ways_become_stretches_that_share_their_nodes(extract):
    network = read_osm(extract((1, [1, 2, 3], PATH), (2, [2, 4], {"highway": "primary"})), BOUNDS)
    assert stretches(network) == {between(1, 2), between(2, 3), between(2, 4, WayKind.ROAD)}
    assert network.lon_deg.size == 4
    assert not network.is_marked.any()
    assert network.source == "a.osm"


def test_closed_ways_and_other_things_are_left_out(extract):
    network = read_osm(
        extract(
            (1, [1, 2], PATH),
            (2, [2, 3], {"highway": "path", "access": "private"}),
            (3, [3, 4], {"highway": "path", "foot": "no"}),
            (4, [4, 5], {"highway": "trunk", "motorroad": "yes"}),
            (5, [1, 5], {"waterway": "river"}),
            (6, [1, 5], {"highway": "motorway"}),
            (7, [2, 5], {"highway": "track", "access": "no", "foot": "yes"}),
        ),
        BOUNDS,
    )
    assert stretches(network) == {between(1, 2), between(2, 5)}


def test_hard_ways_are_known(extract):
    network = read_osm(
        extract((1, [1, 2], PATH), (2, [2, 3], PATH | {"sac_scale": "difficult_alpine_hiking"})), BOUNDS
    )
    assert sorted(zip(network.start.tolist(), network.is_hard.tolist(), strict=True)) == [
        (0, False),
        (1, True),
    ]


@pytest.mark.parametrize(
    ("tags", "is_marked"),
    [
        ({"type": "route", "route": "hiking", "name": "GR 107"}, True),
        ({"type": "route", "route": "foot", "ref": "GR 107"}, True),
        ({"type": "route", "route": "hiking"}, False),
        ({"type": "route", "route": "bicycle", "name": "EuroVelo"}, False),
        ({"type": "route", "route": "bus", "name": "L6"}, False),
    ],
)
def test_named_hiking_routes_mark_their_ways(extract, tags, is_marked):
    path = extract((10, [1, 2], PATH), (11, [2, 3], PATH), relations=[(1, [10, 99], tags)])
    network = read_osm(path, BOUNDS)
    assert network.is_marked.tolist() == [is_marked, False]


def test_a_missing_node_parts_its_way(extract):
    """An extract cut at a border holds ways without some of their nodes: nobody knows how they run there."""
    network = read_osm(extract((1, [1, 2, 3, 4, 5], PATH), missing={3}), BOUNDS)
    assert stretches(network) == {between(1, 2), between(4, 5)}


def test_a_way_with_one_known_node_is_none(extract):
    network = read_osm(extract((1, [1, 2], PATH), (2, [4, 5], PATH), missing={2}), BOUNDS)
    assert stretches(network) == {between(4, 5)}


def test_a_way_that_repeats_a_node_has_no_stretch_of_no_length(extract):
    network = read_osm(extract((1, [1, 2, 2, 3], PATH)), BOUNDS)
    assert (network.start != network.end).all()
    assert stretches(network) == {between(1, 2), between(2, 3)}


def test_a_roundabout_is_closed(extract):
    network = read_osm(extract((1, [1, 2, 3, 1], {"highway": "service"})), BOUNDS)
    assert len(stretches(network)) == 3


def test_only_ways_of_the_window_are_read_and_those_whole(extract):
    path = extract((1, [1, 2, 3], PATH), (2, [6, 7], PATH))
    network = read_osm(path, (1.4995, 42.4995, 1.5005, 42.5005))
    assert stretches(network) == {between(1, 2), between(2, 3)}


def test_a_way_that_only_crosses_the_window_is_read(extract):
    """A straight track across moorland has its nodes a kilometre apart."""
    path = extract((1, [1, 5], PATH), (2, [6, 7], PATH))
    network = read_osm(path, (1.5015, 42.4995, 1.5025, 42.5005))
    assert stretches(network) == {between(1, 5)}


def test_a_window_without_ways_gives_an_empty_network(extract):
    network = read_osm(extract((1, [1, 2], PATH)), (1.65, 42.65, 1.66, 42.66))
    assert network.start.size == network.lon_deg.size == 0
    assert network.lon_deg.shape == (0,)


def test_bounds_are_those_of_the_file_or_else_of_its_ways(extract):
    assert read_osm(
        extract((1, [1, 2], PATH), bounds=(1.4, 42.3, 1.8, 42.9)), BOUNDS
    ).bounds == pytest.approx((1.4, 42.3, 1.8, 42.9))
    without = read_osm(extract((1, [1, 3], PATH), (2, [6, 7], PATH)), (1.49, 42.49, 1.51, 42.51))
    assert without.bounds == pytest.approx((1.5, 42.5, 1.601, 42.6))


@pytest.mark.parametrize(("name", "packed"), [("a.osm.gz", gzip.compress), ("a.osm.bz2", bz2.compress)])
def test_packed_extracts(tmp_path, name, packed):
    path = tmp_path / name
    path.write_bytes(packed(osm_xml([(1, [1, 2, 3], PATH)]).encode()))
    assert stretches(read_osm(path, BOUNDS)) == {between(1, 2), between(2, 3)}


def write_pbf(path):
    header = osmium.io.Header()
    header.add_box(osmium.osm.Box(1.4, 42.4, 1.7, 42.7))
    header.set("osmosis_replication_timestamp", "2024-05-06T07:08:09Z")
    with osmium.SimpleWriter(osmium.io.File(str(path), "osm.pbf"), header=header) as out:
        for number, position in NODES.items():
            out.add_node(osmium.osm.mutable.Node(id=number, location=position, version=1))
        out.add_way(osmium.osm.mutable.Way(id=1, nodes=[1, 2, 3], tags=PATH, version=1))
        out.add_relation(
            osmium.osm.mutable.Relation(
                id=1,
                members=[("w", 1, "")],
                version=1,
                tags={"type": "route", "route": "hiking", "name": "GR"},
            )
        )
    return path


@pytest.mark.parametrize("name", ["a.osm.pbf", "A.OSM.PBF", "andorra-latest.pbf"])
def test_a_pbf_says_what_it_covers_and_of_what_day_it_is(tmp_path, name):
    network = read_osm(write_pbf(tmp_path / name), BOUNDS)
    assert stretches(network) == {between(1, 2), between(2, 3)}
    assert network.is_marked.all()
    assert network.bounds == pytest.approx((1.4, 42.4, 1.7, 42.7))
    assert network.source == f"{name}, data of 2024-05-06"


def refused(path, match):
    with pytest.raises(OSMReadError, match=match) as caught:
        read_osm(path, BOUNDS)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("keep", [0, 3, 30, 0.5, 0.9, -1])
@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm.gz", "a.osm.bz2", "a.osm"])
def test_files_that_end_too_early(tmp_path, name, keep):
    path = tmp_path / name
    if name.endswith(".pbf"):
        raw = write_pbf(path).read_bytes()
    else:
        text = osm_xml([(1, [1, 2, 3], PATH)]).encode()
        raw = {"gz": gzip.compress, "z2": bz2.compress}.get(name[-2:], bytes)(text)
    size = keep if keep >= 1 or keep == 0 else len(raw) - 12 if keep < 0 else int(keep * len(raw))
    path.write_bytes(raw[:size])
    refused(path, "is not an extract of OpenStreetMap, or is broken: .*Download it again")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.osm.pbf", b"PK\x03\x04 not protobuf at all, but long enough to be looked at" * 10),
        ("a.osm.pbf", osm_xml([(1, [1, 2], PATH)]).encode()),
        ("a.osm", b"<gpx></gpx>"),
        ("a.osm", b"<html><body>404</body></html>"),
        ("a.osm", b"\xff\xfe\x00"),
        ("a.osm.gz", b"<osm version='0.6'></osm>"),
        ("a.osm", osm_xml([]).encode()),
        ("a.osm", osm_xml([(1, [1, 2], PATH)], nodes={}).encode()),
        ("a.osm", osm_xml([(1, [1, 2], PATH)]).replace('lat="42.5"', 'lat="north"').encode()),
    ],
)
def test_files_of_another_kind(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    refused(path, "is not an extract of OpenStreetMap, or is broken")


def test_positions_off_earth_are_no_positions(extract):
    path = extract((1, [1, 2, 3], PATH), (2, [3, 4], PATH), nodes=NODES | {1: (1.5, 95.0)})
    try:
        network = read_osm(path, BOUNDS)
    except OSMReadError as error:
        assert "broken" in str(error)  # noqa: PT017 - either answer is fine, a silent wrong one is not
    else:
        assert np.abs(network.lat_deg).max() <= 90.0


def test_names_that_are_no_extracts(tmp_path):
    path = tmp_path / "track.gpx"
    path.write_text("<gpx/>")
    refused(path, r"no extract of OpenStreetMap by its name; give one that ends in \.osm\.pbf")


def test_what_is_no_file(tmp_path):
    refused(tmp_path / "missing.osm", "There is no file")
    folder = tmp_path / "folder.osm"
    folder.mkdir()
    refused(folder, "There is no file")
    pipe = tmp_path / "pipe.osm"
    os.mkfifo(pipe)
    refused(pipe, "There is no file")


def test_a_name_full_of_control_characters_is_shown_harmlessly(tmp_path):
    with pytest.raises(OSMReadError) as caught:
        read_osm(tmp_path / "a\x1b[31m\n.osm", BOUNDS)
    assert "\x1b" not in str(caught.value)


def test_the_real_extract(test_data):
    """Andorra: GR 107 and HRP run there; the capital's ways are many."""
    network = read_osm(test_data / "places" / "andorra.osm.gz", (1.45, 42.48, 1.60, 42.56))
    assert network.start.size > 10_000
    assert network.is_marked.sum() > 500
    assert set(network.kind.tolist()) == {0, 1, 2}
    west, south, east, north = network.bounds
    assert west < 1.45
    assert east > 1.60
    assert south < 42.48
    assert north > 42.56
