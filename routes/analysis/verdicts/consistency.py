"""Compare stated figures with one another; no DEM needed."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from routes.analysis.verdicts.finding import Check, Finding, Verdict, judge
from routes.kernel.uncertainty import U_DATUM_M, combine, sigma_from_rounding
from routes.model.figures import Quantity, StatedSeason, VerticalDatum, month_names
from routes.model.kinds import Mode, PlaceKind
from routes.model.measure import Measure, Unit
from routes.model.sentence import Sentence, Shown, shown
from routes.model.statement import Statement, statements_on_leg, statements_on_place, statements_on_trek
from routes.model.trek import Leg, Trek
from routes.model.units import Units

_ORDER = (Verdict.AGREES, Verdict.UNDECIDED, Verdict.DOUBTFUL, Verdict.DIFFERS)
_APART = {
    Verdict.UNDECIDED: "have different vertical datums", Verdict.DOUBTFUL: "hardly fit together",
    Verdict.DIFFERS: "exclude each other",
}  # fmt: skip


def check_consistency(trek: Trek) -> list[Finding]:
    """Findings on stated figures compared with one another, in trek file order.

    Covers the units of one statement, sources about one place or leg, the stated maximum and stated heights on the
    route, numbers of days and passes, parts and total, and seasons.
    """
    places = [statements_on_place(place) for place in trek.places]
    legs = [statements_on_leg(trek, leg) for _, leg in trek.legs()]
    whole = statements_on_trek(trek)
    return [
        *_units(itertools.chain(*places, *legs, whole)),
        *_sources([*places, *legs, whole]),
        *_maximum(trek, whole),
        *_counts(trek, legs, whole),
        *_parts(trek, whole),
        *_seasons(trek),
    ]


def _units(statements: Iterable[Statement]) -> Iterator[Finding]:
    for statement in statements:
        first, second = statement.measure, statement.figure.second
        if second is None:
            continue
        fits = first.meets(second)
        reason = Sentence((
            f"As rounded, {first.printed} is ", _interval(first), f" and {second.printed} is ",
            _interval(second), ": the same." if fits else ": not the same; one of the two is wrong.",
        ))  # fmt: skip
        yield Finding.on(statement, Check.UNITS, Verdict.AGREES if fits else Verdict.DIFFERS, reason)


def _interval(measure: Measure) -> str | Shown:
    """Values that would be printed like this, for a sentence."""
    if measure.unit in (Unit.HOUR, Unit.MINUTE):
        low, high = measure.interval
        return f"{low:g} to {high:g} h"
    return shown(Units.stated_interval, measure)


def _sources(subjects: Iterable[Sequence[Statement]]) -> Iterator[Finding]:
    """One finding per quantity of a place, leg or trek: the worst of its pairs of statements."""
    for statements in subjects:
        for quantity in Quantity:
            same = tuple(statement for statement in statements if statement.quantity is quantity)
            if len(same) < 2:
                continue
            pairs = [(_judged(a, b), a, b) for a, b in itertools.combinations(same, 2)]
            worst, a, b = max(
                pairs,
                key=lambda pair: (_ORDER.index(pair[0]), abs(pair[1].measure.value - pair[2].measure.value)),
            )
            reason = "All statements fit together."
            if worst is not Verdict.AGREES:
                reason = f"{a.cited} and {b.cited} {_APART[worst]}."
            yield replace(Finding.on(a, Check.SOURCES, worst, reason), statements=same)


def _judged(a: Statement, b: Statement) -> Verdict:
    """Verdict on two statements: heights by rounding and datums, all else by rounding intervals."""
    if a.quantity not in (Quantity.ELEVATION, Quantity.MAX_ELEVATION):
        return Verdict.AGREES if a.measure.meets(b.measure) else Verdict.DIFFERS
    datums = a.figure.datum, b.figure.datum
    is_same_datum = datums[0] is datums[1] and datums[0] is not VerticalDatum.UNKNOWN
    if not is_same_datum and VerticalDatum.ELLIPSOID in datums:
        return Verdict.UNDECIDED  # the geoid lies tens of metres off the ellipsoid; a geoid grid is needed
    rounding = (sigma_from_rounding(statement.measure.step_base) for statement in (a, b))
    u = combine(*rounding, *(() if is_same_datum else (U_DATUM_M, U_DATUM_M)))
    x = a.measure.nearest(b.measure.value)
    y = b.measure.nearest(x)
    return judge(a.measure.nearest(y), y, u)


def _hiked(trek: Trek) -> list[Leg]:
    return [leg for _, kept in trek.itinerary(trek.default_variant) for leg in kept if leg.mode is Mode.HIKE]


def _family(source: str) -> str:
    """Publication without its place: the text before the first comma."""
    return source.partition(",")[0].strip()


def _maximum(trek: Trek, whole: Iterable[Statement]) -> Iterator[Finding]:
    """Stated maximum against stated heights on the route: those of its own source first, then the others."""
    on_the_way = dict.fromkeys(place_id for leg in _hiked(trek) for place_id in leg.stops)
    heights = [height for place_id in on_the_way for height in statements_on_place(trek.place(place_id))]
    for maximum in whole:
        if maximum.quantity is not Quantity.MAX_ELEVATION:
            continue
        own = [height for height in heights if _family(height.source) == _family(maximum.source)]
        others = [height for height in heights if height not in own]
        for group, whose in ((own, "the same source"), (others, "other sources")):
            if not group:
                continue
            above = [height for height in group if height.measure.interval[0] > maximum.measure.interval[1]]
            highest = max(group, key=lambda height: height.measure.value)
            if above:
                verdict = Verdict.DIFFERS
                text = f"By {whose} {highest.name} is {highest.printed}, higher than the stated maximum."
            elif highest.measure.meets(maximum.measure):
                verdict = Verdict.AGREES
                text = f"It is the height of {highest.name} by {whose} ({highest.printed})."
            else:
                verdict = Verdict.UNDECIDED
                text = f"By {whose} nothing on the way is as high; the highest is {highest.name}, {highest.printed}."
            found = Finding.on(maximum, Check.MAXIMUM, verdict, text)
            yield replace(found, statements=(maximum, *(above or [highest])))


def _counts(
    trek: Trek, of_legs: Iterable[Iterable[Statement]], whole: Iterable[Statement]
) -> Iterator[Finding]:
    """Stated numbers of days and passes of the trek, and of passes of legs, against the itinerary."""
    for (_, leg), statements in zip(trek.legs(), of_legs, strict=True):
        yield from _counted(statements, {Quantity.PASSES: _passes(trek, [leg])})
    days = [day for day, _ in trek.itinerary(trek.default_variant) if day.is_trekking]
    counted = {
        Quantity.DAYS: (len(days), f"days {', '.join(str(day.number) for day in days)} have a hike"),
        Quantity.PASSES: _passes(trek, _hiked(trek)),
    }
    yield from _counted(whole, counted)


def _passes(trek: Trek, legs: Iterable[Leg]) -> tuple[int, str]:
    """Number of the passes on legs, and their names."""
    stops = map(trek.place, {place_id for leg in legs for place_id in leg.stops})
    names = sorted(place.name for place in stops if place.kind is PlaceKind.PASS)
    return len(names), ", ".join(names) or "no pass on the way"


def _counted(
    statements: Iterable[Statement], counted: Mapping[Quantity, tuple[int, str]]
) -> Iterator[Finding]:
    for statement in statements:
        if statement.quantity in counted:
            count, names = counted[statement.quantity]
            fits = statement.measure.low <= count <= statement.measure.high
            verdict = Verdict.AGREES if fits else Verdict.DIFFERS
            found = Finding.on(statement, Check.COUNT, verdict, f"The itinerary has {count}: {names}.", "1")
            yield replace(found, estimate=float(count), basis="itinerary")


def _parts(trek: Trek, whole: Iterable[Statement]) -> Iterator[Finding]:
    """Stated distance of the trek against the sum over its hikes, if all have a stated distance."""
    hiked = _hiked(trek)
    distances = [
        [stated for stated in statements_on_leg(trek, leg) if stated.quantity is Quantity.DISTANCE]
        for leg in hiked
    ]
    if not hiked or not all(distances):
        return
    parts = [first for first, *_ in distances]
    low, high = (sum(part.measure.interval[end] for part in parts) for end in (0, 1))
    reason = Sentence(("The legs add up to ", shown(Units.length_range, low, high, is_exact=True), "."))
    for total in whole:
        if total.quantity is Quantity.DISTANCE:
            fits = total.measure.interval[0] <= high and low <= total.measure.interval[1]
            found = Finding.on(total, Check.PARTS, Verdict.AGREES if fits else Verdict.DIFFERS, reason, "m")
            basis = "stated distances of the legs"
            yield replace(found, statements=(total, *parts), estimate=0.5 * (low + high), basis=basis)


def _seasons(trek: Trek) -> Iterator[Finding]:
    lat = sum(place.lat for place in trek.places) / len(trek.places)
    for a, b in itertools.combinations(trek.seasons, 2):
        if a.kind is not b.kind:
            continue
        shared = a.months_at(lat) & b.months_at(lat)
        south = " (south of the equator)" if lat < 0.0 and (a.seasons or b.seasons) else ""
        yield Finding(
            subject=trek.id, name=trek.name, check=Check.SEASON, quantity=f"{a.kind} season",
            statements=(a, b), verdict=Verdict.AGREES if shared else Verdict.DIFFERS,
            reason=f"{a.printed} means {_months(a, lat)}{south}; {b.printed} means {_months(b, lat)}: "
            + ("they share months." if shared else "they have no month in common."),
        )  # fmt: skip


def _months(season: StatedSeason, lat: float) -> str:
    return ", ".join(month_names(sorted(season.months_at(lat))))
