"""The layout of a device's points: constant parts, and where the values are."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_POINT = 4096
"""Longest point that can be a template, bytes."""

DELIMITERS = b"<>\"'"
"""Bytes that separate constant parts from values; no value contains them."""

_DELIMITER = re.compile(rb"[<>\"']")
_ATTRIBUTE = rb"\s+(lat|lon)\s*=\s*([\"'])[^<>\"'&]*\%d"
_OPENING = re.compile(rb"<trkpt" + _ATTRIBUTE % 2 + _ATTRIBUTE % 4 + rb"\s*/?>")
_PLAIN = re.compile(rb"[\t\n\r\x20-\x7e]*")
_END = re.compile(rb"</trkpt\s*>")


@dataclass(frozen=True, slots=True)
class Template:
    """A layout of ``trkpt``; delimiters are counted from the ``<`` of the point."""

    constants: tuple[tuple[int, bytes], ...]
    """Number of the delimiter where each constant part begins, and its bytes; values are in between."""

    lat: int
    """Number of the delimiter before the latitude, which ends at the next one."""

    lon: int
    ele: int | None
    """Likewise; None if the points have no ``ele``."""

    time: int | None
    width: int
    """Number of delimiters per point."""

    prefixes: frozenset[str]
    """Namespace prefixes that must be declared around the point."""


def length_of_first_point(text: bytes) -> int:
    """Length of the ``trkpt`` at the start of a text; 0 if it does not end within `MAX_POINT` bytes."""
    text = text[:MAX_POINT]
    opening = _OPENING.match(text)
    if opening is None:
        return 0
    if opening[0].endswith(b"/>"):
        return opening.end()
    end = _END.search(text, opening.end())
    return end.end() if end else 0


def template_of(point: bytes) -> Template | None:
    """Template of a point; None if it is not plain.

    A plain point is ASCII text without references, comments, CDATA and instructions. Its ``trkpt`` has the
    attributes ``lat`` and ``lon`` and no others. It has at most one ``ele`` and one ``time``, each with text
    only. Other values in their place (without ``&`` and `DELIMITERS`) keep it well-formed.
    """
    opening = _OPENING.match(point)
    is_ascii = len(point) <= MAX_POINT and _PLAIN.fullmatch(point) is not None
    if opening is None or opening[1] == opening[3] or not is_ascii or any(mark in point for mark in _ODD):
        return None
    outline = _Outline()
    if not outline.read(point):
        return None
    delimiters = [found.start() for found in _DELIMITER.finditer(point)]
    slots = [1, 3]
    special: dict[bytes, int] = {}
    depth, tags, k = 0, 0, 0
    while k < len(delimiters):
        # a tag: its quotes belong to its attributes
        first, last = k, k + 1
        while last < len(delimiters) and point[delimiters[last]] in b"\"'":
            last += 1
        if last == len(delimiters) or point[delimiters[first]] != 60 or point[delimiters[last]] != 62:
            return None
        tag = point[delimiters[first] : delimiters[last] + 1]
        is_end, is_empty = tag.startswith(b"</"), tag.endswith(b"/>")
        tags += not is_end
        depth += -1 if is_end else not is_empty
        k = last + 1
        text = point[delimiters[last] + 1 : delimiters[k]] if k < len(delimiters) else b""
        if text.strip():
            slots.append(last)
            following = point[delimiters[k] :]
            for name in (b"ele", b"time"):
                if depth == 2 and tag == b"<" + name + b">" and following.startswith(b"</" + name + b">"):
                    special[name] = last
    if tags != outline.tags or len(special) != outline.special:
        return None
    return Template(
        constants=_constants(point, delimiters, slots),
        lat=1 if opening[1] == b"lat" else 3,
        lon=3 if opening[1] == b"lat" else 1,
        ele=special.get(b"ele"),
        time=special.get(b"time"),
        width=len(delimiters),
        prefixes=frozenset(outline.prefixes),
    )


_ODD = (b"&", b"<!", b"<?")


def _constants(point: bytes, delimiters: list[int], slots: list[int]) -> tuple[tuple[int, bytes], ...]:
    """Parts of a point between its values, which begin after the delimiters of these numbers."""
    begin, found = 0, []
    for slot in slots:
        found.append((begin, point[delimiters[begin] : delimiters[slot] + 1]))
        begin = slot + 1
    found.append((begin, point[delimiters[begin] :]))
    return tuple(found)


@dataclass(slots=True)
class _Outline:
    """An XML parser's view of one point."""

    tags: int = 0
    special: int = 0
    """Number of children called ``ele`` or ``time``."""

    prefixes: set[str] = field(default_factory=set)
    is_plain: bool = True
    declared: list[set[str]] = field(default_factory=list)

    def read(self, point: bytes) -> bool:
        """Whether a text is exactly one well-formed element with plain tags."""
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(point, True)  # noqa: FBT003 - expat takes no keyword
        except expat.ExpatError:
            return False
        return self.is_plain

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.tags += 1
        own = {key[6:] for key in attributes if key.startswith("xmlns:")}
        is_child = len(self.declared) == 1
        if is_child:
            self.special += name in ("ele", "time")
            # otherwise a child could become one of GPX's own, or cease to be
            self.is_plain &= name == "extensions" or not any(key.startswith("xmlns") for key in attributes)
        self.is_plain &= not any(mark in value for value in attributes.values() for mark in "<>\"'")
        self.declared.append(own)
        for key in (name, *attributes):
            prefix, colon, _ = key.partition(":")
            if (
                colon
                and prefix not in ("xmlns", "xml")
                and not any(prefix in known for known in self.declared)
            ):
                self.prefixes.add(prefix)

    def _end(self, _name: str) -> None:
        self.declared.pop()
