"""Lines for legs along the ways of OpenStreetMap, with the terrain's least-time path where the network has a gap."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from routes._typing import FloatArray, IntArray
from routes.analysis.figures.line_error import LATERAL_P90_M
from routes.analysis.heights.source import ElevationSource
from routes.analysis.tracing.terrain import (
    TraceParameters,
    cell_of,
    cell_size_m,
    corridor,
    trace_positions,
    water_of,
)
from routes.errors import TraceError
from routes.kernel.geodesy import cumulative_distance_m, distance_m, metres_per_degree
from routes.kernel.leasttime.path import OFF_PATH, Edges, block_side, fastest_way, in_blocks, terrain_edges
from routes.model.kinds import Provenance
from routes.model.network import PathNetwork, WayKind
from routes.model.track import Line, Segment
from routes.model.trek import Place

SHORTEST_M = 0.01
"""Shortest stretch of a way that has a slope, metres."""


@dataclass(frozen=True, slots=True)
class NetworkParameters:
    """What a line along a network depends on.

    The weights say how much more time one would rather walk than use a way of that kind; benchmarks/trace.py shows what
    others than these do to the trails of Andorra.
    """

    street: float = 1.5
    """Weight of time on streets with little traffic."""

    road: float = 4.0
    """Weight of time on roads with through traffic."""

    hard: float = 1.5
    """Weight of time on ways that ask for climbing or can hardly be seen (assumed)."""

    marked: float = 0.8
    """Weight of time along a named hiking route (assumed)."""

    off_network: float = 5.0
    """Weight of time off the network, beside that it is slower there (assumed): gaps are bridged, bends not cut."""

    leave_s: float = 900.0
    """Time that leaving the network must save, seconds (assumed): nobody leaves a path to save a minute."""

    snap_m: float = 50.0
    """Least distance within which a place is taken to lie on the network, metres; its uncertainty counts if larger."""

    island_m: float = 1000.0
    """Shortest connected piece of the network that places are snapped to, metres of way."""

    terrain: TraceParameters = field(default_factory=TraceParameters)
    """Limits of the search over the terrain."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NetworkTrace:
    """A line along a network, and how much of it is."""

    line: Line
    """Provenance `osm`; segments over the terrain say `modelled`."""

    network_share: float
    """Share of its length that runs along the network."""

    snap_m: float
    """Largest distance from a place to where the line passes it, metres."""


def trace_network(
    stops: Sequence[Place],
    network: PathNetwork,
    source: ElevationSource | None,
    parameters: NetworkParameters | None = None,
) -> NetworkTrace:
    """Fastest way along a network through places in order.

    Each place is snapped to the nearest point of the network within its position's uncertainty. Where the network does
    not reach a place, or has a gap whose detour would cost more, the way leaves it for the terrain.

    Parameters
    ----------
    stops : sequence of Place
        Two or more places.
    network : PathNetwork
        Ways on foot.
    source : ElevationSource, optional
        Heights; without them slopes count as level and gaps stay gaps.
    parameters : NetworkParameters, optional
        Weights and limits.

    Returns
    -------
    NetworkTrace
        Its segments meet end to end.

    Raises
    ------
    DEMError
        If heights cannot be read.
    TraceError
        If no place lies on the network, or no way joins two of them.
    """
    parameters = parameters or NetworkParameters()
    graph = _Graph.of(network, stops, source, parameters) if network.start.size else None
    is_on = [False] * len(stops) if graph is None else graph.is_snapped.tolist()
    _check_cover([place for place, on in zip(stops, is_on, strict=True) if not on], network)
    if graph is None or not any(is_on):
        apart = max(parameters.snap_m, *(place.position_uncertainty_m for place in stops))
        msg = f"{network.source} has no way on foot within {apart:,.0f} m of any of its places."
        raise TraceError(msg)
    segments: list[Segment] = []
    for a, b in itertools.pairwise(range(len(stops))):
        if graph.lon_lat[graph.stop[a]].tolist() != graph.lon_lat[graph.stop[b]].tolist():
            segments.extend(_between(graph, stops, (a, b), source, parameters))
    on_network = sum(_length_m(segment) for segment in segments if segment.provenance is None)
    if not on_network:
        msg = f"No way of {network.source} leads from one of its places to the next."
        raise TraceError(msg)
    share = on_network / sum(_length_m(segment) for segment in segments)
    bound = max(segment.lateral_p90_m or LATERAL_P90_M[Provenance.OSM] for segment in segments)
    text = (
        f"along ways of OpenStreetMap ({network.source}), {100.0 * share:.1f} % of it"
        f"{'' if share == 1.0 else '; the rest least-time path over the terrain'}; fastest by "
        f"{parameters.terrain.speed.capitalize()}'s walking speed, time on streets x {parameters.street:g}, roads x "
        f"{parameters.road:g}, hard going x {parameters.hard:g}, named hiking routes x {parameters.marked:g}; through "
        f"{', '.join(place.name for place in stops)}"
    )
    line = Line(tuple(segments), Provenance.OSM, text, bound)
    return NetworkTrace(line=line, network_share=share, snap_m=float(graph.snap_m.max()))


