"""Lines for the legs of a trek file: traced, or cut from a recorded track, and written beside it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from routes._typing import Bounds
from routes.analysis.figures.legs import study_leg
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.figures.results import LegStudy
from routes.analysis.passes.between import find_positions
from routes.analysis.tracing.network import trace_network
from routes.analysis.tracing.network_graph import NetworkParameters
from routes.analysis.tracing.recording import cut_track
from routes.analysis.tracing.terrain import schematic_line, trace_line
from routes.analysis.windows import need_of, need_of_leg, need_of_sought
from routes.dem.folder import DEMFolder
from routes.dem.opening import DEMOptions, open_dem_for
from routes.dem.public.fetch_run import Progress
from routes.errors import ModelError, OutputError, TraceError
from routes.fetch import Network
from routes.files import shown, write_text
from routes.gpx.read.reader import stated_mark
from routes.io.export.gpx import line_gpx
from routes.io.osm.extract import read_osm
from routes.io.osm.overpass import fetch_overpass
from routes.io.tracks.reader import read_tracks
from routes.io.trek.read import read_trek
from routes.model.kinds import Provenance
from routes.model.network import PathNetwork
from routes.model.track import Line
from routes.model.trek import Day, Leg, Trek
from routes.pipeline.loading import tell

METHODS = ("osm", "terrain")
"""Ways to trace a line, in order of preference."""

_TRACED = (Provenance.SCHEMATIC, Provenance.MODELLED, Provenance.OSM)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceOptions:
    """How the legs of a trek are traced."""

    dem: str | None = None
    """As in `build`."""

    is_offline: bool = False
    """Make no network request: use what is on disk."""

    osm: str | None = None
    """File of an extract of OpenStreetMap, ``overpass``, or None for none."""

    methods: tuple[str, ...] = METHODS
    """Ways to trace, in order of preference."""

    only: Collection[str] = ()
    """Ids of the legs to trace; all on foot when empty."""

    parameters: NetworkParameters = field(default_factory=NetworkParameters)
    """Weights and limits of the search; those over the terrain are among them."""

    layer: str | None = None
    """Layer of lines, where a recorded track is cut that is a GeoPackage of several."""

    on_leg: Callable[[str], None] | None = None
    """Called with the id of each leg before it is traced."""

    on_progress: Callable[[Progress], None] | None = None
    """Called as blocks of the DEM are fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedLeg:
    """A leg with the line that was found for it."""

    leg: Leg
    """The leg."""

    study: LegStudy | None
    """The line with its figures; None where none was found."""

    network_share: float | None = None
    """Share of a line along OpenStreetMap that runs on its ways."""

    snap_m: float | None = None
    """Largest distance from a place to where the line passes it, metres; None for lines through the places."""

    notes: tuple[str, ...] = ()
    """What was tried in vain, or what was done to a recorded track."""

    @property
    def line(self) -> Line | None:
        """The line."""
        return None if self.study is None else self.study.line


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceResult:
    """What tracing a trek file gave."""

    trek: Trek
    """The itinerary."""

    legs: tuple[TracedLeg, ...]
    """Legs on foot, in order."""

    notes: tuple[str, ...] = ()
    """What could not be fetched."""


def trace_legs(trek_file: Path | str, options: TraceOptions | None = None) -> TraceResult:
    """Trace the legs on foot of a trek, without regard to the lines that they have.

    Parameters
    ----------
    trek_file : Path or str
        TOML file.
    options : TraceOptions, optional
        DEM, network, methods.

    Returns
    -------
    TraceResult
        A leg that no method can trace has no line, and notes that say why; without any DEM or network at hand it gets
        straight lines.

    Raises
    ------
    RoutesError
        If an input is wrong or `only` names a leg that does not exist or is not on foot.
    """
    options = options or TraceOptions()
    unknown = set(options.methods) - set(METHODS)
    if unknown:
        msg = f"There is no method {min(unknown)!r}; there are {', '.join(METHODS)}."
        raise ModelError(msg)
    if options.methods == ("osm",) and options.osm in (None, "none"):
        msg = "The method osm needs ways: give an extract (--osm FILE), or ask a server (--osm overpass)."
        raise ModelError(msg)
    _ = options.parameters.terrain.speed_m_s  # an unknown speed is no fault of a leg
    trek = read_trek(trek_file)
    chosen = _chosen(trek, options.only)
    need = [window for _, leg in chosen for window in need_of_leg(trek, leg, None)]
    need += [window for place in trek.places if place.is_sought for window in need_of_sought(trek, place)]
    source, report = open_dem_for(
        Path(trek_file),
        need,
        DEMOptions(choice=options.dem, is_offline=options.is_offline, on_progress=options.on_progress),
    )
    found = find_positions(trek, source)
    trek = found.trek
    network = _network(options, need) if need and "osm" in options.methods else None
    traced = []
    for day, leg in chosen:
        if options.on_leg is not None:
            options.on_leg(leg.id)
        traced.append(_traced(trek, day, leg, source, network, options))
    return TraceResult(trek=trek, legs=tuple(traced), notes=(*tell(report), *found.notes))


