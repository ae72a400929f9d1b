"""What the steps of one fetch share: cache, network, report, progress."""

from collections.abc import Callable
from dataclasses import dataclass, field

from routes.dem.disk_cache import Cache
from routes.dem.public.tiles import Block, Bucket
from routes.fetch import Network


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


@dataclass(slots=True)
class FetchRun:
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
        """Say how many tiles are settled, and what is at work."""
        self.place = (done, total)
        if self.on_progress is not None:
            self.on_progress(Progress(done, total, self.report.fetched_bytes, what))

    def tell_block(self, block: Block) -> None:
        """Say which block is at work."""
        self.tell(*self.place, f"{block.bucket.product.id}/{block.stem}")
