"""Gather points, warnings and texts of a GPX file while it is read, within bounds."""

from array import array
from dataclasses import dataclass, field

import numpy as np

from routes._typing import FloatArray
from routes.gpx.track_file import MAX_KEPT, GPXWarning, LineMark, PointColumns, Trap

_UNKNOWN = float("nan")


@dataclass(slots=True)
class Columns:
    """Columns of points that grow by single points and by runs."""

    parts: list[tuple[FloatArray, ...]] = field(default_factory=list)
    singles: tuple["array[float]", ...] = field(
        default_factory=lambda: tuple(array("d") for _ in range(4)),
    )
    done: int = 0

    @property
    def size(self) -> int:
        """How many points there are."""
        return self.done + len(self.singles[0])

    def add(self, lon: float, lat: float, ele: float, time: float) -> None:
        """Add a point."""
        for column, value in zip(self.singles, (lon, lat, ele, time), strict=True):
            column.append(value)

    def extend(self, *run: FloatArray) -> None:
        """Add points: longitudes, latitudes, elevations, times."""
        self._settle()
        self.parts.append(run)
        self.done += run[0].size

    def _settle(self) -> None:
        if self.singles[0]:
            self.done += len(self.singles[0])
            self.parts.append(tuple(np.array(column, dtype=np.float64) for column in self.singles))
            self.singles = tuple(array("d") for _ in range(4))

    def take(self) -> PointColumns:
        """Hand over the points, and forget them."""
        self._settle()
        parts, self.parts, self.done = self.parts, [], 0
        columns = []
        for i in range(4):
            # a column at a time, so that two copies of one column at most are alive
            columns.append(np.concatenate([part[i] for part in parts]) if parts else np.empty(0))
            parts = [tuple(np.empty(0) if j == i else part[j] for j in range(4)) for part in parts]
        return PointColumns(*columns)


@dataclass(slots=True)
class Notes:
    """Warnings of a file, counted, and kept up to a number of each kind."""

    kept: list[GPXWarning] = field(default_factory=list)
    totals: dict[Trap, int] = field(default_factory=dict)

    def add(self, line: int, code: Trap, text: str) -> None:
        """Note what was odd in a line."""
        self.totals[code] = self.totals.get(code, 0) + 1
        if self.totals[code] <= MAX_KEPT:
            self.kept.append(GPXWarning(line, code, text))


def quoted(text: str) -> str:
    """Text of a file as a message shows it: short, on one line, without what steers a terminal."""
    return repr(text if len(text) <= 40 else f"{text[:40]}...")


@dataclass(slots=True)
class OpenPoint:
    """A point whose element has not ended."""

    lon: float
    lat: float
    line: int
    ele: float = _UNKNOWN
    time: float = _UNKNOWN
    has_ele: bool = False
    has_time: bool = False
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class OpenTrack:
    """A track or route whose element has not ended."""

    line: int
    first_segment: int
    is_route: bool
    mark: LineMark | None = None
    texts: dict[str, str] = field(default_factory=dict)
