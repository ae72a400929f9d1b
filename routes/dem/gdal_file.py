"""Open DEM files with GDAL: units, datums, and no network access."""

import html
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import rasterio
from pyproj.exceptions import CRSError
from rasterio._err import CPLE_BaseError
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.vrt import WarpedVRT

from routes.errors import DEMError

METRES = {
    **dict.fromkeys(("", "m", "metre", "metres", "meter", "meters"), 1.0),
    **dict.fromkeys(("ft", "foot", "feet", "international foot"), 0.3048),
    **dict.fromkeys(
        ("us survey foot", "us survey feet", "us foot", "us-ft", "us_ft", "ftus", "sft", "foot_us"), 1200.0 / 3937.0
    ),
    **dict.fromkeys(("cm", "centimetre", "centimeter", "centimetres", "centimeters"), 0.01),
    **dict.fromkeys(("dm", "decimetre", "decimeter", "decimetres", "decimeters"), 0.1),
}  # fmt: skip
"""Metres per unit of height; feet as EPSG 9002 and 9003 define them."""

SAME_AS_WGS84 = frozenset(
    {4326, 4979, 4258, 4937, 4269, 4283, 7844, 4167, 4674, 4617, 6318, 4612, 6668, 4490, 4171}
)
"""EPSG codes of geographic systems that agree with WGS 84 to about 2 m.

WGS 84, ETRS89, NAD83, GDA94, GDA2020, NZGD2000, SIRGAS 2000, NAD83(CSRS), NAD83(2011), JGD2000, JGD2011,
CGCS2000 and RGF93. PROJ shifts any other.
"""

MAX_TEXT_BYTES = 16_000_000
"""Largest VRT that is checked."""

# GDAL looks for these beside every file it opens; the text check may have missed a remote one
_OFFLINE = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".no-network",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
}

