"""Plan days within limits that end where you can sleep."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from routes.analysis.figures.legs import sum_estimates
from routes.analysis.figures.results import LegStudy, VariantStudy
from routes.analysis.planning.chain import Block, Part, blocks_of, can_sleep, chains_of, joined, sum_known
from routes.analysis.study import Study
from routes.analysis.walking.nights import Night, nights_at
from routes.errors import ModelError
from routes.kernel.partition import split_evenly
from routes.model.effort import EffortParameters
from routes.model.estimate import Estimate
from routes.model.kinds import Provenance
from routes.model.sentence import Sentence, shown
from routes.model.trek import Place, Trek
from routes.model.units import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Upper limits for a day; None for no limit."""

    length_m: float | None = None
    """Horizontal length, metres."""

    time_s: float | None = None
    """Walking time without breaks, seconds."""

    ascent_m: float | None = None
    """Sum of rises, metres."""

    def __post_init__(self) -> None:
        given = [limit for limit in (self.length_m, self.time_s, self.ascent_m) if limit is not None]
        if not given:
            msg = "A plan needs a limit: --max-km, --max-hours or --max-ascent."
            raise ModelError(msg)
        if not all(np.isfinite(limit) and limit > 0.0 for limit in given):
            msg = "Limits of a plan are more than 0."
            raise ModelError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """One day of a plan."""

    number: int
    """Day number in the plan, from 1."""

    parts: tuple[Part, ...]
    """Sections to walk."""

    length_m: Estimate
    """Horizontal length, metres."""

    is_lower_bound: bool
    """Whether part of the length is straight-line."""

    ascent_m: Estimate | None
    """Sum of rises, metres; None if unknown."""

    descent_m: Estimate | None
    """Sum of falls, metres; None if unknown."""

    time_s: Estimate | None
    """Walking time without breaks, seconds; None if unknown."""

    high_m: float | None
    """Highest point, metres; None if unknown."""

    night: Place | None
    """Where you sleep: at the day's end or, after the last day of a run, where the trek file says (perhaps
    after a ride); None if unknown."""

    over: tuple[str, ...]
    """Limits that the day exceeds: ``length``, ``time``, ``ascent``."""

    perhaps_over: tuple[str, ...]
    """Limits that the day meets by its value but not by its P90."""

    unjudged: tuple[str, ...]
    """Limits that cannot be checked, because the figure is unknown or a lower bound."""

    @property
    def start(self) -> Place:
        """Where it begins."""
        return self.parts[0].start.place

    @property
    def end(self) -> Place:
        """Where it ends."""
        return self.parts[-1].end.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A variant split into days within limits."""

    variant: VariantStudy
    """The variant that is planned anew."""

    limits: Limits
    """The limits."""

    parameters: EffortParameters
    """Parameters of walking time."""

    days: tuple[PlannedDay, ...]
    """Days, in order."""

    rides: tuple[int, ...]
    """Numbers of days after which the walk continues elsewhere (a ride, or an undescribed stretch)."""

    notes: tuple[str | Sentence, ...]
    """Notes for the reader; those with quantities are a `Sentence`."""

    def notes_in(self, units: Units) -> tuple[str, ...]:
        """Write the notes in the reader's units."""
        return tuple(note if isinstance(note, str) else note.text(units) for note in self.notes)

    @property
    def keeps_limits(self) -> bool:
        """Whether every day is known to meet every limit."""
        return not any(day.over or day.unjudged for day in self.days)


def plan_variant(
    study: Study,
    variant: VariantStudy,
    limits: Limits,
    parameters: EffortParameters | None = None,
    *,
    sleep_at: Sequence[str] = (),
) -> Plan:
    """Split the walk of a variant into the fewest, most even days within limits.

    Days end at places where you can sleep. Of all plans with the fewest days, the one whose days differ least in
    walking time wins (in length where a time is unknown). A section between two neighbouring places to sleep that
    exceeds a limit becomes a day of its own, and a note names it.

    Parameters
    ----------
    study : Study
        The trek.
    variant : VariantStudy
        One of its variants; rides between its walks stay where they are.
    limits : Limits
        Limits of a day, compared with the value of each figure; limits that only its P90 exceeds are listed too.
    parameters : EffortParameters, optional
        Parameters of walking time; the study's own by default.
    sleep_at : sequence of str
        Ids of further places where you can sleep.

    Returns
    -------
    Plan
        Frozen.

    Raises
    ------
    ModelError
        If `sleep_at` names a place that is not on the route, or there is no hike.
    """
    chains = chains_of(study.timed(variant, parameters))
    if not chains:
        msg = f"Variant {variant.variant.id!r} of {study.trek.id} has no hike to plan."
        raise ModelError(msg)
    on_the_way = {place_id for chain in chains for leg in chain for place_id in leg.leg.stops}
    unknown = sorted(set(sleep_at) - on_the_way)
    if unknown:
        msg = f"{unknown[0]!r} is no place on the walk of {study.trek.id}; those are: {', '.join(sorted(on_the_way))}."
        raise ModelError(msg)
    sleeping = can_sleep(study.trek, sleep_at)
    days: list[PlannedDay] = []
    rides = []
    for chain in chains:
        blocks = blocks_of(study.trek, chain, sleeping)
        planned = _days_of(blocks, limits, sleeping, first=len(days) + 1)
        night = _night_after(study.trek, chain, chains)
        days.extend([*planned[:-1], planned[-1] if night is None else replace(planned[-1], night=night)])
        rides.append(len(days))
    return Plan(
        variant=variant,
        limits=limits,
        parameters=parameters or study.effort_parameters,
        days=tuple(days),
        rides=tuple(rides[:-1]),
        notes=tuple(_notes(days, len(chains))),
    )


