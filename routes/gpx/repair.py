"""Repair and report GPX text that an XML parser could not read."""

import html
import html.entities
import re
from bisect import bisect_right

from routes.errors import GPXReadError
from routes.gpx.codes import Issues
from routes.gpx.encoding import decoded
from routes.gpx.values import BLANK

_DECLARATION = re.compile(r"[ \t\n]*<\?xml\s[^>]*?\?>")
_GOOD_DECLARATION = re.compile(
    r"""[ \t\n]*<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*("1\.[0-9]+"|'1\.[0-9]+')"""
    r"""([ \t\n]+encoding[ \t\n]*=[ \t\n]*("[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?"""
    r"""([ \t\n]+standalone[ \t\n]*=[ \t\n]*("(yes|no)"|'(yes|no)'))?[ \t\n]*\?>"""
)
_CONTROL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&(?:#(\d+|x[0-9A-Fa-f]+);|([A-Za-z][A-Za-z0-9]*);)?")
_OPAQUE = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[<>]*>")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def mended_text(raw: bytes, issues: Issues, name: str) -> tuple[str, int]:
    """Text of a file without its declaration, with evident errors repaired, and the line where it begins.

    Raises GPXReadError if it has its own entities, or is not GPX.
    """
    text = decoded(raw, issues)
    declaration = _DECLARATION.match(text)
    if declaration and not text.startswith("<?xml"):
        issues.add("blank-before-declaration", 1)
    if declaration and not _GOOD_DECLARATION.fullmatch(declaration[0]):
        issues.add("declaration", 1, declaration[0].strip()[:60])
    body = text[declaration.end() if declaration else 0 :]
    body, line = _stripped(body, 1 + (text.count("\n", 0, declaration.end()) if declaration else 0))
    body = _without_controls(body, line, issues)
    body = _without_doctype(body, line, issues, name)
    if not re.search(r"<(?:[\w.-]+:)?gpx[\s/>]", body[:100_000]):
        what = "it is empty" if not body else f"it begins with {body[:40]!r}"
        msg = f"{name} is not GPX: {what}."
        raise GPXReadError(msg)
    body = _with_references(body, line, issues)
    return body, line


def _stripped(text: str, line: int) -> tuple[str, int]:
    """Text without leading blank space, and the line where it begins."""
    body = text.lstrip(BLANK)
    return body, line + text.count("\n", 0, len(text) - len(body))


def _add(issues: Issues, code: str, text: str, at: int, first: int, detail: str = "") -> None:
    """Record a finding at an index of a text that begins in line `first`.

    Lines are counted only while they are kept.
    """
    line = first + text.count("\n", 0, at) if issues.wants_line(code) else None
    issues.add(code, line, detail)


def _without_controls(text: str, first: int, issues: Issues) -> str:
    found = _CONTROL.search(text)
    if not found:
        return text
    for match in _CONTROL.finditer(text):
        _add(issues, "control-character", text, match.start(), first, f"U+{ord(match[0]):04X}")
    return _CONTROL.sub("", text)


def _without_doctype(text: str, first: int, issues: Issues, name: str) -> str:
    outside = (
        _OPAQUE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text) if "<!DOCTYPE" in text else text
    )
    if "<!DOCTYPE" not in outside and "<!ENTITY" not in outside:
        return text
    found = _DOCTYPE.search(outside)
    if found is None or "<!ENTITY" in outside or outside.count("<!DOCTYPE") > 1:
        msg = f"{name} declares entities of its own, which can make a small file huge; it is refused."
        raise GPXReadError(msg)
    _add(issues, "doctype", text, found.start(), first)
    return text[: found.start()] + "\n" * found[0].count("\n") + text[found.end() :]


def _with_references(text: str, first: int, issues: Issues) -> str:
    """Text in which every & begins a valid reference."""
    if "&" not in text:
        return text
    opaque = [match.span() for match in _OPAQUE.finditer(text)]
    starts = [start for start, _ in opaque]
    parts, done = [], 0
    for match in _REFERENCE.finditer(text):
        new = _reference(match)
        if new == match[0]:
            continue
        before = bisect_right(starts, match.start()) - 1
        if before >= 0 and match.start() < opaque[before][1]:
            continue
        code = "html-entity" if match[2] else "control-character"
        _add(
            issues,
            "bare-ampersand" if new.startswith("&amp;") else code,
            text,
            match.start(),
            first,
            match[0],
        )
        parts += [text[done : match.start()], new]
        done = match.end()
    return "".join([*parts, text[done:]])


def _reference(match: re.Match[str]) -> str:
    """A valid reference: itself, the HTML character, nothing, or an escaped &."""
    number, name = match[1], match[2]
    if number:
        code = int(number[1:], 16) if number[0] == "x" else int(number[:9])
        is_allowed = code <= 0x10FFFF and not _CONTROL.fullmatch(chr(code))
        return match[0] if is_allowed else ""
    if name in _XML_ENTITIES:
        return match[0]
    if name and f"{name};" in html.entities.html5:
        return html.unescape(match[0])
    return "&amp;" + match[0][1:]
