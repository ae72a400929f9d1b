"""Files: whole or not at all, and only ours are replaced."""

import os
import stat

import pytest

from routes.errors import OutputError
from routes.io.files import write_folder, write_text


def names(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_folder_is_written_and_renewed(tmp_path):
    write_folder(tmp_path / "a" / "b", {"x.txt": "1", "y.txt": "2"})
    write_folder(tmp_path / "a" / "b", {"x.txt": "3"})
    assert names(tmp_path / "a" / "b") == ["x.txt"]
    assert (tmp_path / "a" / "b" / "x.txt").read_text() == "3"


def test_a_file_of_somebody_else_is_neither_replaced_nor_removed(tmp_path):
    write_folder(tmp_path, {"x.txt": "ours"})
    (tmp_path / "index.html").write_text("theirs")
    (tmp_path / "notes.md").write_text("theirs")
    with pytest.raises(OutputError, match=r"index\.html exists and was not written by this command"):
        write_folder(tmp_path, {"index.html": "ours", "x.txt": "new"})
    assert (tmp_path / "index.html").read_text() == "theirs"
    assert (tmp_path / "x.txt").read_text() == "ours"
    write_folder(tmp_path, {"x.txt": "new"})
    assert (tmp_path / "notes.md").read_text() == "theirs"


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "..", "/etc/passwd", ".trek-routes.json"])
def test_a_name_is_never_a_path(tmp_path, name):
    with pytest.raises(OutputError, match="no plain file name"):
        write_folder(tmp_path / "out", {name: "x"})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("manifest", ["", "[]", '{"files": 3}', '{"files": ["../../precious", 7]}'])
def test_a_damaged_list_of_files_owns_nothing(tmp_path, manifest):
    precious = tmp_path.parent.parent / "precious"
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / ".trek-routes.json").write_text(manifest)
    (folder / "x.txt").write_text("theirs")
    with pytest.raises(OutputError):
        write_folder(folder, {"x.txt": "ours"})
    assert not precious.exists()


def test_one_file_needs_overwrite(tmp_path):
    path = tmp_path / "a.html"
    write_text(path, "1")
    with pytest.raises(OutputError, match="--overwrite"):
        write_text(path, "2")
    write_text(path, "2", overwrite=True)
    assert path.read_text() == "2"
    assert stat.S_IMODE(path.stat().st_mode) & 0o400


def test_a_failed_write_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "a.html"
    write_text(path, "whole")

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_text(path, "half", overwrite=True)
    assert path.read_text() == "whole"
    assert names(tmp_path) == ["a.html"]


def test_a_file_where_a_folder_must_be(tmp_path):
    (tmp_path / "build").write_text("a file")
    with pytest.raises(OutputError, match=r"Cannot write .*build"):
        write_folder(tmp_path / "build" / "trek", {"x.txt": "1"})
