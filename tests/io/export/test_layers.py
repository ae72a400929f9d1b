"""GeoJSON, GeoPackage and GeoParquet, read back by GDAL, pyarrow and shapely."""

import io
import json
import sys
import time

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from routes.errors import OutputError
from routes.io.export.geojson import layers_geojson
from routes.io.export.gpkg import layers_gpkg
from routes.io.export.layers import layers_of
from routes.io.export.parquet import layers_parquet
from tests.io.export.exported import (
    CONTROL,
    FORMULA,
    LONG,
    MARKUP,
    PATH,
    RIGHT_TO_LEFT,
    exported_study,
    height_m,
    length_m,
    over_antimeridian,
)

LEGS = ["a-b", "b-c", "c-d", "d-e"]
LENGTHS_M = [5000.0, 9000.0, 2996.15, 2996.15]
"""By the geodesic between their ends; 9 km north of the origin a degree of longitude is 0.13 % shorter."""


@pytest.fixture(scope="module")
def layers():
    study = exported_study()
    return layers_of(study, study.default)


@pytest.fixture(params=["gpkg", "parquet", "geojson"])
def read(request, layers, tmp_path):
    """Reader of a layer by another library."""
    if request.param == "gpkg":
        path = tmp_path / "x.gpkg"
        path.write_bytes(layers_gpkg(layers))
        return lambda name: gpd.read_file(path, layer=name, engine="pyogrio")
    if request.param == "parquet":
        files = layers_parquet(layers)
        return lambda name: gpd.read_parquet(io.BytesIO(files[name]))
    features = json.loads(layers_geojson(layers))["features"]

    def frame(name):
        chosen = [f for f in features if f["properties"]["layer"] == name]
        shapes = [None if f["geometry"] is None else shapely.geometry.shape(f["geometry"]) for f in chosen]
        return gpd.GeoDataFrame([f["properties"] for f in chosen], geometry=shapes, crs="EPSG:4326")

    return frame


def test_tracks_have_the_lengths_heights_and_order_of_the_trek(read):
    tracks = read("tracks")
    assert tracks["leg"].tolist() == LEGS
    assert tracks["name"].tolist()[2] == "C to D"
    assert tracks["provenance"].tolist() == ["recorded", "schematic", "osm", "modelled"]
    assert tracks["heights_datum"].tolist()[0] == "EGM96"
    for shape, expected in zip(tracks.geometry, LENGTHS_M, strict=True):
        measured = sum(length_m(part.coords) for part in getattr(shape, "geoms", [shape]))
        assert measured == pytest.approx(expected, rel=0.001)
    x, y, z = shapely.get_coordinates(tracks.geometry.iloc[2], include_z=True).T
    assert z == pytest.approx(height_m(x, y), abs=0.5)
    bus = shapely.get_coordinates(tracks.geometry.iloc[1], include_z=True)[:, 2]
    assert np.isnan(bus).all()


def test_a_gap_stays_a_gap(read):
    shape = read("tracks").geometry.iloc[0]
    assert [round(length_m(part.coords), -1) for part in shape.geoms] == [2500.0, 2500.0]


def test_places_days_and_verdicts_are_all_there(read, layers):
    places = read("places")
    assert sorted(places["place"]) == ["a", "b", "c", "d", "e"]
    assert places["kind"].tolist()[:2] == ["camp", "pass"]
    heights = dict(zip(places["place"], places["dem_height_m"], strict=True))
    assert heights == pytest.approx(
        {"a": 1700.0, "b": 2300.0, "c": 2300.0, "d": 2000.0, "e": 1700.0}, abs=1.0
    )
    days = read("days")
    assert days["day"].tolist() == [1, 2]
    assert days["length_m"].tolist()[0] == pytest.approx(5000.0, rel=0.001)
    assert days["walking_time_h"].notna().all()
    verdicts = read("verdicts")
    assert len(verdicts) == len(layers.verdicts) >= 5
    told = dict(zip(verdicts["subject"], verdicts["verdict"], strict=True))
    assert told["d"] == "agrees"
    assert told["a"] == "differs"


def test_crs_and_datum_are_recorded(layers, tmp_path):
    path = tmp_path / "x.gpkg"
    path.write_bytes(layers_gpkg(layers))
    assert pyogrio.read_info(path, layer="tracks")["crs"] == "EPSG:9707"
    assert pyogrio.read_info(path, layer="verdicts")["crs"] == "EPSG:4326"
    assert pyogrio.read_info(path, layer="tracks")["layer_metadata"]["heights_datum"] == "EGM96"
    assert [name for name, _ in pyogrio.list_layers(path)] == ["tracks", "places", "days", "verdicts"]
    assert not list(tmp_path.glob("*.xml"))
    pq = pytest.importorskip("pyarrow.parquet")
    schema = pq.read_schema(io.BytesIO(layers_parquet(layers)["tracks"]))
    assert schema.metadata[b"routes:heights_datum"] == b"EGM96"
    crs = json.loads(schema.metadata[b"geo"])["columns"]["geometry"]["crs"]
    assert crs["id"] == {"authority": "EPSG", "code": 9707}


