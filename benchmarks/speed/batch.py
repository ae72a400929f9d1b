"""Files per second of `routes batch` on one and two workers, and its memory over time.

    python benchmarks/speed/batch.py [--files 1000] [--workers 1 2] [--keep FOLDER] [--kill]

Files of 2,000 points over four DEM tiles of one arc-second, synthetic terrain (benchmarks/data/archive.py), all
figures by default. Throughput is shown for the whole command, Dask's start included,
and for the work alone, from the first to the last part. With --kill a run is ended by SIGKILL in the middle, once,
and the output that a second run completes is compared with that of an unbroken one. Figures travel as ratios; other
load on the machine lowers them, so its load average is printed.
"""

import argparse
import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from benchmarks.data.archive import write_archive
from routes.pipeline.batch import BatchOptions, BatchProgress, run_batch


def main(files: int, workers: list[int], folder: Path, *, is_killed: bool) -> None:
    write_archive(folder, files)
    print(
        f"{files:,} files of 2,000 points, 4 DEM tiles, synthetic terrain; {os.cpu_count()} "
        f"cores, load {_load()}\n"
    )
    print(
        "| workers | files/s, whole command | files/s, work alone | CPU s a file | worker memory MB: median of each "
        "quarter of the time; most | load |"
    )
    print("|---:|---:|---:|---:|---|---|")
    rates: dict[int, float] = {}
    digests = set()
    for count in workers:
        out = folder / f"stats-{count}.parquet"
        watched = _Watched()
        options = BatchOptions(
            dem=str(folder / "dem"), workers=count, is_overwriting=True, on_progress=watched.note
        )
        result = run_batch([_listed(folder, files)], out, options)
        if result.errors or result.rows != files:
            sys.exit(f"{result.rows} rows, {result.errors} with an error, of {files} files: see {out}.")
        rates[count] = watched.rate
        memory = np.array(watched.worker_mb)
        quarters = ", ".join(f"{np.median(part):.0f}" for part in np.array_split(memory, 4))
        print(
            f"| {count} | {files / result.seconds:.1f} | {watched.rate:.1f} | {watched.cpu_s / files:.3f} | "
            f"{quarters}; {memory.max():.0f} | {_load()} |",
            flush=True,
        )
        digests.add(_digest(out))
    print(f"\nOutputs of all numbers of workers are the same bytes: {len(digests) == 1}.")
    first = min(rates)
    for count in sorted(rates)[1:]:
        print(
            f"Efficiency on {count} workers against {first}: {rates[count] / rates[first] * first / count:.0%}."
        )
    if is_killed:
        _kill(folder, files, max(workers), digests)


def _listed(folder: Path, files: int) -> str:
    """Argument that lists the first `files` files of the archive."""
    listed = folder / f"files-{files}.txt"
    listed.write_text(
        "".join(f"{folder}/gpx/{n // 1000:03d}/walk-{n:05d}.gpx\n" for n in range(files)), encoding="utf-8"
    )
    return f"@{listed}"


def _command(folder: Path, files: int, out: Path, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "routes", "batch", _listed(folder, files), "-o", str(out), "--dem", str(folder / "dem"),
        "--workers", str(workers), "--overwrite", "--json", "--quiet",
    ]  # fmt: skip


class _Watched:
    """A batch run: end time of each part, worker memory, and CPU time of all processes."""

    def __init__(self) -> None:
        self.worker_mb: list[float] = []
        self.ended: list[tuple[float, int]] = []
        self.cpu_s = 0.0

    def note(self, progress: BatchProgress) -> None:
        if progress.phase == "studying":
            self.ended.append((time.monotonic(), progress.done))
            self.worker_mb.append(progress.worker_bytes / 1e6)
            self.cpu_s = max(self.cpu_s, sum(map(_cpu_s, psutil.Process().children(recursive=True))))

    @property
    def rate(self) -> float:
        """Files per second from the end of the first part to that of the last."""
        (begun, before), (ended, done) = self.ended[0], self.ended[-1]
        return (done - before) / (ended - begun)


def _cpu_s(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def _kill(folder: Path, files: int, workers: int, digests: set[str]) -> None:
    out = folder / "stats-killed.parquet"
    command = _command(folder, files, out, workers)
    manifest = Path(f"{out}.work") / "manifest.jsonl"
    whole = files // 64 + files // 32
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    while process.poll() is None:
        done = len(manifest.read_text(encoding="utf-8").splitlines()) if manifest.exists() else 0
        if done > 0.6 * whole:
            os.killpg(process.pid, signal.SIGKILL)
            break
        time.sleep(0.2)
    process.wait()
    kept = len(manifest.read_text(encoding="utf-8").splitlines())
    second = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own command
    told = json.loads(second.stdout)
    print(
        f"\nKilled by SIGKILL when {kept} parts were done; a second run kept {told['parts_kept']} parts of the second "
        f"pass, took {told['seconds']:.0f} s, and wrote the same bytes: {_digest(out) in digests}."
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--keep", type=Path, help="folder for the archive, kept for the next time")
    parser.add_argument("--kill", action="store_true", help="also end a run in the middle and go on")
    given = parser.parse_args()
    if given.keep is not None:
        main(given.files, given.workers, given.keep, is_killed=given.kill)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(given.files, given.workers, Path(temporary), is_killed=given.kill)
