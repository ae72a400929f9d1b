"""Set the ``ele`` of every point of a GPX file and leave every other byte as it is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

import numpy as np

from routes._typing import FloatArray
from routes.errors import GPXReadError
from routes.io.files import write_text
from routes.io.gpx_text import read_gpx_text
from routes.io.point_heights import PointHeight, check_positions, number_of, require_known

_PATHS = {("gpx", "wpt"), ("gpx", "rte", "rtept"), ("gpx", "trk", "trkseg", "trkpt")}
"""Where points stand in GPX; an element of such a name within extensions is none."""

_TAG = re.compile(rb"""<([^\s/>]++)(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_BLANK = re.compile(rb"\s*")
_ENCODING = re.compile(r"""(encoding\s*=\s*)(["'])[A-Za-z0-9._-]+["']""")


@dataclass(frozen=True, slots=True)
class _Ele:
    """A point, and how its height comes into the text."""

    line: int
    lon: float
    lat: float
    start: int
    """Byte at which `before`, the height and `after` go in place of what stands up to `end`."""
    end: int
    before: bytes
    after: bytes
    drop: tuple[tuple[int, int], ...]
    """Further bytes to leave out: an ``ele`` that is doubled or not in its place."""


@dataclass(frozen=True, slots=True, eq=False)
class GPXPoints:
    """Way, route and track points of a GPX file, ready to get heights.

    The text between them stays as it is: extensions, comments, namespaces, order of attributes, ends of lines. Output
    is UTF-8; where the input is not, its XML declaration changes with it.
    """

    path: Path
    """The file."""

    head: str
    """Byte order mark and XML declaration."""

    text: bytes
    """The rest, UTF-8."""

    eles: tuple[_Ele, ...]
    """Points in file order."""

    @property
    def lon_deg(self) -> FloatArray:
        """Longitudes, degrees."""
        return np.array([ele.lon for ele in self.eles], dtype=np.float64)

    @property
    def lat_deg(self) -> FloatArray:
        """Latitudes, degrees."""
        return np.array([ele.lat for ele in self.eles], dtype=np.float64)

    def where(self, number: int) -> str:
        """Line of the point of a number."""
        return f"line {self.eles[number].line}"

    def elevated(self, heights: Sequence[PointHeight]) -> str:
        """Text of the file with the height of every point in its ``ele``, to a decimetre.

        Parameters
        ----------
        heights : sequence of PointHeight
            One for each point, in file order.

        Raises
        ------
        DEMError
            If a height is unknown: apps that sum rises over gaps go wrong.
        """
        require_known(self.path, heights, self.where)
        return self.head + b"".join(self._pieces(heights)).decode("utf-8")

    def write(self, heights: Sequence[PointHeight], out: Path, *, overwrite: bool = False) -> None:
        """Write the file with heights.

        Raises
        ------
        DEMError
            As `elevated`.
        OutputError
            If `out` exists (unless `overwrite`) or cannot be written.
        """
        write_text(out, self.elevated(heights), overwrite=overwrite)

    def _pieces(self, heights: Sequence[PointHeight]) -> Iterator[bytes]:
        done = 0
        for ele, height in zip(self.eles, heights, strict=True):
            assert height.height_m is not None  # noqa: S101 - require_known was called
            value = f"{round(height.height_m, 1) + 0.0:.1f}".encode("ascii")
            edits = [
                (ele.start, ele.end, ele.before + value + ele.after),
                *((a, b, b"") for a, b in ele.drop),
            ]
            for first, last, new in sorted(edits):
                yield self.text[done:first]
                yield new
                done = last
        yield self.text[done:]


def read_gpx_points(path: Path) -> GPXPoints:
    """Read where the points of a GPX file stand in its text.

    Parameters
    ----------
    path : Path
        GPX 1.0 or 1.1.

    Raises
    ------
    GPXReadError
        If the file cannot be read, is not GPX, is not well-formed, declares a document type, or has a point without a
        position; the message has the line.
    PointFileError
        If it has no point, or one that is not on Earth.
    """
    head, body = read_gpx_text(path)
    try:
        with path.open("rb") as file:
            has_mark = file.read(3) == b"\xef\xbb\xbf"
    except OSError as error:
        msg = f"Cannot read the GPX file {path}: {error.strerror}."
        raise GPXReadError(msg) from error
    text = body.encode("utf-8")
    eles = _Scan(path, text, head.count("\n")).run()
    # blank space before the declaration is no XML
    head = _ENCODING.sub(
        lambda m: m[0] if m[0][len(m[1]) + 1 : -1].lower() == "utf-8" else f"{m[1]}{m[2]}UTF-8{m[2]}", head
    )
    points = GPXPoints(path, ("\N{BOM}" if has_mark else "") + head.lstrip(), text, eles)
    check_positions(path, points.lon_deg, points.lat_deg, points.where)
    return points


@dataclass(slots=True)
class _OpenPoint:
    line: int
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
    """Each ele: first byte, last byte, its name in the file, whether it is the first child."""


@dataclass(slots=True)
class _Scan:
    """Finds the points of a GPX text and the bytes at which they stand."""

    path: Path
    text: bytes
    lines_before: int
    eles: list[_Ele] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    space: str = ""
    point: _OpenPoint | None = None
    parser: expat.XMLParserType = field(init=False)

    def run(self) -> tuple[_Ele, ...]:
        self.parser = expat.ParserCreate("utf-8", "}")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        try:
            self.parser.Parse(self.text, True)  # noqa: FBT003 - expat takes no keyword
        except expat.ExpatError as error:
            line = error.lineno + self.lines_before
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
        space, _, local = name.rpartition("}")
        if not self.stack:
            self.space = space
        # a name of another namespace, or of none where the root has one, must equal none of ours
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
        """Depth of the open point: that of its path."""
        return {"wpt": 2, "rte": 3, "trk": 4}[self.stack[1]]

    def _open(self, attributes: dict[str, str]) -> _OpenPoint:
        position = []
        for key in ("lon", "lat"):
            try:
                position.append(number_of(attributes[key]))
            except KeyError:
                self._fail(f"a {self.stack[-1]} has no {key}")
            except ValueError as error:
                self._fail(f"{key} of a {self.stack[-1]}: {error}")
        start = self.parser.CurrentByteIndex
        inner, tag, is_empty = self._tag(start)
        line = self.parser.CurrentLineNumber + self.lines_before
        return _OpenPoint(line, position[0], position[1], start, inner, tag, is_empty)

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
        """Where the height of a point goes: into its first child ``ele``, else into a new one before all else."""
        where = (point.line, point.lon, point.lat)
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
        # indented like what follows, unless that is the end tag of the point
        indent = b"" if self.text.startswith(b"</", blank.end()) else blank[0]
        drop = tuple((a, b) for a, b, _, _ in point.eles)
        return _Ele(*where, point.inner, point.inner, indent + before, after, drop)
