"""State of one download: cache, network, report, progress."""

from collections.abc import Callable
from dataclasses import dataclass, field

from routes.dem.disk_cache import Cache
from routes.dem.public.tiles import Block, Bucket
from routes.fetch import Network


@dataclass(slots=True)
class FetchReport:
    """What a download did."""

    fetched: list[str] = field(default_factory=list)
    """Downloaded blocks, as product/name."""

    cached: int = 0
    """Number of blocks that were already cached."""

    fetched_bytes: int = 0
    """Size of the downloaded blocks as stored on the server, bytes."""

    tile_bytes: int = 0
    """Size of the whole tiles that those blocks belong to, bytes."""

    sea: list[str] = field(default_factory=list)
    """Tiles that are sea."""

    faults: list[str] = field(default_factory=list)
    """What could not be downloaded, and why."""

    fallbacks: list[str] = field(default_factory=list)
    """Why the next product was used instead of the preferred one."""

    seconds: float = 0.0
    """Duration, seconds."""

    def sentence(self) -> str:
        """Summarise the download in one sentence."""
        if not self.fetched:
            return f"Nothing to fetch: {self.cached} blocks are in the cache."
        share = f" of {self.tile_bytes / 1e6:.1f} MB in whole tiles" if self.tile_bytes else ""
        return (
            f"Fetched {len(self.fetched)} blocks, {self.fetched_bytes / 1e6:.1f} MB{share}, in {self.seconds:.1f} s; "
            f"{self.cached} were in the cache."
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a download."""

    done: int
    """Blocks done."""

    total: int
    """Blocks needed."""

    fetched_bytes: int
    """Bytes downloaded so far."""

    what: str
    """Current block."""


@dataclass(slots=True)
class FetchRun:
    """State that the steps of one download share."""

    cache: Cache
    network: Network
    buckets: list[Bucket]
    report: FetchReport
    on_progress: Callable[[Progress], None] | None
    lists: dict[str, frozenset[str] | None] = field(default_factory=dict)
    served: dict[tuple[int, int], Bucket] = field(default_factory=dict)
    place: tuple[int, int] = (0, 0)

    def tell(self, done: int, total: int, what: str) -> None:
        """Report how many tiles are done, and the current one."""
        self.place = (done, total)
        if self.on_progress is not None:
            self.on_progress(Progress(done, total, self.report.fetched_bytes, what))

    def tell_block(self, block: Block) -> None:
        """Report the current block."""
        self.tell(*self.place, f"{block.bucket.product.id}/{block.stem}")
