"""Stated heights of a place with their verdicts, as the lines of a profile."""

from collections.abc import Sequence
from dataclasses import dataclass

from routes.analysis.verdicts.finding import Check, Finding, Verdict
from routes.model.measure import Measure
from routes.model.trek import Place

_ALIKE_M = 0.6


@dataclass(frozen=True, slots=True)
class StatedHeight:
    """A stated height with its verdict."""

    measure: Measure
    """The figure."""

    printed: str
    """As printed."""

    source: str
    """Who printed it."""

    verdict: Verdict
    """Against the DEM."""


@dataclass(frozen=True, slots=True)
class Level:
    """Stated heights that are drawn as one line."""

    text: str
    """As printed, and by how many where it is more than one."""

    verdict: Verdict
    """Against the DEM."""

    low_m: float
    """Least height that would be printed like this, metres."""

    height_m: float
    """The height, metres."""

    high_m: float
    """Greatest height that would be printed like this, metres."""


def stated_heights(place: Place, findings: Sequence[Finding]) -> tuple[StatedHeight, ...]:
    """Stated heights of a place with the verdicts on them.

    Parameters
    ----------
    place : Place
        The place.
    findings : sequence of Finding
        Verdicts, also on other things.

    Returns
    -------
    tuple of StatedHeight
        In the order of the trek file; both units of a statement apart where they exclude each other.
    """
    verdicts = {
        (claim.printed, claim.source): finding.verdict
        for finding in findings
        if finding.subject == place.id and finding.check is Check.DEM
        for claim in finding.claims
    }
    found = []
    for figure in place.stated:
        second = figure.second
        is_one = second is None or figure.measure.meets(second)
        for measure in (figure.measure,) if second is None or is_one else (figure.measure, second):
            printed = figure.printed if is_one else measure.printed
            verdict = verdicts.get((printed, figure.source))
            if verdict is not None:
                found.append(StatedHeight(measure, printed, figure.source, verdict))
    return tuple(found)


def levels_of(stated: Sequence[StatedHeight]) -> list[Level]:
    """Lines to draw: heights that are alike, of one verdict, as one; from the lowest to the highest."""
    ordered = sorted(stated, key=lambda s: (s.verdict, s.measure.value))
    groups: list[list[StatedHeight]] = []
    for one in ordered:
        last = groups[-1][0] if groups else None
        if (
            last is not None
            and last.verdict is one.verdict
            and abs(last.measure.value - one.measure.value) <= _ALIKE_M
            and abs(last.measure.interval[0] - one.measure.interval[0]) <= 2.0 * _ALIKE_M
        ):
            groups[-1].append(one)
        else:
            groups.append([one])
    levels = []
    for group in groups:
        first = min(group, key=lambda s: len(s.measure.printed)).measure
        text = first.printed if len(group) == 1 else f"{first.printed} ({len(group)})"
        levels.append(Level(text, group[0].verdict, first.interval[0], first.value, first.interval[1]))
    return sorted(levels, key=lambda level: level.height_m)
