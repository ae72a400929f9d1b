"""Find runs of plain track points in GPX text and convert many points at once.

In a run, each point consists, byte for byte, of the constant parts of a `Template` that an XML parser has read, with
values free of markup between them, and only blank space separates two points. Such a run is well-formed in itself. One
element replaces it for the XML parser, which checks that track points may be there (`routes.gpx.read.parser`), and that
it is not in a comment, for example.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from routes._typing import BoolArray, FloatArray, IntArray
from routes.gpx.read.numbers import PAD_BYTES, Words, decimals, times, words_of
from routes.gpx.read.template import MAX_POINT, Template, length_of_first_point, template_of
from routes.model.points import Points

MIN_RUN = 4
"""Fewest points in a run."""

_MAX_TEMPLATES = 32
_MAX_TRIES = 8
"""Points per chunk that are tried as templates."""

_CARRY = 65_536
"""Longest remainder of a chunk that waits for the next one, bytes."""

_TRACKPOINT_BYTES = b"<trkpt\0\0"
_TRACKPOINT = np.frombuffer(_TRACKPOINT_BYTES, dtype="<u8")[0]
_SIX_BYTES = np.uint64(0x0000FFFFFFFFFFFF)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Consecutive track points."""

    points: Points
    lines: int
    """Number of line ends in its text."""

    prefixes: frozenset[str]
    """Namespace prefixes that must be declared around it."""


@dataclass(slots=True)
class Scanner:
    """Cuts runs out of a chunked text."""

    templates: list[Template] = field(default_factory=list)
    carry: bytes = b""
    scratch: BoolArray = field(default_factory=lambda: np.empty((2, 0), dtype=np.bool_))
    """Working memory: a new allocation per chunk costs a quarter of the time."""

    def pieces(self, chunk: bytes) -> Iterator[memoryview | Run]:
        """Pieces of the text in order: runs, and text for the XML parser."""
        size = len(self.carry) + len(chunk)
        padded = b"".join((self.carry, chunk, bytes(MAX_POINT + PAD_BYTES)))
        self.carry = b""
        text = memoryview(padded)
        if self.scratch.shape[1] < size:
            self.scratch = np.empty((2, size + _CARRY), dtype=np.bool_)
        found = _Chunk.of(padded, self.scratch[:, :size])
        done = 0
        if found is not None and found.first.size:
            found.match(self.templates)
            for begin, end, rows in found.runs():
                if begin > done:
                    yield text[done:begin]
                yield found.run(rows, begin, end)
                done = end
            rest = max(done, int(found.at[found.first[-1]]))
            if size - rest <= _CARRY:
                self.carry = padded[rest:size]
                size = rest
        if size > done:
            yield text[done:size]


