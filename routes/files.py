"""Safe file access: read regular files only, write atomically, replace only our own."""

import errno
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from routes.errors import OutputError

MANIFEST = ".trek-routes.json"
"""Name of the list of files that a build wrote to a folder."""

REPORT_MANIFEST = ".trek-routes-report.json"
"""Name of the list of a report's files, which may share a build's folder."""

INDEX_MANIFEST = ".trek-routes-index.json"
"""Name of the list of an index's files."""

_MANIFESTS = (MANIFEST, REPORT_MANIFEST, INDEX_MANIFEST)
_MAX_MANIFEST_BYTES = 10_000_000


def shown(path: Path) -> str:
    """Path as shown in messages: quoted, and escaped where it would break the line or control the terminal."""
    text = str(path)
    return text if text.isprintable() else repr(text)


def read_regular(path: Path, max_bytes: int) -> bytes:
    """Contents of a regular file, cut one byte after the limit (a longer result means that the file is larger).

    Refuses pipes and devices before opening them: reading them may never end. Raises OSError, whose
    `strerror` states the reason.
    """
    try:
        mode = path.stat().st_mode
    except ValueError as error:
        raise OSError(errno.EINVAL, "its name has a null character") from error
    check_regular(mode)
    with path.open("rb") as file:
        return file.read(max_bytes + 1)


def check_regular(mode: int) -> None:
    """Raise OSError (with `strerror`) if a mode from `Path.stat` is not a regular file's."""
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is no regular file but a pipe or a device; save it to a file first")


def write_text(path: Path, text: str, *, overwrite: bool = False) -> None:
    """Write one file as UTF-8, atomically; a link stays and its target is replaced.

    Raises OutputError if the file exists (unless `overwrite`), is not a regular file, or cannot be written.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        msg = f"Cannot write {shown(path)}: {error}. Give another folder with --out."
        raise OutputError(msg) from error
    write_bytes(path, data, overwrite=overwrite)


def write_bytes(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write one file, as `write_text` does; raises OutputError as it does."""
    if os.path.lexists(path) and not overwrite:
        msg = f"{shown(path)} exists and was not written by this command; move it away or pass --overwrite."
        raise OutputError(msg)
    temporary = ""
    try:
        path = _target(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # mkstemp creates private files, but everyone may read a page
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except (OSError, ValueError, RuntimeError) as error:  # also a null character or a link loop
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or error
        msg = f"Cannot write {shown(path)}: {why}. Give another folder with --out."
        raise OutputError(msg) from error


def _target(path: Path) -> Path:
    """Where to write: the target of a link, and never over anything but a regular file."""
    real = path.resolve() if path.is_symlink() else path
    if os.path.lexists(real):
        mode = real.lstat().st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            why = "it is no regular file but a pipe or a device, which is never replaced"
            raise OSError(errno.EINVAL, why)
    return real


def write_folder(
    folder: Path, texts: Mapping[str, str], *, manifest: str = MANIFEST, overwrite: bool = False
) -> tuple[Path, ...]:
    """Write a set of files to a folder (created if missing), and remove files of an earlier set that are gone.

    `texts` maps plain file names to contents. Sets with different manifests may share a folder. Returns the
    paths in the order of `texts`. Raises OutputError if a file exists that no earlier call wrote (unless
    `overwrite`), or the folder cannot be written; nothing has changed then, unless the disk fails midway.
    """
    for name in texts:
        if Path(name).name != name or name in ("", ".", "..", *_MANIFESTS):
            msg = f"{name!r} is no plain file name."
            raise OutputError(msg)
    listed = folder / manifest
    ours = _read_manifest(listed)
    foreign = [name for name in texts if name not in ours and os.path.lexists(folder / name)]
    if foreign and not overwrite:
        msg = (
            f"{shown(folder / foreign[0])} exists and was not written by this command; move it away or use another "
            f"{'--out' if manifest == MANIFEST else 'folder, or pass --overwrite'}."
        )
        raise OutputError(msg)
    # extend the manifest first, so that files of an interrupted build are still known as ours
    write_text(listed, _manifest(ours | set(texts)), overwrite=True)
    for name, text in texts.items():
        write_text(folder / name, text, overwrite=True)
    for name in ours - set(texts):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
    write_text(listed, _manifest(set(texts)), overwrite=True)
    return tuple(folder / name for name in texts)


def written_files(folder: Path, manifest: str = MANIFEST) -> frozenset[str]:
    """Names of the files that `write_folder` last wrote; empty if its list is missing or damaged."""
    return frozenset(_read_manifest(folder / manifest))


def _manifest(names: set[str]) -> str:
    return json.dumps({"written_by": "trek-routes", "files": sorted(names)}, indent=1) + "\n"


def _read_manifest(path: Path) -> set[str]:
    """Names that an earlier call wrote; a damaged list owns nothing."""
    try:
        names = json.loads(read_regular(path, _MAX_MANIFEST_BYTES))["files"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return set()
    if not isinstance(names, list):
        return set()
    plain = {name for name in names if isinstance(name, str) and Path(name).name == name}
    return plain - {".", ".."}


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