@dataclass(frozen=True, slots=True, eq=False)
class _Graph:
    """A network with the places on it."""

    lon_lat: FloatArray
    """Positions of the nodes, shape (n, 2); the places are among them."""

    edges: Edges
    """Both directions of every stretch, with weighted times."""

    plain: Edges
    """The same with walking times."""

    stop: list[int]
    """Node of each place."""

    is_snapped: NDArray[np.bool_]
    """Whether each place lies on the network."""

    snap_m: FloatArray
    """Distance of each place to its node, metres; 0 where it was not snapped."""

    @classmethod
    def of(
        cls,
        network: PathNetwork,
        stops: Sequence[Place],
        source: ElevationSource | None,
        parameters: NetworkParameters,
    ) -> "_Graph":
        places = np.array([(place.lon, place.lat) for place in stops])
        nodes = np.column_stack([network.lon_deg, network.lat_deg])
        reach = np.maximum([place.position_uncertainty_m for place in stops], parameters.snap_m)
        on, at = _nearest(network, places, reach, parameters.island_m)
        is_snapped = on >= 0
        at[~is_snapped] = places[~is_snapped]
        lon_lat = np.concatenate([nodes, at])
        stop = list(range(len(nodes), len(lon_lat)))
        start, end, of = [network.start], [network.end], [np.arange(network.start.size)]
        for edge in np.unique(on[is_snapped]).tolist():
            # a place parts its stretch in two; several in order of their distance from its start
            first, last = int(network.start[edge]), int(network.end[edge])
            here = np.flatnonzero(on == edge)
            order = here[np.argsort(((at[here] - nodes[first]) ** 2).sum(axis=1))]
            chain = [first, *(stop[i] for i in order.tolist()), last]
            start.append(np.array(chain[:-1]))
            end.append(np.array(chain[1:]))
            of.append(np.full(len(chain) - 1, edge))
        a, b, edge_of = np.concatenate(start), np.concatenate(end), np.concatenate(of)
        edges, plain = (
            _timed(lon_lat, a, b, weight[edge_of], source, parameters)
            for weight in (_weights(network, parameters), np.ones(network.start.size))
        )
        away = distance_m(places[:, 0], places[:, 1], lon_lat[stop, 0], lon_lat[stop, 1])
        return cls(lon_lat, edges, plain, stop, is_snapped, away)


def _weights(network: PathNetwork, parameters: NetworkParameters) -> FloatArray:
    by_kind = np.ones(len(WayKind))
    by_kind[[WayKind.STREET, WayKind.ROAD]] = parameters.street, parameters.road
    weight = by_kind[network.kind]
    weight *= np.where(network.is_hard, parameters.hard, 1.0)
    return np.asarray(weight * np.where(network.is_marked, parameters.marked, 1.0))


