"""List a batch's input in a fixed order: files, folders, globs, archives, URLs."""

import errno
import glob
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from routes.errors import BatchError, FetchError, NotThereError
from routes.fetch import Network, open_store, redacted
from routes.files import read_regular

SUFFIXES = (".gpx", ".gpx.gz")
"""Suffixes of files in folders and archives; a file that is named explicitly may have any."""

ARCHIVE_SUFFIX = ".zip"

MAX_BYTES = 300_000_000
"""Largest file, or unpacked archive member, that is read."""

MAX_ARCHIVE_BYTES = 2_000_000_000
"""Largest archive that is downloaded."""

_PASSING = frozenset(
    {
        errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC,
        errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.ECONNRESET, errno.ECONNREFUSED,
    }
)  # fmt: skip
"""Disk or network errors that may be temporary, unlike a missing file or missing permission."""


class Source(NamedTuple):
    """A file or an archive member; sorts by name."""

    name: str
    """Path as found from the pattern, or address without user name and password."""

    member: str = ""
    """Name in the archive; empty for a file."""

    size: int = -1
    """Size in the listing, bytes; -1 if unknown."""

    stamp: str = ""
    """Distinguishes a changed file from the listed one, as far as the listing allows."""

    url: str = ""
    """Address with any user name and password; never shown or stored."""


class Fault(NamedTuple):
    """A requested source that cannot be listed."""

    name: str
    """Path or address."""

    error: str
    """Why."""


class UnreadableError(Exception):
    """A source that cannot be read; it becomes a row."""

    def __init__(self, message: str, *, is_passing: bool = False) -> None:
        super().__init__(message)
        self.is_passing = is_passing


@dataclass(frozen=True, slots=True)
class Listing:
    """Input of a batch."""

    sources: tuple[Source, ...]
    """Each once, sorted by name and member."""

    faults: tuple[Fault, ...]
    """Folders and archives that could not be listed."""


def list_sources(patterns: Sequence[str], root: Path) -> Listing:
    """Find everything that patterns name, with paths relative to `root`.

    Patterns are files, folders (with everything in them), globs (``**`` for any depth), zip archives,
    addresses (``https://`` and whatever fsspec supports, such as ``s3://bucket/*.gpx``), and ``@FILE`` for a
    file with one pattern per line. Raises BatchError if a pattern matches nothing or a list cannot be read,
    FetchError if an address cannot be listed.
    """
    found: dict[tuple[str, str], Source] = {}
    faults: dict[str, Fault] = {}
    for pattern in _with_lists(patterns, root):
        count = 0
        for one in _found(pattern, root):
            count += 1
            if isinstance(one, Fault):
                faults[one.name] = one
            else:
                found.setdefault((one.name, one.member), one)
        if not count:
            msg = f"{pattern!r} names no file; files of folders and archives must end with {' or '.join(SUFFIXES)}."
            raise BatchError(msg)
    return Listing(tuple(sorted(found.values())), tuple(sorted(faults.values())))


