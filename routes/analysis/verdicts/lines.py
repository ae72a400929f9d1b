"""Verdicts on stated distances, climbs and highest points against the lines."""

from collections.abc import Iterable, Mapping, Sequence

from routes.analysis.figures.legs import sum_estimates
from routes.analysis.figures.line_error import lateral_sigmas_m
from routes.analysis.figures.results import LegStudy
from routes.analysis.heights.source import ElevationSource
from routes.analysis.heights.spot import RADIUS_95_IN_SIGMA, dem_at
from routes.analysis.verdicts.durations import check_duration
from routes.analysis.verdicts.finding import Check, Claim, Finding, Verdict, judge
from routes.analysis.verdicts.heights import check_height
from routes.analysis.verdicts.pass_count import check_passes
from routes.kernel.geodesy import distance_m
from routes.kernel.uncertainty import Z90, combine, sigma_from_rounding
from routes.model.estimate import Estimate
from routes.model.figures import Quantity, StatedFigure
from routes.model.kinds import Mode, PlaceKind
from routes.model.measure import Measure
from routes.model.sentence import Sentence, shown
from routes.model.trek import Place, Trek
from routes.model.units import Units

LENGTH_SHARE = 0.03
"""Least standard uncertainty of a way's length against somebody else's statement, as a share of it (assumed).

The interval of a recorded line's own length is narrower; others walk and measure another way (docs/accuracy.md: watch
and line differ by 3 to 10 %).
"""

CLIMB_SHARE = 0.25
"""Least standard uncertainty of a way's ascent or descent against somebody else's statement, as a share of ours.

Root mean square of measured over computed less 1 on all real pairs that match, printed by
benchmarks/accuracy/ascent.py: 11 ascents and descents of 6 stretches, five by a watch and one published
(docs/accuracy.md). Others walk another way, and their devices have another recipe: the interval of ours holds the
ground along the line, not that.
"""

_P90_IN_SIGMA = 1.2815515655446004


def check_route(trek: Trek, legs: Mapping[str, LegStudy], source: ElevationSource | None) -> list[Finding]:
    """Verdicts on stated distances, durations, climbs, highest points and numbers of passes of legs and of the trek.

    Parameters
    ----------
    trek : Trek
        The itinerary.
    legs : mapping of str to LegStudy
        Figures by leg id.
    source : ElevationSource or None
        Heights around the highest point.

    Returns
    -------
    list of Finding
        One for each such statement.
    """
    findings: list[Finding] = []
    for _, leg in trek.legs():
        for figure in leg.stated:
            findings.extend(
                _check_figure(trek, leg.id, _leg_name(trek, leg.id, legs), figure, [legs[leg.id]], source)
            )
    hiked = [
        legs[leg.id]
        for _, kept in trek.itinerary(trek.default_variant)
        for leg in kept
        if leg.mode is Mode.HIKE
    ]
    for figure in trek.stated:
        findings.extend(_check_figure(trek, trek.id, trek.name, figure, hiked, source))
    return findings


def _leg_name(trek: Trek, leg_id: str, legs: Mapping[str, LegStudy]) -> str:
    leg = legs[leg_id].leg
    return f"{trek.place(leg.start).name} to {trek.place(leg.end).name}"


def _check_figure(
    trek: Trek,
    subject: str,
    name: str,
    figure: StatedFigure,
    legs: Sequence[LegStudy],
    source: ElevationSource | None,
) -> Iterable[Finding]:
    if figure.quantity is Quantity.DISTANCE and legs:
        yield _check_distance(trek, subject, name, figure, legs)
    elif figure.quantity in (Quantity.ASCENT, Quantity.DESCENT) and legs:
        yield _check_climb(subject, name, figure, legs)
    elif figure.quantity is Quantity.MAX_ELEVATION:
        yield _check_maximum(trek, subject, name, figure, legs, source)
    elif figure.quantity is Quantity.PASSES:
        yield check_passes(subject, name, figure, legs)
    elif figure.quantity is Quantity.DURATION and legs:
        yield check_duration(subject, name, figure, legs)


def _check_distance(
    trek: Trek, subject: str, name: str, figure: StatedFigure, legs: Sequence[LegStudy]
) -> Finding:
    total = sum_estimates([leg.length_m for leg in legs])
    stated = figure.measure
    claim = (Claim.of(figure),)
    if any(leg.is_lower_bound for leg in legs):
        # each end may be off by its uncertainty, so the true straight line may be shorter by both
        slack = sum(
            trek.place(leg.leg.start).position_uncertainty_m + trek.place(leg.leg.end).position_uncertainty_m
            for leg in legs
        )
        crow = sum(_crow_m(trek, leg) for leg in legs)
        too_short = stated.interval[1] < crow - slack
        return Finding(
            subject=subject, name=name, check=Check.STRAIGHT_LINE, quantity=figure.quantity, claims=claim,
            verdict=Verdict.DIFFERS if too_short else Verdict.UNDECIDED,
            reason=_straight(stated, crow, slack) if too_short else Sentence(
                ("Only a schematic line: at least ", shown(Units.length, crow),
                 ", straight lines, which does not contradict.")
            ),
            estimate=crow, unit="m", basis="straight lines between the places",
        )  # fmt: skip
    least = LENGTH_SHARE * total.value
    estimate, spread = _middle(total, least)
    spread = max(spread, least)
    budget = {"line": spread, "rounding": sigma_from_rounding(stated.step_base)}
    u = combine(*budget.values())
    kinds = ", ".join(dict.fromkeys(leg.line.provenance.value for leg in legs))
    return Finding(
        subject=subject, name=name, check=Check.LINE, quantity=figure.quantity, claims=claim,
        verdict=judge(stated.nearest(estimate), estimate, u),
        reason=Sentence((
            shown(Units.restated, stated), f"{kinds.capitalize()} line ", shown(Units.length, total.value),
            "; the way ", shown(Units.length_range, estimate - Z90 * u, estimate + Z90 * u, is_exact=True), " (90 %).",
        )),
        estimate=estimate, unit="m", u=u, budget=budget, basis=total.basis or f"{kinds} line",
    )  # fmt: skip


