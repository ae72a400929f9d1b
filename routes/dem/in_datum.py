"""Convert sampled heights to a chosen vertical datum."""

import numpy as np

from routes._typing import FloatArray
from routes.dem.vertical import convert_heights
from routes.errors import DatumError
from routes.kernel.uncertainty import U_DATUM_M
from routes.model.figures import VerticalDatum
from routes.model.grid import Samples


def heights_in(
    samples: Samples,
    lon_deg: FloatArray,
    lat_deg: FloatArray,
    target: VerticalDatum,
    *,
    allow_network: bool = False,
) -> tuple[FloatArray, tuple[VerticalDatum, ...], tuple[str, ...]]:
    """Heights of samples in one vertical datum, metres (NaN where unknown), as far as the grids allow.

    Also returns the datum of each of ``samples.products``, and notes on what was not converted and how uncertain that
    leaves it. Raises DatumError if `target` is unknown, or if a grid for ellipsoidal heights is missing: they differ by
    tens of metres, so they are never passed on unconverted.
    """
    height = samples.height_m.copy()
    datums: list[VerticalDatum] = []
    notes: list[str] = []
    for number, product in enumerate(samples.products):
        mine = samples.product_index == number
        own = product.vertical_datum
        datums.append(own)
        if own is target or not mine.any():
            continue
        try:
            height[mine] = convert_heights(
                height[mine],
                lon_deg[mine],
                lat_deg[mine],
                source=own,
                target=target,
                allow_network=allow_network,
            )
        except DatumError as error:
            if VerticalDatum.ELLIPSOID in (own, target) or VerticalDatum.UNKNOWN in (own, target):
                raise
            notes.append(
                f"{product.title} stays in {own}: {error} Against {target} that adds {U_DATUM_M:g} m "
                f"(standard uncertainty)."
            )
        else:
            datums[-1] = target
    return np.asarray(height), tuple(datums), tuple(notes)
