"""GPX as other programs read it: names, order, points, heights, lengths, ascents, of both treks and of nasty files."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import gpxpy
import numpy as np
import pyogrio
import pytest
from pyproj import Geod

from routes.analysis.study import study_trek
from routes.dem.folder import open_dem
from routes.gpx.write.document import gpx_text
from routes.io.export.gpx import day_gpx, variant_gpx
from routes.io.trek.read import read_trek
from tests.gpx.samples import NASTY

GEOD = Geod(ellps="WGS84")
SPHERE_M = 6_371_008.8
"""Mean radius of the Earth, on which apps measure: the haversine formula of Turf, Leaflet and others."""
SPHERE_ERROR = 0.006


@dataclass(frozen=True)
class Seen:
    """What a client sees in a file."""

    tracks: list[tuple[str, list[np.ndarray]]]
    """Name and segments of each track; a segment has a row a point: longitude, latitude, height (NaN without)."""

    waypoints: list[tuple[str, np.ndarray]]
    """Name and position of each waypoint, likewise."""

    told: list[tuple[float, float | None]] | None = None
    """Distance and ascent of each track as the client itself tells them, metres."""

    is_joined: bool = False
    """Whether it joins the segments of a track."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("gpx")


@pytest.fixture(scope="module")
def studies(repository):
    treks = repository / "data/treks"
    return {
        "john-muir": study_trek(read_trek(treks / "john-muir.toml"), {}, open_dem(repository / "data/dem")),
        "lares": study_trek(read_trek(treks / "lares.toml"), {}),
    }


