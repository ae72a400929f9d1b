"""Named points with heights as a list has them: no trek, one row each."""

from dataclasses import dataclass

from routes.model.kinds import PlaceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPlace:
    """One row of a list of places, or what is wrong with it."""

    where: str
    """Where it stands in its file, for example ``"line 12"``."""

    name: str = ""
    """Name, empty if it has none."""

    lon: float | None = None
    """Longitude, degrees WGS 84; None where it cannot be read."""

    lat: float | None = None
    """Latitude, degrees WGS 84; None where it cannot be read."""

    printed: str = ""
    """Stated height with its unit, for example ``"2438 m"``; empty if there is none."""

    kind: PlaceKind = PlaceKind.VIEWPOINT
    """What it is; a viewpoint where the list does not say."""

    uncertainty_m: float = 100.0
    """Radius in metres within which the true position lies with about 95 % probability."""

    osm: str = ""
    """OpenStreetMap's element, for example ``"node/26864235"``; empty if the list names none."""

    error: str = ""
    """What is wrong with the row; empty if nothing is."""

    @property
    def osm_url(self) -> str:
        """Address of the element at OpenStreetMap; empty if there is none."""
        return f"https://www.openstreetmap.org/{self.osm}" if self.osm else ""
