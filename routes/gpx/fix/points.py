"""Remove points: repeated routes, duplicate segments, and on request spikes and heights."""

from dataclasses import dataclass

import numpy as np

from routes._typing import BoolArray
from routes.gpx.codes import Notes
from routes.gpx.fix.structure import set_children
from routes.gpx.lint.columns import columns_of, is_swapped, points_of
from routes.gpx.lint.lines import CheckedFile, CheckedRun
from routes.gpx.lint.positions import has_null_island, is_null_island, is_repeated, spikes_of
from routes.gpx.lint.repeats import repeated_routes, repeated_runs
from routes.gpx.tree import Node, Tree

MAX_ROUNDS = 20
"""Most passes over the points: removing one spike may reveal another."""

_POINTS = {"trkseg": "trkpt", "rte": "rtept"}
_TEXTS = ("name", "cmt", "desc", "sym", "link")


@dataclass(frozen=True, slots=True)
class FixOptions:
    """Recorded data that a clean copy may lose."""

    spikes: bool = False
    """Remove points far away from their neighbours, and positions of 0, 0 far from all others."""

    heights: bool = False
    """Remove all track heights: where some are missing, absurd or 0, apps get the sum of the rest wrong."""


def mend_swapped(root: Node, changes: Notes) -> bool:
    """Swap latitude and longitude where that is evident: most latitudes exceed 90, no longitude does."""
    points = points_of(root.walk())
    if not is_swapped(points):
        return False
    for node in points:
        lat, lon = node.attributes.get("lat", ""), node.attributes.get("lon", "")
        node.attributes.update({"lat": lon, "lon": lat})
    changes.add(
        "swapped", points[0].line, f"latitude and longitude of {len(points):,} points have changed places"
    )
    return True


def mend_points(tree: Tree, options: FixOptions, changes: Notes) -> None:
    """Remove points that a clean copy does not need."""
    for _ in range(MAX_ROUNDS):
        before = sum(changes.counts.values())
        file = columns_of(tree)
        _mend_routes(tree.root, file, changes)
        _mend_runs(tree.root, columns_of(tree), options, changes)
        _mend_empty(tree.root, changes)
        if sum(changes.counts.values()) == before:
            break
    if options.heights:
        _drop_heights(tree.root, changes)


def _mend_routes(root: Node, file: CheckedFile, changes: Notes) -> None:
    lines = root.called("trk", "rte")
    again = {id(way) for way in repeated_routes(file)}
    for way, node in zip(file.ways, lines, strict=True):
        if id(way) not in again:
            continue
        told = [point for point in node.called("rtept") if _says_something(point)]
        for point in told:
            point.tag = point.name = "wpt"
        _set_with_waypoints(root, [child for child in root.children if child is not node], told)
        kept = f", whose {len(told)} points with a name or a text are waypoints now" if told else ""
        changes.add("route-repeats-track", node.line, f"dropped the route {way.name[:60]!r}{kept}")


def _says_something(point: Node) -> bool:
    return any(
        child.name in _TEXTS and (child.content().strip() or child.attributes) for child in point.children
    )


def _mend_runs(root: Node, file: CheckedFile, options: FixOptions, changes: Notes) -> None:
    has_null = options.spikes and has_null_island(file)
    copies = {id(run) for run in repeated_runs(file)}
    lines = root.called("trk", "rte")
    for way, node in zip(file.ways, lines, strict=True):
        parts = [node] if way.is_route else node.called("trkseg")
        for run, part in zip(way.runs, parts, strict=True):
            if id(run) in copies:
                changes.add("track-twice", run.line, f"dropped a copy of {len(run):,} points")
                set_children(part, [])
                continue
            drop = np.zeros(len(run), dtype=np.bool_)
            if has_null:
                drop |= _told(run, is_null_island(run.points), "null-island", changes)
            if not way.is_route:
                if options.spikes and not drop.any():
                    drop |= _told(run, spikes_of(run.points), "spike", changes)
                if not drop.any():
                    drop |= _told(run, _same(part, is_repeated(run.points)), "point-repeated", changes)
            if drop.any():
                _drop(part, drop)
    if has_null:
        stay = [child for child in root.children if child.name != "wpt" or not _is_at_zero(child, changes)]
        set_children(root, stay)


def _is_at_zero(node: Node, changes: Notes) -> bool:
    is_at = float(node.attributes["lat"]) == 0.0 == float(node.attributes["lon"])
    if is_at:
        changes.add("null-island", node.line, "dropped a waypoint at 0, 0")
    return is_at


