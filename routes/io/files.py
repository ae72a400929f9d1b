"""Write files so that none is ever half there, and only ours are ever replaced."""

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from routes.errors import OutputError

MANIFEST = ".trek-routes.json"
"""Name of the list of files that were written to a folder."""


def write_text(path: Path, text: str, *, overwrite: bool = False) -> None:
    """Write one file as UTF-8: to a temporary file first, which then takes its place.

    Raises
    ------
    OutputError
        If the file exists (unless `overwrite`), or cannot be written.
    """
    if path.exists() and not overwrite:
        msg = f"{path} exists and was not written by this command; move it away or pass --overwrite."
        raise OutputError(msg)
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        # mkstemp makes files for the owner only; a page is for everybody
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
        msg = f"Cannot write {path}: {error.strerror or error}. Give another folder with --out."
        raise OutputError(msg) from error


def write_folder(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write a set of files to a folder, and remove those of an earlier set that are no longer in it.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    texts : mapping of str to str
        Text by file name; a name is one plain name, no path.

    Returns
    -------
    tuple of Path
        The files, in the order of `texts`.

    Raises
    ------
    OutputError
        If a file of one of the names exists and was not written by an earlier call, or the folder cannot be
        written. Nothing is then changed, unless the disk fails in the middle.
    """
    for name in texts:
        if Path(name).name != name or name in ("", ".", "..", MANIFEST):
            msg = f"{name!r} is no plain file name."
            raise OutputError(msg)
    ours = _read_manifest(folder)
    foreign = [name for name in texts if name not in ours and (folder / name).exists()]
    if foreign:
        msg = f"{folder / foreign[0]} exists and was not written by this command; move it away or use another --out."
        raise OutputError(msg)
    # the manifest grows first: a file that an interrupted build leaves behind is then still known as ours
    write_text(folder / MANIFEST, _manifest(ours | set(texts)), overwrite=True)
    for name, text in texts.items():
        write_text(folder / name, text, overwrite=True)
    for name in ours - set(texts):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
    write_text(folder / MANIFEST, _manifest(set(texts)), overwrite=True)
    return tuple(folder / name for name in texts)


def _manifest(names: set[str]) -> str:
    return json.dumps({"written_by": "trek-routes", "files": sorted(names)}, indent=1) + "\n"


def _read_manifest(folder: Path) -> set[str]:
    """Names that an earlier call wrote; a damaged list owns nothing."""
    try:
        names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, TypeError, KeyError):
        return set()
    if not isinstance(names, list):
        return set()
    plain = {name for name in names if isinstance(name, str) and Path(name).name == name}
    return plain - {".", ".."}


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
