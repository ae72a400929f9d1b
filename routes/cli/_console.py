"""Where output goes: results to stdout, everything else to stderr."""

import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

WIDE = 160
"""Columns of a table that goes to a file or another program, where there is no terminal to fit."""

STDOUT = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else WIDE)
STDERR = Console(stderr=True, soft_wrap=True, highlight=False)


def quieten(*, quiet: bool) -> None:
    """Send our log and warnings to stderr, or nowhere."""

    def show(message: Warning | str, *_: object, **__: object) -> None:
        if not quiet:
            STDERR.print(f"[yellow]Note:[/yellow] {escape(str(message))}")

    warnings.showwarning = show
    logging.getLogger("rasterio").setLevel(logging.CRITICAL)


def say(text: str, *, quiet: bool) -> None:
    """Print a line for people to stderr."""
    if not quiet:
        STDERR.print(escape(text))


def print_json(data: object) -> None:
    """Print a result for machines to stdout."""
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


@contextmanager
def leg_progress(text: str, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show on stderr which leg is at work, while it lasts; nothing when stderr is no terminal."""
    if quiet or not STDERR.is_terminal:
        yield lambda _: None
        return
    with STDERR.status(escape(text)) as status:
        yield lambda leg: status.update(escape(f"{text}: {leg}"))
