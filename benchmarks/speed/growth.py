"""Growth of cost with GPX points (1,000 to 10,000,000) and archive files (1 to 10,000).

    python benchmarks/speed/growth.py [--points 10000000] [--files 1000]

Points: from GPX to distance, ascent and highest point, as benchmarks/speed/whole.py, a process of its own each.
Files: of 2,000 points over four DEM tiles, `routes batch` on two workers. Synthetic terrain.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.data.archive import write_archive
from benchmarks.speed.whole import OURS, run_process, write_walk
from routes.pipeline.batch import BatchOptions, run_batch


def main(points: int, files: int, folder: Path) -> None:
    print("| points | file | time | CPU | peak memory |")
    print("|---:|---:|---:|---:|---:|")
    for count in _powers(1000, points):
        gpx, tile = write_walk(folder, count)
        clock, cpu, peak, _ = run_process("routes", OURS, gpx, tile)
        size = gpx.stat().st_size / 1e6
        row = f"| {count:,} | {size:.1f} MB | {clock:.2f} s | {cpu:.2f} s | {peak:.0f} MB |"
        print(row, flush=True)
        gpx.unlink()
    print(f"\nFiles, two workers, load {os.getloadavg()[0]:.1f}:\n")
    print("| files | whole command | files/s |")
    print("|---:|---:|---:|")
    for count in _powers(1, files):
        archive = folder / f"files-{count}"
        archive.mkdir()
        write_archive(archive, count)
        options = BatchOptions(dem=str(archive / "dem"), workers=2)
        result = run_batch([str(archive / "gpx")], archive / "stats.parquet", options)
        if result.errors or result.rows != count:
            sys.exit(f"{result.rows} rows, {result.errors} with an error, of {count} files.")
        print(f"| {count:,} | {result.seconds:.1f} s | {count / result.seconds:.1f} |", flush=True)


def _powers(first: int, last: int) -> list[int]:
    """Powers of ten from the first to the last."""
    found = [first]
    while 10 * found[-1] <= last:
        found.append(10 * found[-1])
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--files", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        main(given.points, given.files, Path(temporary))
