"""KML, read back by GDAL's LIBKML, by gpsbabel and as XML."""

import shutil
import subprocess

import geopandas as gpd
import gpxpy
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from lxml import etree

from routes.io.export.kml import variant_kml
from tests.io.export.exported import (
    CONTROL,
    LONG,
    MARKUP,
    PATH,
    RIGHT_TO_LEFT,
    exported_study,
    height_m,
    length_m,
    over_antimeridian,
)

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def study():
    return exported_study()


@pytest.fixture
def path(study, tmp_path):
    path = tmp_path / "x.kml"
    path.write_text(variant_kml(study, study.default), encoding="utf-8")
    return path


def placemarks(path):
    layers = [name for name, _ in pyogrio.list_layers(path)]
    frames = [gpd.read_file(path, layer=name) for name in layers]
    return layers, pd.concat(frame.dropna(axis=1, how="all") for frame in frames if len(frame))


def test_gdal_reads_folders_names_lengths_and_heights(path):
    layers, found = placemarks(path)
    assert layers == ["Days", "Day 1: Day 1", "Day 2: Day 2", "Places"]
    assert found["Name"].tolist() == ["A to B", "C to D", "MODELLED D to E", "B", "C", "A", "D", "E"]
    expected = [5000.0, 2996.15, 2996.15]  # as in test_layers
    for shape, length in zip(found.geometry.iloc[:3], expected, strict=True):
        parts = getattr(shape, "geoms", [shape])
        assert sum(length_m(part.coords) for part in parts) == pytest.approx(length, rel=1e-3)
        x, y, z = shapely.get_coordinates(shape, include_z=True).T
        assert z == pytest.approx(height_m(x, y), abs=0.5)
    assert found.geometry.iloc[4].z == pytest.approx(2300.0, abs=1.0)
    assert (found["altitudeMode"] == "clampToGround").all()


@pytest.mark.skipif(shutil.which("gpsbabel") is None, reason="gpsbabel is not installed")
def test_gpsbabel_reads_the_same_points(path, tmp_path):
    out = tmp_path / "x.gpx"
    subprocess.run(["gpsbabel", "-i", "kml", "-f", path, "-o", "gpx", "-F", out], check=True)
    gpx = gpxpy.parse(out.read_text(encoding="utf-8"))
    assert [waypoint.name for waypoint in gpx.waypoints] == ["B", "C", "A", "D", "E"]
    lines = [length_m([(p.longitude, p.latitude) for p in s.points]) for t in gpx.tracks for s in t.segments]
    assert sum(lines) == pytest.approx(5000.0 + 2 * 2996.15, rel=1e-3)


def test_every_style_that_is_named_exists_and_nothing_is_fetched(path):
    root = etree.parse(path).getroot()
    styles = {f"#{style.get('id')}" for style in root.iter(f"{KML}Style")}
    used = [url.text for url in root.iter(f"{KML}styleUrl")]
    assert used
    assert set(used) <= styles
    assert "href" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [MARKUP, CONTROL, RIGHT_TO_LEFT, PATH, LONG])
def test_hostile_names_stay_text(name, tmp_path):
    study = exported_study(names={"a": name, "trek": name})
    path = tmp_path / "x.kml"
    path.write_text(variant_kml(study, study.default), encoding="utf-8")
    root = etree.parse(path).getroot()
    names = [element.text for element in root.iter(f"{KML}name")]
    expected = " ".join(name.replace("\x07", "").replace("\x1b", "").split())
    assert expected in names
    assert f"{expected} to B" in names
    for description in root.iter(f"{KML}description"):
        assert "<script" not in description.text  # it is shown as HTML


def test_lines_are_cut_at_the_antimeridian(tmp_path):
    study = over_antimeridian()
    path = tmp_path / "x.kml"
    path.write_text(variant_kml(study, study.default), encoding="utf-8")
    _, found = placemarks(path)
    coordinates = shapely.get_coordinates(found.geometry.iloc[0])
    assert coordinates == pytest.approx(np.array([[179.9, 0], [180, 0], [-180, 0], [-179.9, 0]]))


def test_without_heights_coordinates_are_pairs():
    study = exported_study(source=False)
    root = etree.fromstring(variant_kml(study, study.default).encode())
    pairs = {len(p.split(",")) for element in root.iter(f"{KML}coordinates") for p in element.text.split()}
    assert pairs == {2}
