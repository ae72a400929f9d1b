"""Fetch what a trek needs of the public DEM, block by block, and no more."""

import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.windows import Window

from routes._typing import Bounds
from routes.dem.buckets import BUCKETS, Block, Bucket, blocks_of, tiles_of
from routes.dem.cache import Cache
from routes.dem.raster import HIGHEST_M, LOWEST_M, VOID
from routes.errors import DEMError, FetchError, NetworkDownError
from routes.fetch import GDAL_OPTIONS, Network, bucket_url, redacted

SKADI_BYTES = 3601 * 3601 * 2
"""Size of an unpacked 1" HGT tile."""

MAX_PACKED_BYTES = 60_000_000
"""Largest gzip file of a tile that is read; real ones have 1 to 20 MB."""

HALO_DEG = 3.0 * 10.0 / 1200.0
"""Three of the widest cells there are: what interpolation at the edge of a window may ask of the next tile."""

MAX_TILES = 400
"""Most tiles that one fetch looks at; more is a mistake in a position or a window."""

PATIENCE_S = 3.0
"""A transfer that fails after longer than this has hung, and the network is given up; a quick failure is the file's."""

SEA = "sea: no list of tiles names this one, and one of them lists all land"


@dataclass(slots=True)
class FetchReport:
    """What a fetch did."""

    fetched: list[str] = field(default_factory=list)
    """Blocks that were fetched, as product/name."""

    cached: int = 0
    """Blocks that were there already."""

    fetched_bytes: int = 0
    """Bytes of the blocks that were fetched, as stored on the server."""

    tile_bytes: int = 0
    """Bytes of the whole tiles that those blocks belong to."""

    sea: list[str] = field(default_factory=list)
    """Tiles that are sea."""

    faults: list[str] = field(default_factory=list)
    """What could not be fetched, and why."""

    fallbacks: list[str] = field(default_factory=list)
    """Why a product was passed over for the next one, which served."""

    seconds: float = 0.0
    """How long it took."""

    def sentence(self) -> str:
        """Say in one sentence what was fetched."""
        if not self.fetched:
            return f"Nothing to fetch: {self.cached} blocks are in the cache."
        share = f" of {self.tile_bytes / 1e6:.1f} MB in whole tiles" if self.tile_bytes else ""
        return (
            f"Fetched {len(self.fetched)} blocks, {self.fetched_bytes / 1e6:.1f} MB{share}, in {self.seconds:.1f} s; "
            f"{self.cached} were in the cache."
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch has come."""

    done: int
    """Blocks that are settled."""

    total: int
    """Blocks that are needed."""

    fetched_bytes: int
    """Bytes fetched so far."""

    what: str
    """Block at work."""


def fetch_dem(
    need: Sequence[Bounds],
    cache: Cache,
    network: Network,
    *,
    products: Sequence[str] = ("glo30", "glo90"),
    on_progress: Callable[[Progress], None] | None = None,
) -> FetchReport:
    """Fetch the blocks that windows need into a cache.

    Where the first product has no tile, the next serves; where a product that lists all land has none either, it is sea
    and gets height 0. A block that cannot be fetched is reported and left out; it never becomes 0.

    Parameters
    ----------
    need : sequence of tuple
        Windows: west, south, east, north, degrees.
    cache : Cache
        Where blocks are kept.
    network : Network
        How, and whether, the network is used.
    products : sequence of str
        Products in order of preference.
    on_progress : callable, optional
        Called before each block and at the end.

    Returns
    -------
    FetchReport
        What was done; its `faults` say what is missing.

    Raises
    ------
    DEMError
        If a product is unknown, or the cache cannot be written.
    """
    started = time.monotonic()
    run = _Run(cache, network, [_bucket(product) for product in products], FetchReport(), on_progress)
    tiles = _tiles_of(need)
    if len(tiles) > MAX_TILES:
        msg = f"{len(tiles):,} tiles of one degree are needed, more than {MAX_TILES}; is a position wrong?"
        raise DEMError(msg)
    unreached: list[str] = []
    why = ""
    for number, ((lat, lon), windows) in enumerate(tiles.items()):
        run.tell(number, len(tiles), f"tile {lat} {lon}")
        try:
            _settle_tile(run, lat, lon, windows)
        except NetworkDownError as error:
            unreached.append(f"{lat} {lon}")
            why = str(error).rstrip(".")
    _settle_borders(run, tiles)
    if unreached:
        listed = ", ".join(unreached[:6]) + (", ..." if len(unreached) > 6 else "")
        run.report.faults.append(
            f"{why}; so {len(unreached)} of {len(tiles)} tiles are missing (latitude longitude {listed})."
        )
    run.tell(len(tiles), len(tiles), "")
    run.report.seconds = time.monotonic() - started
    return run.report


@dataclass(slots=True)
class _Run:
    """What the steps of one fetch share."""

    cache: Cache
    network: Network
    buckets: list[Bucket]
    report: FetchReport
    on_progress: Callable[[Progress], None] | None
    lists: dict[str, frozenset[str] | None] = field(default_factory=dict)
    served: dict[tuple[int, int], Bucket] = field(default_factory=dict)
    place: tuple[int, int] = (0, 0)

    def tell(self, done: int, total: int, what: str) -> None:
        self.place = (done, total)
        if self.on_progress is not None:
            self.on_progress(Progress(done, total, self.report.fetched_bytes, what))

    def tell_block(self, block: Block) -> None:
        self.tell(*self.place, f"{block.bucket.product.id}/{block.stem}")


def _bucket(product: str) -> Bucket:
    try:
        return BUCKETS[product]
    except KeyError:
        msg = f"There is no public bucket of {product!r}; there are: {', '.join(BUCKETS)}."
        raise DEMError(msg) from None


def grown(window: Bounds) -> Bounds:
    """Window grown by a little, so that the neighbour beyond a whole degree counts too."""
    west, south, east, north = window
    return west - HALO_DEG, max(south - HALO_DEG, -90.0), east + HALO_DEG, min(north + HALO_DEG, 90.0)


def _tiles_of(need: Sequence[Bounds]) -> dict[tuple[int, int], list[Bounds]]:
    """Windows by the tiles that they touch."""
    tiles: dict[tuple[int, int], list[Bounds]] = {}
    for window in need:
        for tile in tiles_of(grown(window)):
            tiles.setdefault(tile, []).append(window)
    return tiles


def _settle_tile(run: _Run, lat: int, lon: int, windows: Sequence[Bounds]) -> None:
    """Make a tile's needed blocks available from the first product that has them."""
    by_bucket = [(bucket, _blocks(bucket, lat, lon, windows)) for bucket in run.buckets]
    if not by_bucket[0][1]:
        return  # only a coarser product would look beyond the edge of its own tile here
    faults: list[str] = []
    lacks_all_land = was_tried = False
    for number, (bucket, blocks) in enumerate(by_bucket):
        if blocks and all(run.cache.has(block) for block in blocks):
            run.report.cached += len(blocks)
            run.report.fallbacks.extend(faults if was_tried else [])
            run.served[lat, lon] = bucket
            return
        try:
            names = _tile_names(run, bucket, faults)
            if names is not None and bucket.tile_name(lat, lon) not in names:
                lacks_all_land = lacks_all_land or bucket.lists_all_land
                faults.append(f"{bucket.product.title} has no tile at latitude {lat}, longitude {lon}.")
                continue
            was_tried = True
            _fetch_blocks(run, bucket, lat, lon, blocks)
        except NetworkDownError:
            cached = [
                (b, rest) for b, rest in by_bucket[number + 1 :] if rest and all(map(run.cache.has, rest))
            ]
            if not cached:
                raise
            run.served[lat, lon] = cached[0][0]
            run.report.cached += len(cached[0][1])
            return
        except FetchError as error:
            faults.append(str(error))
        else:
            run.report.fallbacks.extend(faults)
            run.served[lat, lon] = bucket
            return
    # a tile that a list names, or that was asked for in vain, is lost and no sea
    if lacks_all_land and not was_tried:
        _store_sea(run, *by_bucket[0])
    else:
        run.report.faults.extend(faults)


def _settle_borders(run: _Run, tiles: Mapping[tuple[int, int], Sequence[Bounds]]) -> None:
    """Fetch what a tile needs beyond its edge where its neighbour came from another product.

    Interpolation between the outermost cells of two products has cells of one of them on one side only; without a
    rim of the coarser product in the neighbour's tile a strip of a cell would be void.
    """
    for (lat, lon), bucket in list(run.served.items()):
        if bucket is run.buckets[0]:
            continue
        for west, south, east, north in tiles[lat, lon]:
            inside = (max(west, lon), max(south, lat), min(east, lon + 1.0), min(north, lat + 1.0))
            for other in tiles_of(grown(inside)):
                if run.served.get(other, bucket) is bucket:
                    continue
                blocks = [block for block in _blocks(bucket, *other, [inside]) if not run.cache.has(block)]
                try:
                    names = _tile_names(run, bucket, run.report.fallbacks) if blocks else frozenset()
                    if names is None or bucket.tile_name(*other) in names:
                        _fetch_blocks(run, bucket, *other, blocks)
                except FetchError as error:
                    run.report.fallbacks.append(str(error))


def _blocks(bucket: Bucket, lat: int, lon: int, windows: Sequence[Bounds]) -> list[Block]:
    found = dict.fromkeys(block for window in windows for block in blocks_of(bucket, lat, lon, window))
    return sorted(found, key=lambda block: (block.row, block.col))


def _tile_names(run: _Run, bucket: Bucket, faults: list[str]) -> frozenset[str] | None:
    """Names in a bucket's own list of tiles, kept in the cache; None where nobody can tell sea from loss."""
    if bucket.tile_list is None:
        return None
    product = bucket.product.id
    if product not in run.lists:
        try:
            run.lists[product] = _read_tile_names(run, bucket)
        except NetworkDownError:
            raise
        except FetchError as error:
            faults.append(str(error))
            run.lists[product] = None
    return run.lists[product]


def _read_tile_names(run: _Run, bucket: Bucket) -> frozenset[str]:
    product = bucket.product.id
    text = run.cache.read_tile_list(product)
    if text is None:
        url = f"{bucket_url(bucket.name, bucket.public_url)}/{bucket.tile_list}"
        text = run.network.read_text(url)
        if "Copernicus_DSM" not in text:
            msg = f"{redacted(url)} is no list of tiles; it begins with {text[:40]!r}."
            raise FetchError(msg)
        run.cache.write_tile_list(product, text)
    return frozenset(text.split())


def _store_sea(run: _Run, bucket: Bucket, blocks: Sequence[Block]) -> None:
    for block in blocks:
        _, _, rows, cols = block.window
        with run.cache.locked(block):
            run.cache.store(block, np.zeros((rows, cols)), {"source": SEA})
    run.report.sea.append(bucket.tile_name(blocks[0].lat, blocks[0].lon))


def _fetch_blocks(run: _Run, bucket: Bucket, lat: int, lon: int, blocks: Sequence[Block]) -> None:
    url = f"{bucket_url(bucket.name, bucket.public_url)}/{bucket.tile_path(lat, lon)}"
    if bucket.block == 0:
        _fetch_whole(run, blocks[0], url)
        return
    size = run.network.check_tiff(url)
    begun = time.monotonic()
    try:
        with rasterio.Env(**GDAL_OPTIONS), rasterio.open(f"/vsicurl/{url}") as dataset:
            _check_grid(url, dataset, bucket, lat, lon)
            for blocks_in_row in _rows_of(blocks):
                begun = time.monotonic()
                _fetch_row(run, dataset, blocks_in_row, {"url": redacted(url), "tile_bytes": size})
    except RasterioError as error:
        seconds = time.monotonic() - begun
        msg = f"{redacted(url)} could not be read to the end: {_last_line(error)} (after {seconds:.1f} s)."
        if seconds > PATIENCE_S:
            raise run.network.give_up(msg) from error
        raise FetchError(msg) from error
    finally:
        run.report.tile_bytes += size


def _rows_of(blocks: Sequence[Block]) -> list[list[Block]]:
    """Runs of neighbouring blocks in one row of blocks."""
    runs: list[list[Block]] = []
    for block in sorted(blocks, key=lambda block: (block.row, block.col)):
        if runs and runs[-1][-1].row == block.row and runs[-1][-1].col + 1 == block.col:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _fetch_row(
    run: _Run, dataset: rasterio.DatasetReader, blocks: Sequence[Block], provenance: Mapping[str, object]
) -> None:
    """Fetch neighbouring blocks with one read: GDAL then asks for their bytes alone, else it reads ahead."""
    with ExitStack() as locks:
        for block in blocks:  # always from west to east, so that two processes never wait for each other
            locks.enter_context(run.cache.locked(block))
        missing = [block for block in blocks if not run.cache.has(block)]
        run.report.cached += len(blocks) - len(missing)
        for group in _rows_of(missing):
            run.tell_block(group[0])
            top, left, rows, _ = group[0].window
            _, last, _, width = group[-1].window
            window = Window(left, top, last + width - left, rows)
            heights = np.ma.filled(dataset.read(1, window=window, masked=True).astype(np.float64), np.nan)
            heights[~((heights >= LOWEST_M) & (heights <= HIGHEST_M))] = np.nan
            for block in group:
                _, west, _, cols = block.window
                sent = _stored_bytes(dataset, block)
                part = np.ascontiguousarray(heights[:, west - left : west - left + cols])
                run.cache.store(block, part, {**provenance, "fetched_bytes": sent})
                run.report.fetched.append(f"{block.bucket.product.id}/{block.stem}")
                run.report.fetched_bytes += sent


def _stored_bytes(dataset: rasterio.DatasetReader, block: Block) -> int:
    """How many bytes the server stores a block in."""
    top, left, rows, cols = block.window
    (height, width), *_ = dataset.block_shapes
    return sum(
        int(dataset.block_size(1, i, j))
        for i in range(top // height, (top + rows - 1) // height + 1)
        for j in range(left // width, (left + cols - 1) // width + 1)
    )


def _check_grid(url: str, dataset: rasterio.DatasetReader, bucket: Bucket, lat: int, lon: int) -> None:
    """Refuse a tile that does not lie where its name says."""
    grid = bucket.grid(lat, lon)
    has = dataset.transform
    right = (
        (dataset.height, dataset.width) == (grid.rows, grid.cols)
        and abs(has.c - (grid.west_deg - 0.5 * grid.step_lon_deg)) < 0.01 * grid.step_lon_deg
        and abs(has.f - (grid.north_deg + 0.5 * grid.step_lat_deg)) < 0.01 * grid.step_lat_deg
    )
    if not right or dataset.crs is None or not dataset.crs.is_geographic:
        cells = f"{dataset.height} x {dataset.width} cells from {has.c:.4f}, {has.f:.4f}"
        msg = f"{redacted(url)} does not hold the tile of its name: it has {cells}."
        raise FetchError(msg)


def _fetch_whole(run: _Run, block: Block, url: str) -> None:
    """Fetch a tile that is stored as one gzip file."""
    run.tell_block(block)
    with run.cache.locked(block):
        if run.cache.has(block):
            run.report.cached += 1
            return
        packed = run.network.read_bytes(url, MAX_PACKED_BYTES)
        try:
            # one byte more than allowed tells a bomb from a tile
            raw = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(packed, SKADI_BYTES + 1)
        except zlib.error as error:
            msg = f"{redacted(url)} is no gzip file, or a damaged one: {error}."
            raise FetchError(msg) from error
        if len(raw) != SKADI_BYTES:
            msg = f"{redacted(url)} unpacks to {len(raw):,} bytes in place of {SKADI_BYTES:,}."
            raise FetchError(msg)
        heights = np.frombuffer(raw, dtype=">i2").reshape(3601, 3601).astype(np.float64)
        heights[(heights == VOID) | (heights < LOWEST_M) | (heights > HIGHEST_M)] = np.nan
        run.cache.store(
            block, heights, {"url": redacted(url), "fetched_bytes": len(packed), "tile_bytes": len(packed)}
        )
    run.report.fetched.append(f"{block.bucket.product.id}/{block.stem}")
    run.report.fetched_bytes += len(packed)
    run.report.tile_bytes += len(packed)


def _last_line(error: BaseException) -> str:
    """What GDAL said last, without line breaks and full stop."""
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    return str(cause).strip().splitlines()[-1].rstrip(".") if str(cause).strip() else type(cause).__name__
