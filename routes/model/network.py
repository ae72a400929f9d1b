"""A network of walkable paths, as mapped in OpenStreetMap."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from routes._typing import BoolArray, Bounds, FloatArray, IntArray


class WayKind(IntEnum):
    """What a path is like for walkers."""

    PATH = 0
    """Path, footway, steps, bridleway, track: made for walking, or almost without traffic."""

    STREET = 1
    """Street or lane with little traffic."""

    ROAD = 2
    """Road with through traffic."""


WAY_KINDS = {
    **dict.fromkeys(
        ("path", "footway", "steps", "bridleway", "track", "pedestrian", "via_ferrata"), WayKind.PATH
    ),
    **dict.fromkeys(
        ("residential", "living_street", "service", "unclassified", "road", "cycleway", "corridor"),
        WayKind.STREET,
    ),
    **dict.fromkeys(
        (
            "tertiary",
            "tertiary_link",
            "secondary",
            "secondary_link",
            "primary",
            "primary_link",
            "trunk",
            "trunk_link",
        ),
        WayKind.ROAD,
    ),
}
"""Kind by value of ``highway``; missing values, such as motorways and ways under construction, are not walkable."""

_OPEN = ("yes", "designated", "permissive")
_CLOSED = ("no", "private", "use_sidepath")
_HARD = ("demanding_alpine_hiking", "difficult_alpine_hiking")
_FAINT = ("bad", "horrible", "no")


def way_kind(tags: Mapping[str, str]) -> WayKind | None:
    """Kind of a way by its tags; None if it is not walkable.

    ``foot`` overrides ``access``; ``motorroad`` excludes walkers.

    Examples
    --------
    >>> way_kind({"highway": "path", "access": "private"}) is None
    True
    >>> way_kind({"highway": "track", "access": "no", "foot": "yes"}).name
    'PATH'
    """
    kind = WAY_KINDS.get(tags.get("highway", ""))
    foot = tags.get("foot", "")
    if kind is None or foot in _CLOSED or (foot not in _OPEN and tags.get("access", "") in _CLOSED):
        return None
    if foot not in _OPEN and tags.get("motorroad") == "yes":
        return None
    return kind


def is_hard_going(tags: Mapping[str, str]) -> bool:
    """Whether a path needs climbing or is hardly visible: ``sac_scale`` T5 and T6, via ferrata, bad visibility."""
    return (
        tags.get("sac_scale", "") in _HARD
        or tags.get("trail_visibility", "") in _FAINT
        or tags.get("highway") == "via_ferrata"
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PathNetwork:
    """Nodes, and the edges between them."""

    lon_deg: FloatArray
    """Longitudes of the nodes, shape (n,), degrees."""

    lat_deg: FloatArray
    """Latitudes of the nodes, shape (n,), degrees."""

    start: IntArray
    """Node at one end of each edge, shape (m,)."""

    end: IntArray
    """Node at its other end, shape (m,)."""

    kind: IntArray
    """`WayKind` of each edge, shape (m,)."""

    is_hard: BoolArray
    """Whether the edge is hard going, shape (m,)."""

    is_marked: BoolArray
    """Whether a named hiking route follows the edge, shape (m,)."""

    source: str
    """Source for readers, with the date of the data if known."""

    bounds: Bounds
    """West, south, east, north of the source's coverage, degrees."""
