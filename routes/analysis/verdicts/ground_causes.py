"""Causes in our own data: a wrong position, trees in a DEM, a line that is not the trail."""

import math
from collections.abc import Iterator

import numpy as np

from routes.analysis.passes.ground import Ground
from routes.analysis.verdicts.causes import Cause
from routes.analysis.verdicts.likelihoods import Normal, Weighed
from routes.kernel.uncertainty import U_DATUM_M, combine
from routes.model.kinds import PlaceKind
from routes.model.sentence import Sentence, shown
from routes.model.units import Units

CANOPY_M = 30.0
"""Greatest canopy height that forest explains, metres; all heights up to it are equally likely."""

SADDLE_AT_PASS = 0.75
"""Share of true pass positions with a saddle within reach in a 3" DEM: 76 of 89 in Japan, 60 of 91 in Andorra
(benchmarks/accuracy/validate.py)."""

LEVEL_TANGENT = 0.2
"""Slope below which a pass position without a saddle counts as level."""

LEVEL_ODDS, STEEP_ODDS = 0.2, 10.0
"""Odds that a pass position without a saddle is wrong rather than right, on level ground and on a slope.

Right positions without a saddle: 13 of 89 in Japan (11 level), 30 of 91 in Andorra (15 level); positions moved by 500
m: 659 of 716 (91 level). That gives about 1 and 8. The first is lowered in the author's favour, so that errors of 60 m
at right positions still *differ*; 0.1 to 0.3 would be as defensible.
"""

LINE_RATIO = 0.8, 2.0
"""Range of true over modelled length, climb or time, uniform in the logarithm. P10 to P90 of the lengths of four
sources is 0.99 to 1.55."""


def position_is_off(printed: tuple[float, float], ground: Ground) -> Iterator[Weighed]:
    """The pass is another saddle within reach of its position.

    Each is equally likely; the likelihood is multiplied by `_odds`.
    """
    passing = ground.passing
    if ground.place.kind is not PlaceKind.PASS or passing is None or passing.is_found or not passing.others:
        return
    spots = [(saddle, passing.spot(saddle)) for saddle in passing.others]
    fits = [
        Normal(spot.best_m, combine(*spot.budget.values(), U_DATUM_M)).mass(*printed) for _, spot in spots
    ]
    saddle, spot = spots[fits.index(max(fits))]
    text = Sentence((
        "a saddle of ", shown(Units.height, spot.best_m, is_exact=True), " lies ",
        shown(Units.length, saddle.distance_m), " away",
    ))  # fmt: skip
    yield Weighed(Cause.POSITION, sum(fits) / len(fits) * _odds(ground), text)


def _odds(ground: Ground) -> float:
    """Odds that a pass's position is wrong, from what is found there.

    A wrong position has a saddle nearby only by chance; a right one usually has one. A pass is level; a hillside half
    a kilometre away is not.
    """
    passing = ground.passing
    if passing is not None and passing.saddles and passing.saddles[0].distance_m < passing.nearness_m:
        count = len(passing.others) + 1
        chance = 1.0 - math.exp(-count * min(passing.saddles[0].distance_m / passing.reach_m, 1.0) ** 2)
        return chance / SADDLE_AT_PASS
    slope = None if ground.spot is None else ground.spot.slope_tangent
    return STEEP_ODDS if slope is None or slope >= LEVEL_TANGENT else LEVEL_ODDS


def forest(printed: tuple[float, float], ours: Normal, ground: Ground) -> Iterator[Weighed]:
    """The DEM shows treetops, 0 to `CANOPY_M` above the ground; the estimate already allows for some."""
    spot = ground.spot
    if spot is None or not spot.forest_share:
        return
    canopy = (np.arange(CANOPY_M) + 0.5).tolist()
    bare = [Normal(ours.value + spot.forest_m - height, ours.u).mass(*printed) for height in canopy]
    text = "the DEM may show treetops"
    yield Weighed(Cause.FOREST, spot.forest_share * sum(bare) / len(bare), text)


def line_is_not_the_trail(printed: tuple[float, float], ours: Normal) -> Iterator[Weighed]:
    """The trail takes a different route from the modelled line."""
    if ours.value <= 0.0 or printed[1] <= 0.0:
        return
    low, high = (math.log(max(end, 1e-9) / ours.value) for end in printed)
    first, last = (math.log(ratio) for ratio in LINE_RATIO)
    yield Weighed(Cause.LINE, max(0.0, min(high, last) - max(low, first)) / (last - first))
