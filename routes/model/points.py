"""Points of a line in columns, the type that files, figures and drawings share."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from routes._typing import BoolArray, FloatArray, IntArray
from routes.errors import ModelError


def _unknown() -> FloatArray:
    return np.full((), np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points in columns of length n, in line order; read-only views without copies."""

    lon_deg: FloatArray
    """Longitudes, shape (n,), degrees, WGS 84."""

    lat_deg: FloatArray
    """Latitudes, shape (n,), degrees, WGS 84."""

    height_m: FloatArray = field(default_factory=_unknown)
    """Heights, shape (n,), metres; NaN where unknown, never 0; a single value applies to all."""

    time_s: FloatArray = field(default_factory=_unknown)
    """Times, shape (n,), seconds since 1970-01-01T00:00:00 UTC without leap seconds; NaN where unknown."""

    def __post_init__(self) -> None:
        columns = {
            name: np.asarray(getattr(self, name), dtype=np.float64)
            for name in ("lon_deg", "lat_deg", "height_m", "time_s")
        }
        shape = columns["lon_deg"].shape
        if len(shape) != 1 or any(column.shape not in (shape, ()) for column in columns.values()):
            shapes = [column.shape for column in columns.values()]
            msg = f"Columns of points must be of one length; they have the shapes {shapes}."
            raise ModelError(msg)
        for name, column in columns.items():
            object.__setattr__(self, name, np.broadcast_to(column, shape))

    def __len__(self) -> int:
        return int(self.lon_deg.size)

    def __getitem__(self, chosen: slice | BoolArray | IntArray) -> "Points":
        """Points of a slice (views), of a mask or of indices."""
        return Points(self.lon_deg[chosen], self.lat_deg[chosen], self.height_m[chosen], self.time_s[chosen])

    @property
    def has_heights(self) -> bool:
        """Whether every height is known."""
        return bool(np.isfinite(self.height_m).all())

    @classmethod
    def joined(cls, parts: Sequence["Points"]) -> "Points":
        """Points of several lines, one after another."""
        if not parts:
            return cls(np.empty(0), np.empty(0))
        names = ("lon_deg", "lat_deg", "height_m", "time_s")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
