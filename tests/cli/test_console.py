"""What reaches a terminal, a pipe or a file: encodings, streams that fail, control characters, usage errors."""

import json
import os
import re
import subprocess
import sys

import pytest

from routes.cli._console import PlainConsole, plain
from routes.render.words.figures import MISSING
from tests.command import run
from tests.pipeline.test_pipeline import TREK, dem

ROUTES = [sys.executable, "-m", "routes"]
FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
ESC, RLO, CSI = "\x1b", "\u202e", "\x9b"


def shell(line, **environment):
    """Run a line of bash in which $ROUTES is the command; the exit code is that of routes in a pipe too."""
    environment = {**os.environ, **environment, "ROUTES": " ".join(ROUTES)}
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def trek_at(folder, **changes):
    text = TREK
    for old, new in changes.items():
        text = text.replace(
            *{"name": ('name = "Demo"', f'name = "{new}"'), "place": ('name = "B"', f'name = "{new}"')}[old]
        )
    path = folder / "demo.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def demo(tmp_path):
    return trek_at(tmp_path, name="Ärla → Ötzi")


def test_a_closed_stdout_is_no_traceback(demo):
    done = shell("$ROUTES --version >&- 2>&-")
    assert (done.returncode, done.stderr) == (0, "")
    done = shell(f"$ROUTES stats {demo} --dem none -q --json >&-")
    assert done.returncode == 2
    assert done.stderr == "Error: Cannot write to stdout: it is closed.\n"


@FULL
@pytest.mark.parametrize("rest", ["--version", "--help", "stats {} --dem none -q", "export {} --dem none -q"])
def test_a_full_stdout_is_one_line_and_exit_code_2(demo, rest):
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        done = run(*rest.format(demo).split(), stdout=full)
    assert done.returncode == 2
    assert done.stderr == "Error: Cannot write to stdout: No space left on device.\n"


@FULL
def test_a_full_stdout_of_a_program_is_told_once():
    """Python itself has nothing left to say when it ends."""
    done = shell("$ROUTES --version >/dev/full")
    assert done.returncode == 2
    assert done.stderr == "Error: Cannot write to stdout: No space left on device.\n"


@FULL
def test_a_stderr_that_fails_changes_nothing(demo):
    wanted = run("stats", demo, "--dem", "none")
    assert wanted.stderr
    done = shell(f"$ROUTES stats {demo} --dem none 2>/dev/full")
    assert (done.returncode, done.stdout) == (0, wanted.stdout)
    assert shell("$ROUTES stats nowhere.toml 2>&-").returncode == 2


@pytest.fixture
def unread():
    """A pipe whose reader has gone away."""
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        yield stream


