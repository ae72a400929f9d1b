"""FIT courses, read back by Garmin's SDK and by gpsbabel."""

import datetime as dt
import itertools
import shutil
import subprocess
import sys

import gpxpy
import numpy as np
import pytest

from routes.analysis.study import study_trek
from routes.errors import ModelError, OutputError
from routes.io.export.fit import NAME_BYTES, POINT_NAME_BYTES, cut_to_bytes, variant_fit
from routes.kernel.effort import swiss_s
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment
from tests.builders import day, leg, place, trek
from tests.io.export.exported import (
    CONTROL,
    LONG,
    MARKUP,
    RIGHT_TO_LEFT,
    exported_study,
    height_m,
    length_m,
    over_antimeridian,
)

SDK = pytest.importorskip("garmin_fit_sdk")
DEGREES = 180.0 / 2**31


def messages(data):
    decoder = SDK.Decoder(SDK.Stream.from_byte_array(bytearray(data)))
    assert decoder.is_fit()
    assert decoder.check_integrity()
    found, errors = SDK.Decoder(SDK.Stream.from_byte_array(bytearray(data))).read()
    assert not errors
    return found


def positions(found):
    return np.array([(m["position_long"], m["position_lat"]) for m in found["record_mesgs"]]) * DEGREES


@pytest.fixture(scope="module")
def study():
    return exported_study()


@pytest.fixture(scope="module")
def files(study):
    return variant_fit(study, study.default)


def test_a_gap_parts_a_day_into_two_courses(files):
    assert list(files) == ["day-1", "day-1-2", "day-2"]
    lengths = [length_m(positions(messages(data))) for data in files.values()]
    assert lengths == pytest.approx([2500.0, 2500.0, 2 * 2996.15], rel=1e-3)


def test_the_sdk_reads_names_order_heights_distances_and_types(files):
    found = messages(files["day-2"])
    assert found["file_id_mesgs"][0]["type"] == "course"
    assert found["course_mesgs"] == [{"sport": "hiking", "name": "MODELLED Day 2 Day 2", "capabilities": 31}]
    records = found["record_mesgs"]
    at = positions(found)
    assert [m["enhanced_altitude"] for m in records] == pytest.approx(height_m(*at.T), abs=0.6)
    assert [m["distance"] for m in records] == pytest.approx(
        [0.0, *np.cumsum([length_m(at[i : i + 2]) for i in range(len(at) - 1)])], rel=1e-3, abs=0.5
    )
    points = found["course_point_mesgs"]
    assert [(m["name"], m["type"]) for m in points] == [("C", "summit"), ("D", "water"), ("E", "shelter")]
    assert [m["distance"] for m in points] == pytest.approx([0.0, 2996.15, 2 * 2996.15], abs=10.0)
    assert [m["message_index"] for m in points] == [0, 1, 2]
    lap = found["lap_mesgs"][0]
    assert lap["total_distance"] == pytest.approx(2 * 2996.15, rel=1e-3)
    assert lap["total_elapsed_time"] == (records[-1]["timestamp"] - records[0]["timestamp"]).total_seconds()
    assert [m["event_type"] for m in found["event_mesgs"]] == ["start", "stop_all"]


def test_times_rise_second_by_second_from_eight_local_time(study, files):
    stamps = [m["timestamp"] for m in messages(files["day-2"])["record_mesgs"]]
    assert stamps[0] == dt.datetime(2001, 1, 2, 7, tzinfo=dt.UTC)  # Andorra, winter
    assert all(second > first for first, second in itertools.pairwise(stamps))
    later = variant_fit(study, study.default, date=dt.date(2027, 7, 1), start=dt.time(6, 30))
    assert messages(later["day-2"])["record_mesgs"][0]["timestamp"] == dt.datetime(
        2027, 7, 2, 4, 30, tzinfo=dt.UTC
    )


