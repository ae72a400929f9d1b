"""Files out of the page are those of `routes export`, byte for byte."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.gpx.read.reader import read_gpx
from routes.gpx.write.digits import PointDigits
from routes.gpx.write.document import text_of
from routes.gpx.write.thinning import Thinning
from routes.io.export.gpx import day_gpx, variant_gpx
from routes.io.export.stats_csv import stats_csv
from routes.pipeline import downloads_of, output_texts
from routes.render.page.coding import decoded, encoded, fixed
from routes.render.page.downloads import Shelf
from routes.render.words.markup import script_data
from tests.render.studies import hills, hostile_study, page_data_of, study_over_hills, study_without_heights

NUMBERS = st.integers(-(2**31), 2**31 - 1)


def unpacked(pieces, shelf):
    """A file put together again, as the page's script does."""
    parts = []
    for piece in pieces:
        if piece >= 0:
            parts.append(shelf.texts[piece])
            continue
        count, text = shelf.runs[(-1 - piece) // 2]
        lat, lon, *ele = decoded(text, count)
        parts.append(PointDigits(lat, lon, ele[0] if ele and piece % 2 else None))
    return text_of(parts)


@given(st.integers(1, 3).flatmap(lambda n: st.lists(st.tuples(*[NUMBERS] * n), min_size=1, max_size=40)))
def test_numbers_come_back_as_they_went(rows):
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    text = encoded(columns)
    assert all(np.array_equal(a, b) for a, b in zip(decoded(text, len(columns)), columns, strict=True))
    assert script_data(text) == f'"{text}"'  # nothing in it needs escaping


@given(st.floats(-180, 180), st.integers(1, 7))
def test_fixed_is_the_number_as_it_is_written(value, decimals):
    assert fixed(np.array([value]), decimals)[0] == int(f"{value:.{decimals}f}".replace(".", ""))


@pytest.mark.parametrize(
    "make", [study_over_hills, study_without_heights, hostile_study, lambda: hostile_study(hills())]
)
def test_packed_files_are_put_together_again(make):
    study = make()
    shelf = Shelf()
    for files in downloads_of(study, study.default).values():
        for file in files:
            assert unpacked(shelf.pieces(file.parts), shelf) == text_of(file.parts)
    assert not any("<trkpt" in text for text in shelf.texts)


def test_a_page_offers_the_files_that_are_written_beside_it():
    """With as few points, too: each is made once."""
    study = study_over_hills()
    texts = output_texts(study, study.default, thinning=Thinning(max_points=20))
    data = page_data_of(texts["index.html"])
    shelf = Shelf(runs=data["runs"], texts=data["texts"])
    files = {file["name"]: unpacked(file["pieces"], shelf) for file in data["variants"][0]["files"]}
    assert 0 < files["test.gpx"].count("<trkpt") <= 20
    assert files.pop("test.csv") == texts["stats.csv"]
    gpx = {name: texts[name] for name in texts if name.endswith(".gpx")}
    assert files == {name if name == "test.gpx" else f"test-{name}": text for name, text in gpx.items()}


def test_points_that_files_share_are_held_once():
    """The days' files add no points to those of the trek's file, and its segments are as many as the legs' runs."""
    study = study_over_hills()
    shelf = Shelf()
    whole, *days, _ = downloads_of(study, study.default)[study.default.variant.id]
    shelf.pieces(whole.parts)
    held = len(shelf.runs)
    assert held == text_of(whole.parts).count("<trkseg>")
    for day in days:
        shelf.pieces(day.parts)
    assert len(shelf.runs) == held


@pytest.mark.parametrize("name", ["john-muir", "lares"])
def test_downloads_are_the_exports(name, studies, pages, opened, tmp_path):
    study = studies[name]
    page = opened(pages[name])
    variant = study.default
    walked = [day for day in variant.days if day.is_on_foot]
    expected = {f"{name}.gpx": variant_gpx(study, variant), f"{name}.csv": stats_csv(variant)}
    expected |= {f"{name}-day-{day.day.number}.gpx": day_gpx(study, day) for day in walked}
    found = {}
    for button in page.locator("#downloads button").all():
        with page.expect_download() as download:
            button.click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        found[file.name] = file.read_bytes().decode("utf-8")
    assert found == expected
    # and they read back as the lines of the legs, to the sixth decimal
    file = read_gpx(tmp_path / f"{name}.gpx")
    segments = [segment for track in file.tracks for segment in file.segments(track)]
    legs = [leg for day in variant.days for leg in day.legs if leg.is_on_foot]
    runs = [run for leg in legs for run in leg.line.unbroken()]
    assert len(segments) == len(runs)
    for segment, run in zip(segments, runs, strict=True):
        ends = [0, -1]
        assert segment.lon_deg[ends] == pytest.approx(run.whole.lon_deg[ends], abs=5.1e-7)
        assert segment.lat_deg[ends] == pytest.approx(run.whole.lat_deg[ends], abs=5.1e-7)


def test_downloads_of_another_variant_are_its_own(studies, pages, opened):
    study = studies["lares"]
    other = study.variants[-1]
    page = opened(pages["lares"])
    page.get_by_label("Way to do it").select_option(other.variant.id)
    with page.expect_download() as download:
        page.get_by_role("button", name="GPX: all days").click()
    assert download.value.suggested_filename == f"lares-{other.variant.id}.gpx"
    with open(download.value.path(), encoding="utf-8") as file:  # noqa: PTH123 - playwright's own file
        assert file.read() == variant_gpx(study, other)
