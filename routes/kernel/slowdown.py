"""What slows a walker down: thin air, and a heavy pack."""

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import FloatArray
from routes.errors import InvalidCoordinatesError
from routes.kernel._check import check_totals

UNLOADED_SPEED_M_S = 4.2 / 3.6
"""Speed on the flat for the effect of a pack: that of Swiss signposts, 4.2 km/h."""

ALTITUDE_FROM_M = 1500.0
"""Height above which aerobic power is assumed to fall, metres."""

ALTITUDE_LOSS_PER_M = 0.26 / (4000.0 - ALTITUDE_FROM_M)
"""Share of aerobic power lost per metre above that: 26 % at 4000 m (Buskirk et al. 1967)."""


def altitude_slowdown(height_m: ArrayLike) -> FloatArray:
    """Factor on walking time by altitude, for walkers who are not acclimatised.

    Maximal oxygen uptake of six trained runners was 26 % lower at 4000 m than at 300 m [1]_. We assume that the loss
    is linear from 1500 m, and speed proportional to what is left. Acclimatised walkers lose less.

    Parameters
    ----------
    height_m : array_like
        Heights, metres.

    Returns
    -------
    ndarray
        1 up to 1500 m, more above; same shape.

    References
    ----------
    .. [1] Buskirk et al. (1967), J. Appl. Physiol. 23, 259-266, https://doi.org/10.1152/jappl.1967.23.2.259
    """
    height = np.asarray(height_m, dtype=np.float64)
    lost = ALTITUDE_LOSS_PER_M * np.clip(height - ALTITUDE_FROM_M, 0.0, 9000.0 - ALTITUDE_FROM_M)
    return np.asarray(1.0 / (1.0 - lost), dtype=np.float64)


def pandolf_w(body_kg: float, pack_kg: float, speed_m_s: float) -> float:
    """Power of walking on the flat with a load, by Pandolf's equation [1]_.

    Parameters
    ----------
    body_kg, pack_kg : float
        Mass of walker and load, kilograms.
    speed_m_s : float
        Speed on a firm level path, metres per second.

    Returns
    -------
    float
        Watts.

    References
    ----------
    .. [1] Pandolf, Givoni and Goldman (1977), J. Appl. Physiol. 43, 577-581,
       https://doi.org/10.1152/jappl.1977.43.4.577
    """
    both = body_kg + pack_kg
    return 1.5 * body_kg + 2.0 * both * (pack_kg / body_kg) ** 2 + 1.5 * both * speed_m_s**2


def pack_slowdown(pack_kg: float, *, body_kg: float = 70.0) -> float:
    """Factor on walking time with a pack, at the same power as 4.2 km/h without one.

    Parameters
    ----------
    pack_kg : float
        Mass of the pack, kilograms; 0 or more.
    body_kg : float
        Mass of the walker, kilograms.

    Returns
    -------
    float
        1 without a pack, more with one.

    Raises
    ------
    InvalidCoordinatesError
        If a mass is negative or not finite, or the pack too heavy to walk with.

    Examples
    --------
    >>> round(pack_slowdown(15.0), 2)
    1.13
    """
    check_totals(pack_kg, body_kg)
    left = pandolf_w(body_kg, 0.0, UNLOADED_SPEED_M_S) - pandolf_w(body_kg, pack_kg, 0.0) if body_kg else 0.0
    if not left > 0.0:
        msg = f"A pack of {pack_kg:g} kg is too heavy for a walker of {body_kg:g} kg (by Pandolf's equation)."
        raise InvalidCoordinatesError(msg)
    return float(UNLOADED_SPEED_M_S / np.sqrt(left / (1.5 * (body_kg + pack_kg))))
