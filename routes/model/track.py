"""Lines of legs as GPX 1.1 means them: segments that are never joined."""

from dataclasses import dataclass, field

import numpy as np

from routes._typing import Bounds, FloatArray
from routes.errors import ModelError
from routes.model.kinds import Provenance


def read_only(values: FloatArray) -> FloatArray:
    """Copy an array into one that cannot be written to."""
    copy = np.array(values, dtype=np.float64)
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """An unbroken run of points, in walking order."""

    lon_deg: FloatArray
    """Longitudes, shape (n,), degrees, WGS 84."""

    lat_deg: FloatArray
    """Latitudes, shape (n,), degrees, WGS 84."""

    ele_m: FloatArray | None = None
    """Elevations as the file gives them, shape (n,), metres above an unknown datum; NaN where absent."""

    def __post_init__(self) -> None:
        if self.lon_deg.shape != self.lat_deg.shape or self.lon_deg.ndim != 1 or self.lon_deg.size < 2:
            msg = f"A segment needs two or more points; it has {self.lon_deg.shape} and {self.lat_deg.shape}."
            raise ModelError(msg)
        object.__setattr__(self, "lon_deg", read_only(self.lon_deg))
        object.__setattr__(self, "lat_deg", read_only(self.lat_deg))
        if self.ele_m is not None:
            if self.ele_m.shape != self.lon_deg.shape:
                msg = f"A segment of {self.lon_deg.size} points has {self.ele_m.size} elevations."
                raise ModelError(msg)
            object.__setattr__(self, "ele_m", read_only(self.ele_m))

    def reversed(self) -> "Segment":
        """Return the same run walked the other way."""
        ele = None if self.ele_m is None else self.ele_m[::-1]
        return Segment(self.lon_deg[::-1], self.lat_deg[::-1], ele)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The line of a leg: its segments, where they come from, and how far off they may be."""

    segments: tuple[Segment, ...]
    """One or more segments; a gap between two is a gap."""

    provenance: Provenance
    """Recorded, along OpenStreetMap, modelled or schematic."""

    source: str
    """What it was made from, in words."""

    lateral_uncertainty_m: float | None = None
    """Standard uncertainty of its position across the way, metres; None when nobody can say."""

    notes: tuple[str, ...] = field(default=())
    """What the reader of the file noticed."""

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north, degrees."""
        lon = np.concatenate([segment.lon_deg for segment in self.segments])
        lat = np.concatenate([segment.lat_deg for segment in self.segments])
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def reversed(self) -> "Line":
        """Return the same line walked the other way."""
        segments = tuple(segment.reversed() for segment in reversed(self.segments))
        return Line(segments, self.provenance, self.source, self.lateral_uncertainty_m, self.notes)