@pytest.mark.parametrize("rest", ["--help", "export {} --dem none -q -f json", "validate {} --dem none -q"])
def test_a_reader_that_went_away_ends_it_quietly(demo, rest, unread):
    """As the shell reports a program that SIGPIPE ended; 1 would mean that a figure differs."""
    done = run(*rest.format(demo).split(), stdout=unread)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_program_whose_reader_went_away_ends_quietly(unread):
    done = subprocess.run([*ROUTES, "--help"], stdout=unread, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_people_get_a_question_mark_for_what_their_encoding_lacks(demo, encoding):
    done = run("stats", demo, "--dem", "none", encoding=encoding)
    assert done.returncode == 0, done.stderr
    assert b"? " in done.out


@pytest.mark.parametrize("file_format", ["gpx", "geojson", "json", "csv", "md"])
def test_exports_are_utf_8_whatever_the_encoding(demo, file_format):
    wanted = run("export", demo, "--dem", "none", "-q", "-f", file_format)
    assert wanted.returncode == 0, wanted.stderr
    wanted.out.decode("utf-8")
    done = run("export", demo, "--dem", "none", "-q", "-f", file_format, encoding="latin-1")
    assert done.out == wanted.out


def test_json_is_utf_8_whatever_the_encoding(demo):
    done = run("stats", demo, "--dem", "none", "-q", "--json", encoding="ascii")
    assert json.loads(done.stdout)["name"] == "Ärla → Ötzi"


def test_plain_text_has_no_control_characters():
    assert plain(f"a{ESC}[31mb\nc\td{RLO}e{CSI}f\x7f\u2028g\r\nh") == r"a\x1b[31mb c d\u202ee\x9bf\x7f g h"
    assert plain("Ärla :x: [b] → é") == "Ärla :x: [b] → é"


def test_control_characters_of_names_and_paths_do_not_reach_the_terminal(tmp_path):
    named = "P\\u001b[31m\\u202e\\u009b:x:[red]\\nQ"
    demo = trek_at(tmp_path, place="A" + named.replace("\\n", ""))
    for command in (["stats", demo], ["validate", demo]):
        done = run(*command, "--dem", "none")
        text = done.stdout + done.stderr
        assert not set(text) & {ESC, RLO, CSI}, command
    assert "[red]" in text
    assert "\N{CROSS MARK}" not in text
    done = run("stats", f"no{ESC}[31m\nwhere:x:.toml")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert r"no\x1b[31m" in done.stderr
    assert "where:x:.toml" in done.stderr
    demo.write_text(
        demo.read_text(encoding="utf-8").replace("lon = 1.50", '"\\u001b[2J\\n:x:" = 1'), encoding="utf-8"
    )
    done = run("stats", demo)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert ESC not in done.stderr


def test_json_escapes_what_a_terminal_would_obey(tmp_path):
    demo = trek_at(tmp_path, place=f"A{RLO}{CSI}")
    done = run("validate", demo, "--dem", "none", "--json")
    text = done.stdout
    assert not set(text) & {RLO, CSI}
    assert f"A{RLO}{CSI}" in {finding["name"] for finding in json.loads(text)["findings"]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "--nonsense"], "No such option: --nonsense"),
        (["build"], "Missing argument 'TREK.toml...'"),
        (["export", "a.toml", "--format", "docx"], "'docx' is not one of"),
        (["nonsense"], "No such command 'nonsense'"),
        (["dem", "nonsense"], "No such command 'nonsense'"),
        (["validate", "--at", "1", "2"], "Give either a trek file, or --at"),
        (["validate", "--at", "1", "x", "--stated", "3 m"], "'--at': Input should be a valid number"),
        (["dem", "fetch"], "Give either a trek file or --bounds"),
        (["elevation", "1", "2", "--method", "magic"], "'magic' is not one of"),
    ],
)
def test_a_usage_error_is_one_line_that_names_the_help(arguments, said):
    done = run(*arguments)
    text = done.stderr
    assert (done.returncode, done.stdout) == (2, "")
    assert text.startswith("Error: ")
    assert said in text
    assert re.search(r"Try '.*routes.* --help'\.\n\Z", text), text
    assert text.count("\n") == 1


def test_without_arguments_the_help_is_shown():
    done = run()
    assert "Usage" in done.stdout
    assert done.stderr == ""
    assert run("dem").stdout.count("verify") >= 1


def test_out_dash_is_stdout_or_refused(demo, tmp_path):
    wanted = run("export", demo, "--dem", "none", "-q")
    done = run("export", demo, "--dem", "none", "-q", "--out", "-", cwd=tmp_path)
    assert (done.returncode, done.out) == (0, wanted.out)
    done = run("map", demo, "--dem", "none", "-q", "--out", "-", cwd=tmp_path)
    assert (done.returncode, done.stdout[:15]) == (0, "<!DOCTYPE html>")
    for arguments in (["build", demo], ["elevation", "t.gpx"]):
        done = run(*arguments, "--out", "-", cwd=tmp_path)
        assert done.returncode == 2
        assert "--out -" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["demo.toml"]


def test_two_files_of_one_trek_are_refused_before_anything_is_written(demo, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(TREK, encoding="utf-8")
    done = run("build", demo, other, "--dem", "none", "--out", tmp_path / "build")
    assert done.returncode == 2
    assert str(demo) in done.stderr
    assert str(other) in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "build").exists()
    done = run("build", demo, demo, "--dem", "none", "-q", "--out", tmp_path / "build")
    lines = [line for line in done.stdout.splitlines() if not line.startswith("Index of ")]
    assert (done.returncode, len(lines)) == (0, 1)


