"""A window of a DEM in memory, and the product it came from."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from routes._typing import BoolArray, FloatArray, IntArray
from routes.errors import ModelError
from routes.model.figures import VerticalDatum


class Surface(StrEnum):
    """What the heights of a DEM follow."""

    DSM = "DSM"
    """First surface: canopy and roofs included."""

    DTM = "DTM"
    """Bare ground."""

    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A DEM product: what its heights mean and how good they are."""

    id: str
    """Short key, for example ``"srtmgl3"``."""

    title: str
    """Name as shown."""

    surface: Surface
    """DSM or DTM."""

    vertical_datum: VerticalDatum
    """Surface that its heights refer to."""

    le90_m: float
    """Linear error, metres: 90 % of vertical errors lie within it."""

    le90_source: str
    """Where that figure comes from."""

    licence: str
    """Terms of use."""

    attribution: str
    """Credit to print beside anything made from it."""

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
    """Distance between columns, degrees, positive."""

    step_lat_deg: float
    """Distance between rows, degrees, positive."""

    product: Product
    """Where the heights come from."""

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
    """Heights at positions, each with the product that it came from."""

    height_m: FloatArray
    """Shape (n,), metres; NaN where no DEM knows."""

    product_index: IntArray
    """Shape (n,), index into `products`; -1 where unknown."""

    products: tuple[Product, ...]
    """Products that were looked at, in order of preference."""

    is_outside: BoolArray
    """Shape (n,), True where no raster covers the position (as opposed to a void inside one)."""

    is_filled: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    """Shape (n,), True where the height rests on voids that were filled; all False unless given."""

    def __post_init__(self) -> None:
        if self.is_filled.size == 0:
            object.__setattr__(self, "is_filled", np.zeros(self.height_m.shape, dtype=np.bool_))