def _with_lists(patterns: Iterable[str], root: Path) -> Iterator[str]:
    for pattern in patterns:
        if not pattern.startswith("@"):
            yield pattern
            continue
        try:
            text = (root / pattern[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            msg = f"Cannot read the list {pattern[1:]!r}: {getattr(error, 'strerror', None) or error}."
            raise BatchError(msg) from error
        yield from (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _found(pattern: str, root: Path) -> Iterator[Source | Fault]:
    if "://" in pattern:
        yield from _remote(pattern)
    elif os.path.lexists(root / pattern):
        yield from _local(pattern, root, is_named=True)
    elif glob.has_magic(pattern):
        for name in sorted(glob.glob(pattern, root_dir=root, recursive=True)):  # noqa: PTH207 - of Path it would lose what hides a name
            is_folder = (root / name).is_dir()
            if not ("**" in pattern and is_folder):  # its content matches by itself
                yield from _local(name, root, is_named=not is_folder)
    else:
        msg = f"There is no file or folder {pattern!r}."
        raise BatchError(msg)


def _walked(name: str, path: Path, root: Path) -> Iterator[Source | Fault]:
    """Everything in a folder except hidden files and linked folders, which could form a loop."""
    refused: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=refused.append):
        folders[:] = sorted(below for below in folders if not below.startswith("."))
        here = Path(name) / Path(folder).relative_to(path)
        for file in sorted(files):
            if not file.startswith(".") and _is_wanted(file):
                yield from _local(str(here / file), root, is_named=False)
    for error in refused:
        where = Path(name) / Path(str(error.filename)).relative_to(path)
        yield Fault(str(where), f"Cannot read the folder: {error.strerror}.")


def _local(name: str, root: Path, *, is_named: bool) -> Iterator[Source | Fault]:
    path = root / name
    if path.is_dir():
        yield from _walked(name, path, root)
        return
    if not is_named and not _is_wanted(name):
        return
    try:
        state = path.stat()
        stamp = str(state.st_mtime_ns)
    except (OSError, ValueError):  # reading it reports what is wrong
        yield Source(name)
        return
    if not name.lower().endswith(ARCHIVE_SUFFIX):
        yield Source(name, "", state.st_size, stamp)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _members(archive, name, stamp)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        yield Fault(name, f"Cannot open the archive: {getattr(error, 'strerror', None) or error}.")


def _members(archive: zipfile.ZipFile, name: str, stamp: str, url: str = "") -> Iterator[Source | Fault]:
    count = 0
    for info in archive.infolist():
        file = PurePosixPath(info.filename).name
        if not info.is_dir() and file.lower().endswith(SUFFIXES) and not file.startswith("."):
            count += 1
            yield Source(name, info.filename, info.file_size, f"{stamp}-{info.CRC:08x}", url)
    if not count:
        yield Fault(name, f"The archive has no file that ends with {' or '.join(SUFFIXES)}.")


def _is_wanted(file: str) -> bool:
    return file.lower().endswith((*SUFFIXES, ARCHIVE_SUFFIX))


def _remote(pattern: str) -> Iterator[Source | Fault]:
    """Files at an address, including those in archives and in folders of a store."""
    shown = redacted(pattern)
    secret = pattern if shown != pattern else ""
    if pattern.startswith(("http://", "https://")):
        if not shown.partition("?")[0].lower().endswith(ARCHIVE_SUFFIX):
            yield Source(shown, url=secret)
            return
        try:
            data = _fetched(pattern, MAX_ARCHIVE_BYTES)
            with zipfile.ZipFile(BytesIO(data)) as archive:
                yield from _members(archive, shown, "", secret)
        except (FetchError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            yield Fault(shown, f"Cannot open the archive: {error}")
        return
    store, path = open_store(pattern)
    protocol = pattern.partition("://")[0]
    try:
        if glob.has_magic(path):
            names = [n for n in store.glob(path) if _is_wanted(n)]
        elif store.isdir(path):
            names = [n for n in store.find(path) if _is_wanted(n)]
        else:
            names = [path]
        for name in sorted(names):
            address = f"{protocol}://{name.lstrip('/') if protocol != 'file' else name}"
            info = store.info(name)
            stamp = str(info.get("ETag") or info.get("mtime") or info.get("LastModified") or "")
            if name.lower().endswith(ARCHIVE_SUFFIX):
                with store.open(name, "rb") as file, zipfile.ZipFile(file) as archive:
                    yield from _members(archive, address, stamp)
            else:
                yield Source(address, "", int(info.get("size") or -1), stamp)
    except Exception as error:
        msg = f"Cannot list {shown}: {error}."
        raise FetchError(msg) from error


def read_source(source: Source, root: Path) -> bytes:
    """Contents of a file or archive member.

    Raises UnreadableError if it cannot be read; its `is_passing` says whether another try may work.
    """
    try:
        data = _member(source, root) if source.member else _whole(source, root)
    except FetchError as error:
        raise UnreadableError(str(error), is_passing=not isinstance(error, NotThereError)) from error
    except OSError as error:
        why = f"Cannot be read: {error.strerror or error}."
        raise UnreadableError(why, is_passing=error.errno in _PASSING) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        KeyError,
        EOFError,
        ValueError,
    ) as error:
        msg = f"Cannot be unpacked: {error}."
        raise UnreadableError(msg) from error
    if len(data) > MAX_BYTES:
        msg = f"It is larger than {MAX_BYTES // 1_000_000} MB; split it."
        raise UnreadableError(msg)
    return data


def _whole(source: Source, root: Path) -> bytes:
    if "://" not in source.name:
        return read_regular(root / source.name, MAX_BYTES)
    address = source.url or source.name
    if address.startswith(("http://", "https://")):
        return _fetched(address, MAX_BYTES)
    store, path = open_store(address)
    with store.open(path, "rb") as file:
        return bytes(file.read(MAX_BYTES + 1))


def _member(source: Source, root: Path) -> bytes:
    if "://" not in source.name:
        with zipfile.ZipFile(root / source.name) as archive:
            return _unpacked(archive, source.member)
    address = source.url or source.name
    if address.startswith(("http://", "https://")):
        with zipfile.ZipFile(BytesIO(_kept(address))) as archive:
            return _unpacked(archive, source.member)
    store, path = open_store(address)
    with store.open(path, "rb") as file, zipfile.ZipFile(file) as archive:
        return _unpacked(archive, source.member)


def _unpacked(archive: zipfile.ZipFile, member: str) -> bytes:
    with archive.open(member) as file:
        return file.read(MAX_BYTES + 1)  # the size in the directory may be false


def _fetched(url: str, max_bytes: int) -> bytes:
    network = Network()
    try:
        return network.read_bytes(url, max_bytes)
    finally:
        network.close()


_LAST: dict[str, bytes] = {}


def _kept(url: str) -> bytes:
    """A downloaded archive, kept until another is needed, since its members are read one after another."""
    if url not in _LAST:
        _LAST.clear()
        _LAST[url] = _fetched(url, MAX_ARCHIVE_BYTES)
    return _LAST[url]
