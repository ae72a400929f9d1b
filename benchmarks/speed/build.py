"""Time of whole commands: start, statistics, verdicts, and the build of the sample trek.

    python benchmarks/speed/build.py [--repeats 5]

Every row is its own process, including imports. The first run, with cold caches, is listed next to the median
of the others. The row `python -c pass` shows the interpreter alone, the row of imports the core's libraries.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TREK = Path(__file__).resolve().parents[2] / "data" / "treks" / "john-muir.toml"

LIBRARIES = "import folium, geopandas, gpxpy, rasterio, scipy, shapely"


def main(repeats: int, folder: Path) -> None:
    trek = str(TREK)
    rows = {
        "`python -c pass`": ["-c", "pass"],
        f"`{LIBRARIES}`": ["-c", LIBRARIES],
        "`import routes`": ["-c", "import routes"],
        "`routes --help`": ["-m", "routes", "--help"],
        "`routes stats`": ["-m", "routes", "stats", trek, "--offline", "-q"],
        "`routes validate`": ["-m", "routes", "validate", trek, "--offline", "-q"],
        "`routes export -f gpx`": ["-m", "routes", "export", trek, "--offline", "-q"],
        "`routes build`": ["-m", "routes", "build", trek, "--out", str(folder), "--offline", "-q"],
    }
    print(f"{TREK.stem}, its DEM at hand, {repeats} runs, load {os.getloadavg()[0]:.1f}\n")
    print("| command | first run | median | CPU | peak memory |")
    print("|---|---:|---:|---:|---:|")
    for name, arguments in rows.items():
        runs = [_run(arguments) for _ in range(repeats)]
        clock = statistics.median(run[0] for run in runs[1:])
        cpu, peak = statistics.median(run[1] for run in runs[1:]), max(run[2] for run in runs)
        print(f"| {name} | {runs[0][0]:.2f} s | {clock:.2f} s | {cpu:.2f} s | {peak:.0f} MB |", flush=True)


def _run(arguments: list[str]) -> tuple[float, float, float]:
    """Wall and CPU seconds, and peak megabytes; `routes validate` exits 1 if figures differ."""
    begun = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{arguments} failed.")
    kilo = 1e6 if sys.platform == "darwin" else 1e3
    return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / kilo


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        main(given.repeats, Path(temporary))
