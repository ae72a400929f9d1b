"""Findings with the likely causes of what differs."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from routes.analysis.verdicts.diagnosis import Clues, diagnose, which_unit
from routes.analysis.verdicts.finding import Check, Finding, Verdict
from routes.analysis.verdicts.gazetteer import Gazetteer, gazetteer_of
from routes.kernel.uncertainty import combine
from routes.model.figures import Quantity, StatedFigure
from routes.model.measure import Measure
from routes.model.trek import Trek

Undulation = Callable[[float, float], float | None]
"""Height of the geoid above the ellipsoid at longitude and latitude, metres; None where no grid tells."""

_OPEN = frozenset({Verdict.DIFFERS, Verdict.DOUBTFUL})
_WEIGHED = (Quantity.ELEVATION, Quantity.MAX_ELEVATION, Quantity.ASCENT, Quantity.DESCENT, Quantity.DISTANCE)


def diagnosed(
    trek: Trek, findings: Sequence[Finding], undulation: Undulation | None = None
) -> tuple[Finding, ...]:
    """Findings of a trek, those that differ or are doubtful with their likely causes.

    Parameters
    ----------
    trek : Trek
        The itinerary; its stated heights are the gazetteer for heights of other places.
    findings : sequence of Finding
        Verdicts on its figures; those on heights need their budget.
    undulation : callable, optional
        Height of the geoid above the ellipsoid; without it that cause is not weighed, and the diagnosis says so.

    Returns
    -------
    tuple of Finding
        In the order given.
    """
    wrong = {
        (finding.subject, claim.printed)
        for finding in findings
        if finding.check is Check.DEM and finding.verdict is Verdict.DIFFERS
        for claim in finding.claims
    }
    gazetteer = gazetteer_of(trek, wrong)
    figures = dict(_stated(trek))
    return tuple(
        _with_cause(finding, figures.get(finding.subject, ()), findings, (trek, gazetteer, undulation))
        for finding in findings
    )


def _stated(trek: Trek) -> list[tuple[str, tuple[StatedFigure, ...]]]:
    return [
        *((place.id, place.stated) for place in trek.places),
        *((leg.id, leg.stated) for _, leg in trek.legs()),
        (trek.id, trek.stated),
    ]


_World = tuple[Trek, Gazetteer, Undulation | None]


def _with_cause(
    finding: Finding, figures: Sequence[StatedFigure], findings: Sequence[Finding], world: _World
) -> Finding:
    if finding.check is Check.UNITS and finding.verdict is Verdict.DIFFERS:
        return _with_unit(finding, figures, findings)
    trek, gazetteer, undulation = world
    found = _measure_of(finding, figures)
    if finding.verdict not in _OPEN or finding.estimate is None or not finding.budget or found is None:
        return finding
    measure, second = found
    if finding.quantity not in _WEIGHED:
        return finding
    geoid = None
    place = next((place for place in trek.places if place.id == finding.subject), None)
    if place is not None and undulation is not None:
        geoid = undulation(place.lon, place.lat)
    clues = Clues(
        quantity=Quantity(finding.quantity),
        second=second,
        undulation_m=geoid,
        others=gazetteer.others(finding.subject) if place is not None else (),
    )
    return with_diagnosis(finding, measure, clues)


def with_diagnosis(finding: Finding, measure: Measure, clues: Clues) -> Finding:
    """Return a finding with the diagnosis of its difference; as it is where it has no estimate with an uncertainty.

    Parameters
    ----------
    finding : Finding
        A verdict with its budget.
    measure : Measure
        The figure that it is about.
    clues : Clues
        What else is known.
    """
    u = combine(*(part for name, part in finding.budget.items() if name != "rounding"))
    if finding.estimate is None or not math.isfinite(u) or u <= 0.0:
        return finding
    return replace(finding, diagnosis=diagnose(measure, finding.estimate, u, clues))


def diagnosed_alone(finding: Finding, figure: StatedFigure, undulation: float | None = None) -> Finding:
    """Return a finding on a height that belongs to no trek, with its likely causes where it differs or is doubtful.

    Parameters
    ----------
    finding : Finding
        A verdict on the figure.
    figure : StatedFigure
        What it is about.
    undulation : float, optional
        Height of the geoid above the ellipsoid there, metres.
    """
    found = _measure_of(finding, (figure,))
    if finding.verdict not in _OPEN or found is None:
        return finding
    clues = Clues(quantity=figure.quantity, second=found[1], undulation_m=undulation)
    return with_diagnosis(finding, found[0], clues)


def _measure_of(finding: Finding, figures: Sequence[StatedFigure]) -> tuple[Measure, Measure | None] | None:
    """The value that a finding is about, and the other unit where the two exclude each other."""
    if len(finding.claims) != 1:
        return None
    claim = finding.claims[0]
    for figure in figures:
        if figure.source != claim.source or figure.quantity != finding.quantity:
            continue
        first, second = figure.measure, figure.second
        other = None if second is None or first.meets(second) else second
        if claim.printed in (figure.printed, first.printed):
            return first, other
        if second is not None and claim.printed == second.printed:
            return second, None if other is None else first
    return None


def _with_unit(finding: Finding, figures: Sequence[StatedFigure], findings: Sequence[Finding]) -> Finding:
    """Which of two units that exclude each other the DEM or the line supports."""
    if finding.quantity not in _WEIGHED:
        return finding
    claim = finding.claims[0]
    figure = next(
        (f for f in figures if f.source == claim.source and f.printed == claim.printed and f.second), None
    )
    if figure is None or figure.second is None:
        return finding
    printed = {figure.measure.printed, figure.second.printed, figure.printed}
    against = next(
        (
            other
            for other in findings
            if other.subject == finding.subject
            and other.quantity == finding.quantity
            and other.budget
            and other.estimate is not None
            and other.claims[0].source == claim.source
            and other.claims[0].printed in printed
        ),
        None,
    )
    if against is None or against.estimate is None:
        return finding
    u = combine(*(part for name, part in against.budget.items() if name != "rounding"))
    if not math.isfinite(u) or u <= 0.0:
        return finding
    return replace(finding, diagnosis=which_unit(figure.measure, figure.second, against.estimate, u))
