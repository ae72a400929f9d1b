"""Points of a GPX file with their line numbers, for checks."""

from dataclasses import dataclass

import numpy as np

from routes._typing import IntArray
from routes.model.points import Points


@dataclass(frozen=True, slots=True, eq=False)
class CheckedRun:
    """One segment or route."""

    line: int
    """Its first line."""

    points: Points
    """Its points with a position on Earth, and heights as given."""

    lines: IntArray
    """Line of each point, shape (n,)."""

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True, slots=True, eq=False)
class CheckedWay:
    """A track or a route."""

    name: str
    """Its name; empty if there is none."""

    line: int
    """Its first line."""

    is_route: bool
    """Whether it is a route."""

    runs: tuple[CheckedRun, ...]
    """Its segments; a route has one."""

    @property
    def size(self) -> int:
        """Number of points."""
        return sum(len(run) for run in self.runs)

    @property
    def points(self) -> Points:
        """All its points."""
        return Points.joined([run.points for run in self.runs])

    @property
    def lines(self) -> IntArray:
        """Lines of all points."""
        return np.concatenate([np.empty(0, dtype=np.int64), *(run.lines for run in self.runs)])


@dataclass(frozen=True, slots=True)
class CheckedWaypoint:
    """A waypoint."""

    name: str
    lon: float
    """Longitude, degrees."""

    lat: float
    """Latitude, degrees."""

    line: int


@dataclass(frozen=True, slots=True, eq=False)
class CheckedFile:
    """Data for the checks of positions, heights and times."""

    ways: tuple[CheckedWay, ...]
    waypoints: tuple[CheckedWaypoint, ...]

    decimals: int
    """Largest number of decimals of any coordinate of a track or route."""

    @property
    def tracks(self) -> tuple[CheckedWay, ...]:
        """Its tracks."""
        return tuple(way for way in self.ways if not way.is_route)

    @property
    def n_points(self) -> int:
        """Points of tracks and routes."""
        return sum(way.size for way in self.ways)
