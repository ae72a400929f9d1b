"""Tile names, URLs and grids of public DEM buckets."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from routes._typing import Bounds
from routes.dem.products import GLO30, GLO90, SKADI
from routes.model.grid import Product

HALO_DEG = 3.0 * 10.0 / 1200.0
"""Width of the three widest cells: how far interpolation may reach into the next tile, degrees."""


@dataclass(frozen=True, slots=True)
class TileGrid:
    """Grid of a tile, given by its cell centres."""

    west_deg: float
    """Longitude of the centres of the first column."""

    north_deg: float
    """Latitude of the centres of the first row."""

    step_lon_deg: float
    """Column spacing, degrees."""

    step_lat_deg: float
    """Row spacing, degrees."""

    rows: int
    """Number of rows, from north to south."""

    cols: int
    """Number of columns, from west to east."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A public bucket with one-degree tiles of a product."""

    product: Product
    """Its product."""

    name: str
    """Name of the bucket, and of its folder in a mirror."""

    public_url: str
    """Its public URL."""

    rows: int
    """Rows per tile."""

    path: str
    """Path of a tile in the bucket, with the fields ``ns lat ew lon`` (``S 14 W 073``)."""

    tile_list: str | None
    """Path of the list of all tiles; None if there is none, so that sea and missing tiles look alike."""

    lists_all_land: bool
    """Whether a tile that is not listed is sea; GLO-30 withholds some countries."""

    block: int
    """Side of the blocks in which a tile is stored, cells; 0 if only whole tiles can be read."""

    narrows: bool
    """Whether tiles have fewer columns towards the poles (above 50 degrees)."""

    def tile_path(self, lat: int, lon: int) -> str:
        """Path of a tile, given its south-west corner.

        >>> BUCKETS["skadi"].tile_path(-14, -73)
        'skadi/S14/S14W073.hgt.gz'
        """
        return self.path.format(**_corner(lat, lon))

    def tile_name(self, lat: int, lon: int) -> str:
        """Name of a tile in the bucket's own list.

        >>> BUCKETS["glo30"].tile_name(-14, -73)
        'Copernicus_DSM_COG_10_S14_00_W073_00_DEM'
        """
        return self.tile_path(lat, lon).rpartition("/")[2].partition(".")[0]

    def grid(self, lat: int, lon: int) -> TileGrid:
        """Grid of a tile, given its south-west corner.

        Its first row lies on its northern whole degree, its first column on its western one. The other two
        edges belong to its neighbours, except for HGT tiles, which repeat them.
        """
        repeats = 1 if self.block == 0 else 0
        cols = self.rows
        if self.narrows:
            # a tile belongs to the latitude band of its edge nearer the equator
            cols = round(self.rows / _narrowing(min(abs(lat), abs(lat + 1))))
        return TileGrid(lon, lat + 1.0, 1.0 / cols, 1.0 / self.rows, self.rows + repeats, cols + repeats)


def _corner(lat: int, lon: int) -> dict[str, object]:
    return {
        "ns": "N" if lat >= 0 else "S",
        "lat": f"{abs(lat):02d}",
        "ew": "E" if lon >= 0 else "W",
        "lon": f"{abs(lon):03d}",
    }


def _narrowing(lat: int) -> float:
    """How many times wider than high (in degrees) the cells of Copernicus tiles are at a latitude."""
    for limit, factor in ((85, 10.0), (80, 5.0), (70, 3.0), (60, 2.0), (50, 1.5)):
        if lat >= limit:
            return factor
    return 1.0


def grown(window: Bounds) -> Bounds:
    """Window enlarged slightly, so that the neighbour beyond a whole degree counts too."""
    west, south, east, north = window
    return west - HALO_DEG, max(south - HALO_DEG, -90.0), east + HALO_DEG, min(north + HALO_DEG, 90.0)


