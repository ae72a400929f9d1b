"""Files that a reader takes out of the page: their text without the points, which the page holds once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from routes._typing import IntArray
from routes.render.page.coding import decoded, encoded

_POINT = re.compile(
    r' {6}<trkpt lat="(-?\d+\.\d{6})" lon="(-?\d+\.\d{6})"(?:/>|><ele>(-?\d+\.\d)</ele></trkpt>)\n'
)
_POINTS = re.compile(rf"(?:{_POINT.pattern})+")
_SHARED = re.compile(
    r"""<\?xml.*\n<gpx.*\n[ ]{2}<metadata>\n | ^[ ]{4}<(?:desc|number)>.*\n | ^[ ]{2}<wpt[ ].*\n(?:[ ]{4}<(?!sym).*\n)*
    | ^[ ]{4}<sym>(?:.*\n)*?[ ]{2}</wpt>\n
    | ^(?:leg|day|variant),[^,\n]*,""",
    re.MULTILINE | re.VERBOSE,
)
"""Pieces that files of a trek share, or that part what they share: heads, waypoints in two parts (the second, sign and
kind, is that of many), starts of rows of a table."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file for a reader."""

    name: str
    """File name."""

    label: str
    """What the button says."""

    text: str
    """The file."""


@dataclass(slots=True)
class Shelf:
    """Runs of points and pieces of text, each held once."""

    runs: list[tuple[int, str]] = field(default_factory=list)
    """Number of columns (2: latitude and longitude in millionths of a degree; 3: also height in decimetres), and text
    of `encoded`."""

    texts: list[str] = field(default_factory=list)
    """Pieces of files."""

    _run_of: dict[tuple[bytes, ...], int] = field(default_factory=dict)
    _text_of: dict[str, int] = field(default_factory=dict)

    def run(self, columns: Sequence[IntArray]) -> int:
        """Index of a run, which is added if it is new; one without heights may be found in one that has them."""
        key = tuple(np.asarray(column, dtype=np.int64).tobytes() for column in columns)
        found = self._run_of.get(key)
        if found is None:
            found = len(self.runs)
            self.runs.append((len(columns), encoded(columns)))
            self._run_of[key] = found
            self._run_of.setdefault(key[:2], found)
        return found

    def text(self, text: str) -> int:
        """Index of a piece of text, which is added if it is new."""
        if text not in self._text_of:
            self._text_of[text] = len(self.texts)
            self.texts.append(text)
        return self._text_of[text]

    def pieces(self, text: str) -> list[int]:
        """A file as indices: of a text from 0 up, of a run with heights as -1 - 2 i, without as -2 - 2 i."""
        pieces: list[int] = []
        at = 0
        for match in _POINTS.finditer(text):
            pieces.extend(self._pieces_of(text[at : match.start()]))
            columns = _columns(match[0])
            pieces.append(-1 - 2 * self.run(columns) - (len(columns) == 2))
            at = match.end()
        pieces.extend(self._pieces_of(text[at:]))
        return pieces

    def _pieces_of(self, text: str) -> Iterator[int]:
        at = 0
        for match in _SHARED.finditer(text):
            for piece in (text[at : match.start()], match[0]):
                if piece:
                    yield self.text(piece)
            at = match.end()
        if text[at:]:
            yield self.text(text[at:])


def packed(downloads: Sequence[Download], shelf: Shelf) -> list[Mapping[str, object]]:
    """Downloads as the page's script reads them."""
    return [{"name": d.name, "label": d.label, "pieces": shelf.pieces(d.text)} for d in downloads]


def unpacked(pieces: Sequence[int], shelf: Shelf) -> str:
    """Put a file together again, as the page's script does."""
    parts = []
    for piece in pieces:
        if piece >= 0:
            parts.append(shelf.texts[piece])
            continue
        count, text = shelf.runs[(-1 - piece) // 2]
        rows = zip(*decoded(text, count), strict=True)
        parts.extend(_point(row[:2] if piece % 2 == 0 else row) for row in rows)
    return "".join(parts)


def _columns(points: str) -> list[IntArray]:
    rows = [match.groups() for match in _POINT.finditer(points)]
    used = 2 if any(row[2] is None for row in rows) else 3
    return [np.array([int(row[i].replace(".", "")) for row in rows], dtype=np.int64) for i in range(used)]


def _point(row: Sequence[int]) -> str:
    start = f'      <trkpt lat="{_decimal(row[0], 6)}" lon="{_decimal(row[1], 6)}"'
    return f"{start}/>\n" if len(row) == 2 else f"{start}><ele>{_decimal(row[2], 1)}</ele></trkpt>\n"


def _decimal(value: int, decimals: int) -> str:
    digits = f"{abs(value):0{decimals + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"