def test_bytes_are_the_same_later(layers):
    before = layers_gpkg(layers), dict(layers_parquet(layers)), layers_geojson(layers)
    time.sleep(1.1)  # a date of last change would tell
    assert before == (layers_gpkg(layers), dict(layers_parquet(layers)), layers_geojson(layers))


def test_geojson_keeps_to_rfc_7946(layers):
    data = json.loads(layers_geojson(layers), parse_constant=pytest.fail)
    assert data["type"] == "FeatureCollection"
    assert "crs" not in data
    ids = [feature["id"] for feature in data["features"]]
    assert len(set(ids)) == len(ids)
    for feature in data["features"]:
        if feature["properties"]["layer"] in ("days", "verdicts"):
            assert feature["geometry"] is None
            continue
        positions = shapely.get_coordinates(shapely.geometry.shape(feature["geometry"]), include_z=True)
        assert (np.abs(positions[:, 0]) <= 180.0).all()
        if np.isfinite(positions[:, 2]).any():
            assert feature["properties"]["heights_datum"] == "EGM96"
    days = [f["properties"]["legs"] for f in data["features"] if f["properties"]["layer"] == "days"]
    assert days == [["a-b", "b-c"], ["c-d", "d-e"]]


def test_geojson_numbers_have_six_decimals(layers):
    data = json.loads(layers_geojson(layers), parse_float=str)
    numbers = str([f["geometry"] for f in data["features"] if f["geometry"]])
    assert max(len(part.split("'")[0]) for part in numbers.split(".")[1:]) <= 6


@pytest.mark.parametrize("file_format", ["gpkg", "geojson"])
def test_lines_are_cut_at_the_antimeridian(file_format, tmp_path):
    study = over_antimeridian()
    layers = layers_of(study, study.default)
    path = tmp_path / f"x.{file_format}"
    path.write_bytes(layers_gpkg(layers) if file_format == "gpkg" else layers_geojson(layers).encode())
    frame = gpd.read_file(path, layer="tracks") if file_format == "gpkg" else gpd.read_file(path).iloc[:1]
    west, east = frame.geometry.iloc[0].geoms
    assert list(west.coords) == [(179.9, 0.0), (180.0, 0.0)]
    assert list(east.coords) == [(-180.0, 0.0), (-179.9, 0.0)]


def test_without_heights_there_is_no_third_coordinate(tmp_path):
    study = exported_study(source=False)
    layers = layers_of(study, study.default)
    path = tmp_path / "x.gpkg"
    path.write_bytes(layers_gpkg(layers))
    for name in ("tracks", "places", "days"):
        info = pyogrio.read_info(path, layer=name)
        assert info["crs"] == "EPSG:4326"
        assert " Z" not in info["geometry_type"]
    tracks = gpd.read_file(path, layer="tracks")
    assert tracks["ascent_m"].isna().all()
    assert tracks["ascent_m"].dtype == float
    first = json.loads(layers_geojson(layers))["features"][0]
    assert first["properties"]["heights_datum"] is None


@pytest.mark.parametrize("name", [MARKUP, CONTROL, RIGHT_TO_LEFT, FORMULA, PATH, LONG])
def test_hostile_names_come_back_as_they_were(name, tmp_path):
    study = exported_study(names={"a": name, "trek": name})
    layers = layers_of(study, study.default)
    data = json.loads(layers_geojson(layers))
    names = {
        f["properties"]["place"]: f["properties"]["name"]
        for f in data["features"]
        if "place" in f["properties"]
    }
    assert names["a"] == name
    path = tmp_path / "x.gpkg"
    path.write_bytes(layers_gpkg(layers))
    places = gpd.read_file(path, layer="places").set_index("place")
    assert places.loc["a", "name"] == name.replace("\x07", "").replace("\x1b", "")
    frame = gpd.read_parquet(io.BytesIO(layers_parquet(layers)["places"])).set_index("place")
    assert frame.loc["a", "name"] == name


def test_a_null_does_not_end_a_name(tmp_path):
    study = exported_study(names={"a": "be\x00fore"})
    path = tmp_path / "x.gpkg"
    path.write_bytes(layers_gpkg(layers_of(study, study.default)))
    assert "before" in gpd.read_file(path, layer="places")["name"].tolist()


def test_without_pyarrow_the_error_says_what_to_install(layers, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(OutputError, match=r"pip install 'trek-routes\[parquet\]'"):
        layers_parquet(layers)
