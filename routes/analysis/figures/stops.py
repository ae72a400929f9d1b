"""Find where the line of a leg passes its places."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import FloatArray
from routes.kernel.geodesy import distance_m
from routes.model.trek import Place


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of a leg, and its nearest line sample in walking order."""

    place: Place
    """The place."""

    index: int
    """Index of the sample."""

    away_m: float
    """Distance from the place to that sample, metres."""


def stops_along(places: Sequence[Place], lon_deg: ArrayLike, lat_deg: ArrayLike) -> list[Stop]:
    """Nearest samples of a line (degrees) to two or more places, in walking order.

    The first and last place take the line's ends. Those between minimize the sum of distances in order, so that on an
    out-and-back a place is not matched to the wrong pass.
    """
    lon, lat = (np.asarray(values, dtype=np.float64) for values in (lon_deg, lat_deg))
    away = np.array([distance_m([place.lon], [place.lat], lon, lat) for place in places])
    indices = [0, *_in_order(away[1:-1]), lon.size - 1]
    return [Stop(p, i, float(away[k, i])) for k, (p, i) in enumerate(zip(places, indices, strict=True))]


def _in_order(away: FloatArray) -> list[int]:
    """Index into each row, none before that of the row above, with the smallest sum."""
    if not len(away):
        return []
    total = np.zeros(away.shape[1])
    choices = []
    for row in away:
        total = total + row
        least = np.minimum.accumulate(total)
        choices.append(np.maximum.accumulate(np.where(total <= least, np.arange(total.size), 0)))
        total = least
    indices = [int(choices[-1][-1])]
    for choice in choices[-2::-1]:
        indices.append(int(choice[indices[-1]]))
    return indices[::-1]
