"""A network of paths as a graph with walking times, and the places of a leg on it."""

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
"""Shortest stretch of a way that has a slope, metres."""


@dataclass(frozen=True, slots=True)
class NetworkParameters:
    """What a line along a network depends on.

    The weights say how much more time one would rather walk than use a way of that kind;
    benchmarks/accuracy/trace.py shows what others than these do to the trails of Andorra.
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


@dataclass(frozen=True, slots=True, eq=False)
class NetworkGraph:
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
    ) -> "NetworkGraph":
        """Graph of a network with a node for each place: on the nearest stretch within reach, else where it is."""
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
            # a place splits its stretch in two; several do so in order of their distance from its start
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