def test_stats_says_why_figures_are_missing(demo):
    done = run("stats", demo, "--dem", "none", "-q")
    assert done.stderr == ""
    text = done.stdout
    assert " - " not in text
    assert f"{MISSING}: day 1: no line is known" in text


def test_a_dem_folder_that_is_a_file_is_an_error_and_a_missing_one_a_note(demo, tmp_path):
    done = run("stats", demo, "--offline", ROUTES_DEM_DIR=str(demo))
    assert done.returncode == 2
    assert f"ROUTES_DEM_DIR names {demo}, which is no folder" in done.stderr
    missing = str(tmp_path / "missing")
    done = run("stats", demo, "--offline", ROUTES_DEM_DIR=missing)
    assert done.returncode == 0
    assert f"ROUTES_DEM_DIR names {missing}, which does not exist" in done.stderr
    done = run("elevation", "1.5", "42.5", "--offline", "-q", ROUTES_DEM_DIR=missing)
    assert done.returncode == 2
    assert f"ROUTES_DEM_DIR names {missing}, which does not exist" in done.stderr
    done = run("stats", demo, "--dem", "none", "--offline", ROUTES_DEM_DIR=missing)
    assert "ROUTES_DEM_DIR" not in done.stderr
    done = run("stats", demo, ROUTES_DEM_DIR="x" * 5000)
    assert done.returncode == 2
    assert "File name too long" in done.stderr


def test_a_dem_path_that_is_too_long_is_one_line(demo):
    for choice in ("x" * 5000, "local:" + "x" * 300, "glo30," + "x/" * 3000):
        done = run("stats", demo, "--dem", choice)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert "File name too long" in done.stderr
        assert len(done.stderr) < 400


def test_an_output_path_that_is_too_long_is_one_line(demo):
    done = run("export", demo, "--dem", "none", "-q", "--out", "x" * 300)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_heights_of_many_points_pass_no_renderer_of_tables(tmp_path, monkeypatch):
    """Rich lays out tables cell by cell, which takes minutes for the 200,000 points of a long track."""
    path = dem(tmp_path / "slope.tif", 1.45, 1.6)
    points = "".join(f'<trkpt lat="42.5" lon="{1.46 + 5e-6 * n:.7f}"/>' for n in range(20_000))
    gpx = tmp_path / "t.gpx"
    gpx.write_text(
        f'<gpx version="1.1" creator="c" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>',
        encoding="utf-8",
    )
    printed = []
    monkeypatch.setattr(PlainConsole, "print", lambda _, *text, **__: printed.append(text))
    done = run("elevation", gpx, "--dem", path)
    assert done.returncode == 0, done.stderr
    assert len(printed) <= 2
    lines = done.stdout.splitlines()
    assert lines[0] == "lon\tlat\theight_m"
    assert len(lines) == 20_001
    assert all(line.count("\t") == 2 for line in lines)


def test_interrupting_is_quiet(demo, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("routes.pipeline.study_file", stop)
    done = run("stats", demo)
    assert (done.returncode, done.stderr, done.stdout) == (130, "", "")


def test_the_readme_says_what_its_command_prints(repository):
    readme = " ".join((repository / "README.md").read_text(encoding="utf-8").split())
    command = re.search(r'routes (validate --at \S+ \S+) --stated "(.*?)"', readme)
    done = run(*command[1].split(), "--stated", command[2], "--json", cwd=repository)
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["verdict"] == "agrees"
    assert f'"{finding["reason"].rstrip(".")}"' in readme


def test_no_source_is_cut_in_the_table_of_verdicts(tmp_path):
    source = "https://example.org/" + "a-long-path-" * 20
    demo = trek_at(tmp_path)
    demo.write_text(demo.read_text(encoding="utf-8").replace("A guide", source), encoding="utf-8")
    done = run("validate", demo, "--dem", "none", "-q")
    text = done.stdout
    assert "\N{HORIZONTAL ELLIPSIS}" not in text
    assert text.count("a-long-path-") > 5
