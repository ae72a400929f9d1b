"""Format GPX numbers in bulk: fixed-point, reproducible, within the schema's limits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routes._typing import FloatArray, IntArray
from routes.errors import InvalidCoordinatesError
from routes.kernel._check import check_lonlat

_MICRO = 1_000_000
"""Steps per degree: six decimals are 0.11 m at most."""

MAX_ELE_M = 100_000.0
"""Elevations beyond it cannot be from a walk, metres."""

_WHOLE = np.array([f"{sign}{whole}" for sign in ("", "-") for whole in range(181)], dtype="S4")
"""Whole degrees as text; from the 182nd on with a minus, which -0.5 needs too."""

_THREE = np.array([f"{number:03d}" for number in range(1000)], dtype="S3")
"""Three digits as text."""

_Text = NDArray[np.bytes_]


def micro_degrees(lon_deg: FloatArray, lat_deg: FloatArray) -> tuple[IntArray, IntArray]:
    """Positions in whole millionths of a degree, as they are written.

    Longitudes are -180,000,000 to 179,999,999: the schema excludes 180, so values that round to it become
    -180. Raises InvalidCoordinatesError if a position is not finite or not on Earth.
    """
    lon_deg, lat_deg = check_lonlat(lon_deg, lat_deg)
    lon = np.rint(lon_deg * _MICRO).astype(np.int64)
    lon[lon == 180 * _MICRO] = -180 * _MICRO
    return lon, np.rint(lat_deg * _MICRO).astype(np.int64)


def degree_text(micro: int) -> str:
    """Millionths of a degree as degrees with six decimals; zero has no sign.

    >>> degree_text(-500_000), degree_text(0), degree_text(-180_000_000)
    ('-0.500000', '0.000000', '-180.000000')
    """
    whole, rest = divmod(abs(micro), _MICRO)
    return f"{'-' if micro < 0 else ''}{whole}.{rest:06d}"


def ele_text(ele_m: float) -> str:
    """Elevation to a decimetre; zero has no sign.

    Raises InvalidCoordinatesError if it is not finite or beyond `MAX_ELE_M`.

    >>> ele_text(-0.04), ele_text(4449.96)
    ('0.0', '4450.0')
    """
    return str(_decimetre_texts(_decimetres(np.array([ele_m])))[0], "ascii")


@dataclass(frozen=True, slots=True, eq=False)
class PointDigits:
    """Track points as the digits to write."""

    lat: IntArray
    """Latitudes, shape (n,), millionths of a degree."""

    lon: IntArray
    """Longitudes, shape (n,), millionths of a degree."""

    ele: IntArray | None
    """Elevations, shape (n,), decimetres; None to write none."""

    def text(self) -> str:
        """Lines of GPX, one per point.

        Each point is first a row of fixed width, with NUL where a number is shorter than its column; then all
        NUL are removed. That takes about a tenth of the time of formatting number by number
        (``benchmarks/speed/write_gpx.py``).
        """
        pieces: list[bytes | _Text] = [
            b'      <trkpt lat="', *_degrees(self.lat), b'" lon="', *_degrees(self.lon)
        ]  # fmt: skip
        if self.ele is None:
            pieces.append(b'"/>\n')
        else:
            pieces += [b'"><ele>', _decimetre_texts(self.ele), b"</ele></trkpt>\n"]
        layout = [
            (f"f{i}", f"S{len(piece) if isinstance(piece, bytes) else piece.itemsize}")
            for i, piece in enumerate(pieces)
        ]
        rows = np.empty(self.lon.size, dtype=layout)
        for (name, _), piece in zip(layout, pieces, strict=True):
            rows[name] = piece
        return rows.tobytes().translate(None, b"\0").decode("ascii")


def point_digits(lon_deg: FloatArray, lat_deg: FloatArray, ele_m: FloatArray | None) -> PointDigits:
    """Round track points, with elevations (metres) if given, to the digits to write.

    Raises InvalidCoordinatesError if a position is not on Earth, or an elevation is not finite or beyond
    `MAX_ELE_M`.
    """
    lon, lat = micro_degrees(lon_deg, lat_deg)
    return PointDigits(lat, lon, None if ele_m is None else _decimetres(ele_m))


def _degrees(micro: IntArray) -> tuple[_Text, bytes, _Text, _Text]:
    """Whole degrees, the decimal point, and two groups of three decimals."""
    whole, rest = np.divmod(np.abs(micro), _MICRO)
    high, low = np.divmod(rest, 1000)
    return _WHOLE[whole + 181 * (micro < 0)], b".", _THREE[high], _THREE[low]


def _decimetres(ele_m: FloatArray) -> IntArray:
    """Elevations in whole decimetres."""
    is_bad = ~(np.abs(ele_m) <= MAX_ELE_M)
    if is_bad.any():
        first = int(np.argmax(is_bad))
        msg = (
            f"The elevation of point {first + 1} of {ele_m.size} cannot be written to GPX: {ele_m[first]} m."
        )
        raise InvalidCoordinatesError(msg)
    return np.rint(ele_m * 10.0).astype(np.int64)


def _decimetre_texts(ele: IntArray) -> _Text:
    """Decimetres as metres with one decimal; few heights differ at a decimetre, so few are formatted."""
    values, index = np.unique(ele, return_inverse=True)
    texts = [f"{'-' if v < 0 else ''}{abs(v) // 10}.{abs(v) % 10}" for v in values.tolist()]
    return np.asarray(np.array(texts, dtype=np.bytes_)[index], dtype=np.bytes_)