def _told(run: CheckedRun, mask: BoolArray, code: str, changes: Notes) -> BoolArray:
    for index in np.flatnonzero(mask):
        where = f"lat {run.points.lat_deg[index]:.6f}, lon {run.points.lon_deg[index]:.6f}"
        changes.add(code, int(run.lines[index]), f"dropped the point at {where}")
    return mask


def _same(part: Node, mask: BoolArray) -> BoolArray:
    """Among points that repeat the previous one, those without any other text or extension."""
    if not mask.any():
        return mask
    points = part.called(_POINTS[part.name])
    same = mask.copy()
    for index in np.flatnonzero(mask):
        same[index] = _said(points[index]) == _said(points[index - 1])
    return same


def _said(node: Node) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    return [(inner.tag, inner.text.strip(), tuple(sorted(inner.attributes.items()))) for inner in node.walk()]


def _drop(part: Node, mask: BoolArray) -> None:
    name = _POINTS[part.name]
    index = -1
    stay = []
    for child in part.children:
        if child.name == name:
            index += 1
            if mask[index]:
                continue
        stay.append(child)
    set_children(part, stay)


def _mend_empty(root: Node, changes: Notes) -> None:
    """Remove tracks, segments and routes without points; turn a track's only point into a waypoint."""
    stay: list[Node] = []
    lone: list[Node] = []
    for node in root.children:
        if node.name == "trk":
            parts = node.called("trkseg")
            sizes = [len(part.called("trkpt")) for part in parts]
            if sum(sizes) > 1 or max(sizes, default=0) > 1:
                _mend_segments(node, parts, sizes, lone, changes)
            elif sum(sizes) == 1:
                lone.append(_as_waypoint(node, parts, changes))
                continue
            if sum(sizes) == 0 or not node.called("trkseg"):
                changes.add(
                    "segment-empty", node.line, f"dropped the track {node.text_of('name')!r} without points"
                )
                continue
        elif node.name == "rte" and not node.called("rtept"):
            changes.add(
                "segment-empty", node.line, f"dropped the route {node.text_of('name')!r} without points"
            )
            continue
        stay.append(node)
    if len(stay) != len(root.children) or lone:
        _set_with_waypoints(root, stay, lone)


def _set_with_waypoints(root: Node, children: list[Node], waypoints: list[Node]) -> None:
    """Replace the root's children, adding new waypoints after the existing ones."""
    places = (index + 1 for index, child in enumerate(children) if child.name in ("metadata", "wpt"))
    at = max(places, default=0)
    set_children(root, [*children[:at], *waypoints, *children[at:]])


def _mend_segments(
    track: Node, parts: list[Node], sizes: list[int], lone: list[Node], changes: Notes
) -> None:
    gone = []
    for part, size in zip(parts, sizes, strict=True):
        if size > 1:
            continue
        gone.append(part)
        if size == 0:
            changes.add("segment-empty", part.line, "dropped a segment without points")
            continue
        point = part.called("trkpt")[0]
        where = f"lat {point.attributes['lat']}, lon {point.attributes['lon']}"
        if max(sizes) > 1:
            changes.add("one-point", part.line, f"dropped a segment of one point at {where}")
        else:
            lone.append(_as_waypoint(track, [part], changes))
    if gone:
        set_children(track, [child for child in track.children if child not in gone])


def _as_waypoint(track: Node, parts: list[Node], changes: Notes) -> Node:
    point = next(point for part in parts for point in part.called("trkpt"))
    point.tag = point.name = "wpt"
    name = track.text_of("name")
    if name and not point.text_of("name"):
        at = len(point.called("ele", "time", "magvar", "geoidheight"))
        new = Node("name", {}, track.line, "name", point.space)
        new.text = name
        set_children(point, [*point.children[:at], new, *point.children[at:]])
    changes.add("one-point", track.line, f"the only point of the track {name[:60]!r} is a waypoint now")
    return point


def _drop_heights(root: Node, changes: Notes) -> None:
    count = 0
    first = None
    for node in root.walk():
        if node.name == "trkpt" and node.called("ele"):
            set_children(node, [child for child in node.children if child.name != "ele"])
            count += 1
            first = first or node.line
    if count:
        changes.add("ele-gaps", first, f"dropped the heights of {count:,} points, as asked")
