"""Stated heights of a place with their verdicts, as lines of a profile."""

from collections.abc import Iterable
from dataclasses import dataclass

from routes.analysis.verdicts.finding import Finding, Verdict
from routes.model.measure import Measure

_ALIKE_M = 0.6


@dataclass(frozen=True, slots=True)
class Level:
    """Stated heights drawn as one line."""

    text: str
    """Figure as printed, and the number of statements if more than one."""

    verdict: Verdict
    """Verdict against the DEM."""

    low_m: float
    """Lowest height that rounds to this figure, metres."""

    height_m: float
    """Height, metres."""

    high_m: float
    """Highest height that rounds to this figure, metres."""


def levels_of(findings: Iterable[Finding]) -> list[Level]:
    """Lines from lowest to highest; equal heights with the same verdict share one."""
    stated = [(found.verdict, found.statement.measure) for found in findings if found.statement is not None]
    groups: list[tuple[Verdict, list[Measure]]] = []
    for verdict, measure in sorted(stated, key=lambda pair: (pair[0], pair[1].value)):
        if groups and groups[-1][0] is verdict and _is_alike(groups[-1][1][0], measure):
            groups[-1][1].append(measure)
        else:
            groups.append((verdict, [measure]))
    levels = []
    for verdict, alike in groups:
        first = min(alike, key=lambda measure: len(measure.printed))
        text = first.printed if len(alike) == 1 else f"{first.printed} ({len(alike)})"
        levels.append(Level(text, verdict, first.interval[0], first.value, first.interval[1]))
    return sorted(levels, key=lambda level: level.height_m)


def _is_alike(first: Measure, other: Measure) -> bool:
    is_rounded_alike = abs(first.interval[0] - other.interval[0]) <= 2.0 * _ALIKE_M
    return is_rounded_alike and abs(first.value - other.value) <= _ALIKE_M
