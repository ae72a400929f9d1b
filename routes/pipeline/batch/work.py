"""Folder of finished parts beside the output, from which a batch resumes."""

import contextlib
import hashlib
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from routes.errors import OutputError
from routes.files import shown

MANIFEST = "manifest.jsonl"
LOCK = "lock"
OWNER = "owner"


class Entry(NamedTuple):
    """A finished part, as listed in the manifest."""

    name: str
    """File in the folder."""

    sha256: str
    """Hash of the file."""

    rows: int
    """Number of rows, or of files in the first pass."""

    errors: int
    """Number of rows with an error."""

    is_passing: bool
    """Whether another try may improve it."""


@dataclass(slots=True)
class Work:
    """Finished parts, by what they were made from."""

    folder: Path
    """The folder."""

    entries: dict[str, Entry] = field(default_factory=dict)
    """Manifest entries whose files exist and are complete."""

    def has(self, key: str) -> bool:
        """Whether a part is finished for good."""
        return key in self.entries and not self.entries[key].is_passing

    def read(self, key: str) -> bytes:
        """Contents of a part in `entries`. Raises OutputError if it cannot be read."""
        path = self.folder / self.entries[key].name
        try:
            return path.read_bytes()
        except OSError as error:
            msg = f"Cannot read {shown(path)}: {error.strerror}. Run the batch again."
            raise OutputError(msg) from error

    def add(self, key: str, data: bytes, *, rows: int, errors: int = 0, is_passing: bool = False) -> None:
        """Store a part: its file atomically, then its line in the manifest. Raises OutputError if that fails."""
        entry = Entry(f"{key}.part", hashlib.sha256(data).hexdigest(), rows, errors, is_passing)
        line = json.dumps({"key": key, **entry._asdict()}) + "\n"
        try:
            write_whole(self.folder / entry.name, data)
            with (self.folder / MANIFEST).open("ab") as file:
                file.write(line.encode())
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        self.entries[key] = entry


def work_folder_of(out: Path) -> Path:
    """Folder of the parts of an output."""
    return out.with_name(f"{out.name}.work")


@contextlib.contextmanager
def opened(out: Path) -> Iterator[Work]:
    """Folder of an output's parts, locked against other processes; a killed one leaves no lock behind.

    Raises OutputError if another process works on the output or the folder cannot be written.
    """
    folder = work_folder_of(out)
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        msg = (
            f"Another batch{_owner(folder)} writes {shown(out)} now; wait until it is done, or give another file "
            f"with -o."
        )
        raise OutputError(msg) from None
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        with contextlib.suppress(OSError):  # only for a message
            (folder / OWNER).write_text(
                f" (process {os.getpid()} on {socket.gethostname()})", encoding="utf-8"
            )
        yield Work(folder, dict(_entries(folder)))
    finally:
        lock.release()


def remove(work: Work) -> None:
    """Remove the folder of a complete output; leftovers do no harm."""
    shutil.rmtree(work.folder, ignore_errors=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file atomically. Raises OSError if that fails; nothing is left of it then."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink(missing_ok=True)
        raise


def cannot_write(path: Path, error: OSError) -> OutputError:
    """Error that says what to do; finished parts are kept."""
    return OutputError(
        f"Cannot write {shown(path)}: {error.strerror or error}. Make room or mend it, and run the same command again: "
        f"what is done is kept."
    )


def _owner(folder: Path) -> str:
    try:
        return (folder / OWNER).read_text(encoding="utf-8")[:100]
    except (OSError, UnicodeDecodeError):
        return ""


def _entries(folder: Path) -> Iterator[tuple[str, Entry]]:
    """Manifest entries of complete files, later ones replacing earlier ones."""
    try:
        lines = (folder / MANIFEST).read_bytes().splitlines()
    except OSError:
        return
    found: dict[str, Entry] = {}
    for line in lines:
        try:
            data = json.loads(line)
            key = data.pop("key")
            found[key] = Entry(**data)
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
        ):  # the last line of a killed process
            continue
    for key, entry in found.items():
        if entry.name != f"{key}.part" or Path(entry.name).name != entry.name:
            continue
        with contextlib.suppress(OSError):
            if hashlib.sha256((folder / entry.name).read_bytes()).hexdigest() == entry.sha256:
                yield key, entry
