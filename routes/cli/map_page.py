"""``routes map``: the map page alone."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from routes.cli._console import STDOUT, at_work, print_raw, quieten
from routes.cli._options import (
    DEMOption,
    LangOption,
    OfflineOption,
    QuietOption,
    TrekArgument,
    UnitsOption,
    VariantOption,
)
from routes.model.language import Language
from routes.model.units import Units


def map_page(  # noqa: PLR0913 - typer's options are arguments
    trek_file: TrekArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE.html",
            help="Default: TREK.html here; - is stdout.",
            show_default=False,
        ),
    ] = None,
    dem: DEMOption = None,
    variant: VariantOption = None,
    units: UnitsOption = Units.METRIC,
    lang: LangOption = Language.ENGLISH,
    *,
    no_relief: Annotated[
        bool,
        typer.Option("--no-relief", help="Leave shaded relief and contour lines out; the page is smaller."),
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
    offline: OfflineOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the map page of a trek to one HTML file that works without a network."""
    from routes.files import write_text
    from routes.pipeline import downloads_of, study_file
    from routes.render.page.page import page_html

    quieten(quiet=quiet)
    with at_work(f"Drawing {trek_file}", quiet=quiet) as work:
        study = study_file(
            trek_file, dem=dem, offline=offline, on_leg=work.on_leg, on_progress=work.on_progress
        )
    if no_relief:
        study = replace(study, terrain=None)
    chosen = study.default if variant is None else study.variant(variant)
    path = out or Path(f"{study.trek.id}.html")
    page = page_html(study, chosen, units, language=lang, downloads=downloads_of(study, chosen, units, lang))
    if path == Path("-"):
        print_raw(page)
        return
    write_text(path, page, overwrite=overwrite)
    STDOUT.print(str(path))
