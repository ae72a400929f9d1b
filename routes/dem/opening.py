"""Choose and open DEMs: local files first, then public products downloaded as needed."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shapely import box
from shapely.ops import unary_union

from routes._typing import Bounds
from routes.dem.disk_cache import Cache
from routes.dem.folder import DEMFolder, dem_files, group_by_grid
from routes.dem.folder import open_dem as open_files
from routes.dem.public.fetch_run import FetchReport, Progress
from routes.dem.public.tiles import BUCKETS, blocks_of, grown, tiles_of
from routes.dem.raster import RasterDEM, open_raster
from routes.errors import DEMError, FetchError
from routes.fetch import Network

DEFAULT_PRODUCTS = ("glo30", "glo90")
"""Public products that fill in where local files have no coverage."""


@dataclass(frozen=True, slots=True)
class DEMChoice:
    """DEMs in order of preference."""

    parts: tuple[Path | str, ...]
    """Paths of files and folders, and ids of public products."""

    is_default: bool = False
    """Whether it is the default, so that a folder without a DEM is not an error."""

    @property
    def products(self) -> tuple[str, ...]:
        """The public products, in order."""
        return tuple(part for part in self.parts if isinstance(part, str))


def parse_choice(text: str) -> DEMChoice:
    """Read a choice such as ``"glo30,glo90,local:PATH"``, ``"PATH"`` or ``"none"`` (no parts).

    Raises DEMError if a part is neither a product nor an existing path.

    >>> parse_choice("glo30,glo90").parts
    ('glo30', 'glo90')
    """
    if text.strip() == "none":
        return DEMChoice(())
    with suppress(OSError):  # too long for a path as a whole; its parts may not be
        if not all(part.strip() in BUCKETS for part in text.split(",")) and _exists(Path(text)):
            return DEMChoice((Path(text),))  # a path may hold a comma
    parts: list[Path | str] = []
    for part in (part.strip() for part in text.split(",")):
        if part in BUCKETS:
            parts.append(part)
            continue
        path = Path(part.removeprefix("local:"))
        if not part or not _exists(path):
            msg = (
                f"There is no DEM file or folder {_short(path)!r}; public products are {', '.join(BUCKETS)}, and none "
                f"is for no DEM."
            )
            raise DEMError(msg)
        parts.append(path)
    return DEMChoice(tuple(parts))


def _exists(path: Path) -> bool:
    """Whether a path exists. Raises DEMError if that cannot be checked (name too long, folder not searchable)."""
    try:
        return path.exists()
    except OSError as error:
        msg = f"Cannot look up the DEM {_short(path)!r}: {error.strerror}."
        raise DEMError(msg) from error


def _short(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"{text[:100]}..."


def open_choice(
    choice: DEMChoice,
    need: Sequence[Bounds],
    cache: Cache,
    network: Network,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    opener: "Opener | None" = None,
) -> tuple[DEMFolder | None, FetchReport]:
    """Open the DEMs of a choice, downloading what the windows (degrees) need from public ones.

    Returns None as the source if there is no DEM, and a report of what was downloaded and what failed.
    `opener` replaces `open_local` for callers that open the same files many times. Raises DEMError if a file
    cannot be opened or the cache cannot be written.
    """
    opener = opener or open_local
    local = {
        part: opener(part, is_default=choice.is_default) for part in choice.parts if isinstance(part, Path)
    }
    own = [mosaic for mosaics in local.values() for mosaic in mosaics]
    missing = [window for window in need if not _is_covered(window, own)]
    report = FetchReport()
    if choice.products and missing:
        from routes.dem.public.download import fetch_dem  # noqa: PLC0415 - only who fetches needs it

        report = fetch_dem(missing, cache, network, products=choice.products, on_progress=on_progress)
    mosaics: list[tuple[RasterDEM, ...]] = []
    for part in choice.parts:
        if isinstance(part, Path):
            mosaics.extend(local[part])
        else:
            mosaics.extend(group_by_grid(_cached(part, missing, cache)))
    if not mosaics:
        return None, report
    origin = ", ".join(str(part) for part in choice.parts)
    return DEMFolder(tuple(mosaics), origin, is_incomplete=bool(report.faults)), report


class Opener(Protocol):
    """Opens a local file or folder, as `open_local` does."""

    def __call__(self, path: Path, *, is_default: bool) -> tuple[tuple[RasterDEM, ...], ...]:
        """Files grouped by grid."""
        ...


def open_local(path: Path, *, is_default: bool = False) -> tuple[tuple[RasterDEM, ...], ...]:
    """Local DEM files, grouped by grid.

    Raises DEMError if a file cannot be opened, or if a folder has no DEM and is not the default.
    """
    if is_default and not (path.is_dir() and dem_files(path)):
        return ()
    return open_files(path).mosaics


def _is_covered(window: Bounds, mosaics: Sequence[Sequence[RasterDEM]]) -> bool:
    """Whether local files cover a whole window."""
    west, south, east, north = window
    # shrunk by less than a millimetre: a union has slivers of float noise at its seams
    asked = box(west + 1e-9, south + 1e-9, max(east - 1e-9, west + 1e-9), max(north - 1e-9, south + 1e-9))
    return any(unary_union([box(*tile.bounds) for tile in mosaic]).covers(asked) for mosaic in mosaics)


def _cached(product: str, need: Sequence[Bounds], cache: Cache) -> list[RasterDEM]:
    """Cached blocks of a product that touch the windows."""
    bucket = BUCKETS[product]
    blocks = {
        block: None
        for window in need
        for lat, lon in tiles_of(grown(window))
        for block in blocks_of(bucket, lat, lon, window)
    }
    return [open_raster(cache.path_of(block)) for block in blocks if cache.has(block)]


def dem_folder_of(trek_file: Path) -> Path:
    """DEM folder for a trek file: ``ROUTES_DEM_DIR``, ``data/dem`` in the nearest parent that has one, or a user cache.

    A missing ``ROUTES_DEM_DIR`` is created by the first download. Raises DEMError if it is not a folder.
    """
    override = _override()
    if override is not None:
        if _exists(override) and not override.is_dir():
            msg = f"ROUTES_DEM_DIR names {override}, which is no folder; set it to a folder of DEM files."
            raise DEMError(msg)
        return override
    for parent in trek_file.resolve().parents:
        folder = parent / "data" / "dem"
        if folder.is_dir():
            return folder
    import platformdirs  # noqa: PLC0415 - mostly not needed

    return platformdirs.user_cache_path("trek-routes") / "dem"


def _override() -> Path | None:
    text = os.environ.get("ROUTES_DEM_DIR")
    return Path(text) if text else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DEMOptions:
    """Which DEM to use, and whether it may be downloaded."""

    choice: str | None = None
    """As `parse_choice` reads it; None for the project's DEM folder, then Copernicus GLO-30 and GLO-90."""

    is_offline: bool = False
    """Make no network requests."""

    on_progress: Callable[[Progress], None] | None = None
    """Called as blocks are downloaded."""


