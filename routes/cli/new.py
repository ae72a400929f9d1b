"""``routes new``: a trek file to start from."""

import os
from pathlib import Path
from typing import Annotated

import typer

from routes.cli._console import STDOUT, quieten
from routes.cli._options import QuietOption


def new(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="TRACKS|PLACES.csv",
            help="GPX, KML, KMZ, GeoJSON, GeoPackage, FIT or TCX with tracks (and waypoints), or CSV with columns "
            "name, lon, lat and optionally kind, stated, source (of the stated height), position_source, "
            "position_uncertainty_m.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="TREK.toml", help="Default: <name>.toml here.", show_default=False
        ),
    ] = None,
    layer: Annotated[
        str | None,
        typer.Option(
            "--layer",
            metavar="NAME",
            help="Layer of lines of a GeoPackage that has several.",
            show_default=False,
        ),
    ] = None,
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Write a commented trek file to start from.

    A file of tracks gives a day a track, with a place at each end and its waypoints as places. Each track is also
    written to a GPX file of its own, in the folder <name>-gpx beside the trek file, unless the file is a GPX of one: a
    leg has one GPX file. A CSV gives one day through its places in order.
    """
    from routes.errors import OutputError
    from routes.files import shown, write_text
    from routes.io.trek.parts import slug
    from routes.io.trek.scaffold import scaffold

    quieten(quiet=quiet)
    path = out or Path(f"{slug(source.stem, 'trek')}.toml")
    made = scaffold(source, path, layer=layer)
    texts = {**{path.parent / name: text for name, text in made.files.items()}, path: made.text}
    for target in texts:
        if os.path.realpath(target) == os.path.realpath(source):
            msg = f"{shown(target)} is what the trek file is made from; give another --out."
            raise OutputError(msg)
        if os.path.lexists(target) and not overwrite:
            msg = f"{shown(target)} exists and was not written by this command; move it away or pass --overwrite."
            raise OutputError(msg)
    for target, text in texts.items():
        write_text(target, text, overwrite=overwrite)
    if made.files:
        STDOUT.print(f"{path.parent / (path.stem + '-gpx')}: {len(made.files)} GPX files", markup=False)
    STDOUT.print(f"{path}: fill in what says TODO, then: routes build {path}", markup=False)