# VRT fields that may hold a URL but open nothing, and virtual file systems that are local
_PROSE = re.compile(r"<MDI\b[^<>]*>[^<]*</MDI>|<SRS\b[^<>]*>[^<]*</SRS>")
_REMOTE = re.compile(r"[^\s<>\"']*(?:/vsi(?!(?:zip|gzip|tar|7z|rar)/)|://)[^\s<>\"']*", re.IGNORECASE)
_SOURCE = re.compile(r"<Source(?:Filename|Dataset)\b[^<>]*>([^<]*)<", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open DEM file."""

    dataset: Any
    """The file in longitude and latitude, warped if necessary."""

    scale: float
    """Metres per stored unit."""

    offset_m: float
    """Height of a stored 0, metres."""

    is_void_declared: bool
    """Whether the file declares its void value."""


@contextmanager
def opened(path: Path, void: float, fault: str, remedy: str = "") -> Iterator[OpenFile]:
    """Open a DEM file and check that it holds heights.

    `void` marks void cells of a warped file that declares none. GDAL's errors become DEMError messages that
    start with `fault` and end with `remedy`. Also raises DEMError if the file has no coordinate reference
    system, is not a DEM, or refers to a network.
    """
    try:
        files_of(path)
        # /vsigzip/ hides the name from the HGT driver, and other drivers would read the content
        is_gz = path.name.lower().endswith(".hgt.gz")
        name, driver = (f"/vsigzip/{path.resolve()}", "SRTMHGT") if is_gz else (str(path), None)
        with rasterio.Env(**_OFFLINE), _ungeoreferenced(name, driver) as file:
            _check_is_dem(path, file)
            is_lonlat, vertical_factor = _meaning_of(file.crs.to_wkt(), path)
            factor = _metres_a_unit(path, file.units[0], vertical_factor)
            is_declared = file.nodata is not None
            with _in_lonlat(file, void, is_lonlat=is_lonlat) as dataset:
                yield OpenFile(dataset, file.scales[0] * factor, file.offsets[0] * factor, is_declared)
    except DEMError:
        raise
    except (RasterioError, OSError, CPLE_BaseError) as error:
        msg = f"{fault}: {' '.join(str(error).split()).rstrip('.')}.{remedy}"
        raise DEMError(msg) from error


def _ungeoreferenced(name: str, driver: str | None) -> Any:  # noqa: ANN401 - rasterio has no types
    """Open a file without rasterio's warning, since we raise our own error a line later."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        return rasterio.open(name, driver=driver)


def _check_is_dem(path: Path, file: Any) -> None:  # noqa: ANN401 - rasterio has no types
    if file.crs is None:
        msg = f"{path} has no coordinate reference system, so nobody knows where its heights lie."
        raise DEMError(msg)
    if file.count != 1:
        msg = (
            f"{path} has {file.count} bands, and a DEM has one. If one of them holds heights, take it out with "
            f"gdal_translate -b NUMBER; a picture holds none."
        )
        raise DEMError(msg)
    kind = str(file.dtypes[0])
    if kind.startswith("complex"):
        msg = (
            f"{path} holds complex numbers ({kind}), which are no heights. Use the DEM that was made from it."
        )
        raise DEMError(msg)
    if kind in ("uint8", "int8"):
        msg = (
            f"{path} holds numbers of 8 bits ({kind}), which hold no heights: it may be a picture or a hillshade. "
            f"Use the DEM that it was made from."
        )
        raise DEMError(msg)
    scale, offset = file.scales[0], file.offsets[0]
    if not (np.isfinite(scale) and np.isfinite(offset) and scale != 0.0):
        msg = f"{path} has scale {scale} and offset {offset}, which make no heights; set them with gdal_edit."
        raise DEMError(msg)


def _metres_a_unit(path: Path, unit: str | None, vertical_factor: float) -> float:
    name = " ".join((unit or "").split()).casefold()
    if not name:
        return vertical_factor
    if name not in METRES:
        msg = (
            f"{path} has heights in {unit!r}, a unit that is not known. Convert them to metres, or set the unit that "
            f"they have with gdal_edit -units (m, ft, US survey foot)."
        )
        raise DEMError(msg)
    return METRES[name]


def _meaning_of(wkt: str, path: Path) -> tuple[bool, float]:
    """Whether a coordinate reference system is as good as WGS 84, and metres per unit of height."""
    try:
        kind, is_lonlat, factor = _kind_of(wkt)
    except CRSError as error:
        msg = f"{path} has a coordinate reference system that PROJ does not know: {error}."
        raise DEMError(msg) from error
    if kind:
        msg = (
            f"{path} has a coordinate reference system ({kind}) that is neither longitude and latitude nor a map "
            f"projection, so nobody knows where its heights lie. Set the right one with gdal_edit -a_srs."
        )
        raise DEMError(msg)
    return is_lonlat, factor


@lru_cache(maxsize=64)
def _kind_of(wkt: str) -> tuple[str, bool, float]:
    crs = pyproj.CRS.from_wkt(wkt)
    if not (crs.is_geographic or crs.is_projected):
        return f"{crs.name}, {crs.type_name}", False, 1.0
    upward = [axis.unit_conversion_factor for axis in crs.axis_info if axis.direction == "up"]
    factor = float(upward[0]) if upward else 1.0
    if not crs.is_geographic:
        return "", False, factor
    flat = crs.sub_crs_list[0] if crs.is_compound else crs
    is_same = flat.to_epsg() in SAME_AS_WGS84 or flat.equals(pyproj.CRS(4326), ignore_axis_order=True)
    return "", is_same, factor


def _in_lonlat(dataset: Any, void: float, *, is_lonlat: bool) -> Any:  # noqa: ANN401 - rasterio has no types
    """The dataset itself if it is in longitude and latitude, otherwise a warped view."""
    if is_lonlat:
        return dataset
    # without a nodata value, cells outside the source would read as 0
    nodata = void if dataset.nodata is None else dataset.nodata
    source = {}
    if dataset.nodata is None and not str(dataset.dtypes[0]).startswith("u"):
        source["src_nodata"] = void  # otherwise resampling would blend voids with heights
    return WarpedVRT(
        dataset, crs="EPSG:4326", resampling=Resampling.bilinear, nodata=nodata, dtype="float32", **source
    )


def files_of(path: Path) -> tuple[Path, ...] | None:
    """Files that make up a DEM: itself and all that a VRT refers to; None if they cannot be determined.

    Raises DEMError if it refers to a network, or is XML or JSON other than a VRT, and OSError if it cannot be
    read.
    """
    state = path.stat()
    cwd = os.getcwd()  # noqa: PTH109 - asked for at each window, and Path.cwd() takes ten times as long
    return _files_of(path, cwd, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _files_of(path: Path, cwd: str, mtime_ns: int, size: int) -> tuple[Path, ...] | None:  # noqa: ARG001 - the key
    seen: dict[Path, None] = {}
    pending, is_complete = [path], True
    while pending:
        file = pending.pop()
        if file in seen:
            continue
        seen[file] = None
        sources = [html.unescape(name.strip()) for name in _SOURCE.findall(_text_of(file))]
        for name in sources:
            found = [place for place in (file.parent / name, Path(name)) if _is_file(place)]
            pending += found
            is_complete &= bool(found)
    return tuple(seen) if is_complete else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _text_of(path: Path) -> str:
    """Checked text of a VRT; empty for anything else."""
    with path.open("rb") as file:
        head = file.read(1000).lstrip(b"\xef\xbb\xbf \t\r\n\0")
        if not head.startswith((b"<", b"{")):
            return ""
        raw = head + file.read(MAX_TEXT_BYTES)
    text = raw.decode("utf-8", errors="replace")
    if "<VRTDataset" not in text:
        msg = (
            f"Cannot open {path} as a DEM: it is a text (XML, HTML or JSON), and of these only a VRT is read."
        )
        raise DEMError(msg)
    if len(raw) > MAX_TEXT_BYTES:
        msg = f"{path} is a VRT of more than {MAX_TEXT_BYTES / 1e6:.0f} MB; make one GeoTIFF of it (gdal_translate)."
        raise DEMError(msg)
    remote = _REMOTE.search(_PROSE.sub("", html.unescape(html.unescape(text)))) or _REMOTE.search(
        _PROSE.sub("", text)
    )
    if remote:
        msg = (
            f"{path} refers to {remote.group(0)[:200]}, which is not on this disk, and nothing is fetched for "
            f"a DEM of one's own. Fetch it first (gdal_translate {path.name} OUT.tif) and use that."
        )
        raise DEMError(msg)
    return text
