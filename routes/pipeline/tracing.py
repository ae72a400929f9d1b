"""Trace the legs of a trek file or cut them from a track, and write the lines."""

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
"""Tracing methods, best first."""

_TRACED = (Provenance.SCHEMATIC, Provenance.MODELLED, Provenance.OSM)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceOptions:
    """Options for tracing the legs of a trek."""

    dem: str | None = None
    """As in `build`."""

    is_offline: bool = False
    """Make no network requests; use what is on disk."""

    osm: str | None = None
    """Path of an OpenStreetMap extract, ``overpass``, or None."""

    methods: tuple[str, ...] = METHODS
    """Tracing methods, best first."""

    only: Collection[str] = ()
    """Ids of the legs to trace; empty for all walking legs."""

    parameters: NetworkParameters = field(default_factory=NetworkParameters)
    """Weights and limits of the search, including those over the terrain."""

    layer: str | None = None
    """Line layer of a recorded track, for a GeoPackage with several."""

    on_leg: Callable[[str], None] | None = None
    """Called with the id of each leg before it is traced."""

    on_progress: Callable[[Progress], None] | None = None
    """Called as DEM blocks are downloaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedLeg:
    """A leg and the line found for it."""

    leg: Leg
    """The leg."""

    study: LegStudy | None
    """The line with its figures; None if none was found."""

    network_share: float | None = None
    """Share of an OpenStreetMap line that is on its paths."""

    snap_m: float | None = None
    """Largest distance from a place to the line, metres; None for lines through the places."""

    notes: tuple[str, ...] = ()
    """Failed attempts, or changes to a recorded track."""

    @property
    def line(self) -> Line | None:
        """The line."""
        return None if self.study is None else self.study.line


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceResult:
    """Result of tracing a trek file."""

    trek: Trek
    """The itinerary."""

    legs: tuple[TracedLeg, ...]
    """Walking legs, in order."""

    notes: tuple[str, ...] = ()
    """What could not be downloaded."""


def trace_legs(trek_file: Path | str, options: TraceOptions | None = None) -> TraceResult:
    """Trace the walking legs of a trek, ignoring their existing lines.

    A leg that no method can trace has no line, and notes that say why. Without any DEM or network of paths it
    gets straight lines. Raises RoutesError if an input is wrong, or `only` names a leg that does not exist or
    is not on foot.
    """
    options = options or TraceOptions()
    unknown = set(options.methods) - set(METHODS)
    if unknown:
        msg = f"There is no method {min(unknown)!r}; there are {', '.join(METHODS)}."
        raise ModelError(msg)
    if options.methods == ("osm",) and options.osm in (None, "none"):
        msg = "The method osm needs ways: give an extract (--osm FILE), or ask a server (--osm overpass)."
        raise ModelError(msg)
    _ = options.parameters.terrain.speed_m_s  # an unknown speed is not a leg's fault
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
    """Cut the walking legs of a trek from a recorded track in any format of `routes.read_track_file`.

    Without named legs, it cuts those that the track passes. Raises RoutesError if an input is wrong, or the
    track does not pass the places of a named leg, or of any leg.
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
    """Write the lines of legs to ``gpx/<trek>/<leg>.gpx``, and return the paths by leg id.

    The folder ``gpx`` is next to that of the trek file. The trek file must be in ``data/treks``, and each
    leg's ``gpx`` must name its file. A recorded line is never replaced, nor a traced line by straight lines.
    `made_on` is a date for the files; without it the same input gives the same bytes. Raises OutputError if a
    leg names no file or another one, the trek file contradicts the new line, or a file cannot be written;
    GPXReadError if an existing file cannot be read (nothing is written then).
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
    # check everything before writing anything
    for leg, line, path in new:
        name = f"{trek.place(leg.start).name} to {trek.place(leg.end).name}"
        text = line_gpx(name, line, trek.attribution, author=trek.author, made_on=made_on)
        write_text(path, text, overwrite=True)
    return {leg.id: path for leg, _, path in new}


def is_recorded(path: Path) -> bool:
    """Whether a file holds a line that was not traced here and must never be replaced."""
    return path.exists() and _provenance(path) not in _TRACED


def _provenance(path: Path) -> Provenance | None:
    """Provenance that a GPX file states."""
    return stated_mark(read_tracks(path))[0]


def _is_worse(line: Line, path: Path) -> bool:
    """Whether straight lines would replace a line traced earlier with a DEM or a path network."""
    return (
        line.provenance is Provenance.SCHEMATIC
        and path.exists()
        and _provenance(path) is not Provenance.SCHEMATIC
    )


def _own_gpx(trek_file: Path, trek: Trek, leg: Leg) -> Path:
    """File of a leg's line, after checking that the trek file names it."""
    home = trek_file.resolve().parent
    path = home.parent / "gpx" / trek.id / f"{leg.id}.gpx"
    named = f"../gpx/{trek.id}/{leg.id}.gpx"
    if leg.gpx is None or (home / leg.gpx).resolve() != path.resolve():
        msg = f'Leg {leg.id!r} does not name its own file; set gpx = "{named}" in {shown(trek_file)}.'
        raise OutputError(msg)
    return path


def _check_provenance(trek_file: Path, leg: Leg, line: Line) -> None:
    """Reject a line whose provenance contradicts the trek file."""
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
    """Trace one leg by the first method that works."""
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
