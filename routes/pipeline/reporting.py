"""Write the report on stated figures, with maps and profiles of passes."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from routes.analysis.heights.source import ElevationSource
from routes.analysis.pass_views import pass_views, view_of_place
from routes.analysis.study import Study
from routes.analysis.verdicts.places import ListedVerdict, place_of
from routes.files import REPORT_MANIFEST, write_folder
from routes.io.export.verdict_tables import findings_json, listed_findings_json
from routes.model.units import Units
from routes.render.report.files import verdict_html, verdict_markdown
from routes.render.report.places import first_to_show, listed_report
from routes.render.report.verdicts import VerdictReport, verdict_report


def report_texts(
    study: Study, source: ElevationSource | None, units: Units = Units.METRIC
) -> Mapping[str, str]:
    """Files of the report on a trek's stated figures; without a source it has no pictures.

    Names are ``verdicts.json``, ``report.md``, ``report.html``, ``pass-<id>-map.svg`` and
    ``pass-<id>-profile.svg``. `source` must be the one behind the study. verdicts.json stays metric. Raises
    DEMError if the DEM cannot be read.
    """
    report = verdict_report(study, pass_views(study, source), units)
    return {"verdicts.json": findings_json(study), **_written(report)}


def listed_report_texts(
    name: str,
    verdicts: Sequence[ListedVerdict],
    source: ElevationSource | None,
    units: Units = Units.METRIC,
    *,
    on_place: Callable[[int], None] | None = None,
) -> Mapping[str, str]:
    """Files of the report on a list of places, as in `report_texts`.

    Figures that differ, are doubtful or undecided get a section, in this order, up to
    `routes.render.report.places.MOST_SECTIONS`. `on_place` is called with 1 for each place drawn. Raises
    DEMError if the DEM cannot be read.
    """
    views = []
    for verdict in first_to_show(verdicts):
        views.append((verdict, view_of_place(place_of(verdict.place, verdict.number), source)))
        if on_place is not None:
            on_place(1)
    products = () if source is None else source.products
    return {
        "verdicts.json": listed_findings_json(name, verdicts),
        **_written(listed_report(name, verdicts, views, products, units)),
    }


def write_report(folder: Path, texts: Mapping[str, str], *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write the files of a report to a folder, and remove outdated files of an earlier report.

    Raises OutputError if a file from elsewhere exists (unless `overwrite`), or the folder cannot be written.
    """
    return write_folder(folder, texts, manifest=REPORT_MANIFEST, overwrite=overwrite)


def _written(report: VerdictReport) -> dict[str, str]:
    pictures = {f"{picture.key}.svg": f"{picture.svg}\n" for picture in report.pictures}
    return {"report.md": verdict_markdown(report), "report.html": verdict_html(report), **pictures}
