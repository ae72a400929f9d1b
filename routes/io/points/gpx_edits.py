"""Find where heights go in GPX text: by regular expression, or by an XML parser."""

import re
import warnings
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, NoReturn
from xml.parsers import expat

import numpy as np

from routes._typing import FloatArray
from routes.errors import GPXReadError, RoutesWarning
from routes.files import shown
from routes.gpx.read.numbers import number_of

_PATHS = {("gpx", "wpt"), ("gpx", "rte", "rtept"), ("gpx", "trk", "trkseg", "trkpt")}
"""Paths of points in GPX; such names inside extensions do not count."""

_TAG = re.compile(rb"""<([^\s/>]++)(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_BLANK = re.compile(rb"\s*")

_NUMBER = rb"\s*([-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*"
_LAT, _LON = rb'lat="' + _NUMBER + rb'"', rb'lon="' + _NUMBER + rb'"'
_POINT = re.compile(
    rb"<(trkpt|wpt|rtept)\s+(?:" + _LAT + rb"\s+" + _LON + rb"|" + _LON + rb"\s+" + _LAT + rb")"
    rb"(?:\s*(/>)|\s*>(\s*)(?:<ele>([^<]*)</ele>)?"
    # then any tags except those of points and heights, whatever their prefix
    rb"[^<]*+(?:<(?!/?(?:[\w.-]+:)?(?:trkpt|wpt|rtept|ele)[\s/>])[^<]*+)*+</\1>)"
)
"""A point: name, latitude and longitude in either order, end of an empty tag, blank space, text of its ele."""

_STAND_IN = 10**12
"""Longitude of the first placeholder, degrees; no point of a file has it."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Edits:
    """Points of a text and where their heights go, one row per point in file order."""

    lon_deg: FloatArray
    """Longitudes, shape (n,), degrees."""

    lat_deg: FloatArray
    """Latitudes, shape (n,), degrees."""

    at: Sequence[int]
    """First byte of each point."""

    start: Sequence[int]
    """Bytes where `before`, the height and `after` replace the text up to `end`."""

    end: Sequence[int]
    """Ends of the replaced text."""

    before: Sequence[bytes]
    """Text before each height; few differ."""

    after: Sequence[bytes]
    """Text after each height."""

    drop: dict[int, tuple[tuple[int, int], ...]]
    """Further bytes to remove, by point number: an ``ele`` that is repeated or misplaced."""


def careful_edits(path: Path, text: bytes, lines_before: int) -> Edits:
    """Points of any GPX text.

    Raises GPXReadError if it is not well-formed, declares a document type, or has a point without a position.
    Warns with RoutesWarning if a namespace prefix is undeclared.
    """
    try:
        found = _Scan(path, text, lines_before).run()
    except _UnboundPrefixError as error:
        message = f"{shown(path)}, line {error.line}: a namespace prefix is declared nowhere, which many apps refuse."
        warnings.warn(message, RoutesWarning, stacklevel=3)
        found = _Scan(path, text, lines_before, has_namespaces=False).run()
    at, lon, lat, start, end, before, after, drops = zip(*found, strict=True) if found else ((),) * 8
    return Edits(
        lon_deg=np.array(lon, dtype=np.float64),
        lat_deg=np.array(lat, dtype=np.float64),
        at=at,
        start=start,
        end=end,
        before=before,
        after=after,
        drop={number: drop for number, drop in enumerate(drops) if drop},
    )


def plain_edits(text: bytes) -> Edits | None:
    """Points of a GPX text as most devices and apps write it; None if it needs `careful_edits`.

    All points must have the form of `_POINT`: no other attribute, ``ele`` first, and at most one. One
    placeholder then replaces each run of points, and the short remainder is parsed with care. If that finds
    exactly the placeholders as points, every point is where GPX has points, and none was missed.
    """
    # comments, CDATA and instructions may contain something like a tag
    if b"<!" in text or b"<?" in text:
        return None
    try:
        expat.ParserCreate("utf-8", "}").Parse(text, True)  # noqa: FBT003 - expat takes no keyword
    except expat.ExpatError:
        return None
    lat, lon = array("d"), array("d")
    at, start, end = array("q"), array("q"), array("q")
    before: list[bytes] = []
    after: list[bytes] = []
    known: dict[bytes, bytes] = {}  # the same few texts for all points
    rest: list[bytes] = []
    runs, done, last = 0, 0, b""
    for match in _POINT.finditer(text):
        name, lat_a, lon_a, lon_b, lat_b, empty, blank, ele = match.groups()
        first = match.start()
        between = text[done:first]
        if name != last or not (between.isspace() or not between):
            rest += [between, b'<%b lat="0" lon="%d"/>' % (name, _STAND_IN + runs)]
            runs, last = runs + 1, name
        done = match.end()
        lat.append(float(lat_b if lat_a is None else lat_a))
        lon.append(float(lon_b if lon_a is None else lon_a))
        at.append(first)
        if empty is not None:
            closing = b"</ele></" + name + b">"
            start.append(len(text[first : match.start(6)].rstrip()) + first)
            end.append(match.end(6))
            before.append(b"><ele>")
            after.append(known.setdefault(closing, closing))
        elif ele is not None:
            start.append(match.start(8))
            end.append(match.end(8))
            before.append(b"")
            after.append(b"")
        else:
            inner = match.start(7)
            # indented like what follows, unless that is the point's end tag
            opening = (b"" if text.startswith(b"</", match.end(7)) else blank) + b"<ele>"
            start.append(inner)
            end.append(inner)
            before.append(known.setdefault(opening, opening))
            after.append(b"</ele>")
    rest.append(text[done:])
    try:
        found = careful_edits(Path(), b"".join(rest), 0)
    except GPXReadError:
        return None
    if not runs or not np.array_equal(found.lon_deg, _STAND_IN + np.arange(runs)):
        return None
    return Edits(
        lon_deg=np.array(lon),
        lat_deg=np.array(lat),
        at=at,
        start=start,
        end=end,
        before=before,
        after=after,
        drop={},
    )


class _UnboundPrefixError(Exception):
    """An undeclared prefix."""

    def __init__(self, line: int) -> None:
        self.line = line


class _Ele(NamedTuple):
    """A row of `Edits`: a point, and where its height goes."""

    at: int
    lon: float
    lat: float
    start: int
    end: int
    before: bytes
    after: bytes
    drop: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class _OpenPoint:
    lon: float
    lat: float
    start: int
    """First byte of its start tag."""
    inner: int
    """First byte after its start tag."""
    name: bytes
    is_empty: bool
    has_other_first: bool = False
    eles: list[tuple[int, int, bytes, bool]] = field(default_factory=list)
    """First byte, last byte and name of each ele, and whether it is the first child."""


@dataclass(slots=True)
class _Scan:
    """Finds the points of a GPX text and their byte positions."""

    path: Path
    text: bytes
    lines_before: int
    has_namespaces: bool = True
    eles: list[_Ele] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    space: str = ""
    point: _OpenPoint | None = None
    parser: expat.XMLParserType = field(init=False)

    def run(self) -> tuple[_Ele, ...]:
        self.parser = expat.ParserCreate("utf-8", "}" if self.has_namespaces else None)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        try:
            self.parser.Parse(self.text, True)  # noqa: FBT003 - expat takes no keyword
        except expat.ExpatError as error:
            line = error.lineno + self.lines_before
            if expat.errors.messages[error.code] == expat.errors.XML_ERROR_UNBOUND_PREFIX:
                raise _UnboundPrefixError(line) from error
            msg = f"{self.path}, line {line}, is not well-formed XML: {expat.errors.messages[error.code]}."
            raise GPXReadError(msg) from error
        return tuple(self.eles)

    def _fail(self, what: str) -> NoReturn:
        msg = f"{self.path}, line {self.parser.CurrentLineNumber + self.lines_before}: {what}."
        raise GPXReadError(msg)

    def _doctype(self, *_: object) -> None:
        self._fail("a document type is declared, which GPX has no use for; the file is refused")

    def _tag(self, start: int) -> tuple[int, bytes, bool]:
        """First byte after a start tag, its name as written, and whether the element is empty."""
        found = _TAG.match(self.text, start)
        assert found is not None  # noqa: S101 - expat has read this tag
        return found.end(), found[1], found[0].endswith(b"/>")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        # without namespaces the root's prefix acts as its namespace
        space, _, local = name.rpartition("}" if self.has_namespaces else ":")
        if not self.stack:
            self.space = space
        # a name from another namespace, or from none if the root has one, must match none of ours
        self.stack.append(local if space == self.space else f"{space}}}{local}")
        if self.point is not None:
            if len(self.stack) != self.depth + 1:
                return
            if self.stack[-1] != "ele":
                self.point.has_other_first |= not self.point.eles
            else:
                start = self.parser.CurrentByteIndex
                _, tag, _ = self._tag(start)
                is_first = not self.point.eles and not self.point.has_other_first
                self.point.eles.append((start, -1, tag, is_first))
        elif self.stack[-1] in ("wpt", "rtept", "trkpt") and tuple(self.stack) in _PATHS:
            self.point = self._open(attributes)

    @property
    def depth(self) -> int:
        """Depth of the open point, from its path."""
        return {"wpt": 2, "rte": 3, "trk": 4}[self.stack[1]]

    def _open(self, attributes: dict[str, str]) -> _OpenPoint:
        position = []
        for key in ("lon", "lat"):
            if key not in attributes:
                self._fail(f"a {self.stack[-1]} has no {key}")
            number = number_of(attributes[key])
            if number is None:
                self._fail(f"{key} of a {self.stack[-1]}: {attributes[key]!r} is no number")
            position.append(number)
        start = self.parser.CurrentByteIndex
        inner, tag, is_empty = self._tag(start)
        return _OpenPoint(position[0], position[1], start, inner, tag, is_empty)

    def _end(self, _name: str) -> None:
        if self.point is not None:
            if len(self.stack) == self.depth:
                self.eles.append(self._close(self.point))
                self.point = None
            elif len(self.stack) == self.depth + 1 and self.stack[-1] == "ele":
                start, _, tag, is_first = self.point.eles[-1]
                inner, _, is_empty = self._tag(start)
                end = inner if is_empty else self.text.index(b">", self.parser.CurrentByteIndex) + 1
                self.point.eles[-1] = (start, end, tag, is_first)
        self.stack.pop()

    def _close(self, point: _OpenPoint) -> _Ele:
        """Where the height of a point goes: into its first child ``ele``, or into a new one before everything else."""
        where = (point.start, point.lon, point.lat)
        if point.eles and point.eles[0][3]:
            start, end, tag, _ = point.eles[0]
            drop = tuple((a, b) for a, b, _, _ in point.eles[1:])
            inner, _, is_empty = self._tag(start)
            opening = self.text[start:inner]
            if is_empty:
                opening = opening[:-2].rstrip() + b">"
            return _Ele(*where, start, end, opening, b"</" + tag + b">", drop)
        prefix, colon, _ = point.name.rpartition(b":")
        tag = prefix + colon + b"ele"
        before, after = b"<" + tag + b">", b"</" + tag + b">"
        if point.is_empty:
            opening = self.text[point.start : point.inner - 2].rstrip()
            after += b"</" + point.name + b">"
            return _Ele(*where, point.start, point.inner, opening + b">" + before, after, ())
        blank = _BLANK.match(self.text, point.inner)
        assert blank is not None  # noqa: S101 - it matches nothing, too
        # indented like what follows, unless that is the point's end tag
        indent = b"" if self.text.startswith(b"</", blank.end()) else blank[0]
        drop = tuple((a, b) for a, b, _, _ in point.eles)
        return _Ele(*where, point.inner, point.inner, indent + before, after, drop)
