"""``routes check`` as people run it: what it prints, exit codes, clean copies, JSON."""

import json
import os
import sys

import pytest

from routes.analysis.study import study_trek
from routes.dem.folder import open_dem
from routes.gpx.codes import RULES, Severity
from routes.gpx.lint.check import check_gpx
from routes.io.export.gpx import day_gpx, variant_gpx
from routes.io.trek.read import read_trek
from tests import command
from tests.gpx.cases import RICH
from tests.gpx.traps import TRAPS, plain


def run(*arguments):
    done = command.run("check", *arguments)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def write(tmp_path):
    def write_(raw, name="walk.gpx"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        return path

    return write_


def test_a_good_file_is_clean(write):
    code, out, err = run(write(plain()))
    assert (code, err) == (0, "")
    assert "1 track, 60 points" in out
    assert "clean" in out


@pytest.mark.parametrize(
    ("code", "exits"), [("time-empty", (1, 1, 1)), ("ele-gaps", (1, 0, 1)), ("ele-missing", (0, 0, 1))]
)
def test_exit_code_says_whether_something_is_that_bad(write, code, exits):
    path = write(TRAPS[code][0])
    found = tuple(run(path, *more)[0] for more in ((), ("--fail-on", "error"), ("--strict",)))
    assert found == exits


def test_a_finding_has_line_words_remedy_and_what_apps_do(write):
    _, out, _ = run(write(TRAPS["time-empty"][0]))
    assert "line 8: an empty <time>: <time/>. [time-empty]" in out
    assert "Remove it (--fix does)." in out
    assert "GPXSee 16: refuses the file" in out
    _, quiet, _ = run(write(TRAPS["time-empty"][0]), "--quiet")
    assert "[time-empty]" in quiet
    assert "GPXSee" not in quiet


def test_unreadable_files_are_told_and_the_others_checked(write, tmp_path):
    bad = write(b"<html></html>", "page.gpx")
    code, out, err = run(bad, tmp_path / "none.gpx", write(plain()))
    assert code == 2
    assert "clean" in out
    assert "page.gpx is not GPX: it begins with '<html>" in err
    assert "none.gpx: No such file" in err
    assert "1 fine, 2 unreadable" in err


def test_folders_are_searched_and_clean_copies_left_out(write, tmp_path):
    write(plain(), "a/b/one.GPX")
    write(plain(), "a/two.gpx")
    write(plain(), "a/two.fixed.gpx")
    code, _, err = run(tmp_path / "a")
    assert code == 0
    assert "2 files: 0 with errors, 0 with warnings, 2 fine, 0 unreadable." in err
    (tmp_path / "empty").mkdir()
    code, _, err = run(tmp_path / "empty")
    assert code == 2
    assert "has no GPX file in it" in err


def test_json_has_the_documented_keys(write, repository):
    raw = TRAPS["ele-gaps"][0]
    code, out, _ = run(write(raw), write(b"no", "no.gpx"), "--json")
    assert code == 2
    said = json.loads(out)
    one, other = said["files"]
    assert other["error"]
    reference = (repository / "docs" / "reference.md").read_text(encoding="utf-8")
    section = reference[reference.index("## `routes check`") :]
    section = section[: section.index("\n## ", 5)]
    for key in (
        *said,
        *one,
        *one["findings"][0],
        *one["findings"][0]["apps"][0],
        "fixed",
        "changes",
        "left",
        "error",
    ):
        assert f"`{key}`" in section, key
    assert one["findings"][0]["code"] == "ele-gaps"
    assert one["findings"][0]["lines"] == [15]
    assert one["apps"]["gpxjs 1.2"]
    assert one["apps"]["GPXSee 16"] == []


def test_every_code_is_documented(repository):
    reference = (repository / "docs" / "reference.md").read_text(encoding="utf-8")
    for code, rule in RULES.items():
        line = next((row for row in reference.splitlines() if row.startswith(f"| `{code}` |")), None)
        assert line is not None, code
        cells = [cell.strip() for cell in line.split("|")]
        assert cells[2:4] == [rule.severity.value, rule.fix.value], code


def test_apps_shows_every_app_and_only_what_is_known(write):
    _, out, _ = run(write(TRAPS["route-repeats-track"][0]), "--apps")
    rows = {
        line.split("  ")[1].strip(): line
        for line in out.splitlines()
        if line.startswith("  ") and "  " in line[2:]
    }
    assert "counts the distance twice" in rows["GPXSee 16"]
    assert "no trouble known" in rows["pyogrio"]


def test_fix_writes_a_copy_beside_the_file_and_tells_every_change(write, tmp_path):
    path = write(TRAPS["decimal-comma"][0])
    before = path.read_bytes()
    code, out, _ = run(path, "--fix")
    copy = tmp_path / "walk.fixed.gpx"
    assert code == 0
    assert "line 8: <ele>: '1000,5' is now '1000.5' [decimal-comma]" in out
    assert path.read_bytes() == before
    assert not check_gpx(copy).issues
    assert b"<ele>1000.5</ele>" in copy.read_bytes()


def test_fix_says_what_is_left_and_exits_by_it(write):
    path = write(TRAPS["ele-gaps"][0].replace(b"06:00:05Z", b"06:00:05"))
    code, out, _ = run(path, "--fix")
    assert code == 1
    assert "left to you in the copy:" in out
    assert "routes elevation FILE.gpx" in out
    code, out, _ = run(path, "--fix", "--drop-heights", "--overwrite")
    assert code == 0
    assert "dropped the heights of 59 points, as asked" in out


def test_nothing_is_written_where_nothing_is_to_mend(write, tmp_path):
    code, out, _ = run(write(plain()), "--fix")
    assert code == 0
    assert "nothing to mend" in out
    assert not (tmp_path / "walk.fixed.gpx").exists()
    run(tmp_path / "walk.gpx", "--fix", "-o", tmp_path / "copy.gpx")
    assert (tmp_path / "copy.gpx").read_bytes() == (tmp_path / "walk.gpx").read_bytes()


def test_no_file_is_replaced_unless_told(write, tmp_path):
    path = write(TRAPS["spike"][0])
    before = path.read_bytes()
    taken = write(b"mine", "walk.fixed.gpx")
    code, _, err = run(path, "--fix", "--fix-spikes")
    assert code == 2
    assert "--overwrite" in err
    assert taken.read_bytes() == b"mine"
    code, _, err = run(path, "--fix", "--fix-spikes", "-o", path)
    assert code == 2
    assert "is the file itself" in err
    assert path.read_bytes() == before
    code, _, _ = run(path, "--fix", "--fix-spikes", "-o", path, "--overwrite")
    assert code == 0
    assert "spike" not in check_gpx(path).codes
    assert sorted(file.name for file in tmp_path.iterdir()) == ["walk.fixed.gpx", "walk.gpx"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("-o", "x.gpx"), "--out is for --fix"),
        (("--fix-spikes",), "--fix-spikes is for --fix"),
        (("--drop-heights",), "--drop-heights is for --fix"),
    ],
)
def test_options_of_fix_need_it(write, options, words):
    code, _, err = run(write(plain()), *options)
    assert code == 2
    assert words in err


