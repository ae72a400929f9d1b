"""The two passes of a batch: locate each file, then study them part by part."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np

from routes._typing import IntArray
from routes._version import __version__
from routes.kernel.hilbert import tile_of_index
from routes.pipeline.batch.cluster import Dask, Died, Here
from routes.pipeline.batch.rows import error_row, text_of
from routes.pipeline.batch.sources import Fault, Listing, Source
from routes.pipeline.batch.tasks import (
    NOWHERE,
    File,
    Made,
    Seen,
    Settings,
    as_parquet,
    joined,
    look_through,
    study_part,
)
from routes.pipeline.batch.work import Work

FILES_A_LOOK = 64
"""Files per task of the first pass."""

FILES_A_PART, POINTS_A_PART = 32, 200_000
"""Most files and points per part of the second pass: about a second of work, and a few megabytes."""

ERRORS_A_PART = 5000
"""Rows per part of unreadable files."""

_KILLED = "Each worker that tried it died: it was ended from outside, or had too little memory."

Result = TypeVar("Result")
_Tasks = list[tuple[str, Sequence[Result]]]


class BatchProgress(NamedTuple):
    """Progress of a batch."""

    phase: str
    """``reading`` in the first pass, ``studying`` in the second."""

    done: int
    """Files done."""

    total: int
    """Number of all files."""

    worker_bytes: int = 0
    """Resident memory of the worker that has just finished a task; 0 in the first pass."""


class Passes:
    """Two passes over a listing.

    `state` is a hash of everything that rows depend on besides their files. With `is_unique`, only the first
    of several files with the same contents gets rows.
    """

    def __init__(
        self,
        settings: Settings,
        work: Work,
        runner: Dask | Here,
        on_progress: Callable[[BatchProgress], None],
        state: str,
        *,
        is_unique: bool,
    ) -> None:
        self._settings, self._work, self._runner, self._tell = settings, work, runner, on_progress
        self._state, self._is_unique = state, is_unique
        self.kept = 0
        """Parts of the second pass finished in an earlier run."""

    def look(self, sources: Sequence[Source]) -> list[Seen]:
        """First pass: position, size and hash of each source, in the same order."""
        found: dict[str, list[Seen]] = {}
        tasks: list[tuple[str, Sequence[Source]]] = []
        keys = []
        for at in range(0, len(sources), FILES_A_LOOK):
            files = sources[at : at + FILES_A_LOOK]
            key = hash_of("look", __version__, [source[:4] for source in files])
            keys.append(key)
            if self._work.has(key):
                found[key] = [Seen(*row) for row in json.loads(self._work.read(key))]
            else:
                tasks.append((key, files))
        done = sum(map(len, found.values()))
        look = partial(_look, settings=self._settings)
        for (key, files), result in self._runner.run(look, tasks):
            seen = self._looked_singly(files) if isinstance(result, Died) else result
            data = json.dumps([list(one) for one in seen]).encode()
            self._work.add(key, data, rows=len(seen), is_passing=any(one.is_passing for one in seen))
            found[key] = seen
            done += len(files)
            self._tell(BatchProgress("reading", done, len(sources)))
        return [one for key in keys for one in found[key]]

    def _looked_singly(self, files: Sequence[Source]) -> list[Seen]:
        """Retry the files of a task that killed its workers one by one, so that only one of them gets the error."""
        tasks: list[tuple[int, Sequence[Source]]] = [(number, (file,)) for number, file in enumerate(files)]
        found: dict[int, Seen] = {}
        for (number, _), seen in self._runner.run(partial(_look, settings=self._settings), tasks):
            dead = Seen(NOWHERE, 0, "", _KILLED, is_passing=True)
            found[number] = dead if isinstance(seen, Died) else seen[0]
        return [found[number] for number in range(len(files))]

    def study(self, listing: Listing, seen: Sequence[Seen]) -> list[str]:
        """Second pass: keys of all parts in `work`, in the order of the output."""
        copies = Counter(one.sha256 for one in seen if one.sha256)
        chosen = self._chosen(seen)
        good = np.array([number for number in chosen if seen[number].curve != NOWHERE], dtype=np.int64)
        curve = np.array([seen[number].curve for number in good.tolist()], dtype=np.int64)
        points = np.array([seen[number].points for number in good.tolist()], dtype=np.int64)
        order = np.argsort(curve, kind="stable")  # files at one location stay in name order
        keys: list[str] = []
        tasks: list[tuple[str, Sequence[File]]] = []
        done = 0
        for part in parted(tile_of_index(curve[order]), points[order]):
            numbers = good[order[part]].tolist()
            files = [File(listing.sources[n], seen[n].sha256, copies[seen[n].sha256]) for n in numbers]
            key = hash_of("part", self._state, [(*file.source[:2], *file[1:]) for file in files])
            keys.append(key)
            if self._work.has(key):
                self.kept += 1
                done += len(files)
            else:
                tasks.append((key, files))
        self._run_parts(tasks, done, len(good))
        bad = [n for n in chosen if seen[n].curve == NOWHERE]
        keys.extend(self._errors(listing.faults, [(listing.sources[n], seen[n], copies) for n in bad]))
        return keys

    def _chosen(self, seen: Sequence[Seen]) -> list[int]:
        """Indices of the files that get rows."""
        if not self._is_unique:
            return list(range(len(seen)))
        first: dict[str, int] = {}
        for number, one in enumerate(seen):
            first.setdefault(one.sha256 or f"unread {number}", number)
        return list(first.values())

    def _run_parts(self, tasks: Sequence[tuple[str, Sequence[File]]], done: int, total: int) -> None:
        study = partial(_study, settings=self._settings)
        for (key, files), result in self._runner.run(study, tasks):
            made = self._studied_singly(files) if isinstance(result, Died) else result
            self._work.add(key, made.rows, rows=made.count, errors=made.errors, is_passing=made.is_passing)
            done += len(files)
            self._tell(BatchProgress("studying", done, total, made.worker_bytes))

    def _studied_singly(self, files: Sequence[File]) -> Made:
        """Retry a part that killed its workers file by file, so that only one of them gets the error."""
        tasks: list[tuple[int, Sequence[File]]] = [(number, (file,)) for number, file in enumerate(files)]
        found: dict[int, Made] = {}
        for (number, (file,)), made in self._runner.run(partial(_study, settings=self._settings), tasks):
            if isinstance(made, Died):
                row = error_row(file.source, file.sha256, file.copies, _KILLED)
                found[number] = Made(as_parquet([row]), 1, 1, is_passing=True, seconds=0.0, worker_bytes=0)
            else:
                found[number] = made
        return joined([found[number] for number in range(len(files))])

    def _errors(
        self, faults: Sequence[Fault], bad: Sequence[tuple[Source, Seen, Counter[str]]]
    ) -> Iterator[str]:
        """Parts with rows for sources that could not be listed or read."""
        rows = [error_row(Source(fault.name), "", 1, fault.error) for fault in faults]
        rows += [
            error_row(source, one.sha256, max(copies[one.sha256], 1), one.error)
            for source, one, copies in bad
        ]
        passing = {text_of(source.name) for source, one, _ in bad if one.is_passing}
        for at in range(0, len(rows), ERRORS_A_PART):
            part = rows[at : at + ERRORS_A_PART]
            key = hash_of(
                "errors", __version__, [(r["source"], r["member"], r["copies"], r["error"]) for r in part]
            )
            may_pass = any(row["source"] in passing for row in part)
            self._work.add(key, as_parquet(part), rows=len(part), errors=len(part), is_passing=may_pass)
            yield key


def parted(tile: IntArray, points: IntArray) -> Iterator[slice]:
    """Slices of consecutive files, each in one tile and of limited size.

    Files are ordered along the curve; `tile` and `points` are each file's tile and number of points.

    >>> [(part.start, part.stop) for part in parted(np.array([7, 7, 9]), np.array([10, 20, 30]))]
    [(0, 2), (2, 3)]
    """
    start = size = 0
    for number in range(tile.size):
        is_full = number - start >= FILES_A_PART or size + int(points[number]) > POINTS_A_PART
        if number > start and (is_full or tile[number] != tile[start]):
            yield slice(start, number)
            start, size = number, 0
        size += int(points[number])
    if tile.size > start:
        yield slice(start, int(tile.size))


def hash_of(*parts: object) -> str:
    """Key that identifies what something is made from; the same in every process."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _look(task: tuple[object, Sequence[Source]], settings: Settings) -> list[Seen]:
    return look_through(task[1], settings)


def _study(task: tuple[object, Sequence[File]], settings: Settings) -> Made:
    return study_part(task[1], settings)
