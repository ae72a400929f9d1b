"""``routes build``: everything from a trek file."""

from pathlib import Path
from typing import Annotated

import typer

from routes.cli._console import STDOUT, at_work, print_json, quieten, say
from routes.cli._options import (
    DEMOption,
    HeightsOption,
    JSONOption,
    LangOption,
    MaxPointsOption,
    OfflineOption,
    QuietOption,
    UnitsOption,
    VariantOption,
)
from routes.errors import OutputError
from routes.model.kinds import Recorder
from routes.model.language import Language
from routes.model.units import Units


def build(  # noqa: PLR0913 - typer's options are arguments
    treks: Annotated[
        list[Path], typer.Argument(metavar="TREK.toml...", help="One or more trek files.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the folders of treks.")
    ] = Path("build"),
    dem: DEMOption = None,
    variant: VariantOption = None,
    units: UnitsOption = Units.METRIC,
    lang: LangOption = Language.ENGLISH,
    max_points: MaxPointsOption = None,
    heights: HeightsOption = Recorder.AUTO,
    *,
    report: Annotated[
        bool,
        typer.Option(
            "--report",
            help="Also write the report on stated figures to send to an author, to the folder report beside the page.",
        ),
    ] = False,
    offline: OfflineOption = False,
    as_json: JSONOption = False,
    quiet: QuietOption = False,
) -> None:
    """Build map page, statistics, verdicts, report and GPX of treks.

    Writes DIR/<trek>/index.html and beside it report.md, stats.json, stats.csv, verdicts.json, <trek>.gpx,
    <trek>-<variant>.gpx for each other variant, and day-N.gpx; with --report also report/report.html and its parts.
    DIR/index.html shows all treks that were built into DIR, now or before. Files that it did not write are never
    replaced.
    """
    from routes.gpx.write.thinning import Thinning
    from routes.pipeline import build as build_trek
    from routes.pipeline import write_index

    quieten(quiet=quiet)
    if out == Path("-"):
        msg = "--out - is no folder; a build has several files. For one on stdout: routes export, or routes map."
        raise typer.BadParameter(msg)
    results = []
    for trek_file in _distinct(treks):
        with at_work(f"Building {trek_file}", quiet=quiet) as work:
            result = build_trek(
                trek_file,
                out=out,
                dem=dem,
                variant=variant,
                units=units,
                lang=lang,
                report=report,
                thinning=Thinning(max_points=max_points),
                offline=offline,
                heights=heights,
                on_leg=work.on_leg,
                on_progress=work.on_progress,
            )
        results.append(result)
        for note in result.study.notes:
            say(f"  {note}", quiet=quiet)
        if not as_json:
            size_kb = result.page.stat().st_size / 1000.0
            STDOUT.print(f"{result.study.trek.name}: open {result.page} ({size_kb:,.0f} kB)")
    index = write_index(out, units=units)
    if as_json:
        print_json(
            [
                {
                    "trek": r.study.trek.id,
                    "page": str(r.page),
                    "page_bytes": r.page.stat().st_size,
                    "files": [str(f) for f in r.files],
                }
                for r in results
            ]
        )
    elif index is not None:
        count = f"{len(index.treks)} trek{'' if len(index.treks) == 1 else 's'}"
        size_kb = index.page.stat().st_size / 1000.0
        STDOUT.print(f"Index of {count}: open {index.page} ({size_kb:,.0f} kB)")


def _distinct(trek_files: list[Path]) -> list[Path]:
    """Each file once; two of one id would write to one folder."""
    from routes.io.trek.read import read_trek

    files = list({path.resolve(): path for path in trek_files}.values())
    if len(files) == 1:
        return files
    seen: dict[str, Path] = {}
    for path in files:
        trek = read_trek(path)
        other = seen.setdefault(trek.id, path)
        if other != path:
            msg = f"{other} and {path} both have the id {trek.id!r}, hence one folder; change one, or build them apart."
            raise OutputError(msg)
    return files
