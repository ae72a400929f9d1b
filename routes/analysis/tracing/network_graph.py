"""Graph of a path network with walking times and a leg's places."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from routes._typing import FloatArray, IntArray
from routes.analysis.heights.source import ElevationSource
from routes.analysis.tracing.terrain import TraceParameters
from routes.kernel.geodesy import distance_m, metres_per_degree
from routes.kernel.leasttime.path import Edges
from routes.model.network import PathNetwork, WayKind
from routes.model.trek import Place

SHORTEST_M = 0.01
"""Shortest edge that has a slope, metres."""


@dataclass(frozen=True, slots=True)
class NetworkParameters:
    """Parameters for tracing along a network.

    A weight says how much longer you would rather walk than use a path of that kind.
    benchmarks/accuracy/trace.py shows the effect of other weights on the trails of Andorra.
    """

    street: float = 1.5
    """Weight of time on streets with little traffic."""

    road: float = 4.0
    """Weight of time on roads with through traffic."""

    hard: float = 1.5
    """Weight of time on paths that need climbing or are hardly visible (assumed)."""

    marked: float = 0.8
    """Weight of time along a named hiking route (assumed)."""

    off_network: float = 5.0
    """Weight of time off the network, besides the slower speed there (assumed): bridges gaps, does not cut bends."""

    leave_s: float = 900.0
    """Time that leaving the network must save, seconds (assumed): nobody leaves a path to save a minute."""

    snap_m: float = 50.0
    """Distance within which a place snaps to the network, metres; its uncertainty counts if larger."""

    island_m: float = 1000.0
    """Shortest connected piece of network that places snap to, metres of path."""

    terrain: TraceParameters = field(default_factory=TraceParameters)
    """Parameters of the search over the terrain."""


@dataclass(frozen=True, slots=True, eq=False)
class NetworkGraph:
    """A network and the places on it."""

    lon_lat: FloatArray
    """Positions of the nodes, places included, shape (n, 2)."""

    edges: Edges
    """Both directions of every edge, with weighted times."""

    plain: Edges
    """The same with plain walking times."""

    stop: list[int]
    """Node of each place."""

    is_snapped: NDArray[np.bool_]
    """Whether each place is on the network."""

    snap_m: FloatArray
    """Distance from each place to its node, metres; 0 if it was not snapped."""

    @classmethod
    def of(
        cls,
        network: PathNetwork,
        stops: Sequence[Place],
        source: ElevationSource | None,
        parameters: NetworkParameters,
    ) -> "NetworkGraph":
        """Graph of a network with a node for each place: on the nearest edge within reach, or where it is."""
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
            # a place splits its edge in two; several do so in order of their distance from its start
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
    """Both directions of every edge with weighted times; only the fastest between two nodes."""
    length = np.maximum(
        distance_m(lon_lat[start, 0], lon_lat[start, 1], lon_lat[end, 0], lon_lat[end, 1]), SHORTEST_M
    )
    slope = np.zeros(length.size)
    if source is not None:
        height = source.sample(lon_lat[:, 0], lon_lat[:, 1]).height_m
        slope = np.nan_to_num((height[end] - height[start]) / length)  # a void counts as level
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
    """Nearest edge within reach of each place (-1 if none) and the point on it, ignoring islands."""
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