def test_a_file_broken_in_the_middle_is_not_mended(write, tmp_path):
    path = write(TRAPS["not-well-formed"][0])
    code, _, err = run(path, "--fix")
    assert code == 2
    assert "mend that line in an editor first" in err
    assert not (tmp_path / "walk.fixed.gpx").exists()


def test_nothing_in_a_file_steers_the_terminal(write):
    raw = RICH.replace("<name>T</name>", "<name>&lt;b&gt;\u202e[red]\u009b31m</name>").encode()
    _, out, _ = run(write(raw))
    assert "\u202e" not in out
    assert "\u009b" not in out
    assert "[red]" in out


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.gpx")
    code, _, err = run(tmp_path / "pipe.gpx")
    assert code == 2
    assert "no regular file" in err


def test_the_outputs_of_both_treks_are_clean(repository, tmp_path):
    treks = repository / "data" / "treks"
    studies = [
        study_trek(read_trek(treks / "john-muir.toml"), {}, open_dem(repository / "data/dem")),
        study_trek(read_trek(treks / "lares.toml"), {}),
    ]
    texts = [variant_gpx(study, variant) for study in studies for variant in study.variants]
    texts += [day_gpx(study, day) for study in studies for day in study.days if day.is_on_foot]
    assert len(texts) > 4
    for text in texts:
        path = tmp_path / "out.gpx"
        path.write_text(text, encoding="utf-8")
        found = [issue for issue in check_gpx(path).issues if issue.severity is not Severity.NOTE]
        assert not found


def test_real_files_have_no_false_alarm(test_data):
    for path in sorted((test_data / "gpx").glob("*.gpx")):
        found = [issue for issue in check_gpx(path).issues if issue.severity is not Severity.NOTE]
        assert not found, path
