"""The schemas of GPX 1.1 and 1.0 as tables.

Written from TopoGrafix's schemas (http://www.topografix.com/GPX/1/1/gpx.xsd and /1/0/gpx.xsd); the tests
compare them with the schema itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from routes.gpx.names import NS_10, NS_11
from routes.gpx.values import (
    Check,
    check_count,
    check_decimal,
    check_degrees,
    check_elevation,
    check_fix,
    check_latitude,
    check_longitude,
    check_station,
    check_text,
    check_time,
    check_uri,
    check_year,
)

EXTENSIONS = "extensions"


@dataclass(frozen=True, slots=True)
class Child:
    """An allowed child of an element."""

    place: int
    """Its place in the order."""

    shape: str
    """Its type: key of `Schema.shapes` or `Schema.values`."""

    repeats: bool
    """Whether it may occur more than once."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An element with children or attributes."""

    children: Mapping[str, Child]
    """Children by name, in order."""

    attributes: Mapping[str, Check]
    """Its attributes; all are required."""

    foreign_place: int | None = None
    """Place of foreign elements; None if they are not allowed."""

    is_empty: bool = False
    """Whether not even blank space is allowed in it."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A version of GPX."""

    version: str
    namespace: str
    shapes: Mapping[str, Shape]
    values: Mapping[str, Check]


def _shape(children: str, attributes: Mapping[str, Check] | None = None, *, is_empty: bool = False) -> Shape:
    """Shape from ``name:kind`` in order, with a star after repeatable ones and ``##other`` for foreign elements."""
    found: dict[str, Child] = {}
    foreign = None
    for place, item in enumerate(children.split()):
        if item == "##other":
            foreign = place
            continue
        name, _, kind = item.rstrip("*").partition(":")
        found[name] = Child(place, kind or "text", item.endswith("*"))
    return Shape(found, attributes or {}, foreign, is_empty)


_POSITION: dict[str, Check] = {"lat": check_latitude, "lon": check_longitude}
_BOUNDS: dict[str, Check] = {
    "minlat": check_latitude,
    "minlon": check_longitude,
    "maxlat": check_latitude,
    "maxlon": check_longitude,
}
_VALUES: dict[str, Check] = {
    "text": check_text,
    "ele": check_elevation,
    "time": check_time,
    "decimal": check_decimal,
    "degrees": check_degrees,
    "count": check_count,
    "station": check_station,
    "fix": check_fix,
    "uri": check_uri,
    "year": check_year,
}
_TAIL = "fix:fix sat:count hdop:decimal vdop:decimal pdop:decimal ageofdgpsdata:decimal dgpsid:station"
_ABOUT = "name cmt desc src link:link* number:count type extensions:extensions"

GPX_11 = Schema(
    "1.1",
    NS_11,
    {
        "gpx": _shape(
            "metadata:metadata wpt:wpt* rte:rte* trk:trk* extensions:extensions",
            {"version": check_text, "creator": check_text},
        ),
        "metadata": _shape(
            "name desc author:person copyright:copyright link:link* time:time keywords bounds:bounds "
            "extensions:extensions"
        ),
        "wpt": _shape(
            "ele:ele time:time magvar:degrees geoidheight:decimal name cmt desc src link:link* sym type "
            f"{_TAIL} extensions:extensions",
            _POSITION,
        ),
        "rte": _shape(f"{_ABOUT} rtept:wpt*"),
        "trk": _shape(f"{_ABOUT} trkseg:trkseg*"),
        "trkseg": _shape("trkpt:wpt* extensions:extensions"),
        "extensions": _shape("##other"),
        "copyright": _shape("year:year license:uri", {"author": check_text}),
        "link": _shape("text type", {"href": check_uri}),
        "person": _shape("name email:email link:link"),
        "email": _shape("", {"id": check_text, "domain": check_text}, is_empty=True),
        "bounds": _shape("", _BOUNDS, is_empty=True),
    },
    _VALUES,
)

_OLD_LONGITUDE: Check = partial(check_longitude, may_be_180=True)
_OLD_POSITION: dict[str, Check] = {"lat": check_latitude, "lon": _OLD_LONGITUDE}
_OLD_ABOUT = "name cmt desc src url:uri urlname"

GPX_10 = Schema(
    "1.0",
    NS_10,
    {
        "gpx": _shape(
            "name desc author email url:uri urlname time:time keywords bounds:bounds wpt:wpt* rte:rte* trk:trk* "
            "##other",
            {"version": check_text, "creator": check_text},
        ),
        "wpt": _shape(
            f"ele:ele time:time magvar:degrees geoidheight:decimal {_OLD_ABOUT} sym type {_TAIL} ##other",
            _OLD_POSITION,
        ),
        "rte": _shape(f"{_OLD_ABOUT} number:count ##other rtept:wpt*"),
        "trk": _shape(f"{_OLD_ABOUT} number:count ##other trkseg:trkseg*"),
        "trkseg": _shape("trkpt:trkpt*"),
        "trkpt": _shape(
            "ele:ele time:time course:degrees speed:decimal magvar:degrees geoidheight:decimal "
            f"{_OLD_ABOUT} sym type {_TAIL} ##other",
            _OLD_POSITION,
        ),
        "bounds": _shape("", _BOUNDS | {"minlon": _OLD_LONGITUDE, "maxlon": _OLD_LONGITUDE}, is_empty=True),
    },
    _VALUES | {"degrees": partial(check_degrees, may_be_360=True)},
)
"""GPX 1.0, without its pattern for ``email``, which few addresses match."""