@dataclass(slots=True, eq=False)
class _Chunk:
    """Points of a chunk, one per row, most of them known by their template number."""

    raw: bytes
    buffer: np.ndarray[tuple[int], np.dtype[np.uint8]]
    words: Words
    at: IntArray
    """Byte positions of delimiters."""

    first: IntArray
    """Number of the delimiter with which each point begins."""

    count: IntArray
    """Number of delimiters from the start of each point to the next."""

    is_open: BoolArray
    """Whether a point is not known yet but may be."""

    is_plain: BoolArray
    end: IntArray
    """Number of the last delimiter of each plain point."""

    columns: FloatArray
    """Longitude, latitude, elevation, time; shape (4, n)."""

    form: IntArray
    used: list[Template] = field(default_factory=list)

    @classmethod
    def of(cls, raw: bytes, scratch: BoolArray) -> "_Chunk | None":
        buffer = np.frombuffer(raw, dtype=np.uint8)
        text = buffer[: scratch.shape[1]]
        is_delimiter, is_this = scratch
        np.bitwise_or(text, 2, out=is_this.view(np.uint8))
        np.equal(is_this.view(np.uint8), 62, out=is_delimiter)  # < and >
        # searching for an absent byte is quicker than comparing all
        for quote in (b'"', b"'"):
            if quote in raw:
                is_delimiter |= np.equal(text, quote[0], out=is_this)
        at = np.flatnonzero(is_delimiter)
        words = words_of(buffer)
        # one byte rules most of them out
        first = np.flatnonzero(buffer[1:][at] == _TRACKPOINT_BYTES[1])
        first = first[(words[at[first]] & _SIX_BYTES) == _TRACKPOINT]
        if not first.size:
            return None
        count = np.diff(first, append=at.size)
        is_open = np.ones(first.size, dtype=np.bool_)
        # references, and bytes that XML forbids or that another reader must decode
        odd = np.less(text, 32, out=is_delimiter)
        for blank in (b"\t", b"\n", b"\r"):
            if blank in raw:
                odd &= np.not_equal(text, blank[0], out=is_this)
        if b"&" in raw:
            odd |= np.equal(text, 38, out=is_this)
        if not raw.isascii():
            odd |= np.greater(text, 126, out=is_this)
        if odd.any():
            rows = np.searchsorted(at[first], np.flatnonzero(odd), side="right") - 1
            is_open[rows[rows >= 0]] = False
        n = first.size
        return cls(
            raw, buffer, words, at, first, count, is_open, np.zeros(n, dtype=np.bool_),
            np.zeros(n, dtype=np.int64), np.full((4, n), np.nan), np.full(n, -1, dtype=np.int64),
        )  # fmt: skip

    def match(self, templates: list[Template]) -> None:
        """Compare the points with known templates, and with new ones that they provide."""
        for known in templates:
            if not self.is_open.any():
                return
            self._match(known)
        for _ in range(_MAX_TRIES):
            row = int(np.argmax(self.is_open))
            if not self.is_open[row]:
                return
            begin = int(self.at[self.first[row]])
            # padding is not text: an incomplete point has no end
            point = self.raw[begin : begin + length_of_first_point(self.raw[begin : begin + MAX_POINT])]
            template = template_of(point)
            if template is not None and self._match(template) and len(templates) < _MAX_TEMPLATES:
                templates.append(template)
            self.is_open[row] = False

    def _match(self, template: Template) -> bool:
        """Read the values of all open points with a template; returns whether there were any."""
        rows = np.flatnonzero(self.is_open & (self.count >= template.width))
        for begin, constant in template.constants:
            if not rows.size:
                return False
            is_same = self._has(self.at[self.first[rows] + begin], constant)
            if not is_same.all():
                rows = rows[is_same]
        first = self.first[rows]
        values = np.full((4, rows.size), np.nan)
        is_plain = np.ones(rows.size, dtype=np.bool_)
        # both at once saves half the calls
        start = np.concatenate([self.at[first + slot] + 1 for slot in (template.lon, template.lat)])
        stop = np.concatenate([self.at[first + slot + 1] for slot in (template.lon, template.lat)])
        degrees, is_number = decimals(self.raw, self.words, start, stop)
        values[:2] = degrees.reshape(2, -1)
        is_plain &= is_number.reshape(2, -1).all(axis=0)
        if template.ele is not None:
            start, stop = self.at[first + template.ele] + 1, self.at[first + template.ele + 1]
            values[2], is_number = decimals(self.raw, self.words, start, stop)
            is_plain &= is_number
        if template.time is not None:
            start, stop = self.at[first + template.time] + 1, self.at[first + template.time + 1]
            values[3], is_time = times(self.words, start, stop)
            is_plain &= is_time
        is_plain &= (np.abs(values[0]) <= 180.0) & (np.abs(values[1]) <= 90.0)
        if not is_plain.all():
            rows, values = rows[is_plain], values[:, is_plain]
        self.columns[:, rows] = values
        self.is_plain[rows] = True
        self.is_open[rows] = False
        self.end[rows] = self.first[rows] + template.width - 1
        self.form[rows] = len(self.used)
        self.used.append(template)
        return bool(rows.size)

    def _has(self, start: IntArray, constant: bytes) -> BoolArray:
        """Whether the text has a constant at each position (it contains no null bytes)."""
        texts = np.ndarray(
            (self.buffer.size - len(constant) + 1,), dtype=f"S{len(constant)}", buffer=self.raw, strides=(1,)
        )
        same: BoolArray = texts[start] == constant
        return same

    def runs(self) -> Iterator[tuple[int, int, slice]]:
        """First byte, end and rows of each run that is long enough."""
        plain = self.is_plain
        # between two neighbours: only blank space
        is_linked = plain[:-1] & plain[1:] & (self.first[1:] == self.end[:-1] + 1)
        before = np.flatnonzero(is_linked)
        start, stop = self.at[self.end[before]] + 1, self.at[self.first[before + 1]]
        is_blank = start == stop
        gaps: set[bytes] = set()
        for _ in range(_MAX_TRIES):
            left = np.flatnonzero(~is_blank)
            if not left.size:
                break
            gap = self.raw[start[left[0]] : stop[left[0]]]
            if gap in gaps or gap.strip(b" \t\r\n") or len(gap) > MAX_POINT:
                break
            gaps.add(gap)
            same = left[stop[left] - start[left] == len(gap)]
            is_blank[same[self._has(start[same], gap)]] = True
        is_linked[before[~is_blank]] = False
        breaks = np.flatnonzero(~is_linked) + 1
        edges = np.concatenate(([0], breaks, [plain.size]))
        for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if b - a >= MIN_RUN and plain[a]:
                yield int(self.at[self.first[a]]), int(self.at[self.end[b - 1]]) + 1, slice(a, b)

    def run(self, rows: slice, begin: int, end: int) -> Run:
        """Columns of a run, and the number of lines in its text."""
        forms = np.unique(self.form[rows])
        prefixes = frozenset().union(*(self.used[i].prefixes for i in forms.tolist()))
        lines = int(np.count_nonzero(self.buffer[begin:end] == 10))
        if self.raw.find(b"\r", begin, end) >= 0:
            lines += self.raw.count(b"\r", begin, end) - self.raw.count(b"\r\n", begin, end)
        return Run(Points(*(column[rows].copy() for column in self.columns)), lines, prefixes)
