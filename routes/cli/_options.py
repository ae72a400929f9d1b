"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from routes.model.kinds import Recorder
from routes.model.language import Language
from routes.model.units import Units

TrekArgument = Annotated[
    Path, typer.Argument(metavar="TREK.toml", help="Trek file (docs/trek-file.md).", show_default=False)
]
DEMOption = Annotated[
    str | None,
    typer.Option(
        "--dem",
        metavar="DEM",
        help="DEMs in order of preference, parted by commas: glo30, glo90, skadi (public, fetched as needed), "
        "a file or folder, local:PATH; none: without heights. Default: the files of ROUTES_DEM_DIR or else of "
        "data/dem in the trek file's project, then glo30,glo90.",
        show_default=False,
    ),
]
HeightsOption = Annotated[
    Recorder,
    typer.Option(
        "--heights",
        help="What recorded the heights of GPX files; decides how they are smoothed. auto: as the trek file says, else "
        "found from their steps and noise.",
    ),
]
OfflineOption = Annotated[
    bool, typer.Option("--offline", help="Make no network request; use what is on disk.")
]
VariantOption = Annotated[
    str | None,
    typer.Option(
        "--variant", metavar="ID", help="Variant; default: the first of the trek file.", show_default=False
    ),
]
MaxPointsOption = Annotated[
    int | None,
    typer.Option(
        "--max-points",
        metavar="N",
        min=2,
        help="Most points of each GPX track, for devices that hold no more: many take 10,000, old ones 500. Default: "
        "as many as keep the line to 1 m and its heights to 0.5 m.",
        show_default=False,
    ),
]
UnitsOption = Annotated[
    Units,
    typer.Option(
        "--units",
        help="Units of what people read: metres and kilometres, or feet and miles. JSON, CSV, GeoJSON and the numbers "
        "of GPX are always in metres; figures that somebody printed stay as printed.",
    ),
]
LangOption = Annotated[
    Language,
    typer.Option(
        "--lang",
        help="Language of the page: en (English) or es (Spanish). Names, notes and sources stay as the trek file has "
        "them; reasons of verdicts and how figures were made are in English.",
    ),
]
JSONOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print results and errors only.")]
