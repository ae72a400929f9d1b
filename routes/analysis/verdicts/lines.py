"""Check stated distances, climbs and highest points against the lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from routes.analysis.figures.legs import total_length
from routes.analysis.figures.line_error import lateral_sigmas_m
from routes.analysis.figures.ranges import sum_climbs
from routes.analysis.figures.results import LegStudy, lines_of, missing_of
from routes.analysis.heights.source import ElevationSource
from routes.analysis.heights.spot import RADIUS_95_IN_SIGMA
from routes.analysis.passes.ground import ground_of
from routes.analysis.verdicts.durations import check_duration, clues_of
from routes.analysis.verdicts.finding import Check, Finding, Verdict, judge
from routes.analysis.verdicts.heights import check_height
from routes.analysis.verdicts.pass_count import check_passes
from routes.kernel.geodesy import distance_m
from routes.kernel.uncertainty import Z80, Z90, combine, sigma_from_rounding
from routes.model.estimate import Estimate
from routes.model.figures import Quantity
from routes.model.kinds import Mode, PlaceKind
from routes.model.sentence import Sentence, joined, shown
from routes.model.statement import Statement, statements_on_leg, statements_on_trek
from routes.model.trek import Place, Trek
from routes.model.units import Units

LENGTH_SHARE = 0.03
"""Minimum standard uncertainty of a length against another source's statement, as a share of it (assumed).

A recorded line's own interval is narrower, but others walk and measure differently (docs/accuracy.md: watch and line
differ by 3 to 10 %).
"""

CLIMB_SHARE = 0.25
"""Minimum standard uncertainty of a climb or descent against another source's statement, as a share of ours.

Others walk differently, and their devices use other methods, which our range does not include: on 24 days of one
walker, apps' methods differ from each other by up to a quarter (docs/accuracy.md).
"""


def check_route(trek: Trek, legs: Mapping[str, LegStudy], source: ElevationSource | None) -> list[Finding]:
    """Verdicts on stated distances, durations, climbs, highest points and pass numbers of legs and trek.

    `legs` are by id; `source` has the heights around the highest point.
    """
    findings: list[Finding] = []
    for _, leg in trek.legs():
        for statement in statements_on_leg(trek, leg):
            findings.extend(_check(statement, trek, [legs[leg.id]], source))
    hiked = [
        legs[leg.id]
        for _, kept in trek.itinerary(trek.default_variant)
        for leg in kept
        if leg.mode is Mode.HIKE
    ]
    for statement in statements_on_trek(trek):
        findings.extend(_check(statement, trek, hiked, source))
    return findings


def _check(
    statement: Statement, trek: Trek, legs: Sequence[LegStudy], source: ElevationSource | None
) -> Iterable[Finding]:
    match statement.quantity:
        case Quantity.MAX_ELEVATION:
            yield _check_maximum(statement, trek, legs, source)
        case Quantity.PASSES:
            yield check_passes(statement, legs)
        case Quantity.DISTANCE if legs:
            yield _check_distance(statement, trek, legs)
        case Quantity.ASCENT | Quantity.DESCENT if legs:
            yield _check_climb(statement, legs)
        case Quantity.DURATION if legs:
            yield check_duration(statement, legs)


def _check_distance(statement: Statement, trek: Trek, legs: Sequence[LegStudy]) -> Finding:
    total = total_length(legs)
    stated = statement.measure
    if any(leg.is_lower_bound for leg in legs):
        return _check_crow(statement, trek, legs)
    least = LENGTH_SHARE * total.value
    estimate, spread = total.value, _sigma(total, least)
    budget = {"line": max(spread, least), "rounding": sigma_from_rounding(stated.step_base)}
    u = combine(*budget.values())
    kinds = lines_of(legs)
    reason = Sentence((
        shown(Units.restated, stated), f"{kinds.capitalize()} line ", shown(Units.length, total.value),
        "; the way ", shown(Units.length_range, estimate - Z90 * u, estimate + Z90 * u, is_exact=True), " (90 %).",
    ))  # fmt: skip
    found = Finding.on(statement, Check.LINE, judge(stated.nearest(estimate), estimate, u), reason, "m")
    return replace(
        found,
        estimate=estimate,
        u=u,
        budget=budget,
        basis=total.basis or f"{kinds} line",
        clues=clues_of(legs),
    )


def _check_crow(statement: Statement, trek: Trek, legs: Sequence[LegStudy]) -> Finding:
    """Verdict on a distance where only the straight lines between the places are known."""
    ends = [(trek.place(leg.leg.start), trek.place(leg.leg.end)) for leg in legs]
    # each end may be off by its uncertainty, so the true straight line may be shorter by both
    slack_m = sum(start.position_uncertainty_m + end.position_uncertainty_m for start, end in ends)
    crow_m = sum(float(distance_m([start.lon], [start.lat], [end.lon], [end.lat])[0]) for start, end in ends)
    verdict, crow = Verdict.UNDECIDED, shown(Units.length, crow_m)
    reason = Sentence(
        ("Only a schematic line: at least ", crow, ", straight lines, which does not contradict.")
    )
    if statement.measure.interval[1] < crow_m - slack_m:
        verdict = Verdict.DIFFERS
        reason = Sentence((
            shown(Units.restated, statement.measure), "As the crow flies it is ", crow, " already (positions ± ",
            shown(Units.length, slack_m), ").",
        ))  # fmt: skip
    found = Finding.on(statement, Check.STRAIGHT_LINE, verdict, reason, "m")
    return replace(found, estimate=crow_m, basis="straight lines between the places")


def _sigma(estimate: Estimate, default: float) -> float:
    """Standard deviation from an estimate's range; `default` without one."""
    if estimate.p10 is None or estimate.p90 is None:
        return default
    return 0.5 * (estimate.p90 - estimate.p10) / Z80


