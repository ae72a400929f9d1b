"""Files to download from the page, rebuilt from points that the page stores once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from routes._typing import IntArray
from routes.gpx.write.digits import PointDigits
from routes.gpx.write.document import GPXParts
from routes.render.page.coding import encoded


@dataclass(frozen=True, slots=True)
class Download:
    """A file to download."""

    name: str
    """File name."""

    label: str
    """Label of the button."""

    parts: GPXParts
    """Content: texts, which files may share, and points as digits."""


@dataclass(slots=True)
class Shelf:
    """Point runs and texts, each stored once."""

    runs: list[tuple[int, str]] = field(default_factory=list)
    """Number of columns (2: latitude, longitude in 1e-6 degrees; 3: also height in decimetres) and encoded
    text.
    """

    texts: list[str] = field(default_factory=list)
    """Texts between the points."""

    _run_of: dict[tuple[bytes, ...], int] = field(default_factory=dict)
    _text_of: dict[str, int] = field(default_factory=dict)

    def run(self, columns: Sequence[IntArray]) -> int:
        """Index of a run, added if new; one without heights may be part of one with heights."""
        key = tuple(np.asarray(column, dtype=np.int64).tobytes() for column in columns)
        found = self._run_of.get(key)
        if found is None:
            found = len(self.runs)
            self.runs.append((len(columns), encoded(columns)))
            self._run_of[key] = found
            self._run_of.setdefault(key[:2], found)
        return found

    def text(self, text: str) -> int:
        """Index of a text, added if new."""
        if text not in self._text_of:
            self._text_of[text] = len(self.texts)
            self.texts.append(text)
        return self._text_of[text]

    def pieces(self, parts: GPXParts) -> list[int]:
        """A file as indices: texts count from 0, runs are -1 - 2 i with heights and -2 - 2 i without."""
        return [self.text(part) if isinstance(part, str) else self._points(part) for part in parts]

    def _points(self, points: PointDigits) -> int:
        """Index of a run in a file."""
        columns = [points.lat, points.lon] + ([] if points.ele is None else [points.ele])
        return -1 - 2 * self.run(columns) - (points.ele is None)


def packed(downloads: Sequence[Download], shelf: Shelf) -> list[Mapping[str, object]]:
    """Downloads as the page's script reads them."""
    return [{"name": d.name, "label": d.label, "pieces": shelf.pieces(d.parts)} for d in downloads]
