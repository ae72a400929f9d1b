"""Download the parts of public DEMs that a trek needs, block by block."""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from routes._typing import Bounds
from routes.dem.disk_cache import Cache
from routes.dem.public.blocks import fetch_blocks
from routes.dem.public.fetch_run import FetchReport, FetchRun, Progress
from routes.dem.public.tiles import BUCKETS, Block, Bucket, blocks_of, grown, tiles_of
from routes.errors import DEMError, FetchError, NetworkDownError
from routes.fetch import Network, bucket_url, redacted

MAX_TILES = 400
"""Most tiles per download; more means a mistake in a position or window."""

SEA = "sea: no list of tiles names this one, and one of them lists all land"


def fetch_dem(
    need: Sequence[Bounds],
    cache: Cache,
    network: Network,
    *,
    products: Sequence[str] = ("glo30", "glo90"),
    on_progress: Callable[[Progress], None] | None = None,
) -> FetchReport:
    """Download the blocks that windows (degrees) need; the report's `faults` list what is missing.

    If the first product has no tile, the next one is used. If a product that lists all land has none either,
    the tile is sea (0 m). A failed block is left out; it never becomes 0. Raises DEMError if a product is
    unknown or the cache cannot be written.
    """
    started = time.monotonic()
    run = FetchRun(cache, network, [_bucket(product) for product in products], FetchReport(), on_progress)
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


def _bucket(product: str) -> Bucket:
    try:
        return BUCKETS[product]
    except KeyError:
        msg = f"There is no public bucket of {product!r}; there are: {', '.join(BUCKETS)}."
        raise DEMError(msg) from None


def _tiles_of(need: Sequence[Bounds]) -> dict[tuple[int, int], list[Bounds]]:
    """Windows grouped by the tiles that they touch."""
    tiles: dict[tuple[int, int], list[Bounds]] = {}
    for window in need:
        for tile in tiles_of(grown(window)):
            tiles.setdefault(tile, []).append(window)
    return tiles


def _settle_tile(run: FetchRun, lat: int, lon: int, windows: Sequence[Bounds]) -> None:
    """Get a tile's required blocks from the first product that has them."""
    by_bucket = [(bucket, _blocks(bucket, lat, lon, windows)) for bucket in run.buckets]
    if not by_bucket[0][1]:
        return  # only a coarser product would need cells beyond its own tile here
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
            fetch_blocks(run, bucket, lat, lon, blocks)
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
    # a tile that a list names, or whose download failed, is missing and not sea
    if lacks_all_land and not was_tried:
        _store_sea(run, *by_bucket[0])
    else:
        run.report.faults.extend(faults)


def _settle_borders(run: FetchRun, tiles: Mapping[tuple[int, int], Sequence[Bounds]]) -> None:
    """Download cells beyond a tile's edge where its neighbour came from another product.

    Interpolation near the border needs cells on both sides. Without a rim of the coarser product in the
    neighbouring tile, a strip one cell wide would be void.
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
                        fetch_blocks(run, bucket, *other, blocks)
                except FetchError as error:
                    run.report.fallbacks.append(str(error))


def _blocks(bucket: Bucket, lat: int, lon: int, windows: Sequence[Bounds]) -> list[Block]:
    found = dict.fromkeys(block for window in windows for block in blocks_of(bucket, lat, lon, window))
    return sorted(found, key=lambda block: (block.row, block.col))


def _tile_names(run: FetchRun, bucket: Bucket, faults: list[str]) -> frozenset[str] | None:
    """Names in a bucket's tile list, cached; None where sea and missing tiles cannot be distinguished."""
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


def _read_tile_names(run: FetchRun, bucket: Bucket) -> frozenset[str]:
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


def _store_sea(run: FetchRun, bucket: Bucket, blocks: Sequence[Block]) -> None:
    for block in blocks:
        _, _, rows, cols = block.window
        with run.cache.locked(block):
            run.cache.store(block, np.zeros((rows, cols)), {"source": SEA})
    run.report.sea.append(bucket.tile_name(blocks[0].lat, blocks[0].lon))
