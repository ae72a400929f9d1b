"""Where output goes: results to stdout, everything else to stderr."""

import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from routes.dem.download import Progress

WIDE = 160
"""Columns of a table that goes to a file or another program, where there is no terminal to fit."""

STDOUT = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else WIDE)
STDERR = Console(stderr=True, soft_wrap=True, highlight=False)


def quieten(*, quiet: bool) -> None:
    """Send our log and warnings to stderr, or nowhere."""

    def show(message: Warning | str, *_: object, **__: object) -> None:
        if not quiet:
            STDERR.print(f"[yellow]Note:[/yellow] {escape(str(message))}")

    class ToStderr(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            show(record.getMessage())

    warnings.showwarning = show
    logging.getLogger("routes").handlers = [ToStderr()]
    logging.getLogger("rasterio").setLevel(logging.CRITICAL)


def say(text: str, *, quiet: bool) -> None:
    """Print a line for people to stderr."""
    if not quiet:
        STDERR.print(escape(text))


def print_json(data: object) -> None:
    """Print a result for machines to stdout."""
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


@dataclass(frozen=True, slots=True)
class Work:
    """Callbacks that keep people informed while something takes its time."""

    on_leg: Callable[[str], None]
    """Takes the id of the leg at work."""

    on_progress: Callable[["Progress"], None]
    """Takes how far a fetch has come."""


@contextmanager
def at_work(text: str, *, quiet: bool) -> Iterator[Work]:
    """Show on stderr what is at work, while it lasts; nothing when stderr is no terminal."""
    if quiet or not STDERR.is_terminal:
        yield Work(lambda _: None, lambda _: None)
        return
    with STDERR.status(escape(text)) as status:

        def fetching(progress: "Progress") -> None:
            megabytes = progress.fetched_bytes / 1e6
            status.update(
                escape(
                    f"Fetching the DEM: tile {progress.done} of {progress.total}, {megabytes:.1f} MB, {progress.what}"
                )
            )

        yield Work(lambda leg: status.update(escape(f"{text}: {leg}")), fetching)
