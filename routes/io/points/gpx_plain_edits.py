"""Where heights go into the text of a GPX file, found with one regular expression where the file is plain enough."""

import re
from array import array
from pathlib import Path
from xml.parsers import expat

import numpy as np

from routes.errors import GPXReadError
from routes.io.points.gpx_edits import Edits, careful_edits

_NUMBER = rb"\s*([-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*"
_LAT, _LON = rb'lat="' + _NUMBER + rb'"', rb'lon="' + _NUMBER + rb'"'
_POINT = re.compile(
    rb"<(trkpt|wpt|rtept)\s+(?:" + _LAT + rb"\s+" + _LON + rb"|" + _LON + rb"\s+" + _LAT + rb")"
    rb"(?:\s*(/>)|\s*>(\s*)(?:<ele>([^<]*)</ele>)?"
    # then any tags but those of points and heights, whatever their prefix
    rb"[^<]*+(?:<(?!/?(?:[\w.-]+:)?(?:trkpt|wpt|rtept|ele)[\s/>])[^<]*+)*+</\1>)"
)
"""A point: its name, latitude and longitude in either order, the end of an empty tag, blank space, text of its ele."""

_STAND_IN = 10**12
"""Longitude of the first stand-in, degrees; no point of a file has it."""


def plain_edits(text: bytes) -> Edits | None:
    """Points of a GPX text as most devices and apps write it; None where only `careful_edits` can tell.

    All points must have the form of `_POINT`: no other attribute, ``ele`` first and once or not at all. Runs of points
    are then replaced by one stand-in each, and what is left, which is short, is read with care: if that finds all the
    stand-ins as points and no point else, every point stands where GPX has points, and none was missed.

    Parameters
    ----------
    text : bytes
        UTF-8, without XML declaration.
    """
    # comments, CDATA and instructions may hold what looks like a tag
    if b"<!" in text or b"<?" in text:
        return None
    try:
        expat.ParserCreate("utf-8", "}").Parse(text, True)  # noqa: FBT003 - expat takes no keyword
    except expat.ExpatError:
        return None
    lat, lon = array("d"), array("d")
    at, start, end = array("q"), array("q"), array("q")
    before: list[bytes] = []
    after: list[bytes] = []
    known: dict[bytes, bytes] = {}  # the same few texts for all points
    rest: list[bytes] = []
    runs, done, last = 0, 0, b""
    for match in _POINT.finditer(text):
        name, lat_a, lon_a, lon_b, lat_b, empty, blank, ele = match.groups()
        first = match.start()
        between = text[done:first]
        if name != last or not (between.isspace() or not between):
            rest += [between, b'<%b lat="0" lon="%d"/>' % (name, _STAND_IN + runs)]
            runs, last = runs + 1, name
        done = match.end()
        lat.append(float(lat_b if lat_a is None else lat_a))
        lon.append(float(lon_b if lon_a is None else lon_a))
        at.append(first)
        if empty is not None:
            closing = b"</ele></" + name + b">"
            start.append(len(text[first : match.start(6)].rstrip()) + first)
            end.append(match.end(6))
            before.append(b"><ele>")
            after.append(known.setdefault(closing, closing))
        elif ele is not None:
            start.append(match.start(8))
            end.append(match.end(8))
            before.append(b"")
            after.append(b"")
        else:
            inner = match.start(7)
            # indented like what follows, unless that is the end tag of the point
            opening = (b"" if text.startswith(b"</", match.end(7)) else blank) + b"<ele>"
            start.append(inner)
            end.append(inner)
            before.append(known.setdefault(opening, opening))
            after.append(b"</ele>")
    rest.append(text[done:])
    try:
        found = careful_edits(Path(), b"".join(rest), 0)
    except GPXReadError:
        return None
    if not runs or not np.array_equal(found.lon_deg, _STAND_IN + np.arange(runs)):
        return None
    return Edits(
        lon_deg=np.array(lon),
        lat_deg=np.array(lat),
        at=at,
        start=start,
        end=end,
        before=before,
        after=after,
        drop={},
    )
