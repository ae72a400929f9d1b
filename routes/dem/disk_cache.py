"""Disk cache of DEM blocks: verified before use, safe with several processes."""

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine
from rasterio.errors import RasterioError

from routes._typing import FloatArray
from routes.dem.public.tiles import BUCKETS, Block
from routes.dem.raster import HIGHEST_M, LOWEST_M, VOID, sidecar_of
from routes.errors import DEMError

SUFFIX = ".tif"
TILE_LIST = "tileList.txt"

LEFTOVER_AGE_S = 600.0
"""Age from which a temporary file counts as left over from a killed process."""

_BLOCK = r"[NS]\d\d[EW]\d{3}(?:-r\d+-c\d+)?"
_OURS = re.compile(rf"{_BLOCK}\.(?:tif|json|lock)")
_LEFTOVER = re.compile(rf"\.(?:{_BLOCK}|tileList)\..*")


@dataclass(frozen=True, slots=True)
class Entry:
    """A cached file and its sidecar."""

    path: Path
    """The GeoTIFF."""

    provenance: Mapping[str, object]
    """Product, URL, bounds, bytes, checksum; empty when the sidecar is missing or damaged."""

    fault: str
    """Why it must not be used; empty if it is sound."""


@dataclass(frozen=True, slots=True)
class Cache:
    """A cache folder: one subfolder per product, one file per block, each with a provenance sidecar."""

    folder: Path
    """The folder, mostly ``data/dem``."""

    def path_of(self, block: Block) -> Path:
        """File of a block, whether or not it exists."""
        return self.folder / block.bucket.product.id / f"{block.stem}{SUFFIX}"

    def has(self, block: Block) -> bool:
        """Whether a sound copy of a block is cached; a damaged one counts as missing and is downloaded again."""
        path = self.path_of(block)
        return path.is_file() and not _fault_of(path)

    def entries(self) -> Iterator[Entry]:
        """Every cached file, verified, sorted by product and name."""
        for product in BUCKETS:
            for path in sorted((self.folder / product).glob(f"[!.]*{SUFFIX}")):
                yield Entry(path, _read_sidecar(path), _fault_of(path))

    def clean(self, *, everything: bool = False) -> list[Path]:
        """Remove damaged blocks, locks and leftovers of interrupted writes; with `everything` all blocks and lists.

        Returns what was removed. Never touches files directly in the folder, which belong to the user. Raises
        DEMError if a file cannot be removed.
        """
        removed: list[Path] = []
        for product in BUCKETS:
            home = self.folder / product
            for path in sorted(home.iterdir()) if home.is_dir() else ():
                if not path.is_file() or not self._is_to_go(path, everything=everything):
                    continue
                try:
                    path.unlink()
                except OSError as error:
                    msg = f"Cannot remove {path}: {error.strerror}."
                    raise DEMError(msg) from error
                removed.append(path)
        return removed

    def _is_to_go(self, path: Path, *, everything: bool) -> bool:
        """Whether `clean` removes a file: only names that we use ourselves, and no lock that is held."""
        if _LEFTOVER.fullmatch(path.name):
            return everything or time.time() - path.stat().st_mtime > LEFTOVER_AGE_S
        if path.stem == Path(TILE_LIST).stem:
            return everything
        if not _OURS.fullmatch(path.name):
            return False
        from filelock import FileLock, Timeout  # noqa: PLC0415 - slow to import, and only who fetches or cleans needs it

        try:
            with FileLock(path.with_suffix(".lock"), timeout=0):
                return everything or path.suffix == ".lock" or bool(_fault_of(path.with_suffix(SUFFIX)))
        except (Timeout, OSError):
            return False

    def read_tile_list(self, product: str) -> str | None:
        """Cached tile list of a product; None if it is missing or damaged.

        A list that lost lines would turn land into sea, so it has a checksum, as blocks do.
        """
        path = self.folder / product / TILE_LIST
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return text if _read_sidecar(path).get("sha256") == _text_sha256(text) else None

    def write_tile_list(self, product: str, text: str) -> None:
        """Keep the tile list of a product. Raises DEMError if it cannot be written."""
        path = self.folder / product / TILE_LIST
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_atomically(sidecar_of(path), json.dumps({"sha256": _text_sha256(text)}) + "\n")
            _write_atomically(path, text)
        except OSError as error:
            raise _cannot_write(path, error) from error

    @contextmanager
    def locked(self, block: Block) -> Iterator[None]:
        """Keep other processes from downloading the same block; a killed process leaves no lock behind.

        Raises DEMError if the folder cannot be written.
        """
        from filelock import FileLock  # noqa: PLC0415 - as above

        path = self.path_of(block)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path.with_suffix(".lock"))
            lock.acquire()
        except OSError as error:
            raise _cannot_write(path, error) from error
        try:
            yield
        finally:
            lock.release()

    def store(self, block: Block, height_m: FloatArray, provenance: Mapping[str, object]) -> Path:
        """Write a block to a temporary file, verify it, and move it into place; returns the file.

        Heights are metres, NaN where void. Product, bounds and checksum are added to `provenance`. Raises DEMError if
        the heights are impossible on Earth or the file cannot be written.
        """
        path = self.path_of(block)
        _check_heights(block, height_m)
        temporary = Path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=SUFFIX)
            os.close(handle)
            temporary = Path(name)
            _write_geotiff(temporary, block, height_m)
            checksum = _sha256(temporary)
            bounds = _bounds(block)
            sidecar = {
                "product": block.bucket.product.id,
                **provenance,
                "stored": datetime.now(UTC).date().isoformat(),
                "bounds": [round(edge, 9) for edge in bounds],
                "bytes": temporary.stat().st_size,
                "sha256": checksum,
            }
            # sidecar first: a file whose sidecar does not match is never used
            _write_atomically(sidecar_of(path), json.dumps(sidecar, indent=2) + "\n")
            # mkstemp creates private files, but a cache may be shared
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
        except (OSError, RasterioError) as error:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise _cannot_write(path, error) from error
        return path