def open_dem_for(
    beside: Path, need: Sequence[Bounds], options: DEMOptions
) -> tuple[DEMFolder | None, FetchReport]:
    """Open the DEM for some windows (degrees) and download what is missing.

    `beside` is a path in the trek's project, which determines the DEM folder. Returns None as the source if there is no
    DEM, and a report of the download. Raises DEMError if a requested DEM does not exist, a file cannot be opened, or
    the cache cannot be written.
    """
    folder = dem_folder_of(beside)
    if options.choice is None:
        choice = DEMChoice((folder, *DEFAULT_PRODUCTS), is_default=True)
    else:
        choice = parse_choice(options.choice)
    network = Network(is_allowed=not options.is_offline)
    try:
        source, report = open_choice(choice, need, Cache(folder), network, on_progress=options.on_progress)
    finally:
        network.close()
    if options.is_offline and choice.products and folder == _override() and not folder.exists():
        report.faults.insert(0, f"ROUTES_DEM_DIR names {folder}, which does not exist.")
    return source, report


def open_dem(dem: Path | str, *, need: Sequence[Bounds] = (), offline: bool = False) -> DEMFolder:
    """Open elevation data: local files, or a public DEM that is downloaded and cached as needed.

    Parameters
    ----------
    dem : Path or str
        A DEM file, a folder of them, or a choice such as ``"glo30,glo90,local:PATH"``.
    need : sequence of tuple
        Windows you need, as (west, south, east, north) in degrees; missing tiles of public products are
        downloaded. Local files need none.
    offline : bool
        Make no network requests.

    Returns
    -------
    DEMFolder
        ``sample(lon, lat, method=...)`` and ``window(bounds)`` return metres in each product's own vertical
        datum; unknown heights are NaN.

    Raises
    ------
    DEMError
        If a file does not exist or cannot be opened, or the cache cannot be written.
    FetchError
        If a download failed.

    Examples
    --------
    A DEM of four one-degree cells, and a height half-way between their centres:

    >>> import tempfile, numpy as np, rasterio
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "tiny.tif"
    ...     with rasterio.open(
    ...         path, "w", driver="GTiff", dtype="int16", count=1, width=2, height=2, crs="EPSG:4326",
    ...         transform=rasterio.Affine(1.0, 0.0, 0.0, 0.0, -1.0, 2.0),
    ...     ) as out:
    ...         out.write(np.array([[100, 200], [300, 400]], dtype="int16"), 1)
    ...     open_dem(path).sample([1.0, 0.5, 9.0], [1.0, 1.5, 1.0]).height_m
    array([250., 100.,  nan])
    """
    if isinstance(dem, Path) or Path(dem).exists():
        return open_files(dem)
    source, report = open_dem_for(Path.cwd() / "here", need, DEMOptions(choice=dem, is_offline=offline))
    if report.faults or source is None:
        msg = "; ".join(report.faults) or f"{dem!r} has nothing to open; name the windows that you need."
        raise FetchError(msg)
    return source
