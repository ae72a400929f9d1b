"""Checks of stated figures against one another; they need no DEM."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

from routes.analysis.verdicts.finding import Check, Claim, Finding, Verdict, judge
from routes.kernel.uncertainty import U_DATUM_M, combine, sigma_from_rounding
from routes.model.figures import Quantity, StatedFigure, StatedSeason, VerticalDatum
from routes.model.kinds import Mode, PlaceKind
from routes.model.measure import Measure, Unit
from routes.model.sentence import Sentence, Shown, shown
from routes.model.trek import Leg, Trek
from routes.model.units import Units

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip

_ORDER = (Verdict.AGREES, Verdict.UNDECIDED, Verdict.DOUBTFUL, Verdict.DIFFERS)


def check_consistency(trek: Trek) -> list[Finding]:
    """Hold stated figures against one another.

    Units of one statement, sources about one place or leg, the stated maximum against stated heights on the way,
    numbers of days and passes, parts against the total, seasons.

    Parameters
    ----------
    trek : Trek
        The itinerary.

    Returns
    -------
    list of Finding
        In the order of the trek file.
    """
    return [
        *_units(trek),
        *_heights_of_places(trek),
        *_figures_of_legs(trek),
        *_maximum(trek),
        *_counts(trek),
        *_parts(trek),
        *_seasons(trek),
    ]


def _subjects(trek: Trek) -> Iterator[tuple[str, str, Sequence[StatedFigure]]]:
    """Id, name and stated figures of every place and leg, and of the trek."""
    for place in trek.places:
        yield place.id, place.name, place.stated
    for _, leg in trek.legs():
        yield leg.id, _name(trek, leg), leg.stated
    yield trek.id, trek.name, trek.stated


def _name(trek: Trek, leg: Leg) -> str:
    return f"{trek.place(leg.start).name} to {trek.place(leg.end).name}"


def _units(trek: Trek) -> Iterator[Finding]:
    for subject, name, figures in _subjects(trek):
        for figure in figures:
            second = figure.second
            if second is None:
                continue
            first = figure.measure
            fits = first.meets(second)
            yield Finding(
                subject=subject, name=name, check=Check.UNITS, quantity=figure.quantity, claims=(Claim.of(figure),),
                verdict=Verdict.AGREES if fits else Verdict.DIFFERS,
                reason=Sentence((
                    f"As rounded, {first.printed} is ", _interval(first), f" and {second.printed} is ",
                    _interval(second), ": the same." if fits else ": not the same; one of the two is wrong.",
                )),
            )  # fmt: skip


def _interval(measure: Measure) -> str | Shown:
    """What would be printed like this, for a sentence."""
    if measure.unit in (Unit.HOUR, Unit.MINUTE):
        low, high = measure.interval
        return f"{low:g} to {high:g} h"
    return shown(Units.stated_interval, measure)


def _heights_of_places(trek: Trek) -> Iterator[Finding]:
    for place in trek.places:
        yield from _compare(place.id, place.name, place.stated, _judge_heights)


def _figures_of_legs(trek: Trek) -> Iterator[Finding]:
    subjects = [(leg.id, _name(trek, leg), leg.stated) for _, leg in trek.legs()]
    for subject, name, figures in [*subjects, (trek.id, trek.name, trek.stated)]:
        for quantity in Quantity:
            same = [figure for figure in figures if figure.quantity is quantity]
            is_height = quantity is Quantity.MAX_ELEVATION
            yield from _compare(subject, name, same, _judge_heights if is_height else _judge_intervals)


def _compare(
    subject: str,
    name: str,
    figures: Sequence[StatedFigure],
    judge_pair: Callable[[StatedFigure, StatedFigure], Verdict],
) -> Iterator[Finding]:
    """One finding for all statements about one thing: the worst of its pairs."""
    if len(figures) < 2:
        return
    pairs = [(judge_pair(a, b), a, b) for a, b in itertools.combinations(figures, 2)]
    worst, a, b = max(
        pairs, key=lambda pair: (_ORDER.index(pair[0]), abs(pair[1].measure.value - pair[2].measure.value))
    )
    texts = {
        Verdict.AGREES: "All statements fit together.",
        Verdict.UNDECIDED: f"{a.printed} ({a.source}) and {b.printed} ({b.source}) have different vertical datums.",
        Verdict.DOUBTFUL: f"{a.printed} ({a.source}) and {b.printed} ({b.source}) hardly fit together.",
        Verdict.DIFFERS: f"{a.printed} ({a.source}) and {b.printed} ({b.source}) exclude each other.",
    }
    yield Finding(
        subject=subject, name=name, check=Check.SOURCES, quantity=figures[0].quantity,
        claims=tuple(Claim.of(figure) for figure in figures), verdict=worst, reason=texts[worst],
    )  # fmt: skip


def _judge_heights(a: StatedFigure, b: StatedFigure) -> Verdict:
    is_same_datum = a.datum is b.datum and a.datum is not VerticalDatum.UNKNOWN
    if not is_same_datum and VerticalDatum.ELLIPSOID in (a.datum, b.datum):
        return Verdict.UNDECIDED  # the geoid lies tens of metres off the ellipsoid; a geoid grid is needed
    rounding = (sigma_from_rounding(figure.measure.step_base) for figure in (a, b))
    u = combine(*rounding, *(() if is_same_datum else (U_DATUM_M, U_DATUM_M)))
    x = a.measure.nearest(b.measure.value)
    y = b.measure.nearest(x)
    return judge(a.measure.nearest(y), y, u)


def _judge_intervals(a: StatedFigure, b: StatedFigure) -> Verdict:
    return Verdict.AGREES if a.measure.meets(b.measure) else Verdict.DIFFERS


def _hiked(trek: Trek) -> list[Leg]:
    return [leg for _, kept in trek.itinerary(trek.default_variant) for leg in kept if leg.mode is Mode.HIKE]


def _family(source: str) -> str:
    """Publication without the place in it: the text before the first comma."""
    return source.partition(",")[0].strip()


def _maximum(trek: Trek) -> Iterator[Finding]:
    """Stated maximum against stated heights on the way: first by its own source, then by the others."""
    on_the_way = dict.fromkeys(place_id for leg in _hiked(trek) for place_id in leg.stops)
    heights = [
        (trek.place(place_id), figure) for place_id in on_the_way for figure in trek.place(place_id).stated
    ]
    for maximum in (figure for figure in trek.stated if figure.quantity is Quantity.MAX_ELEVATION):
        own = [pair for pair in heights if _family(pair[1].source) == _family(maximum.source)]
        for group, whose in (
            (own, "the same source"),
            ([pair for pair in heights if pair not in own], "other sources"),
        ):
            if not group:
                continue
            above = [pair for pair in group if pair[1].measure.interval[0] > maximum.measure.interval[1]]
            place, highest = max(group, key=lambda pair: pair[1].measure.value)
            if above:
                verdict = Verdict.DIFFERS
                text = f"By {whose} {place.name} is {highest.printed}, higher than the stated maximum."
            elif highest.measure.meets(maximum.measure):
                verdict = Verdict.AGREES
                text = f"It is the height of {place.name} by {whose} ({highest.printed})."
            else:
                verdict = Verdict.UNDECIDED
                text = f"By {whose} nothing on the way is as high; the highest is {place.name}, {highest.printed}."
            claims = (Claim.of(maximum), *(Claim.of(figure) for _, figure in above or [(place, highest)]))
            yield Finding(
                subject=trek.id, name=trek.name, check=Check.MAXIMUM, quantity=maximum.quantity, claims=claims,
                verdict=verdict, reason=text,
            )  # fmt: skip


def _counts(trek: Trek) -> Iterator[Finding]:
    """Stated numbers of days and passes of the trek, and of passes of a leg, against the itinerary."""
    for _, leg in trek.legs():
        on_it = {place_id for place_id in leg.stops if trek.place(place_id).kind is PlaceKind.PASS}
        yield from _counted(leg.id, _name(trek, leg), leg.stated, {Quantity.PASSES: _passes(trek, on_it)})
    days = [day for day, _ in trek.itinerary(trek.default_variant) if day.is_trekking]
    passes = {
        place_id
        for leg in _hiked(trek)
        for place_id in leg.stops
        if trek.place(place_id).kind is PlaceKind.PASS
    }
    counted = {
        Quantity.DAYS: (len(days), f"days {', '.join(str(day.number) for day in days)} have a hike"),
        Quantity.PASSES: _passes(trek, passes),
    }
    yield from _counted(trek.id, trek.name, trek.stated, counted)


def _passes(trek: Trek, passes: set[str]) -> tuple[int, str]:
    return len(passes), ", ".join(sorted(trek.place(p).name for p in passes)) or "no pass on the way"


def _counted(
    subject: str, name: str, figures: Sequence[StatedFigure], counted: Mapping[Quantity, tuple[int, str]]
) -> Iterator[Finding]:
    for figure in figures:
        if figure.quantity not in counted:
            continue
        count, names = counted[figure.quantity]
        low, high = figure.measure.low, figure.measure.high
        yield Finding(
            subject=subject, name=name, check=Check.COUNT, quantity=figure.quantity, claims=(Claim.of(figure),),
            verdict=Verdict.AGREES if low <= count <= high else Verdict.DIFFERS,
            reason=f"The itinerary has {count}: {names}.", estimate=float(count), unit="1", basis="itinerary",
        )  # fmt: skip


def _parts(trek: Trek) -> Iterator[Finding]:
    """Stated distance of the trek against the sum of stated distances of its hiked legs, when all have one."""
    firsts = [
        next((figure for figure in leg.stated if figure.quantity is Quantity.DISTANCE), None)
        for leg in _hiked(trek)
    ]
    parts = [figure for figure in firsts if figure is not None]
    if not parts or len(parts) < len(firsts):
        return
    low, high = (sum(figure.measure.interval[end] for figure in parts) for end in (0, 1))
    for total in (figure for figure in trek.stated if figure.quantity is Quantity.DISTANCE):
        fits = total.measure.interval[0] <= high and low <= total.measure.interval[1]
        yield Finding(
            subject=trek.id, name=trek.name, check=Check.PARTS, quantity=total.quantity,
            claims=(Claim.of(total), *(Claim.of(figure) for figure in parts)),
            verdict=Verdict.AGREES if fits else Verdict.DIFFERS,
            reason=Sentence(("The legs add up to ", shown(Units.length_range, low, high, is_exact=True), ".")),
            estimate=0.5 * (low + high), unit="m", basis="stated distances of the legs",
        )  # fmt: skip


def _seasons(trek: Trek) -> Iterator[Finding]:
    lat = sum(place.lat for place in trek.places) / len(trek.places)
    for a, b in itertools.combinations(trek.seasons, 2):
        if a.kind is not b.kind:
            continue
        shared = a.months_at(lat) & b.months_at(lat)
        south = " (south of the equator)" if lat < 0.0 and (a.seasons or b.seasons) else ""
        yield Finding(
            subject=trek.id, name=trek.name, check=Check.SEASON, quantity=f"{a.kind} season",
            claims=tuple(Claim(_season_text(season), season.source) for season in (a, b)),
            verdict=Verdict.AGREES if shared else Verdict.DIFFERS,
            reason=f"{_season_text(a)} means {_months(a, lat)}{south}; {_season_text(b)} means {_months(b, lat)}: "
            + ("they share months." if shared else "they have no month in common."),
        )  # fmt: skip


def _season_text(season: StatedSeason) -> str:
    return " and ".join(season.seasons or [_MONTHS[month - 1] for month in season.months])


def _months(season: StatedSeason, lat: float) -> str:
    return ", ".join(_MONTHS[month - 1] for month in sorted(season.months_at(lat)))