def _timed(
    lon_lat: FloatArray,
    start: IntArray,
    end: IntArray,
    weight: FloatArray,
    source: ElevationSource | None,
    parameters: NetworkParameters,
) -> Edges:
    """Both directions of every stretch with weighted times; of several between two nodes the fastest."""
    length = np.maximum(
        distance_m(lon_lat[start, 0], lon_lat[start, 1], lon_lat[end, 0], lon_lat[end, 1]), SHORTEST_M
    )
    slope = np.zeros(length.size)
    if source is not None:
        height = source.sample(lon_lat[:, 0], lon_lat[:, 1]).height_m
        slope = np.nan_to_num((height[end] - height[start]) / length)  # over a void it counts as level
    speed = parameters.terrain.speed_m_s
    first, second = np.concatenate([start, end]), np.concatenate([end, start])
    time = np.concatenate([weight * length / speed(slope), weight * length / speed(-slope)])
    order = np.lexsort((time, second, first))
    first, second, time = first[order], second[order], time[order]
    is_fastest = np.ones(order.size, dtype=np.bool_)
    is_fastest[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return Edges(first[is_fastest], second[is_fastest], time[is_fastest])


def _nearest(
    network: PathNetwork, places: FloatArray, reach_m: FloatArray, island_m: float
) -> tuple[IntArray, FloatArray]:
    """Stretch nearest to each place within its reach (-1 without one) and the point on it; islands do not count."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - slow to import, and only tracing needs it
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    on, at = np.full(len(places), -1, dtype=np.intp), places.copy()
    scale = np.array(metres_per_degree(float(places[:, 1].mean())))
    nodes = np.column_stack([network.lon_deg, network.lat_deg]) * scale
    lines = np.asarray(shapely.linestrings(np.stack([nodes[network.start], nodes[network.end]], axis=1)))
    count = len(nodes)
    links = csr_array((np.ones(network.start.size), (network.start, network.end)), shape=(count, count))
    _, piece = connected_components(links, directed=False)
    length_m = np.bincount(piece[network.start], weights=shapely.length(lines))
    usable = np.flatnonzero(length_m[piece[network.start]] >= island_m)
    if not usable.size:
        return on, at
    tree = shapely.STRtree(lines[usable])
    for i, (place, reach) in enumerate(zip(places * scale, reach_m.tolist(), strict=True)):
        point = shapely.Point(place)
        found = tree.query_nearest(point, max_distance=reach, all_matches=False)
        if found.size:
            on[i] = usable[int(found[0])]
            along = shapely.line_locate_point(lines[on[i]], point)
            foot = shapely.line_interpolate_point(lines[on[i]], along)
            at[i] = shapely.get_coordinates(foot)[0] / scale
    return on, at


def _between(
    graph: _Graph,
    stops: Sequence[Place],
    pair: tuple[int, int],
    source: ElevationSource | None,
    parameters: NetworkParameters,
) -> list[Segment]:
    """Segments from one place to the next: without a provenance of their own along the network, else modelled."""
    start, goal = (graph.stop[i] for i in pair)
    edges = _joined([graph.edges, *_bridges(graph, (start, goal), source, parameters)])
    way = fastest_way(edges, len(graph.lon_lat), start, goal)
    if way is None:
        why = (
            "the network has a gap, and no DEM is at hand to bridge it"
            if source is None
            else "the network has a gap that water, voids or cliffs close"
        )
        msg = f"No way on foot from {stops[pair[0]].name} to {stops[pair[1]].name}: {why}."
        raise TraceError(msg)
    nodes = way[0]
    on_network = _has_edges(graph.edges, nodes[:-1], nodes[1:], len(graph.lon_lat))
    segments: list[Segment] = []
    for is_on, group in itertools.groupby(range(len(nodes) - 1), key=on_network.tolist().__getitem__):
        steps = list(group)
        position = graph.lon_lat[nodes[steps[0] : steps[-1] + 2]]
        if not is_on and source is not None:
            segments.extend(
                part
                for ends in itertools.pairwise(position)
                for part in _bridge(ends, source, parameters.terrain)
            )
        elif (np.ptp(position, axis=0) > 0.0).any():
            segments.append(Segment(position[:, 0], position[:, 1]))
    return segments


def _bridges(
    graph: _Graph, ends: tuple[int, int], source: ElevationSource | None, parameters: NetworkParameters
) -> list[Edges]:
    """Ways over the terrain from node to node that are worth leaving the network for, between two of its nodes.

    They are looked for by walking time alone: dislike of roads is no reason to leave the network.
    """
    if source is None:
        return []
    count = len(graph.lon_lat)
    beside, cells = _terrain_layer(graph, ends, source, parameters)
    way = fastest_way(_joined([graph.plain, *beside]), count + cells, *ends)
    if way is None:
        return []
    found: list[Edges] = []
    nodes = way[0]
    on = np.flatnonzero(nodes < count)
    for left, entered in itertools.pairwise(on.tolist()):
        first, last = nodes[left], nodes[entered]
        if entered > left + 1 and not _has_edges(graph.edges, first, last, count).any():
            _, time = fastest_way(_joined(beside), count + cells, int(first), int(last)) or ([], np.inf)
            found.append(Edges(np.array([first, last]), np.array([last, first]), np.array([time, time])))
    return found


def _joined(parts: Sequence[Edges]) -> Edges:
    return Edges(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("start", "end", "time_s"))
    )


def _has_edges(edges: Edges, start: IntArray, end: IntArray, count: int) -> NDArray[np.bool_]:
    return np.isin(start * count + end, edges.start * count + edges.end)


def _bridge(
    ends: Sequence[FloatArray], source: ElevationSource, parameters: TraceParameters
) -> list[Segment]:
    return [
        Segment(path.lon_deg, path.lat_deg, None, Provenance.MODELLED, path.lateral_p90_m)
        for path in trace_positions(np.array(ends), source, parameters)
        if path.is_long
    ]


def _terrain_layer(
    graph: _Graph, ends: tuple[int, int], source: ElevationSource | None, parameters: NetworkParameters
) -> tuple[list[Edges], int]:
    """Moves over the terrain about two nodes, those between it and the network, and the number of its cells.

    Large grids are taken in blocks of cells: it is the place where the way leaves the network that is looked for.
    """
    if source is None:
        return [], 0
    start, goal = (tuple(graph.lon_lat[node].tolist()) for node in ends)
    grid = source.window(corridor(start, goal, parameters.terrain))
    if grid is None:
        return [], 0
    side = block_side(grid.height_m.size)
    blocks = in_blocks(grid.height_m, np.isfinite(grid.height_m) & ~water_of(grid), side)
    rows, cols = grid.height_m.shape
    for position in (start, goal):
        cell = cell_of(grid, position)
        if not (0 <= cell[0] < rows and 0 <= cell[1] < cols):
            continue  # the DEM ends before it
        block = cell[0] // side, cell[1] // side
        if np.isfinite(grid.height_m[cell]) and not np.isfinite(blocks[block]):
            blocks[block] = grid.height_m[cell]
    is_open = np.isfinite(blocks)
    width, height = (side * size for size in cell_size_m(grid))
    off = parameters.off_network / OFF_PATH
    speed = parameters.terrain.speed_m_s
    moves = terrain_edges(
        blocks, cell_m=(width, height), is_open=is_open, max_slope=parameters.terrain.max_slope, speed=speed
    )
    first = len(graph.lon_lat)
    row, col = grid.row_col(graph.lon_lat[:, 0], graph.lon_lat[:, 1])
    block_row, block_col = (
        np.floor((row + 0.5) / side).astype(np.intp),
        np.floor((col + 0.5) / side).astype(np.intp),
    )
    inside = (
        (block_row >= 0) & (block_row < blocks.shape[0]) & (block_col >= 0) & (block_col < blocks.shape[1])
    )
    inside[inside] = is_open[block_row[inside], block_col[inside]]
    node = np.flatnonzero(inside)
    reached = first + block_row[node] * blocks.shape[1] + block_col[node]
    middle = side * np.column_stack([block_row[node], block_col[node]]) + 0.5 * (side - 1)
    away = np.hypot((row[node] - middle[:, 0]) * height / side, (col[node] - middle[:, 1]) * width / side)
    link_s = off * away / float(speed(np.zeros(1))[0])
    return [
        Edges(first + moves.start, first + moves.end, off * moves.time_s),
        Edges(node, reached, link_s + parameters.leave_s),
        Edges(reached, node, link_s),
    ], blocks.size


def _check_cover(stops: Sequence[Place], network: PathNetwork) -> None:
    """Refuse a network that ends before a place that does not lie on it."""
    west, south, east, north = network.bounds
    for place in stops:
        lon_m, lat_m = metres_per_degree(place.lat)
        x, y = place.position_uncertainty_m / lon_m, place.position_uncertainty_m / lat_m
        if not (west - x <= place.lon <= east + x and south - y <= place.lat <= north + y):
            msg = (
                f"{network.source} does not cover {place.name} ({place.lon:.4f}, {place.lat:.4f}): it reaches from "
                f"{west:.3f}, {south:.3f} to {east:.3f}, {north:.3f}."
            )
            raise TraceError(msg)


def _length_m(segment: Segment) -> float:
    return float(cumulative_distance_m(segment.lon_deg, segment.lat_deg)[-1])