def tiles_of(bounds: Bounds) -> Iterator[tuple[int, int]]:
    """South-west corners (latitude, longitude) of the one-degree tiles that a window touches.

    An east beyond 180 continues across the antimeridian.

    >>> list(tiles_of((-72.2, -13.3, -71.9, -13.1)))
    [(-14, -73), (-14, -72)]
    """
    west, south, east, north = bounds
    for lat in range(max(math.floor(south), -90), min(math.floor(north), 89) + 1):
        for lon in range(math.floor(west), math.floor(east) + 1):
            yield lat, (lon + 180) % 360 - 180


@dataclass(frozen=True, slots=True)
class Block:
    """A stored block of a tile: the unit of download and cache."""

    bucket: Bucket
    """Bucket it comes from."""

    lat: int
    """Latitude of the tile's south-west corner."""

    lon: int
    """Longitude of the tile's south-west corner."""

    row: int
    """Block number, from the north."""

    col: int
    """Block number, from the west."""

    @property
    def stem(self) -> str:
        """Name of its cache file, without the suffix."""
        corner = _corner(self.lat, self.lon)
        tile = f"{corner['ns']}{corner['lat']}{corner['ew']}{corner['lon']}"
        return tile if self.bucket.block == 0 else f"{tile}-r{self.row}-c{self.col}"

    @property
    def window(self) -> tuple[int, int, int, int]:
        """First row, first column, number of rows and number of columns in the tile."""
        grid, size = self.bucket.grid(self.lat, self.lon), self.bucket.block
        if size == 0:
            return 0, 0, grid.rows, grid.cols
        top, left = self.row * size, self.col * size
        return top, left, min(size, grid.rows - top), min(size, grid.cols - left)


def blocks_of(bucket: Bucket, lat: int, lon: int, bounds: Bounds) -> Iterator[Block]:
    """Blocks of a tile that a window touches, with two spare cells on each side for interpolation."""
    if bucket.block == 0:
        yield Block(bucket, lat, lon, 0, 0)
        return
    grid, size = bucket.grid(lat, lon), bucket.block
    west, south, east, north = bounds
    top = math.floor((grid.north_deg - north) / grid.step_lat_deg) - 2
    bottom = math.ceil((grid.north_deg - south) / grid.step_lat_deg) + 2
    if bottom < 0 or top >= grid.rows:
        return
    cols: set[int] = set()
    for turn in (-360.0, 0.0, 360.0):  # a window at the antimeridian continues on the other side
        left = math.floor((west - grid.west_deg + turn) / grid.step_lon_deg) - 2
        right = math.ceil((east - grid.west_deg + turn) / grid.step_lon_deg) + 2
        if right >= 0 and left < grid.cols:
            cols.update(range(max(left, 0) // size, min(right, grid.cols - 1) // size + 1))
    for row in range(max(top, 0) // size, min(bottom, grid.rows - 1) // size + 1):
        for col in sorted(cols):
            yield Block(bucket, lat, lon, row, col)


_COPERNICUS = "Copernicus_DSM_COG_{arc}_{{ns}}{{lat}}_00_{{ew}}{{lon}}_00_DEM"


def _copernicus(product: Product, name: str, arc: str, rows: int, *, lists_all_land: bool) -> Bucket:
    tile = _COPERNICUS.format(arc=arc)
    return Bucket(
        product=product,
        name=name,
        public_url=f"https://{name}.s3.amazonaws.com",
        rows=rows,
        path=f"{tile}/{tile}.tif",
        tile_list="tileList.txt",
        lists_all_land=lists_all_land,
        block=1024,
        narrows=True,
    )


BUCKETS = {
    "glo30": _copernicus(GLO30, "copernicus-dem-30m", "10", 3600, lists_all_land=False),
    "glo90": _copernicus(GLO90, "copernicus-dem-90m", "30", 1200, lists_all_land=True),
    "skadi": Bucket(
        product=SKADI,
        name="elevation-tiles-prod",
        public_url="https://s3.amazonaws.com/elevation-tiles-prod",
        rows=3600,
        path="skadi/{ns}{lat}/{ns}{lat}{ew}{lon}.hgt.gz",
        tile_list=None,
        lists_all_land=False,
        block=0,
        narrows=False,
    ),
}
"""Buckets by product id."""