def _straight(stated: Measure, crow_m: float, slack_m: float) -> Sentence:
    crow, slack = shown(Units.length, crow_m), shown(Units.length, slack_m)
    return Sentence(
        (
            shown(Units.restated, stated),
            "As the crow flies it is ",
            crow,
            " already (positions ± ",
            slack,
            ").",
        )
    )


def _crow_m(trek: Trek, leg: LegStudy) -> float:
    start, end = trek.place(leg.leg.start), trek.place(leg.leg.end)
    return float(distance_m([start.lon], [start.lat], [end.lon], [end.lat])[0])


def _middle(estimate: Estimate, default_sigma: float) -> tuple[float, float]:
    """Centre and standard deviation of an estimate's interval."""
    if estimate.p10 is None or estimate.p90 is None:
        return estimate.value, default_sigma
    return 0.5 * (estimate.p10 + estimate.p90), 0.5 * (estimate.p90 - estimate.p10) / _P90_IN_SIGMA


def _check_climb(subject: str, name: str, figure: StatedFigure, legs: Sequence[LegStudy]) -> Finding:
    parts = [leg.ascent_m if figure.quantity is Quantity.ASCENT else leg.descent_m for leg in legs]
    known = [part for part in parts if part is not None]
    claims = (Claim.of(figure),)
    if len(known) < len(parts):
        missing = "; ".join(dict.fromkeys(leg.missing for leg in legs if leg.missing))
        return Finding(
            subject=subject, name=name, check=Check.LINE, quantity=figure.quantity, claims=claims,
            verdict=Verdict.UNDECIDED, reason=f"It cannot be told: {missing}.", unit="m",
        )  # fmt: skip
    total = sum_estimates(known)
    estimate, spread = _middle(total, 0.0)
    budget = {
        "line": max(spread, CLIMB_SHARE * total.value),
        "rounding": sigma_from_rounding(figure.measure.step_base),
    }
    u = combine(*budget.values())
    return Finding(
        subject=subject, name=name, check=Check.LINE, quantity=figure.quantity, claims=claims,
        verdict=judge(figure.measure.nearest(estimate), estimate, u),
        reason=Sentence((
            shown(Units.restated, figure.measure), "Computed ", shown(Units.height, total.value),
            "; with its uncertainty ", shown(Units.height, estimate, is_exact=True), " ± ",
            shown(Units.height, Z90 * u, is_exact=True), " (90 %).",
        )),
        estimate=estimate, unit="m", u=u, budget=budget, basis=total.basis,
    )  # fmt: skip


def _check_maximum(
    trek: Trek,
    subject: str,
    name: str,
    figure: StatedFigure,
    legs: Sequence[LegStudy],
    source: ElevationSource | None,
) -> Finding:
    if not legs or source is None or any(leg.high_m is None for leg in legs):
        why = "; ".join(dict.fromkeys(leg.missing for leg in legs if leg.missing)) or "no leg on foot"
        return Finding(
            subject=subject, name=name, check=Check.LINE, quantity=figure.quantity, claims=(Claim.of(figure),),
            verdict=Verdict.UNDECIDED, reason=f"The highest point of the line is not known: {why}.", unit="m",
        )  # fmt: skip
    top = max(legs, key=lambda leg: leg.high_m or 0.0)
    run, profile = max(
        zip(top.line.unbroken(), top.profiles, strict=True), key=lambda pair: float(pair[1].height_m.max())
    )
    peak = int(profile.height_m.argmax())
    lateral = float(lateral_sigmas_m(top.line, run, profile.distance_m)[peak])
    spot = _spot(trek, float(profile.lon_deg[peak]), float(profile.lat_deg[peak]), top, lateral)
    at = dem_at(spot.lon, spot.lat, source, radius_m=2.0 * spot.position_uncertainty_m)
    found = check_height(spot, figure, figure.measure, at, missing="The DEM is void here.")
    said = (found.reason,) if isinstance(found.reason, str) else found.reason.parts
    where = "" if spot.id == subject else f" Highest point of the line: {spot.name}."
    return Finding(
        subject=subject, name=name, check=Check.LINE, quantity=figure.quantity, claims=found.claims,
        verdict=found.verdict, reason=Sentence((*said, where)), estimate=found.estimate, unit="m", u=found.u,
        budget=found.budget, basis=found.basis,
    )  # fmt: skip


def _spot(trek: Trek, lon: float, lat: float, leg: LegStudy, lateral_m: float) -> Place:
    """Pass on the leg at its highest point, or the bare position with the line's uncertainty."""
    for place in (trek.place(place_id) for place_id in leg.leg.stops):
        if place.kind is PlaceKind.PASS:
            away = float(distance_m([place.lon], [place.lat], [lon], [lat])[0])
            if away <= max(place.position_uncertainty_m, lateral_m):
                return place
    return Place(
        id="highest-point", name=f"{lon:.4f}, {lat:.4f}", kind=PlaceKind.VIEWPOINT, lon=lon, lat=lat,
        position_uncertainty_m=RADIUS_95_IN_SIGMA * lateral_m, position_source=f"{leg.line.provenance} line",
    )  # fmt: skip
