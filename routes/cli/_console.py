"""Output: results to stdout, everything else to stderr."""

import io
import json
import logging
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console
from rich.text import Text

from routes.errors import OutputError

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from routes.dem.public.fetch_run import Progress

WIDE = 160
"""Width of a table that goes to a file or another program, in characters."""

READER_WENT_AWAY = 141
"""Exit code of a program ended by SIGPIPE, as shells report it."""

_SPACE = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that a terminal acts on: C0, C1, line separators and writing-direction marks."""


def plain(text: str) -> str:
    r"""Text on one line with control characters escaped, so that a terminal does not act on them.

    Examples
    --------
    >>> print(plain("two\nlines, \x1b[31mred"))
    two lines, \x1b[31mred
    """
    return _CONTROL.sub(_escaped, _SPACE.sub(" ", text))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class PlainConsole(Console):
    """A console that prints every string as `plain` text, also in tables, without markup or emoji."""

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(
            stderr=stderr, width=width, soft_wrap=True, highlight=False, markup=False, emoji=False
        )

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 - as rich has them
        """Text of a string, for rich."""
        return super().render_str(plain(text), **{**options, "markup": False, "emoji": False})


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


STDOUT = PlainConsole(width=None if _is_terminal(sys.stdout) else WIDE)
STDERR = PlainConsole(stderr=True)


class _Out(io.FileIO):
    """Standard output that raises OutputError if it cannot be written, and exits if its reader is gone."""

    def write(self, data: "Buffer") -> int | None:  # type: ignore[override]
        try:
            return super().write(data)
        except BrokenPipeError:
            _to_nowhere(self.fileno())
            raise SystemExit(READER_WENT_AWAY) from None
        except OSError as error:
            _to_nowhere(self.fileno())
            msg = f"Cannot write to stdout: {error.strerror}."
            raise OutputError(msg) from error


class _Err(io.FileIO):
    """Standard error; failures are ignored, since nobody could be told."""

    def write(self, data: "Buffer") -> int | None:  # type: ignore[override]
        with suppress(OSError):
            return super().write(data)
        return memoryview(data).nbytes


def _to_nowhere(descriptor: int) -> None:
    """Discard what is still buffered for a descriptor."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


@contextmanager
def standard_streams() -> Iterator[None]:
    """Handle stdout and stderr that are closed, full, broken off or of a limited encoding.

    Characters that an encoding lacks become question marks. Raises OutputError if stdout cannot be written, and
    SystemExit if its reader is gone.
    """
    before = sys.stdout, sys.stderr
    sys.stdout = _guarded(sys.stdout, _Out)
    sys.stderr = _guarded(sys.stderr, _Err)
    try:
        yield
        sys.stdout.flush()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(
                OutputError, SystemExit, ValueError
            ):  # an error is already being raised or was printed
                stream.flush()
        sys.stdout, sys.stderr = before


def _guarded(stream: TextIO | None, kind: type[io.FileIO]) -> TextIO:
    if stream is None:
        return _Nowhere(os.devnull, "w")
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.reconfigure(errors="replace")
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return stream
    if stream.isatty():
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(kind(descriptor, "w", closefd=False)),
        encoding=stream.encoding,
        errors="replace",
        line_buffering=stream.line_buffering,
    )


class _Nowhere(io.TextIOWrapper):
    """Replacement for a closed stream."""

    def __init__(self, path: str, mode: str) -> None:
        super().__init__(io.BufferedWriter(io.FileIO(path, mode)), encoding="utf-8", errors="replace")


def quieten(*, quiet: bool) -> None:
    """Send our log and warnings to stderr, or nowhere."""

    def show(message: Warning | str, *_: object, **__: object) -> None:
        if not quiet:
            STDERR.print(Text.assemble(("Note:", "yellow"), " ", plain(str(message))))

    class ToStderr(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            show(record.getMessage())

    warnings.showwarning = show
    logging.getLogger("routes").handlers = [ToStderr()]
    logging.getLogger("rasterio").setLevel(logging.CRITICAL)


def say(text: str, *, quiet: bool) -> None:
    """Print a message line to stderr."""
    if not quiet:
        STDERR.print(text)


def say_error(text: str) -> None:
    """Print a one-line error to stderr."""
    STDERR.print(Text.assemble(("Error:", "red"), " ", plain(text)))


def print_json(data: object) -> None:
    """Print JSON to stdout, with control characters escaped."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    lines = (_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", line) for line in text.split("\n"))
    print_raw("\n".join(lines) + "\n")


def print_raw(text: str) -> None:
    """Print a file's text to stdout as UTF-8 with its own line ends, whatever the encoding there.

    Raises OutputError if stdout is closed or cannot be written.
    """
    if isinstance(sys.stdout, _Nowhere):
        msg = "Cannot write to stdout: it is closed."
        raise OutputError(msg)
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
        return
    # half a surrogate pair, as in a path that is not UTF-8, can only be an escape in JSON
    buffer.write(text.encode("utf-8", errors="backslashreplace"))
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Work:
    """Progress callbacks for long tasks."""

    on_leg: Callable[[str], None]
    """Called with the id of the current leg."""

    on_progress: Callable[["Progress"], None]
    """Called with the progress of a download."""


@contextmanager
def at_work(text: str, *, quiet: bool) -> Iterator[Work]:
    """Show progress on stderr during a task; nothing if stderr is not a terminal."""
    if quiet or not STDERR.is_terminal:
        yield Work(lambda _: None, lambda _: None)
        return
    with STDERR.status(Text(plain(text))) as status:

        def fetching(progress: "Progress") -> None:
            megabytes = progress.fetched_bytes / 1e6
            done = f"tile {progress.done} of {progress.total}, {megabytes:.1f} MB, {progress.what}"
            status.update(Text(plain(f"Fetching the DEM: {done}")))

        yield Work(lambda leg: status.update(Text(plain(f"{text}: {leg}"))), fetching)
