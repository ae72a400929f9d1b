"""Find likely causes of a difference, and soften verdicts accordingly.

All causes have the same prior weight: no one has counted how often guides err in which way.
``benchmarks/accuracy/validate_errors.py`` shows how often the right cause is named.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from routes.analysis.verdicts.causes import Cause, Clues, Diagnosis, LikelyCause
from routes.analysis.verdicts.finding import Check, Finding, Verdict
from routes.analysis.verdicts.gazetteer import Other, gazetteer_of
from routes.analysis.verdicts.ground_causes import forest, line_is_not_the_trail, position_is_off
from routes.analysis.verdicts.likelihoods import (
    Normal,
    Weighed,
    conversion,
    digits,
    ellipsoidal,
    other_place,
    swapped,
    truncated,
)
from routes.errors import ModelError
from routes.model.figures import Quantity
from routes.model.measure import Measure
from routes.model.trek import Trek

Undulation = Callable[[float, float], float | None]
"""Height of the geoid above the ellipsoid at longitude and latitude, metres; None without a grid there."""

NO_GEOID = (
    "Whether the height is above the ellipsoid was not weighed: the geoid's height at the place is not known. It takes "
    "a grid of PROJ's, which `pyproj sync --file us_nga_egm96_15.tif` gets."
)

CLEARLY_BETTER = 10.0
"""Minimum odds, against all other causes together, at which a wrong digit or unit of a length, climb or time is named:
those estimates are wide, and some digit nearly always fits them."""

_WEIGHED = (
    Quantity.ELEVATION, Quantity.MAX_ELEVATION, Quantity.ASCENT, Quantity.DESCENT, Quantity.DISTANCE, Quantity.DURATION,
)  # fmt: skip


def diagnosed(
    trek: Trek, findings: Sequence[Finding], undulation: Undulation | None = None
) -> tuple[Finding, ...]:
    """Findings in the given order, with likely causes of whatever does not agree, as in `explained`.

    The trek's stated heights are the candidates for heights of other places. Without `undulation`, ellipsoidal heights
    are not considered, and the diagnosis says so.
    """
    compared = [finding for finding in findings if finding.u_unrounded is not None]
    wrong = {
        finding.statement
        for finding in findings
        if finding.check is Check.DEM and finding.verdict is Verdict.DIFFERS and finding.statement is not None
    }
    gazetteer = gazetteer_of(trek, wrong)

    def explain(finding: Finding) -> Finding:
        if finding.check is Check.UNITS:
            return _with_unit(finding, compared)
        if finding.check is not Check.DEM or finding.verdict is Verdict.AGREES:
            return explained(finding)
        place = trek.place(finding.subject)
        geoid = None if undulation is None else undulation(place.lon, place.lat)
        return explained(finding, geoid, gazetteer.others(place.id))

    return tuple(map(explain, findings))


def explained(finding: Finding, undulation_m: float | None = None, others: tuple[Other, ...] = ()) -> Finding:
    """Finding with its likely causes, if it does not agree and its uncertainty is known.

    A height that *differs* becomes *doubtful* if a wrong position explains it better than all other causes together.
    `undulation_m` is the geoid's height above the ellipsoid there; `others` are places whose height it may be.
    """
    statement, u = finding.statement, finding.u_unrounded
    if statement is None or statement.quantity not in _WEIGHED or finding.verdict is Verdict.AGREES:
        return finding
    if finding.estimate is None or u is None:
        return finding
    clues = replace(
        finding.clues, quantity=statement.quantity, second=statement.rival, undulation_m=undulation_m, others=others
    )  # fmt: skip
    diagnosis = diagnose(statement.measure, finding.estimate, u, clues)
    is_soft = finding.verdict is Verdict.DIFFERS and diagnosis.probability(Cause.POSITION) > 0.5
    return replace(
        finding, diagnosis=diagnosis, verdict=Verdict.DOUBTFUL if is_soft else finding.verdict
    )  # fmt: skip


def diagnose(measure: Measure, estimate: float, u: float, clues: Clues | None = None) -> Diagnosis:
    """Causes of a difference between a printed figure and an estimate, likeliest first.

    `estimate` and `u`, its standard uncertainty without the rounding of the printed figure, are in the measure's base
    unit. Raises ModelError if either is not finite, or `u` is not positive.

    >>> diagnose(Measure.parse("7874 m"), 2406.0, 15.0).likeliest.cause.value
    'feet as metres'
    >>> diagnose(Measure.parse("4250 m"), 2450.0, 15.0).likeliest.cause.value
    'transposed digits'
    """
    clues = clues or Clues()
    if not math.isfinite(estimate) or not math.isfinite(u) or u <= 0.0:
        msg = f"A diagnosis needs an estimate with a positive uncertainty, not {estimate} and {u}."
        raise ModelError(msg)
    ours, printed = Normal(estimate, u), measure.interval
    weighed = [
        Weighed(Cause.CHANCE, ours.mass(*printed)),
        Weighed(Cause.NONE, ours.gross(*printed)),
        *swapped(measure, ours),
        *digits(measure, ours),
    ]
    if clues.second is not None:
        weighed.append(conversion(measure, clues.second, ours))
    if clues.is_modelled:
        weighed.extend(line_is_not_the_trail(printed, ours))
    if clues.is_height:
        weighed.extend(truncated(measure, ours))
        if clues.undulation_m is not None:
            weighed.append(ellipsoidal(measure, ours, clues.undulation_m))
        if clues.others:
            weighed.append(other_place(measure, clues.others))
        if clues.ground is not None:
            weighed += [*position_is_off(printed, clues.ground), *forest(printed, ours, clues.ground)]
    else:
        total = sum(part.likelihood for part in weighed)
        least = total * CLEARLY_BETTER / (CLEARLY_BETTER + 1.0)
        weighed = [part for part in weighed if not part.is_slip or part.likelihood >= least]
    untested = (NO_GEOID,) if clues.is_height and clues.undulation_m is None else ()
    return Diagnosis(_normalised(weighed), untested)


def _normalised(weighed: Sequence[Weighed]) -> tuple[LikelyCause, ...]:
    """Causes, likeliest first, with probabilities that add up to 1."""
    total = sum(part.likelihood for part in weighed)
    ordered = sorted(weighed, key=lambda part: -part.likelihood)
    return tuple(LikelyCause(part.cause, part.likelihood / total, part.text, part.meant) for part in ordered)


def which_unit(first: Measure, second: Measure, estimate: float, u: float) -> Diagnosis:
    """Which of a statement's two units the estimate supports, or neither.

    `estimate` and `u`, its standard uncertainty, are in metres.

    >>> from routes.model.units import Units
    >>> found = which_unit(Measure.parse("11,000 ft"), Measure.parse("3000 m"), 3340.0, 15.0)
    >>> found.likeliest.text_in(Units.METRIC)
    '11,000 ft fits, 3000 m does not'
    """
    ours = Normal(estimate, u)
    mass = [ours.mass(*measure.interval) for measure in (first, second)]
    gross = [ours.gross(*measure.interval) for measure in (first, second)]
    return Diagnosis(_normalised([
        Weighed(Cause.OTHER_UNIT, mass[0] * gross[1], f"{first.printed} fits, {second.printed} does not"),
        Weighed(Cause.OTHER_UNIT, mass[1] * gross[0], f"{second.printed} fits, {first.printed} does not"),
        Weighed(Cause.NONE, gross[0] * gross[1], "neither fits"),
    ]))  # fmt: skip


def untested(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Causes that could not be considered, and why, each once."""
    return tuple(
        dict.fromkeys(note for found in findings if found.diagnosis for note in found.diagnosis.untested)
    )


def _with_unit(finding: Finding, compared: Iterable[Finding]) -> Finding:
    """Finding with the one of two contradictory units that the DEM or the line supports."""
    stated = finding.statement
    if stated is None or stated.rival is None or stated.quantity not in _WEIGHED:
        return finding
    for other in compared:
        has_same = other.statement is not None and other.statement.is_of(stated)
        if has_same and other.estimate is not None and other.u_unrounded is not None:
            which = which_unit(stated.measure, stated.rival, other.estimate, other.u_unrounded)
            return replace(finding, diagnosis=which)
    return finding
