"""DEM files made in code, from formulas or arrays."""

import gzip
import io
import json
import zipfile

import numpy as np
import rasterio
from affine import Affine

HGT_SIDE = 1201


def hgt_bytes(west, south, formula):
    """A 3 arc-second HGT tile: big-endian int16, rows from north, both edges on whole degrees."""
    lon = west + np.arange(HGT_SIDE) / (HGT_SIDE - 1)
    lat = south + 1 - np.arange(HGT_SIDE) / (HGT_SIDE - 1)
    heights = np.broadcast_to(formula(*np.meshgrid(lon, lat)), (HGT_SIDE, HGT_SIDE))
    return np.rint(heights).astype(">i2").tobytes()


def hgt_name(west, south):
    return f"{'S' if south < 0 else 'N'}{abs(south):02d}{'W' if west < 0 else 'E'}{abs(west):03d}.hgt"


def write_hgt(folder, west, south, formula, packing=""):
    """Write a tile plain, as `.zip` or as `.gz`; return its path."""
    name = hgt_name(west, south)
    raw = hgt_bytes(west, south, formula)
    path = folder / f"{name}{packing}"
    if packing == ".zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(name, raw)
        raw = packed.getvalue()
    elif packing == ".gz":
        raw = gzip.compress(raw, 1)
    path.write_bytes(raw)
    return path


def write_tif(path, heights, *, west, north, step, step_lon=None, crs="EPSG:4326", product=None, **profile):
    """Write a GeoTIFF whose cells' outer corner is (west, north); a sidecar names the product."""
    heights = np.asarray(heights)
    point = profile.pop("point", False)
    transform = Affine(step_lon or step, 0.0, west, 0.0, -step, north)
    with rasterio.open(
        path, "w", driver="GTiff", height=heights.shape[0], width=heights.shape[1], count=1, dtype=heights.dtype,
        crs=crs, transform=transform, **profile,
    ) as file:  # fmt: skip
        if point:
            file.update_tags(AREA_OR_POINT="Point")
        file.write(heights, 1)
    if product is not None:
        path.with_suffix(".json").write_text(json.dumps({"product": product}), encoding="utf-8")
    return path


def write_glo_tile(folder, west, south, formula, *, cells=60, cells_lon=None):
    """A tile laid out like Copernicus GLO-30: its first row and column of centres lie on the north and west edge.

    The last row and column belong to the neighbours, and no nodata value is declared.
    """
    cells_lon = cells_lon or cells
    lon = west + np.arange(cells_lon) / cells_lon
    lat = south + 1 - np.arange(cells) / cells
    heights = formula(*np.meshgrid(lon, lat)).astype(np.float32)
    name = f"tile_{hgt_name(west, south).removesuffix('.hgt')}.tif"
    return write_tif(
        folder / name, heights, west=west - 0.5 / cells_lon, north=south + 1 + 0.5 / cells, step=1.0 / cells,
        step_lon=1.0 / cells_lon, product="glo30",
    )  # fmt: skip
