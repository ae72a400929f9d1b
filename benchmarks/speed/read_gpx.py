"""Time and memory of reading GPX in the styles of devices, against other tools.

    python -m benchmarks.speed.read_gpx [--points 1000000] [--only STYLE]

Each reader runs in its own process. Times are CPU times (user and system), so that other load matters little:
the best of three runs, or one run for gpxpy and for our XML parser. The clock starts after all imports. It
stops when longitude, latitude, elevation and time of every point are in arrays (for gpxpy: in its own
objects). gpxpy runs on ElementTree; with lxml installed it is slower. Memory is the process's peak, minus its
use before reading. All rows are from one run. Ratios carry over to other machines, times do not.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.data.gpx_styles import STYLES, walk

REPEATS = {"gpxpy": 1, "careful": 1}


def main(points: int, only: str | None, folder: Path) -> None:
    of = walk(points)
    print(f"{points:,} points; gpxpy and pyogrio relative to our own time in the same run.\n")
    print("| style | file | ours | memory / file | careful way | pyogrio | gpxpy |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, style in STYLES.items():
        if only is not None and only != name:
            continue
        path = folder / "walk.gpx"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(style(of))
        size_mb = path.stat().st_size / 1e6
        found = {reader: _measured(reader, path) for reader in READERS}
        ours = found["routes"]
        for reader, result in found.items():
            if result["points"] != points or abs(result["sum"] - ours["sum"]) > 1e-3:
                sys.exit(f"{reader} reads {name} otherwise: {result}, not {ours}.")
        cells = [
            f"{ours['seconds']:.2f} s",
            f"{ours['peak_mb']:.0f} MB, {ours['peak_mb'] / size_mb:.2f}",
            *(
                f"{found[reader]['seconds']:.2f} s, {found[reader]['seconds'] / ours['seconds']:.1f} x, "
                f"{found[reader]['peak_mb']:.0f} MB"
                for reader in ("careful", "pyogrio", "gpxpy")
            ),
        ]
        print(f"| {name} | {size_mb:.0f} MB | {' | '.join(cells)} |", flush=True)


def _measured(reader: str, path: Path) -> dict[str, float]:
    """Best result of several processes."""
    results = []
    for _ in range(REPEATS.get(reader, 3)):
        command = [sys.executable, "-m", "benchmarks.speed.read_gpx", "--worker", reader, str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
        results.append(json.loads(done.stdout))
    best: dict[str, float] = min(results, key=lambda result: result["seconds"])
    return best


def work(reader: str, path: Path) -> None:
    """Read a file, and print its time and memory."""
    read = READERS[reader]()
    before_mb = _memory_mb("VmRSS")
    begun = time.process_time()
    latitudes = read(path)
    seconds = time.process_time() - begun
    peak_mb = _memory_mb("VmHWM") - before_mb
    lat = np.asarray(latitudes(), dtype=np.float64)
    result = {"seconds": seconds, "peak_mb": peak_mb, "points": lat.size, "sum": float(lat.sum())}
    print(json.dumps(result))


def _memory_mb(which: str) -> float:
    """Memory of this process now (VmRSS) or at its peak (VmHWM; `getrusage` would include its parent's)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.split(f"{which}:")[1].split()[0]) * 1024 / 1e6


Latitudes = Callable[[], object]


def _routes(*, is_fast: bool = True) -> Callable[[Path], Latitudes]:
    from routes.gpx.encoding import Source  # noqa: PLC0415
    from routes.gpx.read.reader import parse  # noqa: PLC0415 - a process imports one reader

    def read(path: Path) -> Latitudes:
        file = parse(Source(path), is_fast=is_fast)
        return lambda: file.points.lat_deg

    return read


def _pyogrio() -> Callable[[Path], Latitudes]:
    import pyogrio  # type: ignore[import-untyped] # noqa: PLC0415

    def read(path: Path) -> Latitudes:
        frame = pyogrio.read_dataframe(path, layer="track_points", columns=["ele", "time"])
        arrays = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
        return lambda: arrays[1]

    return read


def _gpxpy() -> Callable[[Path], Latitudes]:
    sys.modules["lxml"] = None  # type: ignore[assignment] # so that gpxpy takes ElementTree
    import gpxpy  # noqa: PLC0415

    def read(path: Path) -> Latitudes:
        with path.open(encoding="utf-8") as file:
            gpx = gpxpy.parse(file)
        return lambda: [p.latitude for track in gpx.tracks for part in track.segments for p in part.points]

    return read


READERS: dict[str, Callable[[], Callable[[Path], Latitudes]]] = {
    "routes": _routes,
    "careful": lambda: _routes(is_fast=False),
    "pyogrio": _pyogrio,
    "gpxpy": _gpxpy,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=1_000_000, help="points of each file")
    parser.add_argument("--only", choices=list(STYLES), help="one style")
    parser.add_argument("--worker", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options.worker[0], Path(options.worker[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(options.points, options.only, Path(temporary))
