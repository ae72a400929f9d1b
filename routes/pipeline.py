"""Trek file in, outputs out: the one place where reading, study and writing meet."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from routes.analysis.need import need_of, need_of_leg
from routes.analysis.results import VariantStudy
from routes.analysis.study import Study, study_trek
from routes.analysis.tracing import model_line, schematic_line
from routes.dem.choice import DEMOptions, open_dem_for
from routes.dem.fetch_run import FetchReport, Progress
from routes.errors import DEMError, GPXReadError, ModelError, OutputError
from routes.io.files import write_folder, write_text
from routes.io.gpx_export import day_gpx, line_gpx, variant_gpx
from routes.io.gpx_read import read_gpx, read_line
from routes.io.tables import findings_json, stats_csv, study_json
from routes.io.trek_file import read_trek
from routes.kernel.geodesy import cumulative_distance_m, distance_m
from routes.model.kinds import Provenance
from routes.model.track import Line
from routes.model.trek import Leg, Place, Trek
from routes.render.page import page_html
from routes.render.report import report_markdown

_LOG = logging.getLogger(__name__)

FAR_M, NEAR_M = 5_000.0, 1_000.0
"""A line whose end is farther from its place than half of the way between the leg's places, but at least `NEAR_M` and
at most `FAR_M`, and than twice the place's uncertainty, is another's line."""


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


def load_trek(trek_file: Path | str) -> tuple[Trek, dict[str, Line]]:
    """Read a trek file and the lines of its legs.

    Parameters
    ----------
    trek_file : Path or str
        TOML file as docs/trek-file.md describes it.

    Returns
    -------
    trek : Trek
        The itinerary.
    lines : dict of str to Line
        Lines by leg id, of the legs that name a GPX file.

    Raises
    ------
    TrekFileError
        If the trek file is wrong.
    GPXReadError
        If a GPX file cannot be read, or its line does not join the places of its leg.
    """
    trek_file = Path(trek_file)
    trek = read_trek(trek_file)
    lines = {
        leg.id: _fit(
            trek, leg, trek_file.parent / leg.gpx, read_line(trek_file.parent / leg.gpx, leg.provenance)
        )
        for _, leg in trek.legs()
        if leg.gpx is not None
    }
    return trek, lines


def study_file(
    trek_file: Path | str,
    *,
    dem: str | None = None,
    offline: bool = False,
    on_leg: Callable[[str], None] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Study:
    """Read a trek and compute all its figures.

    Parameters
    ----------
    trek_file : Path or str
        TOML file.
    dem : str, optional
        As in `build`.
    offline : bool
        As in `build`.
    on_leg : callable, optional
        Called with the id of each leg before it is studied.
    on_progress : callable, optional
        Called as blocks of the DEM are fetched.

    Returns
    -------
    Study
        Frozen.

    Raises
    ------
    RoutesError
        If an input is wrong; the message names the file and what to do.
    """
    trek, lines = load_trek(trek_file)
    options = DEMOptions(choice=dem, is_offline=offline, on_progress=on_progress)
    source, report = open_dem_for(Path(trek_file), need_of(trek, lines), options)
    study = study_trek(trek, lines, source, on_leg=on_leg)
    if dem not in (None, "none") and not study.products and not report.faults:
        msg = f"{dem} covers no place of {trek.name}; give a DEM of {trek.region} or leave --dem out."
        raise DEMError(msg)
    notes = _tell(report)
    return replace(study, notes=(*notes, *study.notes)) if notes else study


def _tell(report: FetchReport) -> tuple[str, ...]:
    """Log what was fetched and what could not be; say the latter for readers, without what changes from run to run."""
    if report.fetched:
        _LOG.warning("%s", report.sentence())
    for fault in (*report.fallbacks, *report.faults):
        _LOG.warning("%s", fault)
    if not report.faults:
        return ()
    return (
        "Not all of the DEM could be fetched; heights are missing where it is needed. Run again with a network.",
    )


def build(
    trek_file: Path | str,
    *,
    out: Path | str = "build",
    dem: str | None = None,
    offline: bool = False,
    variant: str | None = None,
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
    variant : str, optional
        Build this variant only, into a folder of its own within the trek's.
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
    study = study_file(trek_file, dem=dem, offline=offline, on_leg=on_leg, on_progress=on_progress)
    chosen = study.default if variant is None else study.variant(variant)
    folder = Path(out) / study.trek.id
    if variant is not None:
        folder /= chosen.variant.id
    files = write_folder(folder, output_texts(study, chosen))
    _LOG.info("Wrote %d files to %s", len(files), folder)
    return BuildResult(study=study, folder=folder, page=folder / "index.html", files=files)


def output_texts(study: Study, variant: VariantStudy) -> Mapping[str, str]:
    """Text of every output of a variant by file name; the default variant also has the days of add-ons."""
    days = study.days if variant is study.default else variant.days
    if any(study.trek.id == f"day-{day.day.number}" for day in days):
        msg = f"The trek id {study.trek.id!r} is also the name of a day's file; choose another id."
        raise OutputError(msg)
    return {
        "index.html": page_html(study, variant),
        "report.md": report_markdown(study, variant),
        "stats.json": study_json(study, variant),
        "stats.csv": stats_csv(variant),
        "verdicts.json": findings_json(study),
        f"{study.trek.id}.gpx": variant_gpx(study, variant),
        **{
            f"day-{day.day.number}.gpx": day_gpx(study, day)
            for day in days
            if any(leg.is_on_foot for leg in day.legs)
        },
    }


@dataclass(frozen=True, slots=True)
class TracedLeg:
    """A leg with the line that its places give it."""

    leg: Leg
    """The leg."""

    line: Line
    """Modelled where a DEM covers it, else schematic."""

    length_m: float
    """Horizontal length, metres."""


def trace_legs(
    trek_file: Path | str,
    *,
    dem: str | None = None,
    offline: bool = False,
    only: Collection[str] = (),
    on_leg: Callable[[str], None] | None = None,
) -> tuple[Trek, list[TracedLeg], list[str]]:
    """Trace the legs on foot of a trek, without regard to the lines that they have.

    Parameters
    ----------
    trek_file : Path or str
        TOML file.
    dem : str, optional
        As in `build`.
    offline : bool
        As in `build`.
    only : collection of str
        Ids of the legs to trace; all when empty.
    on_leg : callable, optional
        Called with the id of each leg before it is traced.

    Returns
    -------
    trek : Trek
        The itinerary.
    traced : list of TracedLeg
        Legs on foot, in order.
    notes : list of str
        Why a leg stays schematic.

    Raises
    ------
    RoutesError
        If an input is wrong or `only` names a leg that does not exist or is not on foot.
    """
    trek = read_trek(trek_file)
    walked = [leg for _, leg in trek.legs() if leg.mode.is_on_foot]
    unknown = set(only) - {leg.id for leg in walked}
    if unknown:
        names = ", ".join(leg.id for leg in walked)
        msg = f"{min(unknown)!r} is no leg on foot of {trek.id}; those are: {names}."
        raise ModelError(msg)
    chosen = [leg for leg in walked if not only or leg.id in only]
    need = [window for leg in chosen for window in need_of_leg(trek, leg, None)]
    source, report = open_dem_for(Path(trek_file), need, DEMOptions(choice=dem, is_offline=offline))
    traced, notes = [], list(_tell(report))
    for leg in chosen:
        if on_leg is not None:
            on_leg(leg.id)
        line = schematic_line(trek, leg)
        if source is not None:
            line, note = model_line(trek, leg, line, source)
            notes.append(f"{leg.id}: {note}")
        length = sum(float(cumulative_distance_m(s.lon_deg, s.lat_deg)[-1]) for s in line.segments)
        traced.append(TracedLeg(leg, line, length))
    return trek, traced, [note for note in notes if not note.endswith(": ")]


def write_lines(trek_file: Path, trek: Trek, traced: Sequence[TracedLeg]) -> list[Path]:
    """Write the lines of legs to ``gpx/<trek>/<leg>.gpx`` beside the folder of the trek file: all of them or none.

    Parameters
    ----------
    trek_file : Path
        The trek file, in ``data/treks``.
    trek : Trek
        The itinerary, for names and credit.
    traced : sequence of TracedLeg
        Legs, whose ``gpx`` must name those files, with their new lines.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    OutputError
        If a leg names another file or none, a file there is a recorded line, or one cannot be written.
    """
    paths = [_own_gpx(trek_file, trek, found.leg) for found in traced]
    for path, found in zip(paths, traced, strict=True):
        name = f"{trek.place(found.leg.start).name} to {trek.place(found.leg.end).name}"
        write_text(path, line_gpx(name, found.line, trek.attribution), overwrite=True)
    return paths


def _own_gpx(trek_file: Path, trek: Trek, leg: Leg) -> Path:
    """File of a leg's line, checked: the trek file names it, and what is there is no recorded line."""
    home = trek_file.resolve().parent
    path = home.parent / "gpx" / trek.id / f"{leg.id}.gpx"
    named = f"../gpx/{trek.id}/{leg.id}.gpx"
    if leg.gpx is None or (home / leg.gpx).resolve() != path.resolve():
        msg = f'Leg {leg.id!r} does not name its own file; set gpx = "{named}" in {trek_file}.'
        raise OutputError(msg)
    if path.exists() and read_gpx(path).provenance not in (Provenance.SCHEMATIC, Provenance.MODELLED):
        msg = f"{path} is no line that was traced here (schematic or modelled), so it is not replaced; move it away."
        raise OutputError(msg)
    return path


