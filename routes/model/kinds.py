"""Kinds of places, modes of travel, provenance of lines, valid ids."""

import re
from enum import StrEnum

from routes.errors import ModelError

_IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class PlaceKind(StrEnum):
    """Kind of a place."""

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
    """Stream crossing."""


class Mode(StrEnum):
    """Mode of travel of a leg."""

    HIKE = "hike"
    WALK = "walk"
    BUS = "bus"
    CAR = "car"
    TRAIN = "train"
    FLIGHT = "flight"

    @property
    def is_on_foot(self) -> bool:
        """Whether the leg counts in walking figures: a hike or a town walk."""
        return self in (Mode.HIKE, Mode.WALK)


class Provenance(StrEnum):
    """Where a leg's line comes from, and so how far to trust it."""

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
"""Credit that a line along OpenStreetMap paths must carry."""


def check_identifier(identifier: str, what: str) -> None:
    """Check that an id has only lower-case letters, digits and single hyphens, since ids become file names.

    Raises
    ------
    ModelError
        If it has other characters or more than 80.
    """
    if len(identifier) > 80 or not _IDENTIFIER.fullmatch(identifier):
        msg = (
            f"The {what} id {identifier!r} must be lower-case letters, digits and single hyphens (a-z 0-9 -)."
        )
        raise ModelError(msg)
