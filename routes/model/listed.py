"""Named points with heights from a list, one row each."""

from dataclasses import dataclass

from routes.model.kinds import PlaceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPlace:
    """One row of a list of places, or its error."""

    where: str
    """Location in its file, such as ``"line 12"``."""

    name: str = ""
    """Name; empty if there is none."""

    lon: float | None = None
    """Longitude, degrees WGS 84; None if unreadable."""

    lat: float | None = None
    """Latitude, degrees WGS 84; None if unreadable."""

    printed: str = ""
    """Stated height with its unit, such as ``"2438 m"``; empty if there is none."""

    kind: PlaceKind = PlaceKind.VIEWPOINT
    """Kind of place; a viewpoint by default."""

    uncertainty_m: float = 100.0
    """95 % radius of the position, metres."""

    osm: str = ""
    """OpenStreetMap element, such as ``"node/26864235"``; empty if there is none."""

    error: str = ""
    """What is wrong with the row; empty if it is valid."""

    @property
    def osm_url(self) -> str:
        """Address of the OpenStreetMap element; empty if there is none."""
        return f"https://www.openstreetmap.org/{self.osm}" if self.osm else ""
