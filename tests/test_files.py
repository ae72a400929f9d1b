"""Files: whole or not at all, and only ours are replaced."""

import os
import stat

import pytest

from routes.errors import OutputError
from routes.files import write_folder, write_text


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


def test_a_link_stays_and_leads_to_the_new_text(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    link = tmp_path / "sub" / "link.txt"
    link.parent.mkdir()
    link.symlink_to("../real.txt")
    with pytest.raises(OutputError, match="--overwrite"):
        write_text(link, "new")
    write_text(link, "new", overwrite=True)
    assert link.is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_a_link_to_nowhere_is_something_that_exists(tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to("absent.txt")
    with pytest.raises(OutputError, match="--overwrite"):
        write_text(link, "new")
    write_text(link, "new", overwrite=True)
    assert (tmp_path / "absent.txt").read_text() == "new"


def test_a_ring_of_links_is_told(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OutputError, match="Cannot write"):
        write_text(tmp_path / "a", "new", overwrite=True)
    assert (tmp_path / "a").is_symlink()


@pytest.mark.parametrize("through_link", [False, True])
def test_a_pipe_is_never_replaced(tmp_path, through_link):
    os.mkfifo(tmp_path / "pipe")
    path = tmp_path / "pipe"
    if through_link:
        path = tmp_path / "link"
        path.symlink_to("pipe")
    with pytest.raises(OutputError, match="no regular file"):
        write_text(path, "new", overwrite=True)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_folder_is_never_replaced(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(OutputError, match="Is a directory"):
        write_text(tmp_path / "a", "new", overwrite=True)
    assert names(tmp_path) == ["a"]


def test_names_that_no_disk_takes_are_told_on_one_line(tmp_path):
    for name in ("x" * 300, "a\0b", "\udc80\n" * 200):
        with pytest.raises(OutputError, match="Cannot write") as caught:
            write_text(tmp_path / name, "new")
        assert str(caught.value).isprintable()
        with pytest.raises(OutputError, match="Cannot write"):
            write_folder(tmp_path / name, {"a.txt": "new"})


def test_the_longest_name_is_written(tmp_path):
    write_text(tmp_path / ("x" * 255), "new")
    assert names(tmp_path) == ["x" * 255]


def test_a_parent_that_may_not_be_searched_is_told(tmp_path, monkeypatch):
    """As `os.stat` fails there for everybody but root, who runs these tests at times."""

    def refused(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "stat", refused)
    monkeypatch.setattr(os, "lstat", refused)
    monkeypatch.setattr(os, "mkdir", refused)
    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(OutputError, match="Permission denied"):
        write_text(tmp_path / "closed" / "a.txt", "new")
    with pytest.raises(OutputError, match="Permission denied"):
        write_folder(tmp_path / "closed", {"a.txt": "new"})
