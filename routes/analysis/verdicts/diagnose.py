"""Findings with the likely causes of what differs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from routes.analysis.verdicts.causes import Clues, diagnose, which_unit
from routes.analysis.verdicts.finding import Check, Finding, Verdict
from routes.analysis.verdicts.gazetteer import Other, gazetteer_of
from routes.model.figures import Quantity
from routes.model.trek import Trek

Undulation = Callable[[float, float], float | None]
"""Height of the geoid above the ellipsoid at longitude and latitude, metres; None where no grid tells."""

_WEIGHED = (Quantity.ELEVATION, Quantity.MAX_ELEVATION, Quantity.ASCENT, Quantity.DESCENT, Quantity.DISTANCE)


def diagnosed(
    trek: Trek, findings: Sequence[Finding], undulation: Undulation | None = None
) -> tuple[Finding, ...]:
    """Findings of a trek in the order given, those that differ or are doubtful with their likely causes.

    The trek's stated heights are the gazetteer for heights of other places. Without `undulation` that cause is not
    weighed, and the diagnosis says so.
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
        if finding.check is not Check.DEM or not finding.is_open:
            return explained(finding)
        place = trek.place(finding.subject)
        geoid = None if undulation is None else undulation(place.lon, place.lat)
        return explained(finding, geoid, gazetteer.others(place.id))

    return tuple(map(explain, findings))


def explained(finding: Finding, undulation_m: float | None = None, others: tuple[Other, ...] = ()) -> Finding:
    """Return a finding with its likely causes where it differs or is doubtful and its uncertainty is known.

    For a height: how far the geoid lies above the ellipsoid there, in metres, and places whose height it may be.
    """
    statement, u = finding.statement, finding.u_unrounded
    if statement is None or statement.quantity not in _WEIGHED or not finding.is_open:
        return finding
    if finding.estimate is None or u is None:
        return finding
    clues = Clues(
        quantity=statement.quantity, second=statement.rival, undulation_m=undulation_m, others=others
    )
    return replace(finding, diagnosis=diagnose(statement.measure, finding.estimate, u, clues))


def untested(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Causes that could not be weighed, and why, each once."""
    return tuple(
        dict.fromkeys(note for found in findings if found.diagnosis for note in found.diagnosis.untested)
    )


def _with_unit(finding: Finding, compared: Iterable[Finding]) -> Finding:
    """Which of two units that exclude each other the DEM or the line supports."""
    stated = finding.statement
    if stated is None or stated.rival is None or stated.quantity not in _WEIGHED:
        return finding
    for other in compared:
        has_same = other.statement is not None and other.statement.is_of(stated)
        if has_same and other.estimate is not None and other.u_unrounded is not None:
            which = which_unit(stated.measure, stated.rival, other.estimate, other.u_unrounded)
            return replace(finding, diagnosis=which)
    return finding
