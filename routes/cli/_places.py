"""Check a list of places (``routes validate``)."""

import itertools
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from routes.cli._console import STDERR, STDOUT, plain, print_raw, say
from routes.model.units import Units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from routes.analysis.verdicts.places import ListedVerdict
    from routes.dem.opening import DEMOptions
    from routes.pipeline.places import ListStudy

_ROWS = 200
"""Rows written at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """What to do with a list of places."""

    path: Path
    """The list."""

    out: Path | None
    """File for the rows; stdout without one."""

    uncertainty_m: float
    """95 % radius of positions for which the list has none, metres."""

    as_json: bool
    """Write JSON lines instead of CSV."""

    is_for_osm: bool
    """Write a list for mappers instead of rows."""

    overwrite: bool
    """Whether `out` may exist already."""

    quiet: bool
    """Print results and errors only."""

    report: Path | None = None
    """Folder for a report; None for no report."""

    units: Units = Units.METRIC
    """Units of the report."""


def validate_places(request: ListRequest, dem: "DEMOptions") -> dict[str, int]:
    """Check a list of places, write one row each, and count the verdicts."""
    from routes.errors import OutputError
    from routes.files import shown, write_text
    from routes.io.places.write import listed_csv, listed_json_lines
    from routes.pipeline.places import study_places
    from routes.render.report.osm_quality import osm_quality_markdown

    if request.out is not None and os.path.lexists(request.out) and not request.overwrite:
        msg = f"{shown(request.out)} exists and was not written by this command; move it away or pass --overwrite."
        raise OutputError(msg)
    study = study_places(request.path, dem, uncertainty_m=request.uncertainty_m)
    counts: dict[str, int] = {}
    texts: list[str] = []
    kept: list[ListedVerdict] = []
    streams = request.out is None and STDOUT.is_terminal  # rows on the terminal show the progress
    with _progress(len(study.places), quiet=request.quiet or streams) as advance:
        for number, rows in enumerate(_batches(study.verdicts)):
            for row in rows:
                counts[row.verdict] = counts.get(row.verdict, 0) + 1
            if request.report is not None or (request.is_for_osm and not request.as_json):
                kept.extend(rows)
            if not request.is_for_osm or request.as_json:
                text = (
                    listed_json_lines(rows) if request.as_json else listed_csv(rows, has_header=number == 0)
                )
                if request.out is None:
                    print_raw(text)
                else:
                    texts.append(text)
            advance(len(rows))
    if request.is_for_osm and not request.as_json:
        texts.append(osm_quality_markdown(kept, basis=study.basis))
    if request.report is not None:
        _write_report(request, study, kept)
    told = ", ".join(
        f"{counts.get(name, 0)} {name}" for name in ("differs", "doubtful", "undecided", "agrees", "error")
    )
    if request.out is not None:
        write_text(request.out, "".join(texts), overwrite=request.overwrite)
        STDOUT.print(plain(f"{told}. Wrote {request.out}"))
    else:
        print_raw("".join(texts))
        say(f"{told}.", quiet=request.quiet)
    return counts


def _write_report(request: ListRequest, study: "ListStudy", kept: "Sequence[ListedVerdict]") -> None:
    from routes.pipeline import listed_report_texts, write_report
    from routes.render.report.places import MOST_SECTIONS

    assert request.report is not None  # noqa: S101 - asked before
    most = min(MOST_SECTIONS, sum(verdict.verdict not in ("agrees", "error") for verdict in kept))
    with _progress(most, quiet=request.quiet, what="Drawing the report") as advance:
        texts = listed_report_texts(request.path.name, kept, study.source, request.units, on_place=advance)
    files = write_report(request.report, texts, overwrite=request.overwrite)
    say(f"Wrote {len(files)} files; open {request.report / 'report.html'}", quiet=request.quiet)


def _batches(verdicts: "Iterator[ListedVerdict]") -> "Iterator[Sequence[ListedVerdict]]":
    while batch := tuple(itertools.islice(verdicts, _ROWS)):
        yield batch


@contextmanager
def _progress(total: int, *, quiet: bool, what: str = "Checking places") -> "Iterator[Callable[[int], None]]":
    """Progress bar on stderr, if that is a terminal."""
    if quiet or not STDERR.is_terminal:
        yield lambda _: None
        return
    from rich.progress import Progress

    with Progress(console=STDERR, transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.update(task, advance=count)