@pytest.fixture(scope="module")
def files(folder, studies):
    """All that is written for both treks, and what trips readers, by name."""
    texts = {name: gpx_text(document) for name, document in NASTY.items()}
    for trek, study in studies.items():
        for variant in study.variants:
            texts[f"{trek} {variant.variant.id}"] = variant_gpx(study, variant)
        for day in study.days:
            if day.is_on_foot:
                texts[f"{trek} day {day.day.number}"] = day_gpx(study, day)
    paths = {}
    for number, (name, text) in enumerate(texts.items()):
        paths[name] = folder / f"{number}.gpx"
        paths[name].write_text(text, encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def in_javascript(files):
    """Both JavaScript clients on all files, in one run of node."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    modules = os.environ.get("ROUTES_NODE_MODULES")
    if not modules or not (Path(modules) / "jsdom").is_dir():
        pytest.skip("ROUTES_NODE_MODULES names no folder of JavaScript clients (.ci/run makes one)")
    driver = Path(__file__).parent / "clients/read.mjs"
    done = subprocess.run(["node", driver, *files.values()], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return dict(zip(files, json.loads(done.stdout), strict=True))


@pytest.fixture(params=["gpxpy", "gdal", "gpsbabel", "togeojson", "gpxjs"])
def read(request, files):
    """Function that reads a file of a name with one of the clients."""
    client = request.param
    if client in JAVASCRIPT:
        found = request.getfixturevalue("in_javascript")
        return lambda name: JAVASCRIPT[client](found[name][client])
    if client == "gpsbabel" and shutil.which("gpsbabel") is None:
        pytest.skip("gpsbabel is not installed")
    return lambda name: OTHERS[client](files[name])


def rows(points):
    """Array of longitude, latitude, height; NaN for a height that is not there."""
    full = [(*point[:2], np.nan if len(point) < 3 or point[2] is None else point[2]) for point in points]
    return np.array(full, dtype=float).reshape(-1, 3)


def with_gpxpy(path):
    gpx = gpxpy.parse(path.read_text(encoding="utf-8"))
    assert not gpx.routes

    def row(point):
        return point.longitude, point.latitude, point.elevation

    tracks = [
        (track.name, [rows([row(point) for point in part.points]) for part in track.segments])
        for track in gpx.tracks
    ]
    told = [(track.length_2d(), None) for track in gpx.tracks]
    return Seen(tracks, [(point.name, rows([row(point)])[0]) for point in gpx.waypoints], told)


def with_gdal(path):
    names = pyogrio.read_dataframe(path, layer="tracks", read_geometry=False)["name"].tolist()
    points = pyogrio.read_dataframe(path, layer="track_points")
    points["row"] = list(rows(list(zip(points.geometry.x, points.geometry.y, points["ele"], strict=True))))
    tracks = [(name, []) for name in names]
    for (number, _), part in points.groupby(["track_fid", "track_seg_id"], sort=True):
        tracks[number][1].append(np.stack(part["row"].tolist()))
    marks = pyogrio.read_dataframe(path, layer="waypoints")
    rest = rows(list(zip(marks.geometry.x, marks.geometry.y, marks["ele"], strict=True)))
    assert len(pyogrio.read_dataframe(path, layer="routes", read_geometry=False)) == 0
    return Seen(tracks, list(zip(marks["name"].tolist(), rest, strict=True)))


def with_gpsbabel(path):
    """Through gpsbabel and out again."""
    out = path.with_suffix(".babel")
    subprocess.run(
        ["gpsbabel", "-i", "gpx", "-f", path, "-o", "gpx,gpxver=1.1", "-F", out],
        check=True,
        capture_output=True,
    )
    seen = with_gpxpy(out)
    return Seen(seen.tracks, seen.waypoints)


def with_togeojson(found):
    tracks = [(track["name"], [rows(part) for part in track["segments"]]) for track in found["tracks"]]
    assert all(re.fullmatch("#[0-9a-f]{6}", track["colour"]) for track in found["tracks"])
    return Seen(tracks, [(mark["name"], rows([mark["position"]])[0]) for mark in found["waypoints"]])


def with_gpxjs(found):
    """It joins the segments of a track."""
    assert found["routes"] == 0
    tracks = [(track["name"], [rows(track["points"])]) for track in found["tracks"]]
    told = [(track["distance_m"], track["ascent_m"]) for track in found["tracks"]]
    marks = [(mark["name"], rows([mark["position"]])[0]) for mark in found["waypoints"]]
    return Seen(tracks, marks, told, is_joined=True)


OTHERS = {"gpxpy": with_gpxpy, "gdal": with_gdal, "gpsbabel": with_gpsbabel}
JAVASCRIPT = {"togeojson": with_togeojson, "gpxjs": with_gpxjs}


def on_ellipsoid_m(points):
    return GEOD.line_length(points[:, 0], points[:, 1])


def on_sphere_m(points):
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    h = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    return float(2 * SPHERE_M * np.arcsin(np.sqrt(h)).sum())


def rises_m(points):
    return float(np.maximum(np.diff(points[:, 2]), 0.0).sum())


def as_written(document):
    """The tracks and waypoints of a document, as Seen: what a client must see."""
    has_ele = all(part.ele_m is not None for track in document.tracks for part in track.segments)

    def point(lon, lat, ele):
        return -180.0 if lon == 180.0 else lon, lat, ele

    tracks = []
    for track in document.tracks:
        parts = [
            rows(
                [
                    point(*values)
                    for values in zip(
                        part.lon_deg,
                        part.lat_deg,
                        part.ele_m if has_ele else [None] * part.lon_deg.size,
                        strict=True,
                    )
                ]
            )
            for part in track.segments
        ]
        tracks.append((track.name, parts))
    return Seen(
        tracks, [(mark.name, rows([point(mark.lon, mark.lat, mark.ele_m)])[0]) for mark in document.waypoints]
    )


def assert_same(seen, expected):
    """Names, order, points and heights, to what six decimals and a decimetre hold."""
    assert [name for name, _ in seen.tracks] == [name for name, _ in expected.tracks]
    assert [name for name, _ in seen.waypoints] == [name for name, _ in expected.waypoints]
    for (_, parts), (_, wanted) in zip(seen.tracks, expected.tracks, strict=True):
        for part, whole in zip(parts, [np.concatenate(wanted)] if seen.is_joined else wanted, strict=True):
            np.testing.assert_allclose(part[:, :2], whole[:, :2], atol=5.1e-7, rtol=0)
            np.testing.assert_allclose(part[:, 2], whole[:, 2], atol=0.0501, rtol=0)
    for (_, place), (_, wanted) in zip(seen.waypoints, expected.waypoints, strict=True):
        np.testing.assert_allclose(place[:2], wanted[:2], atol=5.1e-7, rtol=0)
        np.testing.assert_allclose(place[2], wanted[2], atol=0.0501, rtol=0)


@pytest.mark.parametrize("name", NASTY)
def test_nasty_files_come_back(read, name):
    assert_same(read(name), as_written(NASTY[name]))


@pytest.mark.parametrize("trek", ["john-muir", "lares"])
def test_every_file_of_a_trek_comes_back(read, files, trek):
    """Against gpxpy's reading, which test_gpx_write.py holds against the arrays that were written."""
    names = [name for name in files if name.startswith(trek)]
    assert len(names) >= 4
    for name in names:
        seen = read(name)
        assert seen.tracks
        assert_same(seen, with_gpxpy(files[name]))


@pytest.mark.parametrize("trek", ["john-muir", "lares"])
def test_days_are_as_long_as_we_say_and_rise_by_the_clients_own_sum(read, studies, trek):
    """A day's length is that of its line before it is thinned out; apps measure on a sphere."""
    study = studies[trek]
    for day in study.days:
        legs = [leg for leg in day.legs if leg.is_on_foot]
        if not legs:
            continue
        seen = read(f"{trek} day {day.day.number}")
        ((name, parts),) = seen.tracks  # one kind of line in each day of these treks
        assert day.day.title in name
        drawn = sum(on_ellipsoid_m(np.stack([run.whole.lon_deg, run.whole.lat_deg], axis=1))
                    for leg in legs for run in leg.line.unbroken())  # fmt: skip
        stated = sum(leg.length_model.drawn_m for leg in legs)
        assert drawn == pytest.approx(stated, rel=1e-6)
        # what joins segments counts the rides between walks, as straight lines
        expected = drawn + (gaps_m(legs) if seen.is_joined else 0.0)
        for distance, ascent in [(sum(map(on_sphere_m, parts)), None), *(seen.told or [])]:
            assert distance == pytest.approx(expected, rel=SPHERE_ERROR)
            if ascent is not None:
                assert ascent == pytest.approx(rises_m(np.concatenate(parts)), abs=0.05)
                assert ascent == pytest.approx(profile_rises_m(legs), rel=0.01)


def gaps_m(legs):
    """Length of the straight lines from the end of each walk to the start of the next."""
    lines = [run.whole for leg in legs for run in leg.line.unbroken()]
    return sum(
        GEOD.inv(first.lon_deg[-1], first.lat_deg[-1], second.lon_deg[0], second.lat_deg[0])[2]
        for first, second in pairwise(lines)
    )


def profile_rises_m(legs):
    """Plain sum of rises of the profiles, before anything is rounded or thinned out."""
    return sum(np.maximum(np.diff(profile.height_m), 0.0).sum() for leg in legs for profile in leg.profiles)
