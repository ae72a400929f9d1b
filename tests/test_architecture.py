"""What holds the house together: layers, lazy imports, one list of names, documented commands."""

import re
import subprocess
import sys
import tomllib
from dataclasses import fields

import pytest

import routes
from routes.cli.main import app
from routes.io.trek.read import _file_name
from routes.model.figures import Fact, StatedFigure, StatedSeason
from routes.model.kinds import Mode, PlaceKind, Provenance
from routes.model.trek import Day, Leg, Place, Trek, Variant
from tests.command import run

HEAVY = (
    "geopandas",
    "rasterio",
    "folium",
    "scipy",
    "pandas",
    "shapely",
    "pydantic",
    "gpxpy",
    "pyproj",
    "matplotlib",
)


def modules_after(code):
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("code", ["import routes", "import routes.cli.main"])
def test_import_is_light(code):
    assert not modules_after(code) & set(HEAVY)


def test_public_names_load_and_are_one_list():
    assert sorted(routes.__all__) == sorted(routes._HOME)
    for name in routes.__all__:
        assert getattr(routes, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = routes.nonsense


def test_every_public_name_and_command_is_documented(repository):
    reference = (repository / "docs" / "reference.md").read_text(encoding="utf-8")
    for name in routes.__all__:
        assert f"`routes.{name}" in reference, name
    for group in app.registered_groups:
        name = group.typer_instance.info.name
        assert f"## `routes {name}`" in reference, name
        for command in group.typer_instance.registered_commands:
            assert f"`routes {name} {command.name}" in reference, command.name
    for command in app.registered_commands:
        assert f"## `routes {command.name}`" in reference, command.name
        for option in options_of(command.name):
            assert option in reference, (command.name, option)


def options_of(command):
    return set(re.findall(r"--[a-z][a-z-]+", run(command, "--help").stdout)) - {"--help"}


def test_constraints_pin_every_dependency_exactly(repository):
    lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower() for requirement in wanted}
    assert names <= pinned


def test_every_key_of_the_trek_file_is_documented(repository):
    """docs/trek-file.md names every key, and its example is a trek file."""
    text = (repository / "docs" / "trek-file.md").read_text(encoding="utf-8")
    for cls in (Trek, Place, Day, Leg, Variant, StatedFigure, StatedSeason, Fact):
        for field in fields(cls):
            assert f"`{_file_name(cls, field.name)}`" in text, (cls.__name__, field.name)
    for member in (*PlaceKind, *Mode, *Provenance):
        assert re.search(rf"\b{member.value}\b", text), member


def test_the_example_of_the_trek_file_builds(repository, tmp_path):
    text = (repository / "docs" / "trek-file.md").read_text(encoding="utf-8")
    path = tmp_path / "two-huts.toml"
    path.write_text(re.search(r"```toml\n(id = .*?)```", text, re.DOTALL)[1], encoding="utf-8")
    result = routes.build(path, out=tmp_path / "build")
    assert result.page.is_file()
    assert {finding.verdict.value for finding in result.study.findings} == {"agrees", "undecided"}
