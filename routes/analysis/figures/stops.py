"""Where the line of a leg passes its places."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import FloatArray
from routes.kernel.geodesy import distance_m
from routes.model.trek import Place


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of a leg, and the sample of its line that is nearest in walking order."""

    place: Place
    """The place."""

    index: int
    """Index of the sample."""

    away_m: float
    """How far the place lies from that sample, metres."""


def stops_along(places: Sequence[Place], lon_deg: ArrayLike, lat_deg: ArrayLike) -> list[Stop]:
    """Nearest samples of a line to places, in walking order.

    The first place is the first sample and the last place the last. Those between are placed so that their distances
    from the line sum to the least that walking order allows: on a way out and back a place is not taken for the pass
    before its time.

    Parameters
    ----------
    places : sequence of Place
        Two or more places in walking order.
    lon_deg, lat_deg : array_like, shape (n,)
        Samples of the line, degrees.

    Returns
    -------
    list of Stop
        One a place.
    """
    lon, lat = (np.asarray(values, dtype=np.float64) for values in (lon_deg, lat_deg))
    away = np.array([distance_m([place.lon], [place.lat], lon, lat) for place in places])
    indices = [0, *_in_order(away[1:-1]), lon.size - 1]
    return [Stop(p, i, float(away[k, i])) for k, (p, i) in enumerate(zip(places, indices, strict=True))]


def _in_order(away: FloatArray) -> list[int]:
    """Index into each row, none before that of the row above, with the least sum."""
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
