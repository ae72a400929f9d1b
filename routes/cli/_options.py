"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

TrekArgument = Annotated[
    Path, typer.Argument(metavar="TREK.toml", help="Trek file (docs/trek-file.md).", show_default=False)
]
DEMOption = Annotated[
    str | None,
    typer.Option(
        "--dem",
        metavar="PATH|none",
        help="DEM file or folder (GeoTIFF, HGT, VRT); none: without heights. "
        "Default: ROUTES_DEM_DIR, else data/dem of the trek file's project.",
        show_default=False,
    ),
]
VariantOption = Annotated[
    str | None,
    typer.Option(
        "--variant", metavar="ID", help="Variant; default: the first of the trek file.", show_default=False
    ),
]
JSONOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print results and errors only.")]
