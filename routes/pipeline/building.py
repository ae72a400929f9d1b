"""Build all outputs from a trek file."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from routes.analysis.figures.results import DayStudy, VariantStudy
from routes.analysis.study import Study
from routes.dem.opening import DEMOptions
from routes.dem.public.fetch_run import Progress
from routes.errors import OutputError
from routes.files import write_folder
from routes.gpx.write.document import text_of
from routes.gpx.write.thinning import DEFAULT_THINNING, Thinning
from routes.io.export.gpx import TrekGPX, gpx_name, trek_gpx
from routes.io.export.stats_csv import stats_csv, stats_csv_parts
from routes.io.export.tables import study_json
from routes.io.export.verdict_tables import findings_json
from routes.model.kinds import Recorder
from routes.model.language import Language
from routes.model.units import Units
from routes.pipeline.indexing import CARD
from routes.pipeline.reporting import report_texts, write_report
from routes.pipeline.studying import study_with_source
from routes.render.index.card import card_json, card_of
from routes.render.page.downloads import Download
from routes.render.page.page import page_html
from routes.render.report.trek import report_markdown
from routes.render.words.reader import Reader

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """Result of a build."""

    study: Study
    """The finished study."""

    folder: Path
    """Output folder."""

    page: Path
    """The map page."""

    files: tuple[Path, ...]
    """All files, including the page."""


def build(  # noqa: PLR0913 - all but the file have defaults
    trek_file: Path | str,
    *,
    out: Path | str = "build",
    dem: str | None = None,
    offline: bool = False,
    heights: Recorder | str = Recorder.AUTO,
    variant: str | None = None,
    units: Units | str = Units.METRIC,
    lang: Language | str = Language.ENGLISH,
    thinning: Thinning = DEFAULT_THINNING,
    report: bool = False,
    on_leg: Callable[[str], None] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> BuildResult:
    """Build everything from a trek file: map page, statistics, verdicts, report, GPX.

    Parameters
    ----------
    trek_file : Path or str
        TOML file in the format of docs/trek-file.md.
    out : Path or str
        Folder for the outputs, which go into a subfolder named after the trek.
    dem : str, optional
        Comma-separated list of DEMs (elevation models), best first: public products (``glo30``, ``glo90``,
        ``skadi``), files and folders (``local:PATH``); ``"none"`` for none. By default, the files in
        ``ROUTES_DEM_DIR``, or else in ``data/dem`` of the trek file's project, then ``glo30`` and ``glo90``.
    offline : bool
        Make no network request: use what is on disk.
    heights : Recorder or str
        What recorded the heights of GPX files: ``"barometer"``, ``"gps"``, ``"map"``; ``"auto"`` for what the trek file
        says, else what the heights show.
    variant : str, optional
        Build only this variant, into a subfolder of its own.
    units : Units or str
        ``"metric"`` or ``"imperial"``: units of the page, the report and the descriptions in the GPX. Data formats
        (JSON, CSV, all numbers of the GPX) stay metric; quoted figures stay as printed.
    lang : Language or str
        ``"en"`` or ``"es"``: language of the page's own words. Names, notes and sources stay as in the trek file;
        reasons of verdicts and all other files are English.
    thinning : Thinning
        Number of points in the GPX tracks.
    report : bool
        Also write the report on stated figures, with maps and profiles of passes, to the subfolder ``report``.
    on_leg : callable, optional
        Called with the id of each leg before it is studied, for a progress bar.
    on_progress : callable, optional
        Called as DEM blocks are downloaded.

    Returns
    -------
    BuildResult
        The study and the files written.

    Raises
    ------
    RoutesError
        If an input is wrong or an output cannot be written; the message names the file and the fix.
    """
    units, language = Units.of(units), Language.of(lang)
    options = DEMOptions(choice=dem, is_offline=offline, on_progress=on_progress)
    study, source = study_with_source(trek_file, options, heights=Recorder(heights), on_leg=on_leg)
    chosen = study.default if variant is None else study.variant(variant)
    folder = Path(out) / study.trek.id
    if variant is not None:
        folder /= chosen.variant.id
    texts = dict(output_texts(study, chosen, units, thinning, language))
    if variant is None:
        texts[CARD] = card_json(card_of(study, source))
    files = write_folder(folder, texts)
    if report:
        files += write_report(folder / "report", report_texts(study, source, units))
    _LOG.info("Wrote %d files to %s", len(files), folder)
    return BuildResult(study=study, folder=folder, page=folder / "index.html", files=files)


def output_texts(
    study: Study,
    variant: VariantStudy,
    units: Units = Units.METRIC,
    thinning: Thinning = DEFAULT_THINNING,
    language: Language = Language.ENGLISH,
) -> Mapping[str, str]:
    """Text of each output of a variant, by file name.

    The default variant also includes the other variants' GPX and the days of add-ons.
    """
    variants = study.variants if variant.is_default else (variant,)
    walked = [day for day in (study.days if variant.is_default else variant.days) if day.is_on_foot]
    made = trek_gpx(study, variants, [*walked, *_days_on_foot(variants)], units, thinning)
    gpx = [(gpx_name(study, other), text_of(made.variants[other.variant.id])) for other in variants]
    gpx += [(f"day-{day.day.number}.gpx", text_of(made.day(day))) for day in walked]
    names = [name for name, _ in gpx]
    for name in names:
        if names.count(name) > 1:
            msg = f"Two GPX files would be called {name}, one of them a day's; change the id of the trek or variant."
            raise OutputError(msg)
    return {
        "index.html": page_html(
            study,
            variant,
            units,
            language=language,
            downloads=downloads_of(study, variant, units, language, made),
        ),
        "report.md": report_markdown(study, variant, units),
        "stats.json": study_json(study, variant),
        "stats.csv": stats_csv(variant),
        "verdicts.json": findings_json(study),
        **dict(gpx),
    }


def downloads_of(
    study: Study,
    variant: VariantStudy,
    units: Units = Units.METRIC,
    language: Language = Language.ENGLISH,
    gpx: TrekGPX | None = None,
) -> Mapping[str, tuple[Download, ...]]:
    """Downloads on a page, by variant id: GPX of the trek and of each walking day, figures as CSV.

    Without `gpx`, the GPX is made here.
    """
    reader = Reader(units, language)
    variants = study.variants if variant.is_default else (variant,)
    gpx = gpx or trek_gpx(study, variants, _days_on_foot(variants), units)
    found = {}
    for shown in variants:
        name = gpx_name(study, shown).removesuffix(".gpx")
        found[shown.variant.id] = (
            Download(f"{name}.gpx", reader.say("file_gpx_all"), gpx.variants[shown.variant.id]),
            *(
                Download(
                    f"{name}-day-{day.day.number}.gpx",
                    reader.say("file_gpx_day", number=day.day.number),
                    gpx.day(day),
                )
                for day in _days_on_foot([shown])
            ),
            Download(f"{name}.csv", reader.say("file_csv"), stats_csv_parts(shown)),
        )
    return found


def _days_on_foot(variants: Sequence[VariantStudy]) -> list[DayStudy]:
    """Days with a walk, variant by variant."""
    return [day for variant in variants for day in variant.days if day.is_on_foot]