def _fit(trek: Trek, leg: Leg, path: Path, line: Line) -> Line:
    """Check that a line joins the places of its leg; turn it round where it runs the other way."""
    start, end = trek.place(leg.start), trek.place(leg.end)
    first = line.segments[0].lon_deg[0], line.segments[0].lat_deg[0]
    last = line.segments[-1].lon_deg[-1], line.segments[-1].lat_deg[-1]
    forward = _away_m(start, first), _away_m(end, last)
    backward = _away_m(start, last), _away_m(end, first)
    if sum(backward) < sum(forward):
        line, forward = line.reversed(), backward
    apart = _away_m(start, (end.lon, end.lat))
    # gaps count: a recorder that was off for a while still got from one end to the other
    lon, lat = (np.concatenate([getattr(s, name) for s in line.segments]) for name in ("lon_deg", "lat_deg"))
    length = float(cumulative_distance_m(lon, lat)[-1])
    slack = start.position_uncertainty_m + end.position_uncertainty_m + NEAR_M
    if length < 0.5 * (apart - slack):
        msg = (
            f"{path} does not belong to leg {leg.id!r}: its line is {length:,.0f} m long, but {start.name} and "
            f"{end.name} are {apart:,.0f} m apart. Name the right file, or mend the places' positions."
        )
        raise GPXReadError(msg)
    far = min(FAR_M, max(NEAR_M, 0.5 * apart))
    for place, away in ((start, forward[0]), (end, forward[1])):
        if away > max(far, 2.0 * place.position_uncertainty_m):
            msg = (
                f"{path} does not belong to leg {leg.id!r}: its line ends {away / 1000:,.1f} km from {place.name} "
                f"({place.lon:.4f}, {place.lat:.4f}). Name the right file, or mend the place's position."
            )
            raise GPXReadError(msg)
    return line


def _away_m(place: Place, point: tuple[float, float]) -> float:
    return float(distance_m([place.lon], [place.lat], [point[0]], [point[1]])[0])
