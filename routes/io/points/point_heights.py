"""Heights of a file's points, and the interface that all such files share."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from routes._typing import FloatArray
from routes.errors import DEMError, PointFileError
from routes.files import read_regular, shown
from routes.gpx.encoding import marked
from routes.model.grid import Samples

MAX_BYTES = 300_000_000
"""Largest text file that is read."""

COLUMNS = ("height_m", "product", "vertical_datum", "le90_m", "is_void")
"""Columns that are added to a table of points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointHeight:
    """Height at one position, and its accuracy."""

    lon: float
    """Longitude, degrees WGS 84."""

    lat: float
    """Latitude, degrees WGS 84."""

    height_m: float | None
    """Height in metres, rounded to a centimetre; None if unknown."""

    product: str | None
    """Id of its product."""

    vertical_datum: str | None
    """Vertical datum of the height."""

    le90_m: float | None
    """Linear error of the product, metres: 90 % of vertical errors are within it; None over filled voids too."""

    is_void: bool
    """Whether a DEM covers the position but has no height there."""

    is_outside: bool
    """Whether no DEM covers the position."""

    is_filled: bool
    """Whether the height was interpolated across a void."""


class PointFile(Protocol):
    """A file whose points can take heights."""

    @property
    def path(self) -> Path:
        """The file."""
        ...

    @property
    def lon_deg(self) -> FloatArray:
        """Longitudes of its points in file order, degrees WGS 84."""
        ...

    @property
    def lat_deg(self) -> FloatArray:
        """Latitudes of its points in file order, degrees WGS 84."""
        ...

    def write(self, heights: Sequence[PointHeight], out: Path, *, overwrite: bool = False) -> None:
        """Write the file with heights, one per point in file order."""
        ...


def point_heights(lon_deg: Sequence[float], lat_deg: Sequence[float], samples: Samples) -> list[PointHeight]:
    """One record for each sampled position (degrees, WGS 84), in order."""
    indices = samples.product_index.tolist()
    filled = samples.is_filled.tolist()
    found = []
    for number, (lon, lat, height, outside) in enumerate(
        zip(lon_deg, lat_deg, samples.height_m.tolist(), samples.is_outside.tolist(), strict=True)
    ):
        is_known = indices[number] >= 0 and math.isfinite(height)
        is_filled = is_known and bool(filled[number])
        product = samples.products[indices[number]] if is_known else None
        found.append(
            PointHeight(
                lon=lon,
                lat=lat,
                height_m=round(height, 2) + 0.0 if is_known else None,
                product=product.id if product else None,
                vertical_datum=product.vertical_datum.value if product else None,
                le90_m=product.le90_m if product and not is_filled else None,
                is_void=not is_known and not outside,
                is_outside=outside,
                is_filled=is_filled,
            )
        )
    return found


def require_known(path: Path, heights: Sequence[PointHeight], where: Callable[[int], str]) -> None:
    """Raise DEMError if a height is unknown, for files that need one on every point or on none."""
    unknown = [number for number, height in enumerate(heights) if height.height_m is None]
    if not unknown:
        return
    outside = sum(heights[number].is_outside for number in unknown)
    first = heights[unknown[0]]
    why = "no DEM covers it" if first.is_outside else "the DEM is void there"
    remedies = ["give a DEM that covers them with --dem"] if outside else []
    remedies += ["try --fill-voids"] if outside < len(unknown) else []
    msg = (
        f"{path}: {len(unknown)} of {len(heights)} points have no height ({outside} outside every DEM, "
        f"{len(unknown) - outside} in voids); the first is in {where(unknown[0])}, longitude {first.lon:.6f}, latitude "
        f"{first.lat:.6f}: {why}. Nothing is written, as a height must stand on every point or on none; "
        f"{', and '.join(remedies)}."
    )
    raise DEMError(msg)


def check_positions(
    path: Path, lon_deg: FloatArray, lat_deg: FloatArray, where: Callable[[int], str]
) -> None:
    """Raise PointFileError if there is no position or one is not on Earth, with its place in the file."""
    if lon_deg.size == 0:
        msg = f"{path} has no point."
        raise PointFileError(msg)
    bad = ~((np.abs(lon_deg) <= 180.0) & (np.abs(lat_deg) <= 90.0))
    if bad.any():
        first = int(np.argmax(bad))
        msg = (
            f"{path}, {where(first)}: longitude {lon_deg[first]}, latitude {lat_deg[first]} is not on Earth "
            f"({int(bad.sum())} such points). Longitude is -180 to 180, latitude -90 to 90, in degrees."
        )
        raise PointFileError(msg)


def number_of(text: object) -> float:
    """Finite number from a text of a file. Raises ValueError if it is not one.

    >>> number_of(" -72.5 ")
    -72.5
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float) or "_" in str(text):
        msg = f"{text!r} is no number"
        raise ValueError(msg)
    try:
        value = float(text)
    except (ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        msg = f"{text!r} is no number"
        raise ValueError(msg)
    return value


def read_text(path: Path) -> tuple[str, str]:
    """Byte order mark to write back (or nothing), and text of a file in UTF-8, or in UTF-16 with a mark.

    Raises PointFileError if the file cannot be read, is not a regular file, is too large, or is not text.
    """
    try:
        raw = read_regular(path, MAX_BYTES)
    except OSError as error:
        msg = f"Cannot read {shown(path)}: {error.strerror}."
        raise PointFileError(msg) from error
    if len(raw) > MAX_BYTES:
        msg = f"{path} is larger than {MAX_BYTES // 1_000_000} MB; split it."
        raise PointFileError(msg)
    encoding, mark = marked(raw)
    try:
        text = raw[mark:].decode(encoding)
    except UnicodeError as error:
        msg = f"{path} is not text in {encoding}: {error}."
        raise PointFileError(msg) from error
    return ("\N{BOM}" if mark and encoding == "utf-8" else ""), text
