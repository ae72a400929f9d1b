"""Study a trek file, the first step of every command."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.passes.between import find_positions
from routes.analysis.study import Study, study_trek
from routes.analysis.windows import need_of
from routes.dem.folder import DEMFolder
from routes.dem.geoid import geoid
from routes.dem.opening import DEMOptions, open_dem_for
from routes.dem.public.fetch_run import Progress
from routes.errors import DEMError
from routes.model.effort import EffortParameters
from routes.model.kinds import Recorder
from routes.pipeline.loading import load_trek, tell


def study_file(
    trek_file: Path | str,
    *,
    dem: str | None = None,
    offline: bool = False,
    heights: Recorder | str = Recorder.AUTO,
    effort_parameters: EffortParameters | None = None,
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
    heights : Recorder or str
        As in `build`.
    effort_parameters : EffortParameters, optional
        Method and parameters of walking time.
    on_leg : callable, optional
        Called with the id of each leg before it is studied.
    on_progress : callable, optional
        Called as DEM blocks are downloaded.

    Returns
    -------
    Study
        Frozen.

    Raises
    ------
    RoutesError
        If an input is wrong; the message names the file and the fix.
    """
    options = DEMOptions(choice=dem, is_offline=offline, on_progress=on_progress)
    return study_with_source(
        trek_file, options, heights=Recorder(heights), effort_parameters=effort_parameters, on_leg=on_leg
    )[0]


def study_with_source(
    trek_file: Path | str,
    options: DEMOptions,
    *,
    heights: Recorder = Recorder.AUTO,
    effort_parameters: EffortParameters | None = None,
    on_leg: Callable[[str], None] | None = None,
) -> tuple[Study, DEMFolder | None]:
    """Compute all figures of a trek as `study_file` does, and also return their source of heights."""
    trek, lines = load_trek(trek_file)
    source, report = open_dem_for(Path(trek_file), need_of(trek, lines), options)
    found = find_positions(trek, source)
    trek = found.trek
    undulation = geoid(is_offline=options.is_offline)
    study = study_trek(
        trek,
        lines,
        source,
        ProfileParameters(heights=heights),
        undulation=undulation,
        found=found.candidates,
        effort_parameters=effort_parameters,
        on_leg=on_leg,
    )
    if options.choice not in (None, "none") and not study.products and not report.faults:
        msg = f"{options.choice} covers no place of {trek.name}; give a DEM of {trek.region} or leave --dem out."
        raise DEMError(msg)
    notes = (*tell(report), *found.notes)
    return (replace(study, notes=(*notes, *study.notes)) if notes else study), source
