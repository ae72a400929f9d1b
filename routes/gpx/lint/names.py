"""Check the names, symbols, bounds and extensions of a GPX file."""

import html
import re
from collections.abc import Iterable
from decimal import Decimal

from routes.gpx.codes import Issues
from routes.gpx.lint.columns import points_of
from routes.gpx.tree import Node, Tree
from routes.gpx.values import meant_number, meant_value

NAME_LENGTH = 100
"""Length from which a name is too long: no app shows as many characters in one line. Old Garmin chart
plotters keep 10 of a waypoint's and 20 of a track's (support.garmin.com, HGD9XaRzls9HmNiZcs15I6), too few to
write for."""

TRACK_POINTS = 10_000
"""Most track points on old devices: Garmin's eTrex Legend Cx records 10,000 and loads 500 per saved track
(aukadia.net/gps/lwg_1.htm)."""

LOADED_POINTS = 500
"""Most points of a track for navigation on the same devices."""

EXTENSION_SHARE = 0.75
"""Share of elements above which a file consists mostly of extensions; with heart rate, cadence and
temperature in each point they are half."""

EXTENSION_ELEMENTS = 100_000
"""Number of extension elements that is worth a note."""

NOT_GARMIN = frozenset({
    "shelter", "danger", "toilet", "viewpoint", "mountain pass", "hut", "start", "finish", "spring",
})  # fmt: skip
"""Common symbols that Garmin does not have."""

_TAG = re.compile(
    r"</?(?:a|b|br|div|em|font|h[1-6]|i|img|li|ol|p|script|span|strong|sub|sup|table|td|tr|u|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,5});")


def check_names(tree: Tree, issues: Issues) -> None:
    """Find names that apps show badly, and symbols that they do not know."""
    for node in tree.nodes:
        if node.name == "name":
            _check_name(node, issues)
        elif node.name in ("desc", "cmt", "src"):
            _check_garbled(node, issues)
        elif node.name == "sym" and node.content().strip().lower() in NOT_GARMIN:
            issues.add("garmin-symbol", node.line, repr(node.content().strip()))
    places: dict[str, tuple[str, ...]] = {}
    for node in tree.root.called("wpt"):
        _check_twice(node, places, issues)


def plain_name(text: str) -> str:
    """Name without HTML and double escapes, on one line."""
    while (
        found := html.unescape(_TAG.sub(" ", text)) if _ENTITY.search(text) else _TAG.sub(" ", text)
    ) != text:
        text = found
    return " ".join(text.split()) if re.search(r"[\n\t\r]| {2}", text.strip()) else text


def _check_name(node: Node, issues: Issues) -> None:
    text = node.content()
    if not text.isascii():
        _check_garbled(node, issues)
    if _TAG.search(text):
        issues.add("html-in-name", node.line, repr(text.strip()[:60]))
    if _ENTITY.search(text):
        issues.add("entity-in-name", node.line, repr(text.strip()[:60]))
    bare = text.strip()
    if "\n" in bare or "\t" in bare:
        issues.add("name-line-break", node.line, repr(bare[:60]))
    if len(bare) > NAME_LENGTH:
        issues.add("name-long", node.line, f"{len(bare)} characters, {bare[:40]!r}...")


def _check_garbled(node: Node, issues: Issues) -> None:
    text = node.content()
    if text.isascii():
        return
    if is_garbled(text) or re.search("[\x80-\x9f\ufffd]", text):
        issues.add("garbled-text", node.line, repr(text.strip()[:60]))


def is_garbled(text: str) -> bool:
    """Whether a text is UTF-8 that was read as Windows-1252.

    >>> is_garbled("GrÃ¼n"), is_garbled("Grün"), is_garbled("Ã, São")
    (True, False, False)
    """
    for run in re.findall(
        "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]+", text
    ):
        try:
            run.encode("cp1252").decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False


def _check_twice(node: Node, places: dict[str, tuple[str, ...]], issues: Issues) -> None:
    name = node.text_of("name")
    if not name:
        return
    here = (node.attributes.get("lat", ""), node.attributes.get("lon", ""))
    before = places.setdefault(name, here)
    if before != here:
        issues.add("waypoint-name-twice", node.line, repr(name[:40]))


def check_bounds(tree: Tree, issues: Issues) -> None:
    """Find bounds that leave points out, or are much too large."""
    node = next((child for child in tree.nodes if child.name == "bounds"), None)
    true = None if node is None else bounds_of(tree.nodes)
    if node is None or true is None:
        return
    stated = []
    for key in ("minlat", "minlon", "maxlat", "maxlon"):
        number = meant_number(node.attributes.get(key, ""))
        if number is None:
            return  # an invalid value, already reported
        stated.append(number)
    if not are_right(tuple(stated), true):
        sides = ", ".join(f"{value:f}" for value in stated)
        issues.add("bounds-wrong", node.line, f"{sides} for {', '.join(f'{value:f}' for value in true)}")


def are_right(stated: tuple[Decimal, ...], true: tuple[Decimal, ...]) -> bool:
    """Whether bounds (minlat, minlon, maxlat, maxlon) contain the points and are not much larger.

    They may be rounded to their last digit, and a tenth larger on every side.
    """
    for axis in (0, 1):
        low, high = stated[axis], stated[axis + 2]
        if axis and low > high:
            continue  # across 180 degrees
        room = Decimal("0.1") * (true[axis + 2] - true[axis]) + Decimal("0.01")
        for side, value, sign in ((low, true[axis], 1), (high, true[axis + 2], -1)):
            step = Decimal(1).scaleb(min(int(side.as_tuple().exponent), 0))
            inside = sign * (value - side)  # how far the side is outside the points
            if inside < -max(step, Decimal("0.000001")) or inside > room:
                return False
    return True


def bounds_of(nodes: Iterable[Node]) -> tuple[Decimal, Decimal, Decimal, Decimal] | None:
    """Exact bounds of points (minlat, minlon, maxlat, maxlon)."""
    ends = []
    points = points_of(nodes)
    for key, limit in (("lat", 90.0), ("lon", 180.0)):
        known: dict[float, str] = {}
        for node in points:
            text = node.attributes.get(key, "")
            degrees = meant_value(text)
            if abs(degrees) <= limit:  # false for NaN
                known[degrees] = text
        exact = [meant_number(known[end]) for end in (min(known), max(known))] if known else []
        numbers = [number for number in exact if number is not None]
        if len(numbers) < 2:
            return None
        ends.append(numbers)
    return ends[0][0], ends[1][0], ends[0][1], ends[1][1]


def check_sizes(tree: Tree, issues: Issues) -> None:
    """Find files that are too large for old devices, or mostly extensions."""
    for node in tree.root.called("trk"):
        count = sum(len(part.called("trkpt")) for part in node.called("trkseg"))
        if count > LOADED_POINTS:
            limit = TRACK_POINTS if count > TRACK_POINTS else LOADED_POINTS
            issues.add("many-points", node.line, f"a track of {count:,}, they load {limit:,}")
    total = len(tree.nodes)
    foreign = sum(not node.name for node in tree.nodes)
    if foreign > EXTENSION_ELEMENTS and foreign > EXTENSION_SHARE * total:
        issues.add("huge-extensions", None, f"{foreign:,} of {total:,} elements")
