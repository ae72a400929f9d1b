"""Files of an export: their names, days, and that none is replaced or half there."""

import datetime as dt

import pytest

import routes
from routes.errors import ModelError, OutputError
from routes.model.export_format import ExportFormat
from routes.pipeline.exporting import ExportOptions, export_study, exported
from tests.io.export.exported import exported_study


@pytest.fixture(scope="module")
def study():
    return exported_study()


def test_public_names_are_those_of_the_package():
    assert routes.ExportFormat is ExportFormat
    assert routes.export_study is export_study


@pytest.mark.parametrize("file_format", [f for f in ExportFormat if f not in ("parquet", "fit")])
def test_most_formats_are_one_file_that_is_not_replaced(study, tmp_path, file_format):
    out = tmp_path / f"trek.{file_format}"
    assert export_study(study, out, file_format) == (out,)
    first = out.read_bytes()
    with pytest.raises(OutputError, match="exists"):
        export_study(study, out, file_format)
    assert export_study(study, out, file_format, overwrite=True) == (out,)
    assert out.read_bytes() == first
    assert list(tmp_path.iterdir()) == [out]


def test_one_table_and_one_course_a_file(study, tmp_path):
    made = export_study(study, tmp_path / "trek.parquet", "parquet")
    assert [path.name for path in made] == [
        f"trek-{name}.parquet" for name in ("tracks", "places", "days", "verdicts")
    ]
    made = export_study(study, tmp_path / "trek.fit", "fit")
    assert [path.name for path in made] == ["trek-day-1.fit", "trek-day-1-2.fit", "trek-day-2.fit"]


def test_nothing_is_written_where_one_file_exists(study, tmp_path):
    (tmp_path / "trek-days.parquet").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"trek-days\.parquet exists"):
        export_study(study, tmp_path / "trek.parquet", "parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["trek-days.parquet"]


def test_a_day_is_the_same_course_alone(study):
    alone = exported(study, ExportFormat.FIT, ExportOptions(day=2, date=dt.date(2027, 7, 1)))
    whole = exported(study, ExportFormat.FIT, ExportOptions(date=dt.date(2027, 7, 1)))
    assert dict(alone) == {"": whole["day-2"]}


@pytest.mark.parametrize("file_format", ["gpx", "kml", "geojson", "profile-csv"])
def test_a_day_leaves_the_others_out(study, file_format):
    text = exported(study, ExportFormat(file_format), ExportOptions(day=2))[""].decode()
    assert "Day 1" not in text
    assert "a-b" not in text


def test_errors(study, tmp_path):
    out = tmp_path / "x"
    with pytest.raises(ModelError, match="no format 'docx'"):
        export_study(study, out, "docx")
    with pytest.raises(ModelError, match="no day 7; its days are 1, 2"):
        export_study(study, out, "fit", ExportOptions(day=7))
    with pytest.raises(ModelError, match="whole variant"):
        export_study(study, out, "md", ExportOptions(day=1))
    with pytest.raises(ModelError, match="no variant 'x'"):
        export_study(study, out, "kml", ExportOptions(variant="x"))
    assert not out.exists()
