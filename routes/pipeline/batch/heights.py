"""DEMs for the tracks of a part: opened once, then narrowed to each track."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from routes._typing import Bounds
from routes.analysis.windows import need_of_line
from routes.dem.disk_cache import Cache
from routes.dem.folder import DEMFolder
from routes.dem.opening import DEMChoice, open_choice, open_local
from routes.dem.public.tiles import tiles_of
from routes.dem.raster import RasterDEM
from routes.dem.sampling import turns_of
from routes.errors import DEMError
from routes.fetch import Network
from routes.model.track import Line

MAX_TILES_TOGETHER = 64
"""Most one-degree tiles for which the tracks of a part share one DEM; beyond that each track opens its own."""

DOWN_S = 60.0
"""Time without downloads after a network failure, seconds: each try costs eight."""

_opened = lru_cache(maxsize=8)(open_local)
"""A worker lists the files of a folder only once."""

_down_until = 0.0


class Heights:
    """Heights along the tracks of a part.

    Workers that share the folder of public DEMs download each block once.
    """

    def __init__(self, choice: DEMChoice, folder: Path, *, is_offline: bool) -> None:
        self._choice, self._cache, self._is_offline = choice, Cache(folder), is_offline
        self._shared: DEMFolder | None = None
        self._is_shared = False
        self.faults: tuple[str, ...] = ()
        """Failed downloads; another run may improve the figures."""

    def prepare(self, lines: Iterable[Line]) -> None:
        """Open, and download if needed, the DEM along some lines, if that is not too much.

        Raises DEMError if a file cannot be opened or the cache cannot be written.
        """
        windows = tuple(dict.fromkeys(window for line in lines for window in need_of_line(line)))
        tiles = {tile for window in windows for tile in tiles_of(window)}
        self._is_shared = len(tiles) <= MAX_TILES_TOGETHER
        self._shared = self._open(windows) if self._is_shared and windows else None

    def along(self, line: Line) -> DEMFolder | None:
        """DEM files that a line touches; None if there are none.

        The result depends on this line alone, not on others prepared with it. Raises DEMError as `prepare`.
        """
        windows = need_of_line(line)
        whole = self._shared if self._is_shared else self._open(windows)
        return None if whole is None else _narrowed(whole, windows)

    def _open(self, windows: Sequence[Bounds]) -> DEMFolder | None:
        global _down_until  # noqa: PLW0603 - a worker's own memory of its network
        if not self._choice.parts:
            return None
        is_up = time.monotonic() >= _down_until
        network = Network(is_allowed=is_up and not self._is_offline)
        try:
            source, report = open_choice(self._choice, windows, self._cache, network, opener=_opened)
        finally:
            network.close()
        if network.down:
            _down_until = time.monotonic() + DOWN_S
        if report.faults and not self._is_offline:
            self.faults = tuple(dict.fromkeys((*self.faults, *report.faults)))
        return source


def _narrowed(source: DEMFolder, windows: Sequence[Bounds]) -> DEMFolder | None:
    """Files of a source that windows touch, marked incomplete."""
    kept = tuple(
        tiles
        for mosaic in source.mosaics
        if (tiles := tuple(tile for tile in mosaic if any(_touches(tile, window) for window in windows)))
    )
    return replace(source, mosaics=kept, is_incomplete=True) if kept else None


def _touches(tile: RasterDEM, window: Bounds) -> bool:
    west, south, east, north = tile.bounds
    return any(
        window[0] + turn <= east + tile.step_lon_deg
        and window[2] + turn >= west - tile.step_lon_deg
        and window[1] <= north + tile.step_lat_deg
        and window[3] >= south - tile.step_lat_deg
        for turn in {*turns_of(tile), -360.0 if window[2] > 180.0 else 0.0}
    )


def check_choice(choice: DEMChoice) -> None:
    """Open the local files, so that a wrong one fails before any work. Raises DEMError if one cannot be opened."""
    for part in choice.parts:
        if isinstance(part, Path):
            open_local(part, is_default=choice.is_default)


def state_of(choice: DEMChoice) -> tuple[str, ...]:
    """Identity of the chosen files in their present state. Raises DEMError if one cannot be read."""
    found = []
    for part in choice.parts:
        if isinstance(part, str):
            found.append(part)
            continue
        try:
            files = sorted(part.iterdir()) if part.is_dir() else [part] if part.exists() else []
            states = [(file.name, file.stat()) for file in files if file.is_file()]
        except OSError as error:
            msg = f"Cannot look at the DEM {part}: {error.strerror}."
            raise DEMError(msg) from error
        found.extend(f"{name} {state.st_size} {state.st_mtime_ns}" for name, state in states)
    return tuple(found)
