"""Trace legs along OpenStreetMap paths, bridging gaps over the terrain."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routes._typing import FloatArray, IntArray
from routes.analysis.figures.line_error import LATERAL_P90_M
from routes.analysis.heights.source import ElevationSource
from routes.analysis.tracing.network_graph import NetworkGraph, NetworkParameters
from routes.analysis.tracing.terrain import (
    TraceParameters,
    cell_of,
    cell_size_m,
    corridor,
    trace_positions,
    water_of,
)
from routes.errors import TraceError
from routes.kernel.geodesy import cumulative_distance_m, metres_per_degree
from routes.kernel.leasttime.path import OFF_PATH, Edges, block_side, fastest_way, in_blocks, terrain_edges
from routes.model.kinds import Provenance
from routes.model.network import PathNetwork
from routes.model.track import Line, Segment
from routes.model.trek import Place


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NetworkTrace:
    """A traced line, and how much of it is on the network."""

    line: Line
    """Provenance `osm`; segments over the terrain are marked `modelled`."""

    network_share: float
    """Share of its length that is on the network."""

    snap_m: float
    """Largest distance from a place to the line, metres."""


def trace_network(
    stops: Sequence[Place],
    network: PathNetwork,
    source: ElevationSource | None,
    parameters: NetworkParameters | None = None,
) -> NetworkTrace:
    """Fastest route along a network through places in order; its segments meet end to end.

    Each place snaps to the nearest point of the network within its position's uncertainty. Where the network
    does not reach a place, or has a gap whose detour would cost more, the route leaves it for the terrain.
    Without heights slopes count as level and gaps stay gaps. Raises DEMError if heights cannot be read,
    TraceError if no place is on the network or two of them cannot be connected.
    """
    parameters = parameters or NetworkParameters()
    graph = NetworkGraph.of(network, stops, source, parameters) if network.start.size else None
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


def _between(
    graph: NetworkGraph,
    stops: Sequence[Place],
    pair: tuple[int, int],
    source: ElevationSource | None,
    parameters: NetworkParameters,
) -> list[Segment]:
    """Segments from one place to the next: modelled off the network, without a provenance of their own on it."""
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
    graph: NetworkGraph, ends: tuple[int, int], source: ElevationSource | None, parameters: NetworkParameters
) -> list[Edges]:
    """Routes over the terrain between two nodes that are worth leaving the network for.

    They are found by walking time alone: avoiding roads is no reason to leave the network.
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
    graph: NetworkGraph, ends: tuple[int, int], source: ElevationSource | None, parameters: NetworkParameters
) -> tuple[list[Edges], int]:
    """Moves over the terrain around two nodes, moves between it and the network, and the number of its cells.

    Large grids are reduced to blocks of cells, since only the point where the route leaves the network
    matters.
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
    """Reject a network that ends before a place that is off the network."""
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
