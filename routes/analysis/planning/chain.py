"""Split a walk into blocks at the places where you can sleep."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from routes._typing import FloatArray
from routes.analysis.figures.legs import sum_estimates
from routes.analysis.figures.results import LegStudy, VariantStudy
from routes.analysis.figures.stops import Stop, stops_along
from routes.kernel.geodesy import cumulative_distance_m, resample
from routes.model.estimate import Estimate
from routes.model.kinds import Mode, PlaceKind
from routes.model.track import Segment
from routes.model.trek import Place, Trek

SLEEPING_KINDS = frozenset(
    {PlaceKind.CAMP, PlaceKind.HOTEL, PlaceKind.VILLAGE, PlaceKind.TOWN, PlaceKind.CITY}
)
"""Kinds of places where we assume you can sleep: built for it, or inhabited. For a lake, a pass or a station,
the trek file (`sleep` of a day) or the walker must say so."""

NEAR_M = 500.0
"""Largest distance of a place to sleep from the line, beyond its uncertainty, metres: seven minutes' walk."""

_SPACING_M = 50.0


@dataclass(frozen=True, slots=True)
class Part:
    """A section of one leg between two of its places."""

    leg: LegStudy
    """The leg."""

    start: Stop
    """Where it begins."""

    end: Stop
    """Where it ends."""

    length_m: Estimate
    """Horizontal length, metres: the leg's, in proportion along its line."""

    ascent_m: Estimate | None
    """Ascent, metres: the leg's, in proportion to the rises of its profile; None if unknown."""

    descent_m: Estimate | None
    """Descent, likewise."""

    time_s: Estimate | None
    """Walking time, seconds: the leg's, in proportion along its line; None if unknown."""

    high_m: float | None
    """Highest point of the smoothed profile, metres; None if unknown."""

    shares: tuple[float, float]
    """Start and end, as shares of the leg's length."""

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole leg."""
        return self.shares == (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Block:
    """The walk from one place to sleep to the next."""

    parts: tuple[Part, ...]
    """Its sections, in order."""

    @property
    def start(self) -> Place:
        """Where it begins."""
        return self.parts[0].start.place

    @property
    def end(self) -> Place:
        """Where it ends."""
        return self.parts[-1].end.place


def can_sleep(trek: Trek, also: Collection[str] = ()) -> frozenset[str]:
    """Ids of places where you can sleep: by kind, as the end of a day, or named in `also`."""
    by_kind = {place.id for place in trek.places if place.kind in SLEEPING_KINDS}
    return frozenset(by_kind | {day.sleep for day in trek.days if day.sleep} | set(also))


def chains_of(variant: VariantStudy) -> list[tuple[LegStudy, ...]]:
    """Runs of consecutive walking legs over the days of a variant.

    A ride or an undescribed stretch ends a run. Runs without a hike, such as town walks, are left out.
    """
    runs: list[list[LegStudy]] = [[]]
    for leg in variant.legs:
        if not leg.is_on_foot:
            runs.append([])
            continue
        if runs[-1] and runs[-1][-1].leg.end != leg.leg.start:
            runs.append([])
        runs[-1].append(leg)
    return [tuple(run) for run in runs if any(leg.leg.mode is Mode.HIKE for leg in run)]


def blocks_of(trek: Trek, chain: Sequence[LegStudy], sleeping: Collection[str]) -> list[Block]:
    """Split a run of consecutive walking legs at the places to sleep near its lines.

    The first block starts and the last one ends where the run does, whether or not you can sleep there.
    """
    blocks: list[Block] = []
    parts: list[Part] = []
    for leg in chain:
        for part in _parts_of(trek, leg, sleeping):
            parts.append(part)
            if part.end.place.id in sleeping:
                blocks.append(Block(tuple(parts)))
                parts = []
    return [*blocks, Block(tuple(parts))] if parts else blocks


def joined(parts: Sequence[Part]) -> list[Part]:
    """Parts with adjacent ones of the same leg merged."""
    result: list[Part] = []
    for part in parts:
        if result and result[-1].leg.leg.id == part.leg.leg.id:
            part = _join(result.pop(), part)  # noqa: PLW2901 - what takes the place of both
        result.append(part)
    return result


def _join(first: Part, second: Part) -> Part:
    highs = [high for high in (first.high_m, second.high_m) if high is not None]
    return Part(
        leg=first.leg,
        start=first.start,
        end=second.end,
        length_m=sum_estimates([first.length_m, second.length_m]),
        ascent_m=sum_known([first.ascent_m, second.ascent_m]),
        descent_m=sum_known([first.descent_m, second.descent_m]),
        time_s=sum_known([first.time_s, second.time_s]),
        high_m=max(highs) if highs else None,
        shares=(first.shares[0], second.shares[1]),
    )


def sum_known(parts: Sequence[Estimate | None]) -> Estimate | None:
    """Sum estimates; None if there is none, or one is unknown."""
    known = [part for part in parts if part is not None]
    return sum_estimates(known) if known and len(known) == len(parts) else None


def _parts_of(trek: Trek, leg: LegStudy, sleeping: Collection[str]) -> Iterator[Part]:
    """Sections of a leg between its ends and the places to sleep near its line."""
    way = leg.way
    lon, lat, along = _samples(leg) if way is None else (way.lon_deg, way.lat_deg, way.distance_m)
    stops = stops_along([trek.place(place_id) for place_id in leg.leg.stops], lon, lat)
    cuts = [
        stop
        for stop in stops[1:-1]
        if stop.place.id in sleeping and stop.away_m <= NEAR_M + stop.place.position_uncertainty_m
    ]
    # by index: two places at one sample are one cut, at the later place
    inner = {cut.index: cut for cut in cuts if 0.0 < along[cut.index] < along[-1]}
    time = leg.effort.time_s
    for start, end in pairwise([stops[0], *inner.values(), stops[-1]]):
        yield Part(
            leg=leg,
            start=start,
            end=end,
            length_m=_share(leg.length_m, along, start, end),
            ascent_m=_climb(leg.ascent_m, None if way is None else way.rise_m, along, start, end),
            descent_m=_climb(leg.descent_m, None if way is None else way.fall_m, along, start, end),
            time_s=None if way is None or time is None else _share(time, way.time_s, start, end),
            high_m=None if way is None else float(way.height_m[start.index : end.index + 1].max()),
            shares=(_part(along, 0, start.index), _part(along, 0, end.index)),
        )


def _samples(leg: LegStudy) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Positions every 50 m along a line without heights, and distances from its start; gaps have no length."""
    runs = [_resampled(segment) for segment in leg.line.segments]
    begins = np.cumsum([0.0, *(run[2][-1] for run in runs)])
    along = np.concatenate([run[2] + begin for run, begin in zip(runs, begins, strict=False)])
    return np.concatenate([run[0] for run in runs]), np.concatenate([run[1] for run in runs]), along


