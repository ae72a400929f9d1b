"""Files that a reader takes out of the page: their text without the points, which the page holds once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from routes._typing import IntArray
from routes.gpx.write.digits import PointDigits
from routes.gpx.write.document import GPXParts
from routes.render.page.coding import encoded


@dataclass(frozen=True, slots=True)
class Download:
    """A file for a reader."""

    name: str
    """File name."""

    label: str
    """What the button says."""

    parts: GPXParts
    """The file: texts that it may share with others, and points as digits."""


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

    def pieces(self, parts: GPXParts) -> list[int]:
        """A file as indices: of a text from 0 up, of a run with heights as -1 - 2 i, without as -2 - 2 i."""
        return [self.text(part) if isinstance(part, str) else self._points(part) for part in parts]

    def _points(self, points: PointDigits) -> int:
        """Index of points in a file."""
        columns = [points.lat, points.lon] + ([] if points.ele is None else [points.ele])
        return -1 - 2 * self.run(columns) - (points.ele is None)


def packed(downloads: Sequence[Download], shelf: Shelf) -> list[Mapping[str, object]]:
    """Downloads as the page's script reads them."""
    return [{"name": d.name, "label": d.label, "pieces": shelf.pieces(d.parts)} for d in downloads]
