"""Trek file in, outputs out."""

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
    """What a build made."""

    study: Study
    """The finished study."""

    folder: Path
    """Folder of the files."""

    page: Path
    """The map page."""

    files: tuple[Path, ...]
    """All files, the page included."""


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
        TOML file as docs/trek-file.md describes it.
    out : Path or str
        Folder in which a folder named after the trek is made.
    dem : str, optional
        DEMs in order of preference, parted by commas: public products (``glo30``, ``glo90``, ``skadi``), files and
        folders (``local:PATH``); ``"none"`` for none. By default the files in ``ROUTES_DEM_DIR`` or else in the
        folder ``data/dem`` of the trek file's project, then ``glo30`` and ``glo90``.
    offline : bool
        Make no network request: use what is on disk.
    heights : Recorder or str
        What recorded the heights of GPX files: ``"barometer"``, ``"gps"``, ``"map"``; ``"auto"`` for what the trek file
        says, else what the heights show.
    variant : str, optional
        Build this variant only, into a folder of its own within the trek's.
    units : Units or str
        ``"metric"`` or ``"imperial"``: units of the page, the report and the descriptions in the GPX. What machines
        read (JSON, CSV, every number of the GPX) stays in metres; figures that somebody printed stay as printed.
    lang : Language or str
        ``"en"`` or ``"es"``: language of the page's own words. Names, notes and sources stay as the trek file has
        them; reasons of verdicts, and every other file, are English.
    thinning : Thinning
        How many points the tracks of the GPX have.
    report : bool
        Also write the report on stated figures, with maps and profiles of passes, to the folder ``report`` in it.
    on_leg : callable, optional
        Called with the id of each leg before it is studied, to drive a progress bar.
    on_progress : callable, optional
        Called as blocks of the DEM are fetched.

    Returns
    -------
    BuildResult
        The study and the files written.

    Raises
    ------
    RoutesError
        If an input is wrong or an output cannot be written; the message names the file and what to do.
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
    """Text of every output of a variant by file name; the default one also has the others' GPX and days of add-ons."""
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
    """Files that a page offers, by the id of their variant: GPX of the trek and of each day on foot, figures as CSV.

    The GPX is made anew where none is given.
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
    """Days of variants with a walk, variant by variant."""
    return [day for variant in variants for day in variant.days if day.is_on_foot]