def _resampled(segment: Segment) -> tuple[FloatArray, FloatArray, FloatArray]:
    along = cumulative_distance_m(segment.lon_deg, segment.lat_deg)
    if not along[-1] > 0.0:  # identical points have no direction
        return segment.lon_deg, segment.lat_deg, along
    return resample(segment.lon_deg, segment.lat_deg, spacing_m=_SPACING_M)[:3]


def _part(cumulative: FloatArray, start: int, end: int) -> float:
    """Share of the whole between two samples; of an empty whole, all of it up to the last."""
    if not cumulative[-1] > 0.0:
        return float(end == cumulative.size - 1 and start != end)
    return float((cumulative[end] - cumulative[start]) / cumulative[-1])


def _share(total: Estimate, cumulative: FloatArray, start: Stop, end: Stop) -> Estimate:
    """Share of a total between two samples, by the cumulative values at each."""
    share = _part(cumulative, start.index, end.index)
    p10, p90 = (None if bound is None else bound * share for bound in (total.p10, total.p90))
    return Estimate(total.value * share, p10, p90, total.basis)


def _climb(
    total: Estimate | None, steps: FloatArray | None, along: FloatArray, start: Stop, end: Stop
) -> Estimate | None:
    """Share of an ascent or descent; on a line that never rises or falls, by length."""
    if total is None or steps is None:
        return None
    return _share(total, steps if steps[-1] > 0.0 else along, start, end)
