"""Columns of points, with line numbers, from a GPX tree."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np

from routes._typing import FloatArray
from routes.gpx.lint.lines import CheckedFile, CheckedRun, CheckedWay, CheckedWaypoint
from routes.gpx.tree import Node, Tree
from routes.gpx.values import meant_value
from routes.model.points import Points

_PLAIN_TIME = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,3})?Z")


def columns_of(tree: Tree) -> CheckedFile:
    """Points of a file, without those whose position is not a number or not on Earth."""
    ways, waypoints, decimals = [], [], 0
    for node in tree.root.children:
        if node.name == "trk":
            parts = node.called("trkseg")
            runs = [_run(part, "trkpt") for part in parts]
        elif node.name == "rte":
            runs = [_run(node, "rtept")]
        else:
            if node.name == "wpt" and (found := position_of(node)):
                waypoints.append(CheckedWaypoint(node.text_of("name"), *found, node.line))
            continue
        decimals = max([decimals, *(most for _, most in runs)])
        ways.append(
            CheckedWay(node.text_of("name"), node.line, node.name == "rte", tuple(run for run, _ in runs))
        )
    return CheckedFile(tuple(ways), tuple(waypoints), decimals)


def position_of(node: Node) -> tuple[float, float] | None:
    """Longitude and latitude of a point, degrees; None if it is not on Earth."""
    lat, lon = meant_value(node.attributes.get("lat", "")), meant_value(node.attributes.get("lon", ""))
    if not (abs(lat) <= 90.0 and abs(lon) <= 360.0):  # false for NaN too
        return None
    return (lon if abs(lon) <= 180.0 else (lon + 180.0) % 360.0 - 180.0), lat


def _run(node: Node, name: str) -> tuple[CheckedRun, int]:
    """Points of a segment or route, and the largest number of decimals of any coordinate."""
    rows: list[tuple[float, float, float, float]] = []
    times: list[str] = []
    decimals = 0
    for point in node.children:
        if point.name != name:
            continue
        position = position_of(point)
        if position is None:
            continue
        ele, time = math.nan, ""
        for child in point.children:
            if child.name == "ele":
                ele = height_of(child.text)
            elif child.name == "time":
                time = child.text
        rows.append((*position, ele, float(point.line)))
        times.append(time)
        for text in (point.attributes["lat"], point.attributes["lon"]):
            decimals = max(decimals, len(text) - text.find(".") - 1 if "." in text else 0)
    columns = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    points = Points(columns[0], columns[1], columns[2], _all_seconds(times))
    return CheckedRun(node.line, points, columns[3].astype(np.int64)), decimals


def _all_seconds(texts: list[str]) -> FloatArray:
    """Seconds since 1970 of times, all at once if they have the plain form, otherwise one by one."""
    if texts and all(_PLAIN_TIME.fullmatch(text) for text in texts):
        try:
            moments = np.array([text[:-1] for text in texts], dtype="datetime64[ms]")
        except ValueError:
            pass
        else:
            return moments.astype(np.int64) / 1000.0
    return np.array([_seconds(text) for text in texts], dtype=np.float64)


def height_of(text: str) -> float:
    """Evident height of a text, metres; NaN if there is none."""
    height = meant_value(text)
    return height if abs(height) < 1e9 else math.nan


def _seconds(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return math.nan


def points_of(nodes: Iterable[Node]) -> list[Node]:
    """All waypoints, route points and track points among the nodes of a file."""
    return [node for node in nodes if node.name in ("wpt", "rtept", "trkpt")]


def is_swapped(points: list[Node]) -> bool:
    """Whether most latitudes exceed 90 degrees and no longitude does."""
    beyond = total = 0
    for node in points:
        try:
            lat, lon = float(node.attributes["lat"]), float(node.attributes["lon"])
        except (KeyError, ValueError):
            continue
        if abs(lon) > 90.0 or abs(lat) > 180.0:
            return False
        total += 1
        beyond += abs(lat) > 90.0
    return beyond > 0.5 * total
