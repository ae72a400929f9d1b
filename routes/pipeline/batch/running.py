"""Run a batch: two passes over the files, resumable parts, one GeoParquet output."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from routes.analysis.figures.height_sources import BAND_M, HeightSource
from routes.analysis.figures.profile import ProfileParameters
from routes.dem.opening import DEFAULT_PRODUCTS, DEMChoice, dem_folder_of, parse_choice
from routes.dem.products import PRODUCTS
from routes.errors import BatchError, OutputError
from routes.files import shown
from routes.model.kinds import Recorder
from routes.pipeline.batch.cluster import executor
from routes.pipeline.batch.heights import check_choice, state_of
from routes.pipeline.batch.merging import merged
from routes.pipeline.batch.schema import arrow_schema
from routes.pipeline.batch.sources import list_sources
from routes.pipeline.batch.stages import BatchProgress, Passes, hash_of
from routes.pipeline.batch.tasks import Settings
from routes.pipeline.batch.work import opened, remove, work_folder_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """Options of a batch."""

    dem: str | None = None
    """As `routes.dem.opening.parse_choice` reads it; None for the local DEM folder, then Copernicus GLO-30
    and GLO-90."""

    is_offline: bool = False
    """Download no DEM."""

    workers: int | None = None
    """Processes on this machine; 0 for this one only, None for one per core."""

    scheduler: str | None = None
    """Address of a Dask scheduler to use instead."""

    heights: Recorder = Recorder.AUTO
    """What recorded the heights of the files; found track by track by default."""

    tolerance_m: float = 10.0
    """Largest distance of the simplified geometry from the track, metres."""

    is_unique: bool = False
    """Of files with the same contents, include only the first by name."""

    is_overwriting: bool = False
    """Replace an existing output."""

    on_progress: Callable[[BatchProgress], None] = field(default=lambda _: None)
    """Called as tasks end."""

    say: Callable[[str], None] = field(default=lambda _: None)
    """Receives messages for people who wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """Result of a batch."""

    out: Path
    """The output."""

    files: int
    """Number of files and archive members found."""

    rows: int
    """Rows of the output."""

    errors: int
    """Rows with an error."""

    kept: int
    """Parts finished in an earlier run."""

    is_passing: bool
    """Whether some errors or missing heights may be temporary; another run repeats only those."""

    seconds: float
    """Duration, seconds."""


def run_batch(patterns: Sequence[str], out: Path | str, options: BatchOptions | None = None) -> BatchResult:
    """Statistics of every track of many files, as GeoParquet.

    Patterns are those of `routes.pipeline.batch.sources.list_sources`. Finished parts stay in ``NAME.work``
    beside the output until it is complete, so the same call resumes an interrupted run. Raises BatchError if
    a pattern matches nothing, a number is out of range, or there are no workers; OutputError if the output
    exists (unless `is_overwriting`), cannot be written, or belongs to another running batch; DEMError if a
    local DEM cannot be opened.
    """
    begun = time.monotonic()
    options, out = options or BatchOptions(), Path(out)
    settings = _settings(options)
    _check_out(out, options)
    listing = list_sources(patterns, settings.root)
    with opened(out) as work, executor(options.workers, options.scheduler, options.say) as runner:
        if runner.dashboard:
            options.say(f"Dask's dashboard: {runner.dashboard}")
        about = _about(settings, options)
        passes = Passes(
            settings, work, runner, options.on_progress,
            hash_of(about, state_of(settings.choice), settings.is_offline), is_unique=options.is_unique,
        )  # fmt: skip
        keys = passes.study(listing, passes.look(listing.sources))
        rows, errors = merged(out, work, keys, about)
        is_passing = any(work.entries[key].is_passing for key in keys)
        if not is_passing:
            remove(work)
    return BatchResult(
        out=out, files=len(listing.sources), rows=rows, errors=errors, kept=passes.kept, is_passing=is_passing,
        seconds=time.monotonic() - begun,
    )  # fmt: skip


def _settings(options: BatchOptions) -> Settings:
    if not 0.1 <= options.tolerance_m <= 10_000.0:
        msg = f"The tolerance must be within 0.1 and 10,000 m, not {options.tolerance_m:g} m."
        raise BatchError(msg)
    if options.workers is not None and options.workers < 0:
        msg = f"There cannot be {options.workers} workers."
        raise BatchError(msg)
    root = Path.cwd()
    folder = dem_folder_of(root / "here").absolute()
    if options.dem is None:
        choice = DEMChoice((folder, *DEFAULT_PRODUCTS), is_default=True)
    else:
        parts = parse_choice(options.dem).parts
        choice = DEMChoice(tuple(part if isinstance(part, str) else part.absolute() for part in parts))
    check_choice(choice)
    return Settings(
        root=root,
        choice=choice,
        dem_folder=folder,
        is_offline=options.is_offline,
        parameters=ProfileParameters(heights=options.heights),
        tolerance_m=options.tolerance_m,
    )


def _check_out(out: Path, options: BatchOptions) -> None:
    arrow_schema()  # notice a missing pyarrow now and not after an hour
    if out.is_dir():
        msg = f"{shown(out)} is a folder; name a file such as {shown(out / 'stats.parquet')}."
        raise OutputError(msg)
    if out.exists() and not options.is_overwriting and not work_folder_of(out).is_dir():
        msg = f"{shown(out)} exists; move it away or pass --overwrite."
        raise OutputError(msg)


def _about(settings: Settings, options: BatchOptions) -> dict[str, object]:
    """What the figures rest on, for the file's metadata: nothing that changes from run to run."""
    names = [part if isinstance(part, str) else "local" for part in settings.choice.parts]
    return {
        "package": "trek-routes",
        "version": settings.version,
        "parameters": asdict(settings.parameters),
        "dem_choice": names,
        "is_unique": options.is_unique,
        "geometry_tolerance_m": settings.tolerance_m,
        "recipes": [
            {"source": source.value, "smoothing_sigma_m": source.smoothing_m, "ascent_threshold_m": BAND_M}
            for source in HeightSource
        ],
        "products": {
            product.id: {
                "title": product.title,
                "vertical_datum": product.vertical_datum.value,
                "le90_m": product.le90_m,
                "licence": product.licence,
                "attribution": product.attribution,
            }
            for product in PRODUCTS.values()
        },
        "intervals": "P10 to P90, docs/accuracy.md",
    }