def cut_recording(
    trek_file: Path | str, track: Path | str, options: TraceOptions | None = None
) -> TraceResult:
    """Cut the legs on foot of a trek out of a recorded track.

    Parameters
    ----------
    trek_file : Path or str
        TOML file.
    track : Path or str
        File of tracks, in any format that `routes.read_track_file` reads.
    options : TraceOptions, optional
        DEM for the figures, and the legs to cut: those that the track passes when none is named.

    Returns
    -------
    TraceResult
        Legs with a recorded line each.

    Raises
    ------
    RoutesError
        If an input is wrong, or the track does not pass the places of a leg that was named, or of any leg.
    """
    options = options or TraceOptions()
    track = Path(track)
    trek = read_trek(trek_file)
    chosen = _chosen(trek, options.only)
    tracks = read_tracks(track, layer=options.layer)
    segments = tuple(segment for one in tracks for segment in one.segments)
    said = {track.provenance for track in tracks} | {segment.provenance for segment in segments}
    said -= {None, Provenance.RECORDED}
    if said:
        msg = (
            f"{shown(track)} says that its line is {', '.join(sorted(map(str, said)))}; only a recorded track is cut "
            f"into recorded lines."
        )
        raise ModelError(msg)
    cut, faults = [], []
    for day, leg in chosen:
        stops = [trek.place(place_id) for place_id in leg.stops]
        try:
            cut.append((day, leg, cut_track(segments, stops, track.name)))
        except TraceError as error:
            faults.append(f"{leg.id}: {error}")
    if faults and (options.only or not cut):
        raise TraceError("\n".join(faults))
    need = need_of(trek, {leg.id: part.line for _, leg, part in cut})
    source, report = open_dem_for(
        Path(trek_file),
        need,
        DEMOptions(choice=options.dem, is_offline=options.is_offline, on_progress=options.on_progress),
    )
    traced = []
    for day, leg, part in cut:
        if options.on_leg is not None:
            options.on_leg(leg.id)
        study = study_leg(trek, day, leg, part.line, source=source, parameters=ProfileParameters())
        notes = [f"{part.left_out} points of spikes and standstill left out"] if part.left_out else []
        notes += ["walked the other way; turned round"] if part.is_reversed else []
        traced.append(TracedLeg(leg=leg, study=study, snap_m=part.away_m, notes=tuple(notes)))
    return TraceResult(trek=trek, legs=tuple(traced), notes=tell(report))


def write_lines(trek_file: Path, result: TraceResult, *, made_on: str = "") -> dict[str, Path]:
    """Write the lines of legs to ``gpx/<trek>/<leg>.gpx`` beside the folder of the trek file.

    Parameters
    ----------
    trek_file : Path
        The trek file, in ``data/treks``.
    result : TraceResult
        Legs, whose ``gpx`` must name those files, with their new lines.
    made_on : str
        Date to write into the files; none by default, so that the same input gives the same bytes.

    Returns
    -------
    dict of str to Path
        Files by leg id; a leg without a line has none. One whose file holds a recorded line keeps that, and one whose
        file holds a traced line does not lose it to straight lines.

    Raises
    ------
    OutputError
        If a leg names another file or none, the trek file contradicts the new line, or a file cannot be written.
    GPXReadError
        If the file of a leg exists and cannot be read; then nothing is written.
    """
    trek = result.trek
    found = [
        (traced.leg, traced.line, _own_gpx(trek_file, trek, traced.leg))
        for traced in result.legs
        if traced.line is not None
    ]
    new = [
        (leg, line, path) for leg, line, path in found if not is_recorded(path) and not _is_worse(line, path)
    ]
    for leg, line, _ in new:
        _check_provenance(trek_file, leg, line)
    # nothing is written before all is checked
    for leg, line, path in new:
        name = f"{trek.place(leg.start).name} to {trek.place(leg.end).name}"
        text = line_gpx(name, line, trek.attribution, author=trek.author, made_on=made_on)
        write_text(path, text, overwrite=True)
    return {leg.id: path for leg, _, path in new}


