"""Sampled heights in the vertical datum that somebody asks for."""

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
    """Heights of samples in one vertical datum, as far as the grids for it are at hand.

    Parameters
    ----------
    samples : Samples
        Heights in their products' own datums.
    lon_deg, lat_deg : ndarray, shape (n,)
        Their positions, degrees, WGS 84.
    target : VerticalDatum
        The datum asked for.
    allow_network : bool
        Whether PROJ may fetch a missing grid.

    Returns
    -------
    height_m : ndarray, shape (n,)
        Metres; NaN where unknown.
    datums : tuple of VerticalDatum
        Datum of the heights of each product, in the order of ``samples.products``.
    notes : tuple of str
        What was not converted, and what that leaves uncertain.

    Raises
    ------
    DatumError
        If `target` or a product's datum is the ellipsoid and the grid is missing: such heights differ by tens of
        metres, so they are never passed on unconverted. Also if `target` is unknown.
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