def _check_climb(statement: Statement, legs: Sequence[LegStudy]) -> Finding:
    is_ascent = statement.quantity is Quantity.ASCENT
    known = [leg.climb_model for leg in legs if leg.climb_model is not None]
    if len(known) < len(legs):
        reason = f"It cannot be told: {missing_of(legs)}."
        return Finding.on(statement, Check.LINE, Verdict.UNDECIDED, reason, "m")
    both = sum_climbs(known)
    total = both.ascent if is_ascent else both.descent
    estimate, spread = total.value, _sigma(total, 0.0)
    budget = {
        "line": max(spread, CLIMB_SHARE * total.value),
        "rounding": sigma_from_rounding(statement.measure.step_base),
    }
    u = combine(*budget.values())
    reason_told = Sentence((
        shown(Units.restated, statement.measure), "Computed ", shown(Units.height, estimate, is_exact=True), " ± ",
        shown(Units.height, Z90 * u, is_exact=True), " (90 %).",
    ))  # fmt: skip
    verdict = judge(statement.measure.nearest(estimate), estimate, u)
    found = Finding.on(statement, Check.LINE, verdict, reason_told, "m")
    return replace(found, estimate=estimate, u=u, budget=budget, basis=total.basis, clues=clues_of(legs))


def _check_maximum(
    statement: Statement, trek: Trek, legs: Sequence[LegStudy], source: ElevationSource | None
) -> Finding:
    if not legs or source is None or any(leg.high_m is None for leg in legs):
        reason = f"The highest point of the line is not known: {missing_of(legs) or 'no leg on foot'}."
        return Finding.on(statement, Check.LINE, Verdict.UNDECIDED, reason, "m")
    top = max(legs, key=lambda leg: leg.high_m or 0.0)
    run, profile = max(
        zip(top.line.unbroken(), top.profiles, strict=True), key=lambda pair: float(pair[1].height_m.max())
    )
    peak = int(profile.height_m.argmax())
    lateral = float(lateral_sigmas_m(top.line, run, profile.distance_m)[peak])
    spot = _spot(trek, float(profile.lon_deg[peak]), float(profile.lat_deg[peak]), top, lateral)
    found = check_height(statement, ground_of(spot, source))
    told = joined(found.reason, f" Highest point of the line: {spot.name}.")
    return replace(
        Finding.on(statement, Check.LINE, found.verdict, told, "m"),
        estimate=found.estimate, u=found.u, budget=found.budget, basis=found.basis, clues=found.clues,
    )  # fmt: skip


def _spot(trek: Trek, lon: float, lat: float, leg: LegStudy, lateral_m: float) -> Place:
    """Pass of the leg at its highest point, or the bare position with the line's uncertainty."""
    for place in (trek.place(place_id) for place_id in leg.leg.stops):
        if place.kind is PlaceKind.PASS:
            away = float(distance_m([place.lon], [place.lat], [lon], [lat])[0])
            if away <= max(place.position_uncertainty_m, lateral_m):
                return place
    return Place(
        id="highest-point", name=f"{lon:.4f}, {lat:.4f}", kind=PlaceKind.VIEWPOINT, lon=lon, lat=lat,
        position_uncertainty_m=RADIUS_95_IN_SIGMA * lateral_m, position_source=f"{leg.line.provenance} line",
    )  # fmt: skip
