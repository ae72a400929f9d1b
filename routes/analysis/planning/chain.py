"""A walk parted into blocks at the places where one can sleep."""

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
"""Kinds of places where one is taken to be able to sleep: made for it, or lived in. A lake, a pass or a station may do
at a pinch, but that is for the trek file (`sleep` of a day) or the walker to say."""

NEAR_M = 500.0
"""How far from the line a place to sleep may lie beyond its own uncertainty, metres: seven minutes' walk."""

_SPACING_M = 50.0


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one leg between two of its places."""

    leg: LegStudy
    """The leg."""

    start: Stop
    """Where it begins."""

    end: Stop
    """Where it ends."""

    length_m: Estimate
    """Horizontal length: the leg's, shared out along its line, metres."""

    ascent_m: Estimate | None
    """Sum of rises: the leg's, shared out by the rises of its profile, metres; None where it cannot be told."""

    descent_m: Estimate | None
    """Sum of falls, likewise."""

    time_s: Estimate | None
    """Walking time: the leg's, shared out along its line, seconds; None where it cannot be told."""

    high_m: float | None
    """Highest point of the smoothed profile, metres; None where it cannot be told."""

    shares: tuple[float, float]
    """Where it begins and ends, as shares of the leg's length."""

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole leg."""
        return self.shares == (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Block:
    """What is walked from one place to sleep to the next."""

    parts: tuple[Part, ...]
    """Its stretches, in order."""

    @property
    def start(self) -> Place:
        """Where it begins."""
        return self.parts[0].start.place

    @property
    def end(self) -> Place:
        """Where it ends."""
        return self.parts[-1].end.place


def can_sleep(trek: Trek, also: Collection[str] = ()) -> frozenset[str]:
    """Ids of places where one can sleep: by their kind, because a day of the trek ends there, or as the walker says."""
    by_kind = {place.id for place in trek.places if place.kind in SLEEPING_KINDS}
    return frozenset(by_kind | {day.sleep for day in trek.days if day.sleep} | set(also))


def chains_of(variant: VariantStudy) -> list[tuple[LegStudy, ...]]:
    """Runs of legs on foot in which each begins where the one before ended, over the days of a variant.

    A ride, or a way that is not described, ends a run. Runs without a hike, as walks about a town, are left out.
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
    """Part a run of legs at the places where one can sleep and which its lines pass near.

    Parameters
    ----------
    trek : Trek
        The itinerary.
    chain : sequence of LegStudy
        Legs on foot, each of which begins where the one before ended.
    sleeping : collection of str
        Ids of the places where one can sleep.

    Returns
    -------
    list of Block
        In order; the start of the first and the end of the last are those of the run, wherever they are.
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
    """Parts with neighbours of one leg made one."""
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
    """Stretches of a leg between its ends and the places to sleep that its line passes near."""
    way = leg.way
    lon, lat, along = _samples(leg) if way is None else (way.lon_deg, way.lat_deg, way.distance_m)
    stops = stops_along([trek.place(place_id) for place_id in leg.leg.stops], lon, lat)
    cuts = [
        stop
        for stop in stops[1:-1]
        if stop.place.id in sleeping and stop.away_m <= NEAR_M + stop.place.position_uncertainty_m
    ]
    # by index: two places at one sample are one cut, the later of them
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
    """Positions every 50 m along a line without heights, and their distance from its start; gaps count nothing."""
    runs = [_resampled(segment) for segment in leg.line.segments]
    begins = np.cumsum([0.0, *(run[2][-1] for run in runs)])
    along = np.concatenate([run[2] + begin for run, begin in zip(runs, begins, strict=False)])
    return np.concatenate([run[0] for run in runs]), np.concatenate([run[1] for run in runs]), along


def _resampled(segment: Segment) -> tuple[FloatArray, FloatArray, FloatArray]:
    along = cumulative_distance_m(segment.lon_deg, segment.lat_deg)
    if not along[-1] > 0.0:  # equal points have no direction to go in
        return segment.lon_deg, segment.lat_deg, along
    return resample(segment.lon_deg, segment.lat_deg, spacing_m=_SPACING_M)[:3]


def _part(cumulative: FloatArray, start: int, end: int) -> float:
    """Share of the whole between two samples; all of it, where the whole is nothing, up to the last."""
    if not cumulative[-1] > 0.0:
        return float(end == cumulative.size - 1 and start != end)
    return float((cumulative[end] - cumulative[start]) / cumulative[-1])


def _share(total: Estimate, cumulative: FloatArray, start: Stop, end: Stop) -> Estimate:
    """Share of a total between two samples, by what has come together from the start to each."""
    share = _part(cumulative, start.index, end.index)
    p10, p90 = (None if bound is None else bound * share for bound in (total.p10, total.p90))
    return Estimate(total.value * share, p10, p90, total.basis)


def _climb(
    total: Estimate | None, steps: FloatArray | None, along: FloatArray, start: Stop, end: Stop
) -> Estimate | None:
    """Share of an ascent or a descent; of a way that never rises or falls, what may yet be is shared out by length."""
    if total is None or steps is None:
        return None
    return _share(total, steps if steps[-1] > 0.0 else along, start, end)
