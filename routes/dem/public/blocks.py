"""Download blocks of one tile into the cache."""

import time
import zlib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.windows import Window

from routes.dem.public.fetch_run import FetchRun
from routes.dem.public.tiles import Block, Bucket
from routes.dem.raster import HIGHEST_M, LOWEST_M, VOID
from routes.errors import FetchError
from routes.fetch import GDAL_OPTIONS, bucket_url, redacted

SKADI_BYTES = 3601 * 3601 * 2
"""Size of an uncompressed 1" HGT tile."""

MAX_PACKED_BYTES = 60_000_000
"""Largest gzipped tile that is read; real ones have 1 to 20 MB."""

PATIENCE_S = 3.0
"""Limit between the two kinds of failed transfer: a slower one means that the network hangs, a faster one is
the file's fault."""


def fetch_blocks(run: FetchRun, bucket: Bucket, lat: int, lon: int, blocks: Sequence[Block]) -> None:
    """Download the blocks of one tile (south-west corner in degrees) that the cache lacks.

    Raises FetchError if the server refuses, has no such tile or sends something else, NetworkDownError if it
    does not answer, DEMError if the cache cannot be written.
    """
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
    """Runs of adjacent blocks in one row of blocks."""
    runs: list[list[Block]] = []
    for block in sorted(blocks, key=lambda block: (block.row, block.col)):
        if runs and runs[-1][-1].row == block.row and runs[-1][-1].col + 1 == block.col:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _fetch_row(
    run: FetchRun, dataset: rasterio.DatasetReader, blocks: Sequence[Block], provenance: Mapping[str, object]
) -> None:
    """Download adjacent blocks with one read, so that GDAL requests their bytes only and does not read ahead."""
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
    """Size of a block as stored on the server, bytes."""
    top, left, rows, cols = block.window
    (height, width), *_ = dataset.block_shapes
    return sum(
        int(dataset.block_size(1, i, j))
        for i in range(top // height, (top + rows - 1) // height + 1)
        for j in range(left // width, (left + cols - 1) // width + 1)
    )


def _check_grid(url: str, dataset: rasterio.DatasetReader, bucket: Bucket, lat: int, lon: int) -> None:
    """Reject a tile whose position does not match its name."""
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


def _fetch_whole(run: FetchRun, block: Block, url: str) -> None:
    """Download a tile that is stored as one gzip file."""
    run.tell_block(block)
    with run.cache.locked(block):
        if run.cache.has(block):
            run.report.cached += 1
            return
        packed = run.network.read_bytes(url, MAX_PACKED_BYTES)
        try:
            # one byte over the limit reveals a decompression bomb
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
    """GDAL's last message on one line, without a full stop."""
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    return str(cause).strip().splitlines()[-1].rstrip(".") if str(cause).strip() else type(cause).__name__
