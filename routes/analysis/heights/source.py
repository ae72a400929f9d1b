"""The interface of a height source."""

from typing import Protocol

from numpy.typing import ArrayLike

from routes._typing import Bounds
from routes.model.grid import Grid, Product, Samples


class ElevationSource(Protocol):
    """Heights at positions and in windows."""

    @property
    def origin(self) -> str:
        """Where the heights come from, for messages."""
        ...

    @property
    def is_incomplete(self) -> bool:
        """Whether a download failed, so that a gap is not the caller's mistake."""
        ...

    @property
    def products(self) -> tuple[Product, ...]:
        """Products, in order of preference."""
        ...

    @property
    def spacing_deg(self) -> float:
        """Finest row spacing, degrees of latitude."""
        ...

    def sample(self, lon_deg: ArrayLike, lat_deg: ArrayLike) -> Samples:
        """Heights at positions of shape (n,), degrees WGS 84; NaN where unknown."""
        ...

    def window(self, bounds: Bounds, product: Product | None = None) -> Grid | None:
        """Heights of a window (west, south, east, north, degrees), of one product if named; None if there are none."""
        ...
