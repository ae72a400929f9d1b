"""``routes batch``: statistics of every track of an archive, as GeoParquet."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routes.cli._console import STDERR, STDOUT, print_json, quieten, say
from routes.cli._options import DEMOption, HeightsOption, JSONOption, OfflineOption, QuietOption
from routes.model.kinds import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from routes.pipeline.batch import BatchProgress, BatchResult

SOME_ERRORS = 1
"""Exit code when rows have errors."""


def batch(  # noqa: PLR0913 - typer's options are arguments
    patterns: Annotated[
        list[str],
        typer.Argument(
            metavar="PATTERN...",
            help="Files, folders (with all below them), globs in quotes, zip archives, https:// and s3:// addresses; "
            "@FILE lists them, one a line.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE.parquet", help="GeoParquet to write.", show_default=False),
    ],
    dem: DEMOption = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            help="Processes; 0: none but this one. Default: one a core.",
            show_default=False,
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Run on the Dask cluster of tcp://host:port.",
            show_default=False,
        ),
    ] = None,
    heights: HeightsOption = Recorder.AUTO,
    tolerance_m: Annotated[
        float,
        typer.Option(
            "--tolerance",
            metavar="M",
            help="Farthest that the simplified geometry lies from the track, metres.",
        ),
    ] = 10.0,
    *,
    unique: Annotated[
        bool, typer.Option("--unique", help="Of files with the same contents, count the first by name alone.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the output if it exists.")] = False,
    offline: OfflineOption = False,
    as_json: JSONOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write distance, ascent and more of every track of many files to GeoParquet, a row a track (docs/batch.md).

    Heights come from the DEM, or from the file where the DEM has none. A file that cannot be read is a row with its
    error. A batch that was ended goes on with the same command. Exit code 1 if a row has an error.
    """
    from routes.pipeline.batch import BatchOptions, run_batch

    quieten(quiet=quiet)
    with _progress(quiet=quiet) as on_progress:
        options = BatchOptions(
            dem=dem, is_offline=offline, workers=workers, scheduler=scheduler, heights=heights, tolerance_m=tolerance_m,
            is_unique=unique, is_overwriting=overwrite, on_progress=on_progress,
            say=lambda text: say(text, quiet=quiet),
        )  # fmt: skip
        try:
            result = run_batch(patterns, out, options)
        except KeyboardInterrupt:
            say("Ended. What is done is kept; the same command goes on from there.", quiet=quiet)
            raise
    if as_json:
        print_json(_data(result))
    else:
        STDOUT.print(_sentence(result))
    if result.is_passing:
        say(
            "Some of it could not be had this time (a network, a disk, a worker): run the same command again to try "
            "these parts once more; all others are kept.",
            quiet=quiet,
        )
    if result.errors:
        raise typer.Exit(SOME_ERRORS)


@contextmanager
def _progress(*, quiet: bool) -> "Iterator[Callable[[BatchProgress], None]]":
    """Bars on stderr while the passes run; nothing when it is no terminal."""
    if quiet or not STDERR.is_terminal:
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=STDERR, transient=True) as shown:
        bars = {phase: shown.add_task(text, total=None) for phase, text in _PHASES.items()}
        yield lambda progress: shown.update(
            bars[progress.phase], completed=progress.done, total=progress.total
        )


_PHASES = {"reading": "Reading files", "studying": "Figures of files"}


def _sentence(result: "BatchResult") -> str:
    kept = f"; {result.kept} parts were done before" if result.kept else ""
    return (
        f"{result.out}: {result.rows} rows of {result.files} files, {result.errors} with an error, in "
        f"{result.seconds:.1f} s ({result.files / max(result.seconds, 1e-3):.1f} files a second{kept})."
    )


def _data(result: "BatchResult") -> dict[str, object]:
    return {
        "out": str(result.out), "files": result.files, "rows": result.rows, "errors": result.errors,
        "parts_kept": result.kept, "may_be_mended": result.is_passing, "seconds": round(result.seconds, 3),
    }  # fmt: skip