def test_the_time_is_that_of_the_walking_model(files):
    """A plane that falls by a tenth over both legs of day 2: the Swiss polynomial at -10 %."""
    lap = messages(files["day-2"])["lap_mesgs"][0]
    length = 2 * 2996.15
    expected = float(swiss_s([0.0, length], [0.0, -0.1 * 6000.0])[-1])
    # the second leg is modelled: the trail that it stands for is longer than its line
    assert expected * 0.95 < lap["total_elapsed_time"] < expected * 1.35


def test_without_heights_there_is_no_altitude_and_time_on_the_flat():
    study = exported_study(source=False)
    found = messages(variant_fit(study, study.default)["day-1"])
    assert all("altitude" not in record for record in found["record_mesgs"])
    assert found["lap_mesgs"][0]["total_elapsed_time"] == pytest.approx(2500.0 / (4.2 / 3.6), rel=0.01)


def test_a_recorder_that_stands_still_doubles_points():
    lon, lat = np.array([1.5, 1.51, 1.51, 1.51, 1.52]), np.full(5, 42.5)
    line = Line((Segment(lon, lat),), Provenance.RECORDED, "made for tests")
    places = [place("a", lon=1.5, lat=42.5), place("b", lon=1.52, lat=42.5)]
    study = study_trek(trek(places, [day(1, leg("a-b", "a", "b"))]), {"a-b": line})
    at = positions(messages(variant_fit(study, study.default)["day-1"]))
    assert at[:, 0] == pytest.approx([1.5, 1.51, 1.52], abs=1e-6)


@pytest.mark.skipif(shutil.which("gpsbabel") is None, reason="gpsbabel is not installed")
def test_gpsbabel_reads_the_same_points(files, tmp_path):
    source, out = tmp_path / "x.fit", tmp_path / "x.gpx"
    source.write_bytes(files["day-2"])
    subprocess.run(["gpsbabel", "-i", "garmin_fit", "-f", source, "-o", "gpx", "-F", out], check=True)
    points = gpxpy.parse(out.read_text(encoding="utf-8")).tracks[0].segments[0].points
    found = messages(files["day-2"])
    expected = positions(found)
    assert np.array([(p.longitude, p.latitude) for p in points]) == pytest.approx(expected, abs=1e-7)
    assert [p.elevation for p in points] == pytest.approx(
        [m["altitude"] for m in found["record_mesgs"]], abs=0.11
    )
    assert [p.time for p in points] == [m["timestamp"] for m in found["record_mesgs"]]


@pytest.mark.parametrize("name", [MARKUP, CONTROL, RIGHT_TO_LEFT, LONG, "\x07"])
def test_hostile_names_are_cut_between_characters(name):
    study = exported_study(names={"c": name})
    found = messages(variant_fit(study, study.default)["day-2"])
    first = found["course_point_mesgs"][0]["name"]
    assert 0 < len(first.encode()) <= POINT_NAME_BYTES
    assert first.isprintable() or "\u202e" in first
    plain = " ".join(name.replace("\x07", "").replace("\x1b", "").split())
    assert plain.startswith(first) or (not plain and first == "pass")


@pytest.mark.parametrize(("text", "most"), [("ñ" * 40, NAME_BYTES), ("🏔" * 12, POINT_NAME_BYTES), ("é", 1)])
def test_cutting_never_splits_a_character(text, most):
    cut = cut_to_bytes(text, most)
    assert text.startswith(cut)
    assert len(cut.encode()) <= most < len((cut + text[len(cut)]).encode())


def test_a_course_may_cross_the_antimeridian():
    study = over_antimeridian()
    at = positions(messages(variant_fit(study, study.default)["day-1"]))
    assert at == pytest.approx(np.array([[179.9, 0.0], [-179.9, 0.0]]), abs=1e-6)


def test_bytes_are_the_same_twice(study, files):
    assert dict(variant_fit(study, study.default)) == dict(files)


def test_errors(study, monkeypatch):
    with pytest.raises(ModelError, match="1989"):
        variant_fit(study, study.default, date=dt.date(1989, 1, 1))
    monkeypatch.setitem(sys.modules, "fit_tool.fit_file_builder", None)
    with pytest.raises(OutputError, match=r"pip install 'trek-routes\[fit\]'"):
        variant_fit(study, study.default)
