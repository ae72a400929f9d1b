"""An index over the treks of a folder, and the files that are not its own."""

import json
import logging
import os

import pytest

from routes.files import write_folder
from routes.pipeline import write_index
from routes.render.index.card import card_json, card_of
from tests.render.studies import study_over_hills


def put(folder, trek="test", **more):
    """Folder of a trek as a build writes it."""
    card = json.loads(card_json(card_of(study_over_hills()))) | {"trek": trek} | more
    files = {"index.html": "page", f"{trek}.gpx": "gpx", "card.json": json.dumps(card)}
    write_folder(folder / trek, files)


def test_index_knows_every_trek_of_the_folder_and_orders_them_by_name(tmp_path):
    put(tmp_path, "z", name="alpha")
    put(tmp_path, "a", name="Beta")
    result = write_index(tmp_path)
    assert result.treks == ("z", "a")
    text = result.page.read_text(encoding="utf-8")
    assert 'href="z/index.html"' in text
    assert 'href="a/a.gpx"' in text
    assert write_index(tmp_path).page.read_text(encoding="utf-8") == text


def test_variants_with_pages_of_their_own_are_linked_there(tmp_path):
    variants = [{"id": "long", "name": "Long", "days": 2}, {"id": "short", "name": "Short", "days": 1}]
    put(tmp_path, variants=variants)
    assert 'href="test/index.html#short"' in write_index(tmp_path).page.read_text(encoding="utf-8")
    write_folder(tmp_path / "test" / "short", {"index.html": "page"})
    assert 'href="test/short/index.html"' in write_index(tmp_path).page.read_text(encoding="utf-8")


def test_foreign_and_broken_folders_are_passed_over(tmp_path, caplog):
    put(tmp_path, "good")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "card.json").write_text("{}", encoding="utf-8")
    put(tmp_path, "broken")
    (tmp_path / "broken" / "card.json").write_text('{"card": 1', encoding="utf-8")
    put(tmp_path, "moved")
    (tmp_path / "moved").rename(tmp_path / "elsewhere")
    put(tmp_path, "piped")
    (tmp_path / "piped" / "card.json").unlink()
    os.mkfifo(tmp_path / "piped" / "card.json")
    put(tmp_path, "damaged")
    (tmp_path / "damaged" / ".trek-routes.json").write_text("[" * 100_000, encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with caplog.at_level(logging.WARNING, logger="routes"):
        assert write_index(tmp_path).treks == ("good",)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 3
    assert all(name in " ".join(told) for name in ("broken", "elsewhere", "piped"))
    assert all("\n" not in line for line in told)


def test_a_page_of_somebody_else_stays(tmp_path, caplog):
    put(tmp_path)
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with caplog.at_level(logging.WARNING, logger="routes"):
        assert write_index(tmp_path) is None
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"
    assert "stays as it is" in caplog.text


def test_a_folder_without_treks_gets_no_index(tmp_path):
    assert write_index(tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_a_trek_that_went_away_leaves_the_index(tmp_path):
    put(tmp_path, "one")
    put(tmp_path, "two")
    assert len(write_index(tmp_path).treks) == 2
    for file in sorted((tmp_path / "one").iterdir()):
        file.unlink()
    assert write_index(tmp_path).treks == ("two",)


@pytest.mark.parametrize("units", ["metric", "imperial"])
def test_units_are_taken_by_name(tmp_path, units):
    put(tmp_path)
    assert write_index(tmp_path, units=units).treks == ("test",)
