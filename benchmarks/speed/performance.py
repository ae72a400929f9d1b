"""Write docs/performance.md: the tables of all speed benchmarks, from one run on one machine.

    python benchmarks/speed/performance.py [--out docs/performance.md]

This takes about 15 minutes on two cores; `make bench` does the same. The other benchmarks measure accuracy;
their tables are in docs/accuracy.md and docs/tracing.md.
"""

import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path

from routes.files import write_text

ROOT = Path(__file__).resolve().parents[2]

HEAD = """# How fast it is

Written by `make bench` (`python benchmarks/speed/performance.py`); do not edit. Ratios travel to others, times do not:
all rows of a table are of one run, and other load on the machine adds to both sides unevenly.
"""

SECTIONS = (
    ("The command line", "build.py", (), "From start to end as whole processes."),
    ("Reading GPX", "read_gpx.py", ("--points", "200000"), "In the styles of what devices and apps write."),
    ("Writing GPX", "write_gpx.py", (), "Points in memory to a file."),
    ("Sampling heights", "sampling.py", (), "On one tile of one arc-second."),
    ("Distance and ascent", "profile.py", (), "Of points in memory, against gpxpy."),
    ("From GPX to figures on a DEM", "whole.py", (), "Against the usual script, gpxpy with SRTM.py."),
    ("Page", "page.py", (), "Of a track of many points, against folium's."),
    (
        "Archive",
        "batch.py",
        ("--files", "600", "--workers", "1", "2"),
        "`routes batch` on one worker and on two.",
    ),
    ("Growth", "growth.py", (), "Cost by number of points and of files."),
)
"""Title, script, arguments, description."""

LIBRARIES = (
    "numpy",
    "rasterio",
    "pyproj",
    "scipy",
    "gpxpy",
    "pyogrio",
    "lxml",
    "dask",
    "pyarrow",
    "folium",
    "SRTM.py",
)


def main(out: Path) -> None:
    versions = ", ".join(f"{name} {found}" for name in LIBRARIES if (found := _version(name)))
    machine = f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}"
    parts = [f"{HEAD}\n{machine}; {versions}.\n"]
    for title, script, arguments, about in SECTIONS:
        command = " ".join(("python", f"benchmarks/speed/{script}", *arguments))
        print(command, file=sys.stderr, flush=True)
        done = subprocess.run(  # noqa: S603 - our own scripts
            [sys.executable, "-m", f"benchmarks.speed.{script.removesuffix('.py')}", *arguments],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        told = (
            done.stdout.strip()
            if done.returncode == 0
            else f"Not measured: {done.stderr.strip().splitlines()[-1]}"
        )
        parts.append(f"## {title}\n{about} `{command}`\n\n{told}\n")
    write_text(out, "\n".join(parts), overwrite=True)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "performance.md")
    main(parser.parse_args().out)
