"""The command line in the process of the tests: as a program would see it, without the seconds that a start takes."""

import io
import os
import signal
import subprocess
import sys
import warnings
from contextlib import chdir
from dataclasses import dataclass
from logging import getLogger
from pathlib import Path
from unittest import mock

from routes.cli._console import STDERR, STDOUT
from routes.cli.main import main


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    returncode: int
    out: bytes
    err: bytes

    @property
    def stdout(self):
        """Text of stdout with every end of a line as a newline, as `subprocess` gives it."""
        return text_of(self.out)

    @property
    def stderr(self):
        return text_of(self.err)


def text_of(raw):
    return raw.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def run(*arguments, cwd=None, encoding="utf-8", stdout=None, **environment):
    """Run ``routes`` with arguments, in a folder, with more variables of the environment.

    A text stream may stand in for stdout; its bytes are not kept.

    Everything that a command changes in its process is as before afterwards: the streams, the folder, the environment,
    the log and what shows warnings. Warnings meant for people are shown; all others are errors, as in every test.
    An error that is a bug of ours is raised.
    """
    streams = [io.TextIOWrapper(io.BytesIO(), encoding, newline="") for _ in range(2)]
    loggers = getLogger("routes"), getLogger("rasterio")
    before = [(logger.handlers, logger.level) for logger in loggers]
    # 80 columns, as where there is no terminal
    changed = {"COLUMNS": "80", **environment}
    with (
        chdir(cwd or Path.cwd()),
        mock.patch.dict(os.environ, changed),
        mock.patch.multiple(sys, stdout=stdout or streams[0], stderr=streams[1], argv=["routes"]),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default", UserWarning)
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = ended.code or 0
        finally:
            for logger, (handlers, level) in zip(loggers, before, strict=True):
                logger.handlers, logger.level = handlers, level
            for console in (STDOUT, STDERR):
                console._buffer.clear()  # rich keeps what it could not write
    for stream in streams:
        stream.flush()
    return Done(code, *(stream.buffer.getvalue() for stream in streams))


DYING = """
import os, signal, sys

folder, left = sys.argv[1], int(sys.argv[2])

def watch(event, arguments):
    global left
    if event == "os.rename" and os.fspath(arguments[1]).startswith(folder):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
from routes.cli.main import main

main(sys.argv[3:])
"""


def killed(*arguments, folder, moves):
    """Run ``routes`` as a program that ends as by ``kill -9`` after some moves of files to their names in a folder.

    A file is written under another name and then moved, so every state that a kill can leave is one between two moves.
    """
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(folder), str(moves), *map(str, arguments)],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, (done.returncode, done.stderr)