def _night_after(trek: Trek, chain: Sequence[LegStudy], chains: Sequence[Sequence[LegStudy]]) -> Place | None:
    """Where the trek file has you sleep after a run of legs; None if it does not say, or you walk on that day."""
    number = chain[-1].day_number
    last = [other for other in chains if other[-1].day_number == number][-1]
    sleep = next(day.sleep for day in trek.days if day.number == number)
    return trek.place(sleep) if last == chain and sleep else None


def _days_of(
    blocks: Sequence[Block], limits: Limits, sleeping: frozenset[str], *, first: int
) -> list[PlannedDay]:
    """Days of one run of legs."""
    rows = [
        (limit, [0.0 if part is None else part.value for part in parts])
        for limit, parts in (
            (limits.length_m, [sum_estimates([p.length_m for p in b.parts]) for b in blocks]),
            (limits.time_s, [sum_known([p.time_s for p in b.parts]) for b in blocks]),
            (limits.ascent_m, [sum_known([p.ascent_m for p in b.parts]) for b in blocks]),
        )
        if limit is not None
    ]
    times = [sum_known([p.time_s for p in b.parts]) for b in blocks]
    lengths = [sum_estimates([p.length_m for p in b.parts]).value for b in blocks]
    load = [time.value for time in times if time is not None]
    ends, _ = split_evenly(
        load if len(load) == len(blocks) else lengths,
        np.array([row for _, row in rows]),
        [limit for limit, _ in rows],
    )
    starts = [0, *ends[:-1]]
    return [
        _day(first + i, blocks[start:end], limits, sleeping)
        for i, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _day(number: int, blocks: Sequence[Block], limits: Limits, sleeping: frozenset[str]) -> PlannedDay:
    parts = joined([part for block in blocks for part in block.parts])
    highs = [part.high_m for part in parts if part.high_m is not None]
    length = sum_estimates([part.length_m for part in parts])
    time, ascent, descent = (
        sum_known([getattr(part, name) for part in parts]) for name in ("time_s", "ascent_m", "descent_m")
    )
    is_lower_bound = any(part.leg.line.provenance is Provenance.SCHEMATIC for part in parts)
    over, perhaps, unjudged = [], [], []
    for name, limit, figure in (
        ("length", limits.length_m, length),
        ("time", limits.time_s, time),
        ("ascent", limits.ascent_m, ascent),
    ):
        if limit is None:
            continue
        if figure is not None and figure.value > limit * (1.0 + 1e-9):
            over.append(name)
        elif figure is None or (name == "length" and is_lower_bound):
            unjudged.append(name)
        elif figure.p90 is not None and figure.p90 > limit:
            perhaps.append(name)
    end = parts[-1].end.place
    return PlannedDay(
        number=number,
        parts=tuple(parts),
        length_m=length,
        is_lower_bound=is_lower_bound,
        ascent_m=ascent,
        descent_m=descent,
        time_s=time,
        high_m=max(highs) if len(highs) == len(parts) else None,
        night=end if end.id in sleeping else None,
        over=tuple(over),
        perhaps_over=tuple(perhaps),
        unjudged=tuple(unjudged),
    )


def _notes(days: Sequence[PlannedDay], chains: int) -> list[str | Sentence]:
    """Notes for the reader."""
    notes: list[str | Sentence] = []
    for day in days:
        for part in day.parts:
            if part.shares[1] < 1.0:
                total = part.leg.length_m.value
                away = (", ", shown(Units.length, part.end.away_m), " off the line")
                notes.append(
                    Sentence((
                        f"Leg {part.leg.leg.id} is cut at {part.end.place.name}",
                        *(away if part.end.away_m >= 50.0 else ()),
                        ", after ", shown(Units.length, part.shares[1] * total),
                        " of ", shown(Units.length, total), "; its figures are shared out along its line.",
                    ))
                )  # fmt: skip
    if chains > 1:
        notes.append(
            f"The walk is in {chains} runs with rides or undescribed ways between them; each run has days of its own, "
            f"so that a day of the itinerary with two runs becomes two."
        )
    return notes


def nights_of_plan(study: Study, plan: Plan) -> tuple[Night, ...]:
    """Nights of a plan, compared with the altitude guideline.

    The last day has a night only if its place is known.
    """
    numbers, places = [day.number for day in plan.days], [day.night for day in plan.days]
    return nights_at(numbers, places, study.place_heights_m, study.products)
