"""Lines of legs, as segments that are never joined (GPX 1.1)."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from routes._typing import Bounds, FloatArray
from routes.errors import ModelError
from routes.model.kinds import OSM_ATTRIBUTION, Provenance


def read_only(values: FloatArray) -> FloatArray:
    """Read-only copy of an array."""
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
    """Elevations from the file, shape (n,), metres above an unknown datum; NaN where absent."""

    provenance: Provenance | None = None
    """Its own provenance; None if it is the line's."""

    lateral_p90_m: float | None = None
    """Distance within which 90 % of the real trail lies, metres; None if it is the line's."""

    is_timed: bool = False
    """Whether its points have times, as recorded ones do."""

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

    @property
    def has_heights(self) -> bool:
        """Whether every elevation is known."""
        return self.ele_m is not None and bool(np.isfinite(self.ele_m).all())

    def reversed(self) -> "Segment":
        """The same segment in the opposite direction."""
        ele = None if self.ele_m is None else self.ele_m[::-1]
        return replace(self, lon_deg=self.lon_deg[::-1], lat_deg=self.lat_deg[::-1], ele_m=ele)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Segments of a line that connect end to end."""

    whole: Segment
    """All of them in one."""

    parts: tuple[Segment, ...]
    """The segments; each ends where the next begins."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The line of a leg: segments, provenance, lateral uncertainty."""

    segments: tuple[Segment, ...]
    """One or more segments; a gap between two stays a gap, and two that meet in a point are continuous."""

    provenance: Provenance
    """Recorded, along OpenStreetMap, modelled or schematic; the main one if segments differ."""

    source: str
    """Source, in words."""

    lateral_p90_m: float | None = None
    """Distance within which 90 % of the real trail lies, metres; None if unknown."""

    notes: tuple[str, ...] = field(default=())
    """Notes from reading the file."""

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north, degrees."""
        lon = np.concatenate([segment.lon_deg for segment in self.segments])
        lat = np.concatenate([segment.lat_deg for segment in self.segments])
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    @property
    def is_partly_modelled(self) -> bool:
        """Whether some but not all of it is modelled."""
        return Provenance.MODELLED in self.provenances and len(self.provenances) > 1

    @property
    def provenances(self) -> tuple[Provenance, ...]:
        """Provenances of its segments, the main one first."""
        own = (segment.provenance or self.provenance for segment in self.segments)
        return tuple(sorted(set(own), key=lambda kind: kind is not self.provenance))

    def lateral_of(self, segment: Segment) -> float | None:
        """Distance from one of its segments within which 90 % of the real trail lies, metres; None if unknown."""
        return self.lateral_p90_m if segment.lateral_p90_m is None else segment.lateral_p90_m

    def unbroken(self) -> "tuple[Run, ...]":
        """Runs without a gap: segments that meet in a point, whatever their provenance."""
        groups: list[list[Segment]] = []
        for segment in self.segments:
            if groups and _meet(groups[-1][-1], segment):
                groups[-1].append(segment)
            else:
                groups.append([segment])
        return tuple(Run(_joined(group), tuple(group)) for group in groups)

    def stretches(self) -> tuple[tuple[Provenance, Segment], ...]:
        """Runs without a gap and with one provenance, and that provenance."""
        found = []
        for run in self.unbroken():
            for kind, parts in itertools.groupby(
                run.parts, key=lambda part: part.provenance or self.provenance
            ):
                found.append((kind, _joined(list(parts))))
        return tuple(found)

    def reversed(self) -> "Line":
        """The same line in the opposite direction."""
        segments = tuple(segment.reversed() for segment in reversed(self.segments))
        return Line(segments, self.provenance, self.source, self.lateral_p90_m, self.notes)


def osm_credit(lines: Iterable[Line]) -> str:
    """OpenStreetMap's credit if a line follows its paths; otherwise empty."""
    return OSM_ATTRIBUTION if any(line.provenance is Provenance.OSM for line in lines) else ""


def _meet(first: Segment, second: Segment) -> bool:
    return bool(first.lon_deg[-1] == second.lon_deg[0] and first.lat_deg[-1] == second.lat_deg[0])


def _joined(group: list[Segment]) -> Segment:
    if len(group) == 1:
        return group[0]
    first, rest = group[0], group[1:]
    ele = None
    if any(segment.ele_m is not None for segment in group):
        known = [np.full(s.lon_deg.size, np.nan) if s.ele_m is None else s.ele_m for s in group]
        ele = np.concatenate([known[0], *(part[1:] for part in known[1:])])
    return Segment(
        np.concatenate([first.lon_deg, *(s.lon_deg[1:] for s in rest)]),
        np.concatenate([first.lat_deg, *(s.lat_deg[1:] for s in rest)]),
        ele,
        is_timed=any(segment.is_timed for segment in group),
    )
