"""Cut legs from a recorded track: find the places, remove noise, fix the direction."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routes._typing import BoolArray, FloatArray, IntArray
from routes.errors import TraceError
from routes.kernel.cleaning import is_spike, is_standstill
from routes.kernel.geodesy import cumulative_distance_m, distance_m
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment
from routes.model.trek import Place

REACH_M = 300.0
"""Distance within which a track passes a place, metres; the place's uncertainty counts if larger."""

STEP_M = 25.0
"""Largest spacing of the points where a track can be cut, metres."""

SPAN_COST = 0.02
"""Metres nearer to a place that justify one more metre of track: if the track passes a place twice, the
shorter leg wins."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RecordedPart:
    """Part of a track that is a leg."""

    line: Line
    """The part, from the first place to the last."""

    away_m: float
    """Largest distance of a place from it, metres."""

    is_reversed: bool
    """Whether it was recorded in the opposite direction."""

    left_out: int
    """Number of points removed: spikes and standstills."""


def cut_track(segments: Sequence[Segment], stops: Sequence[Place], name: str) -> RecordedPart:
    """Cut the part of a track that passes the places in order, forwards or backwards, nearest to them.

    Gaps between segments stay gaps; `name` is the track's name, for the source and for errors. Raises
    TraceError if the track does not pass a place, or not in this order.
    """
    left_out = 0
    cleaned = []
    for segment in segments:
        kept = _kept(segment)
        left_out += segment.lon_deg.size - int(kept.sum())
        ele = None if segment.ele_m is None else segment.ele_m[kept]
        cleaned.append(Segment(segment.lon_deg[kept], segment.lat_deg[kept], ele))
    _check_near(cleaned, stops, name)
    ways = [_Points.of(cleaned), _Points.of([segment.reversed() for segment in reversed(cleaned)])]
    found = [_passages(way, stops) for way in ways]
    best = int(found[1][1] < found[0][1])
    way, (at, _) = ways[best], found[best]
    away = np.array(
        [distance_m([p.lon], [p.lat], way.lon[[i]], way.lat[[i]])[0] for p, i in zip(stops, at, strict=True)]
    )
    for place, distance in zip(stops, away.tolist(), strict=True):
        if distance > _reach_m(place):
            msg = (
                f"{name} passes the places from {stops[0].name} to {stops[-1].name}, but not in this order: "
                f"{place.name} is {distance:,.0f} m away when it should come."
            )
            raise TraceError(msg)
    if at[0] == at[-1]:
        msg = f"{name} has no way from {stops[0].name} to {stops[-1].name}: it passes them at one point."
        raise TraceError(msg)
    part = way.between(int(at[0]), int(at[-1]))
    if not part:
        msg = f"{name} has no way from {stops[0].name} to {stops[-1].name}: it has a gap between them."
        raise TraceError(msg)
    line = Line(
        part,
        Provenance.RECORDED,
        f"recorded track {name}, from {stops[0].name} to {stops[-1].name}"
        + (", turned round" if best else "")
        + (f", {left_out} points of spikes and standstill left out" if left_out else ""),
    )
    return RecordedPart(line=line, away_m=float(away.max()), is_reversed=bool(best), left_out=left_out)


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """A track with points every few metres where it can be cut."""

    lon: FloatArray
    lat: FloatArray
    ele: FloatArray
    along_m: FloatArray
    is_vertex: BoolArray
    segment: IntArray

    @classmethod
    def of(cls, segments: Sequence[Segment]) -> "_Points":
        parts = [_dense(segment) for segment in segments]
        lon, lat, ele = (np.concatenate([part[i] for part in parts]) for i in range(3))
        vertex = np.concatenate([part[3] for part in parts])
        number = np.repeat(np.arange(len(parts)), [part[0].size for part in parts])
        return cls(lon, lat, ele, cumulative_distance_m(lon, lat), vertex, number)

    def between(self, first: int, last: int) -> tuple[Segment, ...]:
        """Segments from one point to another, with the vertices between them."""
        chosen = self.is_vertex.copy()
        chosen[[first, last]] = True
        index = np.flatnonzero(chosen)
        index = index[(index >= first) & (index <= last)]
        segments = []
        for number in np.unique(self.segment[index]).tolist():
            of = index[self.segment[index] == number]
            if of.size < 2 or not (np.ptp(self.lon[of]) or np.ptp(self.lat[of])):
                continue
            ele = self.ele[of] if np.isfinite(self.ele[of]).any() else None
            segments.append(Segment(self.lon[of], self.lat[of], ele))
        return tuple(segments)


def _kept(segment: Segment) -> BoolArray:
    spike = is_spike(segment.lon_deg, segment.lat_deg)
    return ~(spike | is_standstill(segment.lon_deg, segment.lat_deg))


def _dense(segment: Segment) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
    """Longitude, latitude, elevation (NaN if unknown) and whether it is a vertex, at most `STEP_M` apart."""
    along = cumulative_distance_m(segment.lon_deg, segment.lat_deg)
    extra = np.arange(STEP_M, along[-1], STEP_M)
    at = np.concatenate([along, extra])
    order = np.argsort(at, kind="stable")
    is_vertex = (np.arange(at.size) < along.size)[order]
    at = at[order]
    ele = np.full(along.size, np.nan) if segment.ele_m is None else segment.ele_m
    lon = np.interp(at, along, np.unwrap(segment.lon_deg, period=360.0))
    lat = np.interp(at, along, segment.lat_deg)
    # exact vertices, even where two are at the same distance
    lon[is_vertex], lat[is_vertex] = segment.lon_deg, segment.lat_deg
    height = np.interp(at, along, ele)
    height[is_vertex] = ele
    return np.where(np.abs(lon) > 180.0, (lon + 180.0) % 360.0 - 180.0, lon), lat, height, is_vertex


def _passages(way: _Points, stops: Sequence[Place]) -> tuple[IntArray, float]:
    """Points where a track passes the places in order, and the cost: distances, plus a little for length."""
    cost = np.zeros(way.lon.size)
    befores = []
    for place in stops:
        away = distance_m(
            np.full(way.lon.size, place.lon), np.full(way.lon.size, place.lat), way.lon, way.lat
        )
        best = np.minimum.accumulate(cost - SPAN_COST * way.along_m)
        is_new = np.concatenate([[True], best[1:] < best[:-1]])
        befores.append(np.maximum.accumulate(np.where(is_new, np.arange(best.size), 0)))
        cost = away + best + SPAN_COST * way.along_m if befores[1:] else away
    at = [int(np.argmin(cost))]
    total = float(cost[at[0]])
    for before in reversed(befores[1:]):
        at.append(int(before[at[-1]]))
    return np.array(at[::-1], dtype=np.intp), total


def _check_near(segments: Sequence[Segment], stops: Sequence[Place], name: str) -> None:
    points = _Points.of(segments)
    for place in stops:
        away = distance_m(
            np.full(points.lon.size, place.lon), np.full(points.lon.size, place.lat), points.lon, points.lat
        ).min()
        if away > _reach_m(place):
            msg = (
                f"{name} does not pass {place.name} ({place.lon:.4f}, {place.lat:.4f}): the nearest it comes is "
                f"{away / 1000.0:,.1f} km."
            )
            raise TraceError(msg)


def _reach_m(place: Place) -> float:
    return max(REACH_M, place.position_uncertainty_m)
