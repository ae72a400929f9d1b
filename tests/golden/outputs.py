"""Every output of the program on the sample data, to see whether a change of the code changes one byte.

``python -m tests.golden.outputs FOLDER`` writes them into a folder, so that ``diff -r`` can compare two commits;
``python -m tests.golden.outputs --record`` renews digests.json, what ``test_golden.py`` compares with.
"""

import hashlib
import io
import json
import os
import platform
import re
import shlex
import shutil
import sys
import tempfile
import warnings
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch

import matplotlib.font_manager  # noqa: F401 - lists the fonts once, in the user's own cache
import pyarrow.parquet as pq
from pyproj.datadir import get_data_dir, get_user_data_dir

from routes.cli.main import main
from tests.golden.commands import FILLED_FROM, GROUPS, MAKES
from tests.golden.inputs import write_inputs

DIGESTS = Path(__file__).with_name("digests.json")

_PACKAGES = [
    "astral", "contourpy", "fit-tool", "folium", "geopandas", "matplotlib", "numpy", "osmium", "pillow", "pyarrow",
    "pydantic", "pyogrio", "pyproj", "rasterio", "rich", "scipy", "shapely", "typer",
]  # fmt: skip
"""What writes a part of an output, or computes the last digit of its numbers."""

_PROJ = [*get_data_dir().split(os.pathsep), get_user_data_dir()]

_ENVIRONMENT = {
    "COLUMNS": "160",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PROJ_NETWORK": "OFF",
    "ROUTES_DEM_URL": "http://127.0.0.1:9",
    "ROUTES_OVERPASS_URL": "http://127.0.0.1:9",
}
_UNSET = ["ROUTES_DEM_DIR", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TERMINAL_WIDTH", "LINES"]

_SECONDS = re.compile(rb'(?<="seconds": )[\d.]+|[\d.]+(?= s \(| files a second)')


def versions():
    """What an output may depend on besides our code."""
    return {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "machine": f"{platform.system()} {platform.machine()}",
        "geoid grids": sorted({path.name for folder in _PROJ for path in Path(folder).glob("*egm*")}),
    } | {name: version(name) for name in _PACKAGES}


def outputs(group):
    """Bytes of each output of a group, by name: files, and what is printed with the exit code."""
    found = {}
    with tempfile.TemporaryDirectory() as temporary, _fixed(Path(temporary)) as folder:
        write_inputs(folder)
        if group == "places":
            for command in MAKES:
                run(command)
        for name, command in GROUPS[group].items():
            out = folder / "out" / name
            out.mkdir(parents=True)
            for path in folder.glob(FILLED_FROM[name]) if name in FILLED_FROM else []:
                shutil.copy(path, out)
            before = set(out.rglob("*"))
            said = run(command.replace("OUT", f"out/{name}"))
            if group == "batch":
                said = tuple(_SECONDS.sub(b"SECONDS", text) for text in said)
                rows = pq.read_table(out / "rows.parquet").to_pylist()
                found[f"{group}/{name}/rows.json"] = json.dumps(rows, indent=1, default=str).encode()
            found |= {
                f"{group}/{name}/{stream}.txt": text
                for stream, text in zip(("stdout", "stderr"), said, strict=True)
            }
            for path in sorted(set(out.rglob("*")) - before):
                if path.is_file():
                    found[f"{group}/{name}/{path.relative_to(out)}"] = path.read_bytes()
        return {name: raw.replace(os.fsencode(folder), b"FOLDER") for name, raw in found.items() if raw}


def run(command):
    """What a command prints to stdout and stderr; its exit code is the last line of stderr."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(streams[0]))
        stack.enter_context(redirect_stderr(streams[1]))
        # typer names the program by these two
        stack.enter_context(patch.object(sys, "argv", ["routes"]))
        stack.enter_context(patch.object(sys.modules["__main__"], "__package__", ""))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        warnings.simplefilter("default", UserWarning)
        try:
            main(shlex.split(command))
        except SystemExit as done:
            streams[1].write(f"exit code {done.code}\n")
    return tuple(stream.buffer.getvalue() for stream in streams)


@contextmanager
def _fixed(folder):
    """A working folder, and an environment that is the same everywhere."""
    folder = folder.resolve()
    with patch.dict(os.environ, _ENVIRONMENT | {"XDG_CACHE_HOME": str(folder / "cache")}), chdir(folder):
        for name in _UNSET:
            os.environ.pop(name, None)
        yield folder


def digests(group):
    """Size and SHA-256 of each output of a group."""
    return {name: f"{len(raw)} {hashlib.sha256(raw).hexdigest()}" for name, raw in outputs(group).items()}


def _write(folder):
    for group in GROUPS:
        for name, raw in outputs(group).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)


def _record():
    known = {name: digest for group in GROUPS for name, digest in digests(group).items()}
    text = json.dumps({"versions": versions(), "outputs": dict(sorted(known.items()))}, indent=1)
    DIGESTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--record"]:
        _record()
    elif len(sys.argv) == 2:
        _write(Path(sys.argv[1]).resolve())
    else:
        sys.exit(__doc__)