def _cannot_write(path: Path, error: Exception) -> DEMError:
    reason = getattr(error, "strerror", None) or error
    return DEMError(f"Cannot write {path}: {reason}. Make room, or set ROUTES_DEM_DIR to another folder.")


def _bounds(block: Block) -> tuple[float, float, float, float]:
    """Outer edges of a block's cells (west, south, east, north), degrees."""
    grid = block.bucket.grid(block.lat, block.lon)
    top, left, rows, cols = block.window
    west = grid.west_deg + (left - 0.5) * grid.step_lon_deg
    north = grid.north_deg - (top - 0.5) * grid.step_lat_deg
    return west, north - rows * grid.step_lat_deg, west + cols * grid.step_lon_deg, north


def _check_heights(block: Block, height_m: FloatArray) -> None:
    _, _, rows, cols = block.window
    if height_m.shape != (rows, cols):
        msg = f"Block {block.stem} has {height_m.shape} cells in place of {(rows, cols)}."
        raise DEMError(msg)
    known = height_m[np.isfinite(height_m)]
    if known.size and not (known.min() >= LOWEST_M and known.max() <= HIGHEST_M):
        msg = f"Block {block.stem} has heights from {known.min():.0f} to {known.max():.0f} m, which are not on Earth."
        raise DEMError(msg)


def _write_geotiff(path: Path, block: Block, height_m: FloatArray) -> None:
    grid = block.bucket.grid(block.lat, block.lon)
    west, _, _, north = _bounds(block)
    _, _, rows, cols = block.window
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="float32",
        count=1,
        height=rows,
        width=cols,
        crs="EPSG:4326",
        transform=Affine(grid.step_lon_deg, 0.0, west, 0.0, -grid.step_lat_deg, north),
        nodata=VOID,
        compress="deflate",
        predictor=3,
        zlevel=6,
        tiled=True,
        blockxsize=256,
        blockysize=256,
    ) as out:
        out.write(np.where(np.isfinite(height_m), height_m, VOID).astype(np.float32), 1)


def _fault_of(path: Path) -> str:
    """Why a cached file must not be used; empty if it may be."""
    sidecar = _read_sidecar(path)
    if not sidecar:
        return "its sidecar is missing or damaged"
    try:
        if path.stat().st_size != sidecar.get("bytes"):
            return f"it has {path.stat().st_size:,} bytes, its sidecar says {sidecar.get('bytes')}"
        if _sha256(path) != sidecar.get("sha256"):
            return "its checksum is not that of its sidecar"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    return ""


def _read_sidecar(path: Path) -> Mapping[str, object]:
    try:
        data = json.loads(sidecar_of(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_atomically(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):
            Path(name).unlink(missing_ok=True)
        raise
