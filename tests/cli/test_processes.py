"""Each command once as people start it: a program of its own. What commands do is tested in the tests' own process."""

import os
import subprocess
import sys

import pytest

from routes.cli.main import app
from tests.gpx.traps import plain
from tests.pipeline.batch.archives import write_walks
from tests.pipeline.test_pipeline import TREK, dem

COMMANDS = {
    "build": ("build demo.toml --dem none", 0, "?rla: open "),
    "stats": ("stats demo.toml --dem none", 0, "?rla"),
    "plan": ("plan demo.toml --dem none --max-km 12", 1, "cannot be judged"),
    "compare": ("compare demo.toml demo.toml --dem none", 0, "Walking distance"),
    "validate": ("validate demo.toml --dem none", 0, "undecided"),
    "elevation": ("elevation 1.5 42.5 --dem slope.tif", 0, "1999.5 m (local DEM"),
    "trace": ("trace demo.toml --dem none", 0, "a-b"),
    "map": ("map demo.toml --dem none --out -", 0, "<!DOCTYPE html>"),
    "export": ("export demo.toml --dem none", 0, "Ärla"),
    "check": ("check walk.gpx", 0, "clean"),
    "new": ("new walk.gpx", 0, "walk.toml"),
    "batch": ("batch in -o walks.parquet --dem none --workers 0", 0, "2 rows of 2 files"),
    "dem": ("dem list --folder .", 0, ""),
}
"""Arguments, exit code and a text in stdout: files are UTF-8, people get question marks for what ASCII lacks."""


def test_no_command_is_missing():
    groups = [group.typer_instance.info.name for group in app.registered_groups]
    assert sorted([command.name for command in app.registered_commands] + groups) == sorted(COMMANDS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("processes")
    (made / "demo.toml").write_text(TREK.replace('"Demo"', '"Ärla"'), encoding="utf-8")
    (made / "walk.gpx").write_bytes(plain())
    dem(made / "slope.tif", 1.45, 1.6)
    write_walks(made / "in", 2)
    return made


@pytest.mark.parametrize("command", COMMANDS)
def test_command_runs_as_a_program(command, folder):
    arguments, code, said = COMMANDS[command]
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-m", "routes", *arguments.split()],
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == code, done.stderr
    assert said.encode() in done.stdout
    assert b"Traceback" not in done.stderr
