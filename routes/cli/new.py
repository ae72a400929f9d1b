"""``routes new``: a trek file to start from."""

from pathlib import Path
from typing import Annotated

import typer

from routes.cli._console import STDOUT, quieten
from routes.cli._options import QuietOption


def new(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.gpx|PLACES.csv",
            help="GPX with tracks (and waypoints), or CSV with columns name, lon, lat and optionally kind, stated, "
            "source, position_uncertainty_m.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="TREK.toml", help="Default: <name>.toml here.", show_default=False
        ),
    ] = None,
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Write a commented trek file to start from.

    A GPX gives a day a track, with a place at each end and its waypoints as places; a CSV gives one day through its
    places in order.
    """
    from routes.io.files import write_text
    from routes.io.scaffold import scaffold, slug

    quieten(quiet=quiet)
    path = out or Path(f"{slug(source.stem, 'trek')}.toml")
    write_text(path, scaffold(source, path), overwrite=overwrite)
    STDOUT.print(f"{path}: fill in what says TODO, then: routes build {path}", markup=False)
