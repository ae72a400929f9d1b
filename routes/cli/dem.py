"""``routes dem``: the public DEM on disk: list, fetch, verify, clean, info."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routes.cli._console import STDOUT, at_work, print_json, quieten, say
from routes.cli._options import JSONOption, QuietOption
from routes.errors import DEMError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routes._typing import Bounds

app = typer.Typer(
    name="dem",
    no_args_is_help=True,
    help="The public DEM on disk: what is there, fetch what a trek needs, verify, clean.",
)

BesideOption = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        metavar="DIR",
        help="Folder of DEM files. Default: ROUTES_DEM_DIR, else data/dem of this project.",
        show_default=False,
    ),
]


def _cache_folder(folder: Path | None) -> Path:
    from routes.dem.opening import dem_folder_of

    return folder or dem_folder_of(Path.cwd() / "here")


@app.command("list")
def list_files(
    folder: BesideOption = None, *, as_json: JSONOption = False, quiet: QuietOption = False
) -> None:
    """List the cached blocks of public DEMs, with product, bounds and size."""
    from routes.dem.disk_cache import Cache

    quieten(quiet=quiet)
    entries = list(Cache(_cache_folder(folder)).entries())
    if as_json:
        print_json([{"file": str(e.path), "fault": e.fault, **e.provenance} for e in entries])
        return
    for entry in entries:
        size = entry.path.stat().st_size / 1e6
        bounds = entry.provenance.get("bounds", "bounds unknown")
        STDOUT.print(f"{entry.path}: {size:.2f} MB, {bounds}{', BAD: ' if entry.fault else ''}{entry.fault}")
    say(f"{len(entries)} blocks in {_cache_folder(folder)}", quiet=quiet)


@app.command("fetch")
def fetch(
    trek_file: Annotated[
        Path | None,
        typer.Argument(metavar="[TREK.toml]", help="Fetch what this trek needs.", show_default=False),
    ] = None,
    bounds: Annotated[
        tuple[float, float, float, float] | None,
        typer.Option("--bounds", metavar="W S E N", help="Fetch this window, degrees.", show_default=False),
    ] = None,
    product: Annotated[
        str, typer.Option("--product", metavar="ID,...", help="Products in order of preference.")
    ] = "glo30,glo90",
    folder: BesideOption = None,
    *,
    as_json: JSONOption = False,
    quiet: QuietOption = False,
) -> None:
    """Fetch the blocks of a public DEM that a trek or a window needs, and that are not there yet.

    Exit code 2 if anything could not be fetched; what was fetched stays.
    """
    from routes.analysis.windows import need_of
    from routes.dem.disk_cache import Cache
    from routes.dem.opening import dem_folder_of
    from routes.dem.public.download import fetch_dem
    from routes.fetch import Network
    from routes.pipeline import load_trek

    quieten(quiet=quiet)
    if (trek_file is None) == (bounds is None):
        msg = "Give either a trek file or --bounds W S E N."
        raise typer.BadParameter(msg)
    if bounds is not None:
        west, south, east, north = bounds
        if not (-180.0 <= west < east <= 540.0 and -90.0 <= south < north <= 90.0):
            msg = f"--bounds {west:g} {south:g} {east:g} {north:g} is not west < east and south < north in degrees."
            raise typer.BadParameter(msg)
        need: Sequence[Bounds] = [bounds]
        home = _cache_folder(folder)
    else:
        assert trek_file is not None  # noqa: S101 - one of the two is given, see above
        need = need_of(*load_trek(trek_file))
        home = folder or dem_folder_of(trek_file)
    network = Network()
    try:
        with at_work("Fetching the DEM", quiet=quiet) as work:
            report = fetch_dem(
                need, Cache(home), network, products=product.split(","), on_progress=work.on_progress
            )
    finally:
        network.close()
    if as_json:
        print_json(
            {
                "folder": str(home), "fetched": report.fetched, "cached": report.cached, "sea": report.sea,
                "fetched_bytes": report.fetched_bytes, "tile_bytes": report.tile_bytes,
                "fallbacks": report.fallbacks, "faults": report.faults,
            }
        )  # fmt: skip
    else:
        STDOUT.print(report.sentence())
        for fallback in report.fallbacks:
            say(fallback, quiet=quiet)
    if report.faults:
        msg = "; ".join(fault.rstrip(".") for fault in report.faults[:3])
        more = f" (and {len(report.faults) - 3} more)" if len(report.faults) > 3 else ""
        message = f"Not everything could be fetched: {msg}{more}. What was fetched is kept; run it again."
        raise DEMError(message)


@app.command("verify")
def verify(folder: BesideOption = None, *, as_json: JSONOption = False, quiet: QuietOption = False) -> None:
    """Check every cached block against its checksum. Exit code 1 if one is damaged; a build fetches it again."""
    from routes.dem.disk_cache import Cache

    quieten(quiet=quiet)
    entries = list(Cache(_cache_folder(folder)).entries())
    bad = [entry for entry in entries if entry.fault]
    if as_json:
        print_json({"blocks": len(entries), "bad": [{"file": str(e.path), "fault": e.fault} for e in bad]})
    else:
        for entry in bad:
            STDOUT.print(f"{entry.path}: {entry.fault}")
        STDOUT.print(f"{len(entries)} blocks, {len(bad)} damaged")
    raise typer.Exit(int(bool(bad)))


@app.command("clean")
def clean(
    folder: BesideOption = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Remove sound blocks too.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Remove damaged blocks and leftovers of interrupted fetches; with --all every fetched block.

    Files that you put there yourself are never touched.
    """
    from routes.dem.disk_cache import Cache

    quieten(quiet=quiet)
    removed = Cache(_cache_folder(folder)).clean(everything=everything)
    STDOUT.print(f"Removed {len(removed)} files")


@app.command("info")
def info(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="DEM file.", show_default=False)],
    *,
    as_json: JSONOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show what a DEM file is: product, vertical datum, LE90, grid, bounds, heights, voids."""
    import numpy as np

    from routes.dem.raster import open_raster
    from routes.io.export.tables import product_data

    quieten(quiet=quiet)
    raster = open_raster(path)
    heights = raster.read(0, 0, raster.shape)
    known = heights[np.isfinite(heights)]
    data: dict[str, object] = {
        "file": str(path),
        **product_data(raster.product),
        "rows": raster.shape[0],
        "columns": raster.shape[1],
        "step_lon_deg": raster.step_lon_deg,
        "step_lat_deg": raster.step_lat_deg,
        "bounds": list(raster.bounds),
        "lowest_m": float(known.min()) if known.size else None,
        "highest_m": float(known.max()) if known.size else None,
        "voids": int(heights.size - known.size),
        "void_share": round(1.0 - known.size / heights.size, 6),
    }
    if as_json:
        print_json(data)
        return
    for key, value in data.items():
        STDOUT.print(f"{key}: {value}")
