"""How trails differ from least-time lines: printed by benchmarks/accuracy/trace.py on real trails."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routes.kernel.geodesy import distance_m
from routes.model.trek import Place


@dataclass(frozen=True, slots=True)
class ModelledErrors:
    """How trails differ from least-time lines between stops a certain distance apart."""

    stops_every_m: float
    """Distance between stops along the trail, metres."""

    length_ratio: tuple[float, float, float]
    """Length of the trail over that of the line (sinuosity): P10, P50, P90."""

    ascent_ratio: tuple[float, float, float]
    """Ascent of the trail over that of the line: P10, P50, P90."""


MODELLED_ERRORS = (
    ModelledErrors(1500.0, (1.07, 1.14, 1.24), (0.99, 1.04, 1.11)),
    ModelledErrors(3000.0, (1.03, 1.13, 1.23), (1.00, 1.11, 1.36)),
    ModelledErrors(6000.0, (1.04, 1.15, 1.25), (1.01, 1.10, 1.55)),
)
"""Trails GR107 and HRP in Andorra, SRTM 3": 54, 23 and 9 stretches of that length, put together to days of 12 km.

The ascents of both are those of the 90 m recipes of routes/analysis/figures/recipes.py: other recipes, other ratios."""

MODELLED_ERRORS_SOURCE = 'trails against least-time lines in Andorra, SRTM 3" (benchmarks/accuracy/trace.py)'
"""What to print beside an interval made from the table."""

SLACK = 0.2
"""Ways that take up to this share longer than the fastest are where a trail may run: with it, nine tenths of each piece
of the GR107 and the HRP lie within the bound that a line states, for stretches of every length
(benchmarks/accuracy/trace.py). Nine tenths of all pieces together would need 0.11 only, but a leg is one piece."""


def modelled_errors(stops_every_m: float) -> ModelledErrors:
    """Row of `MODELLED_ERRORS` for a distance between stops: the next one up, the last one beyond."""
    return next((row for row in MODELLED_ERRORS if stops_every_m <= row.stops_every_m), MODELLED_ERRORS[-1])


def stops_every_m(stops: Sequence[Place]) -> float:
    """Mean distance between neighbouring places, metres."""
    lon, lat = np.array([place.lon for place in stops]), np.array([place.lat for place in stops])
    return float(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).mean())
