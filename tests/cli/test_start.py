"""Commands start at once: what a command does not use, it does not import."""

import subprocess
import sys

import pytest

WRITERS = {
    "folium",
    "branca",
    "jinja2",
    "matplotlib",
    "contourpy",
    "pandas",
    "geopandas",
    "pyogrio",
    "pyarrow",
}
NETWORK = {"requests", "urllib3", "filelock", "platformdirs", "fsspec", "osmnx"}
OTHERS = {"scipy", "astral", "gpxpy", "dask", "distributed", "osmium", "networkx"}
NUMBERS = {"numpy", "pydantic", "rasterio", "shapely", "pyproj"}

RUN = """
import sys
from routes.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as done:
    print(done.code, *sys.modules, file=sys.stderr)
"""


def modules_of(repository, *arguments):
    """Modules that a command has imported when it ends; it ends well, or with differing figures."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, check=True, cwd=repository
    )
    code, *modules = done.stderr.splitlines()[-1].split()
    assert code in ("0", "1"), done.stderr
    return set(modules)


@pytest.mark.parametrize(
    ("arguments", "light"),
    [
        (("--help",), NUMBERS | WRITERS | NETWORK | OTHERS),
        (("stats", "--help"), NUMBERS - {"pydantic"} | WRITERS | NETWORK | OTHERS),
        (("stats", "data/treks/john-muir.toml", "--offline", "-q"), WRITERS | NETWORK | OTHERS),
        (("validate", "data/treks/john-muir.toml", "--offline", "-q"), WRITERS | NETWORK | OTHERS),
    ],
)
def test_commands_import_what_they_use(arguments, light, repository):
    modules = modules_of(repository, *arguments)
    assert "typer" in modules
    assert not modules & light
