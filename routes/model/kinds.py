"""Kinds of places, modes of travel, provenance of lines, and what an id may look like."""

import re
from enum import StrEnum

from routes.errors import ModelError

_IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class PlaceKind(StrEnum):
    """What a place is."""

    PASS = "pass"  # noqa: S105 - a mountain pass
    PEAK = "peak"
    VILLAGE = "village"
    TOWN = "town"
    CITY = "city"
    CAMP = "camp"
    SITE = "site"
    LAKE = "lake"
    SPRING = "spring"
    VIEWPOINT = "viewpoint"
    TRAILHEAD = "trailhead"
    STATION = "station"
    AIRPORT = "airport"
    HOTEL = "hotel"
    MUSEUM = "museum"
    BRIDGE = "bridge"
    JUNCTION = "junction"
    CROSSING = "crossing"
    """Of a stream."""


class Mode(StrEnum):
    """How a leg is travelled."""

    HIKE = "hike"
    WALK = "walk"
    BUS = "bus"
    CAR = "car"
    TRAIN = "train"
    FLIGHT = "flight"

    @property
    def is_on_foot(self) -> bool:
        """Whether the leg counts in walking figures: a hike, or a walk about town."""
        return self in (Mode.HIKE, Mode.WALK)


class Provenance(StrEnum):
    """Where the line of a leg comes from; also how far it may be trusted."""

    RECORDED = "recorded"
    OSM = "osm"
    MODELLED = "modelled"
    SCHEMATIC = "schematic"


class Recorder(StrEnum):
    """What recorded the heights of a track."""

    AUTO = "auto"
    """Found from the heights themselves."""

    BAROMETER = "barometer"
    GPS = "gps"
    MAP = "map"
    """A map service, or another program that reads heights off a map or a DEM."""


OSM_ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0, https://www.openstreetmap.org/copyright"
"""Credit that a line along OpenStreetMap's ways must carry."""


def check_identifier(identifier: str, what: str) -> None:
    """Refuse an id that is not lower-case letters, digits and single hyphens: ids become file names.

    Raises
    ------
    ModelError
        If it is anything else or longer than 80 characters.
    """
    if len(identifier) > 80 or not _IDENTIFIER.fullmatch(identifier):
        msg = (
            f"The {what} id {identifier!r} must be lower-case letters, digits and single hyphens (a-z 0-9 -)."
        )
        raise ModelError(msg)
