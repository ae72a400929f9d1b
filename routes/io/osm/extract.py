"""Read walkable paths from an OpenStreetMap extract."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from routes._typing import Bounds
from routes.errors import OSMReadError
from routes.files import shown
from routes.model.network import PathNetwork, is_hard_going, way_kind

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
"""Suffixes of extracts."""

ROUTE_KINDS = ("hiking", "foot")
"""``route`` of relations that count as hiking routes; they also need a name or a reference."""


@dataclass(frozen=True, slots=True)
class Way:
    """An OpenStreetMap way and its nodes."""

    id: int
    """Its OpenStreetMap id."""

    tags: Mapping[str, str]
    """Its tags."""

    nodes: tuple[int, ...]
    """Ids of its nodes."""

    lon_lat: tuple[tuple[float, float], ...]
    """Their longitudes and latitudes, degrees."""


def read_osm(path: Path | str, bounds: Bounds) -> PathNetwork:
    """Read the walkable paths in a window (degrees); paths that touch it are read whole.

    Raises OSMReadError if pyosmium is not installed, or the file cannot be read, is not an extract, or is
    broken.
    """
    path = Path(path)
    if not path.name.lower().endswith(SUFFIXES):
        msg = f"{shown(path)} is no extract of OpenStreetMap by its name; give one that ends in {', '.join(SUFFIXES)}."
        raise OSMReadError(msg)
    if not path.is_file():
        msg = f"There is no file {shown(path)}; download an extract (docs/data.md names sources) and give its path."
        raise OSMReadError(msg)
    try:
        import osmium  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        msg = "Reading OpenStreetMap needs pyosmium; install trek-routes[osm]."
        raise OSMReadError(msg) from error
    try:
        return _read(path, bounds, osmium)
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        reason = " ".join(str(error).split())[:200]
        msg = f"{shown(path)} is not an extract of OpenStreetMap, or is broken: {reason}. Download it again."
        raise OSMReadError(msg) from error


def network_of(ways: Iterable[Way], marked: frozenset[int], source: str, bounds: Bounds) -> PathNetwork:
    """Network of the walkable ones among some ways.

    `marked` are ids of ways on a named hiking route, `source` is for readers, `bounds` is what the source
    covers, degrees.
    """
    number: dict[int, int] = {}
    positions: list[tuple[float, float]] = []
    starts: list[int] = []
    ends: list[int] = []
    kinds: list[int] = []
    hard: list[bool] = []
    is_marked: list[bool] = []
    for way in ways:
        kind = way_kind(way.tags)
        if kind is None:
            continue
        run = []
        for node, position in zip(way.nodes, way.lon_lat, strict=True):
            if node not in number:
                number[node] = len(positions)
                positions.append(position)
            run.append(number[node])
        pairs = [(a, b) for a, b in itertools.pairwise(run) if a != b]
        starts.extend(a for a, _ in pairs)
        ends.extend(b for _, b in pairs)
        kinds.extend([int(kind)] * len(pairs))
        hard.extend([is_hard_going(way.tags)] * len(pairs))
        is_marked.extend([way.id in marked] * len(pairs))
    lon_lat = np.array(positions, dtype=np.float64).reshape(-1, 2)
    return PathNetwork(
        lon_deg=lon_lat[:, 0],
        lat_deg=lon_lat[:, 1],
        start=np.array(starts, dtype=np.intp),
        end=np.array(ends, dtype=np.intp),
        kind=np.array(kinds, dtype=np.intp),
        is_hard=np.array(hard, dtype=np.bool_),
        is_marked=np.array(is_marked, dtype=np.bool_),
        source=source,
        bounds=bounds,
    )


def _read(path: Path, bounds: Bounds, osmium: Any) -> PathNetwork:  # noqa: ANN401 - a module
    west, south, east, north = bounds
    ways: list[Way] = []
    marked: set[int] = set()
    seen = (np.inf, np.inf, -np.inf, -np.inf)
    kind = next(suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix))  # osmium minds case
    objects = osmium.FileProcessor(osmium.io.File(str(path), kind.lstrip("."))).with_locations()
    header = objects.header
    for found in objects.with_filter(osmium.filter.KeyFilter("highway", "route")):
        if found.is_relation():
            tags = found.tags
            if tags.get("route") in ROUTE_KINDS and ("name" in tags or "ref" in tags):
                marked.update(member.ref for member in found.members if member.type == "w")
            continue
        if not found.is_way() or "highway" not in found.tags:
            continue
        # an extract cut at its border lacks nodes, and without them a way may not run straight on
        for is_known, run in itertools.groupby(found.nodes, key=lambda node: node.location.valid()):
            placed = [(n.ref, n.lon, n.lat) for n in run] if is_known else []
            if len(placed) < 2:
                continue
            nodes, lon, lat = zip(*placed, strict=True)
            seen = (min(seen[0], *lon), min(seen[1], *lat), max(seen[2], *lon), max(seen[3], *lat))
            if min(lon) <= east and max(lon) >= west and min(lat) <= north and max(lat) >= south:
                ways.append(Way(found.id, dict(found.tags), nodes, tuple(zip(lon, lat, strict=True))))
    if not np.isfinite(seen).all():
        msg = "it holds no way with positions"
        raise ValueError(msg)
    date = header.get("osmosis_replication_timestamp") or header.get("timestamp")
    box = header.box()
    cover = (
        (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat)
        if box.valid()
        else seen
    )
    source = f"{path.name}, data of {date[:10]}" if date else path.name
    return network_of(ways, frozenset(marked), source, cover)
