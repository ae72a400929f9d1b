"""The whole text of a GPX file, for those who change a part of it and keep the rest."""

import re
from pathlib import Path

from routes.errors import GPXReadError
from routes.files import shown
from routes.gpx.encoding import Source

MAX_TEXT_BYTES = 300_000_000
"""Largest file whose text is held as a whole; two million points."""

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ROOT = re.compile(r"<(?:([\w.-]+):)?gpx[\s>/]")


def read_gpx_text(path: Path) -> tuple[str, str]:
    """Text of a GPX file in two parts, unpacked, and decoded by its byte order mark or its XML declaration.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    head : str
        XML declaration with the blank space about it; empty if there is none. A byte order mark is not in it.
    text : str
        The rest, from the first comment or the root element on. An XML parser must be told that it is text already:
        without the declaration nothing contradicts that.

    Raises
    ------
    GPXReadError
        If the file cannot be read or decoded, is not GPX, or declares a document type.
    """
    source = Source(path)
    parts, size = [], 0
    for chunk in source.text():
        parts.append(chunk)
        size += len(chunk)
        if size > MAX_TEXT_BYTES:
            source.fail(f"is larger than {MAX_TEXT_BYTES // 1_000_000} MB; split it")
    if source.is_cut:
        source.fail("is cut off; save it anew")
    try:
        text = b"".join(parts).decode()
    except UnicodeError as error:
        msg = f"{shown(path)} is not text in utf-8: {error}."
        raise GPXReadError(msg) from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        source.fail("declares a document type or entities, which GPX has no use for; it is refused")
    declaration = _DECLARATION.match(text)
    whole, text = text, text[declaration.end() if declaration else 0 :].lstrip()
    if not _ROOT.match(text, _start_of_root(text)):
        source.fail(f"is not GPX; it begins with {text[:40]!r}")
    return whole[: len(whole) - len(text)], text


def _start_of_root(text: str) -> int:
    """Index behind the comments and processing instructions that may stand before the root element."""
    at = 0
    while True:
        end = {"<!--": "-->", "<?": "?>"}.get("<!--" if text.startswith("<!--", at) else text[at : at + 2])
        closed = text.find(end, at + 2) if end else -1
        if end is None or closed < 0:
            return at
        at = closed + len(end)
        while text[at : at + 1].isspace():
            at += 1