def is_recorded(path: Path) -> bool:
    """Whether a file holds a line that was not traced here; such a line is never replaced."""
    return path.exists() and _provenance(path) not in _TRACED


def _provenance(path: Path) -> Provenance | None:
    """What a GPX file says of its line."""
    return stated_mark(read_tracks(path))[0]


def _is_worse(line: Line, path: Path) -> bool:
    """Whether straight lines would replace a line that was traced when a DEM or a network was at hand."""
    return (
        line.provenance is Provenance.SCHEMATIC
        and path.exists()
        and _provenance(path) is not Provenance.SCHEMATIC
    )


def _own_gpx(trek_file: Path, trek: Trek, leg: Leg) -> Path:
    """File of a leg's line, checked: the trek file names it."""
    home = trek_file.resolve().parent
    path = home.parent / "gpx" / trek.id / f"{leg.id}.gpx"
    named = f"../gpx/{trek.id}/{leg.id}.gpx"
    if leg.gpx is None or (home / leg.gpx).resolve() != path.resolve():
        msg = f'Leg {leg.id!r} does not name its own file; set gpx = "{named}" in {shown(trek_file)}.'
        raise OutputError(msg)
    return path


def _check_provenance(trek_file: Path, leg: Leg, line: Line) -> None:
    """Refuse a line of which the trek file says that it is something else."""
    if leg.provenance is not None and leg.provenance is not line.provenance:
        msg = (
            f"{shown(trek_file)} says that the line of leg {leg.id!r} is {leg.provenance}, but the new one is "
            f"{line.provenance}; take the leg's provenance out of the trek file: the GPX says it."
        )
        raise OutputError(msg)


def _chosen(trek: Trek, only: Collection[str]) -> list[tuple[Day, Leg]]:
    walked = [(day, leg) for day, leg in trek.legs() if leg.mode.is_on_foot]
    unknown = set(only) - {leg.id for _, leg in walked}
    if unknown:
        names = ", ".join(leg.id for _, leg in walked)
        msg = f"{min(unknown)!r} is no leg on foot of {trek.id}; those are: {names}."
        raise ModelError(msg)
    return [(day, leg) for day, leg in walked if not only or leg.id in only]


def _network(options: TraceOptions, need: Sequence[Bounds]) -> PathNetwork | None:
    if options.osm in (None, "none"):
        return None
    west, south, east, north = zip(*need, strict=True)
    window = min(west), min(south), max(east), max(north)
    if options.osm == "overpass":
        return fetch_overpass(window, Network(is_allowed=not options.is_offline))
    return read_osm(Path(str(options.osm)), window)


def _traced(
    trek: Trek,
    day: Day,
    leg: Leg,
    source: DEMFolder | None,
    network: PathNetwork | None,
    options: TraceOptions,
) -> TracedLeg:
    """Trace one leg by the first method that can."""
    stops = [trek.place(place_id) for place_id in leg.stops]
    line, share, snap_m, faults = None, None, None, []
    has_way = len({(place.lon, place.lat) for place in stops}) > 1
    for method in options.methods if has_way else ():
        try:
            if method == "osm" and network is not None:
                found = trace_network(stops, network, source, options.parameters)
                line, share, snap_m = found.line, found.network_share, found.snap_m
            elif method == "terrain" and source is not None:
                line = trace_line(stops, source, options.parameters.terrain)
        except TraceError as error:
            faults.append(f"{method}: {error}")
        if line is not None:
            break
    if line is None and faults:
        return TracedLeg(leg=leg, study=None, notes=tuple(faults))
    study = study_leg(
        trek, day, leg, line or schematic_line(trek, leg), source=source, parameters=ProfileParameters()
    )
    return TracedLeg(leg=leg, study=study, network_share=share, snap_m=snap_m, notes=tuple(faults))
