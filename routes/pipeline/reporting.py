"""The report on stated figures: terrain around passes read, pictures drawn, files written."""

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
    """Files of the report on the stated figures of a trek.

    Parameters
    ----------
    study : Study
        The trek.
    source : ElevationSource or None
        The heights that it was made with; without them there are no pictures.
    units : Units
        Units of the reader; verdicts.json stays in metres.

    Returns
    -------
    mapping of str to str
        ``verdicts.json``, ``report.md``, ``report.html`` and ``pass-<id>-map.svg``, ``pass-<id>-profile.svg``.

    Raises
    ------
    DEMError
        If the DEM cannot be read.
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
    """Files of the report on a list of places, as `report_texts` has them for a trek.

    Sections are for what differs or is doubtful or undecided, in this order, up to
    `routes.render.report.places.MOST_SECTIONS`. `on_place` is called with 1 for each place that is drawn.

    Raises
    ------
    DEMError
        If the DEM cannot be read.
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
    """Write the files of a report to a folder; those of an earlier report that it lacks are removed.

    Raises
    ------
    OutputError
        If a file is there that no report wrote (unless `overwrite`), or the folder cannot be written.
    """
    return write_folder(folder, texts, manifest=REPORT_MANIFEST, overwrite=overwrite)


def _written(report: VerdictReport) -> dict[str, str]:
    pictures = {f"{picture.key}.svg": f"{picture.svg}\n" for picture in report.pictures}
    return {"report.md": verdict_markdown(report), "report.html": verdict_html(report), **pictures}
