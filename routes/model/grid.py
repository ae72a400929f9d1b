"""A DEM window in memory, and the product it comes from."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from routes._typing import BoolArray, FloatArray, IntArray
from routes.errors import ModelError
from routes.model.figures import VerticalDatum


class Surface(StrEnum):
    """Surface that the heights of a DEM represent."""

    DSM = "DSM"
    """First surface, including canopy and roofs."""

    DTM = "DTM"
    """Bare ground."""

    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A DEM product: datum, accuracy, licence."""

    id: str
    """Short key, such as ``"srtmgl3"``."""

    title: str
    """Name as shown."""

    surface: Surface
    """DSM or DTM."""

    vertical_datum: VerticalDatum
    """Vertical datum of its heights."""

    le90_m: float
    """Linear error, metres: 90 % of vertical errors are within it."""

    le90_source: str
    """Source of that figure."""

    licence: str
    """Terms of use."""

    attribution: str
    """Credit to print with anything made from it."""

    doi: str = ""
    """Digital object identifier, if it has one."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Heights on a regular grid of longitude and latitude, rows from north to south."""

    height_m: FloatArray
    """Heights, shape (rows, columns), metres in the product's datum; NaN where unknown."""

    west_deg: float
    """Longitude of the centres of the first column."""

    north_deg: float
    """Latitude of the centres of the first row."""

    step_lon_deg: float
    """Column spacing, degrees, positive."""

    step_lat_deg: float
    """Row spacing, degrees, positive."""

    product: Product
    """Product of the heights."""

    def __post_init__(self) -> None:
        if self.height_m.ndim != 2 or self.step_lon_deg <= 0.0 or self.step_lat_deg <= 0.0:
            msg = f"A grid needs two dimensions and positive steps; it has {self.height_m.shape}."
            raise ModelError(msg)

    def row_col(self, lon_deg: FloatArray, lat_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Fractional row and column of positions; whole numbers are cell centres."""
        row = (self.north_deg - lat_deg) / self.step_lat_deg
        col = (lon_deg - self.west_deg) / self.step_lon_deg
        return row, col


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Heights at positions, each with its product."""

    height_m: FloatArray
    """Shape (n,), metres; NaN where unknown."""

    product_index: IntArray
    """Shape (n,), index into `products`; -1 where unknown."""

    products: tuple[Product, ...]
    """Products that were searched, best first."""

    is_outside: BoolArray
    """Shape (n,), True where no raster covers the position (in contrast to a void inside one)."""

    is_filled: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    """Shape (n,), True where the height rests on filled voids; all False by default."""

    def __post_init__(self) -> None:
        if self.is_filled.size == 0:
            object.__setattr__(self, "is_filled", np.zeros(self.height_m.shape, dtype=np.bool_))
