"""Tables of lines along OpenStreetMap for trace.py."""

import dataclasses
import itertools

import numpy as np

from benchmarks.data.trails import Ground, Piece, length_m, offsets_m
from routes._typing import FloatArray
from routes.analysis.figures.line_error import LATERAL_P90_M
from routes.analysis.tracing.network import trace_network
from routes.analysis.tracing.network_graph import NetworkParameters
from routes.kernel.geodesy import distance_m
from routes.model.kinds import Provenance
from routes.model.network import PathNetwork

NEAR_M = 25.0
GAP_M = 300.0
"""Length of the gaps cut into the network to see them bridged, metres."""


def network_tables(ground: Ground) -> None:
    print("\n### Along OpenStreetMap's ways, hiking routes unknown, through ends and named passes\n")
    print(
        f"| piece | true | line | on the network | largest snap | within {NEAR_M:g} m | offset 90 % |\n"
        "|---|---:|---:|---:|---:|---:|---:|"
    )
    for piece in ground.pieces:
        _row(ground, piece)
    for trail in dict.fromkeys(piece.name.split()[0] for piece in ground.pieces):
        print(f"| **{trail}** | | | | | **{_near(ground, trail, NetworkParameters()):.3f}** | |")
    print(f"\n### Other weights: share of each trail within {NEAR_M:g} m\n")
    trails = list(dict.fromkeys(piece.name.split()[0] for piece in ground.pieces))
    print("| speed | street | road | " + " | ".join(trails) + " |\n|---|---:|---:|" + "---:|" * len(trails))
    plain = NetworkParameters()
    for speed, street, road in itertools.product(
        ("tobler", "campbell"), (1.0, 1.5, 2.0), (1.0, 2.0, 3.0, 4.0, 5.0, 8.0)
    ):
        if road < street:
            continue
        parameters = dataclasses.replace(
            plain, street=street, road=road, terrain=dataclasses.replace(plain.terrain, speed=speed)
        )
        shares = " | ".join(f"{_near(ground, trail, parameters):.3f}" for trail in trails)
        print(f"| {speed} | {street:g} | {road:g} | {shares} |")
    _gap_table(ground)


def _row(ground: Ground, piece: Piece) -> None:
    found = trace_network(piece.stops, ground.network, ground.dem)
    lines = _lines(ground, piece, NetworkParameters())
    offset = offsets_m(piece.line, lines)
    length = sum(length_m(line) for line in lines)
    print(
        f"| {piece.name} | {piece.length_m / 1000:.1f} km | {length / 1000:.1f} km | {found.network_share:.3f} | "
        f"{found.snap_m:.0f} m | {(offset <= NEAR_M).mean():.3f} | {np.percentile(offset, 90):.0f} m |"
    )


def _near(ground: Ground, trail: str, parameters: NetworkParameters) -> float:
    pieces = ground.of((trail,))
    shares = [(offsets_m(piece.line, _lines(ground, piece, parameters)) <= NEAR_M).mean() for piece in pieces]
    return float(np.average(shares, weights=[piece.length_m for piece in pieces]))


def _lines(ground: Ground, piece: Piece, parameters: NetworkParameters) -> list[FloatArray]:
    found = trace_network(piece.stops, ground.network, ground.dem, parameters)
    return [np.column_stack([part.lon_deg, part.lat_deg]) for part in found.line.segments]


def _gap_table(ground: Ground) -> None:
    """Trace with the paths around the middle of each piece removed from the network."""
    print(f"\n### Gaps of {GAP_M:g} m made in the middle of each piece\n")
    print(
        "| piece | on the network | offset in the gap, median | bound of what bridges it | within it |\n"
        "|---|---:|---:|---:|---:|"
    )
    for piece in ground.pieces:
        middle = piece.line[len(piece.line) // 2]
        found = trace_network(piece.stops, _without(ground.network, middle), ground.dem)
        bridges = [part for part in found.line.segments if part.provenance is Provenance.MODELLED]
        gap = piece.line[_away(piece.line, middle) < 0.5 * GAP_M]
        if len(gap) < 2:
            continue
        lines = [np.column_stack([part.lon_deg, part.lat_deg]) for part in found.line.segments]
        offset = offsets_m(gap, lines, 100)
        bound = max((part.lateral_p90_m or 0.0 for part in bridges), default=LATERAL_P90_M[Provenance.OSM])
        print(
            f"| {piece.name} | {found.network_share:.3f} | {np.median(offset):.0f} m | "
            f"{f'{bound:.0f} m' if bridges else 'detour'} | {(offset <= bound).mean():.2f} |"
        )


def _without(network: PathNetwork, middle: FloatArray) -> PathNetwork:
    nodes = np.column_stack([network.lon_deg, network.lat_deg])
    is_out = _away(nodes, middle) < 0.5 * GAP_M
    kept = ~(is_out[network.start] | is_out[network.end])
    return dataclasses.replace(
        network,
        start=network.start[kept],
        end=network.end[kept],
        kind=network.kind[kept],
        is_hard=network.is_hard[kept],
        is_marked=network.is_marked[kept],
    )


def _away(line: FloatArray, middle: FloatArray) -> FloatArray:
    return distance_m(line[:, 0], line[:, 1], np.full(len(line), middle[0]), np.full(len(line), middle[1]))
