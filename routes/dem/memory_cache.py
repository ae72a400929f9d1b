"""Memory cache of decoded DEM blocks, so that small windows do not decode a file repeatedly."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from routes._typing import FloatArray

BLOCK_CELLS = 256
"""Rows and columns of a block."""

MAX_BYTES = 64_000_000
"""Largest size of the cache: a whole one-arc-second tile (float32 where that loses nothing)."""

MAX_BLOCKS_A_WINDOW = 64
"""Largest window that is cached, in blocks; larger ones are read directly."""

Window = tuple[int, int, int, int]


_Block = NDArray[np.float32] | NDArray[np.float64]


class BlockCache:
    """The most recently used blocks, by file and position."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[Hashable, _Block] = OrderedDict()
        self._lock = Lock()
        self.size_bytes = 0

    def window(
        self,
        file: Hashable,
        shape: tuple[int, int],
        window: Window,
        read: Callable[[Window], FloatArray],
        *,
        is_packed: bool = False,
    ) -> FloatArray:
        """Heights of a window of whole cells, from memory where possible; the array is the caller's own.

        `file` identifies a file in its present state. Windows are first row, first column, last row, last
        column (both exclusive). `is_packed` marks a file that is one compressed stream: whole rows then cost
        no more than parts of them.
        """
        top, left, bottom, right = window
        places = list(_blocks_of(window))
        if len(places) > MAX_BLOCKS_A_WINDOW:
            return read(window)
        found: dict[tuple[int, int], _Block] = {}
        with self._lock:
            for place in places:
                if (file, place) in self._blocks:
                    self._blocks.move_to_end((file, place))
                    found[place] = self._blocks[file, place]
        missing = [place for place in places if place not in found]
        if missing and is_packed:
            missing = [
                (row, col)
                for row in sorted({row for row, _ in missing})
                for col in range((shape[1] - 1) // BLOCK_CELLS + 1)
            ]
        if missing:
            # one read for all missing blocks
            rows, cols = zip(*missing, strict=True)
            first_row, first_col = min(rows) * BLOCK_CELLS, min(cols) * BLOCK_CELLS
            last_row = min((max(rows) + 1) * BLOCK_CELLS, shape[0])
            last_col = min((max(cols) + 1) * BLOCK_CELLS, shape[1])
            heights = read((first_row, first_col, last_row, last_col))
            new: dict[tuple[int, int], _Block] = {}
            for row, col in missing:
                y, x = row * BLOCK_CELLS - first_row, col * BLOCK_CELLS - first_col
                new[row, col] = _small(heights[y : y + BLOCK_CELLS, x : x + BLOCK_CELLS])
            self._keep(file, new)
            found.update((place, new[place]) for place in places if place in new)
        result = np.empty((bottom - top, right - left))
        for (row, col), block in found.items():
            y, x = row * BLOCK_CELLS - top, col * BLOCK_CELLS - left
            target = result[max(y, 0) : max(y + block.shape[0], 0), max(x, 0) : max(x + block.shape[1], 0)]
            target[...] = block[max(-y, 0) :, max(-x, 0) :][: target.shape[0], : target.shape[1]]
        return result

    def _keep(self, file: Hashable, blocks: dict[tuple[int, int], _Block]) -> None:
        with self._lock:
            for place, block in blocks.items():
                if (file, place) not in self._blocks:  # another thread may have been faster
                    self._blocks[file, place] = block
                    self.size_bytes += block.nbytes
            while self.size_bytes > MAX_BYTES:
                self.size_bytes -= self._blocks.popitem(last=False)[1].nbytes


def _small(block: FloatArray) -> _Block:
    small = block.astype(np.float32)
    return small if np.array_equal(small, block, equal_nan=True) else block.copy()


def _blocks_of(window: Window) -> Iterator[tuple[int, int]]:
    top, left, bottom, right = window
    for row in range(top // BLOCK_CELLS, (bottom - 1) // BLOCK_CELLS + 1):
        for col in range(left // BLOCK_CELLS, (right - 1) // BLOCK_CELLS + 1):
            yield row, col
