"""Test sets for verdicts: passes and summits of measured height, and their DEMs."""

import csv
import json
import math
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import osmium

from routes.analysis.heights.source import ElevationSource
from routes.analysis.passes.ground import Ground, ground_of
from routes.analysis.verdicts.diagnose import explained
from routes.analysis.verdicts.finding import Finding
from routes.analysis.verdicts.heights import check_place
from routes.dem.folder import open_dem
from routes.kernel.geodesy import metres_per_degree
from routes.model.figures import Quantity, StatedFigure
from routes.model.kinds import PlaceKind
from routes.model.trek import Place

POSITION_M = 20.0
"""Position uncertainty (95 %) assumed for these sets, metres."""

_MAP_ERRORS = (579973025, 2851877046)
"""OpenStreetMap nodes with wrong heights: Port de Vallcibera, Port Vieux de Coume d'Ose."""


@dataclass(frozen=True)
class Case:
    """A place with its true height, and the DEM to compare it with."""

    name: str
    kind: PlaceKind
    lon: float
    lat: float
    true_m: float
    dem: ElevationSource
    position_m: float = POSITION_M

    @cached_property
    def ground(self) -> Ground:
        """The ground at the place, as the package sees it."""
        return ground_of(self.place(), self.dem)

    def place(self, printed: str = "") -> Place:
        """The place, with a printed height."""
        stated = (
            StatedFigure(quantity=Quantity.ELEVATION, value=printed, source="test", rounding=1.0)
            if printed
            else None
        )
        return Place(
            id="place", name=self.name, kind=self.kind, lon=self.lon, lat=self.lat,
            position_uncertainty_m=self.position_m, position_source="test", stated=(stated,) if stated else (),
        )  # fmt: skip

    def verdict(self, off_m: float = 0.0) -> Finding:
        """Verdict on the true height plus an error, printed to a metre, with its causes."""
        return self.verdict_on(f"{self.true_m + off_m:.0f} m")

    def verdict_on(self, printed: str, undulation_m: float | None = None) -> Finding:
        """Verdict on a printed height."""
        (finding,) = check_place(replace(self.ground, place=self.place(printed)))
        return explained(finding, undulation_m)

    def moved(self, east_m: float, north_m: float, position_m: float) -> "Case":
        """The same place with a wrong position."""
        lon_m, lat_m = metres_per_degree(self.lat)
        return replace(
            self, lon=self.lon + east_m / lon_m, lat=self.lat + north_m / lat_m, position_m=position_m
        )


def japan(data: Path, name: str, dem: ElevationSource) -> list[Case]:
    """Surveyed saddles or summits of Japan."""
    kind = PlaceKind.PASS if name == "saddles" else PlaceKind.PEAK
    return [
        Case(f"{name} {number}", kind, float(row["lon"]), float(row["lat"]), float(row["height_m"]), dem)
        for number, row in enumerate(_rows(data / "truth" / f"japan_{name}.csv"))
    ]


def andorra_2013(data: Path, dem: ElevationSource) -> list[Case]:
    """Summits of Andorra in OpenStreetMap in 2013."""
    return [
        Case(
            row["name"] or "-",
            PlaceKind.PEAK,
            float(row["lon"]),
            float(row["lat"]),
            float(row["stated_m"]),
            dem,
        )
        for row in _rows(data / "places" / "andorra_osm_peaks_passes.csv")
        if row["kind"] == "peak" and row["stated_m"]
    ]


def andorra_2025(data: Path, kind: PlaceKind, dem: ElevationSource) -> list[Case]:
    """Passes or summits of Andorra in OpenStreetMap in 2025, without two map errors."""
    found = []
    for node in osmium.FileProcessor(str(data / "osm" / "andorra.osm.pbf"), osmium.osm.NODE):
        tags = node.tags
        is_peak = tags.get("natural") == "peak"
        is_pass = (tags.get("natural") == "saddle" or tags.get("mountain_pass") == "yes") and not is_peak
        if (is_peak if kind is PlaceKind.PEAK else is_pass) and "ele" in tags and node.id not in _MAP_ERRORS:
            at = node.location  # type: ignore[union-attr]
            found.append(Case(tags.get("name") or "?", kind, at.lon, at.lat, float(tags["ele"]), dem))
    return found


def all_around(cases: Sequence[Case], by_m: float, position_m: float) -> Iterator[Case]:
    """Each place moved in eight directions, with a given position uncertainty."""
    for turn in range(8):
        angle = turn * math.pi / 4.0
        for case in cases:
            yield case.moved(by_m * math.sin(angle), by_m * math.cos(angle), position_m)


@contextmanager
def named_dem(path: Path, product: str) -> Iterator[ElevationSource]:
    """A DEM file whose product is named in a sidecar."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, folder)
        (Path(folder) / path.with_suffix(".json").name).write_text(
            json.dumps({"product": product}), encoding="utf-8"
        )
        yield open_dem(Path(folder) / path.name)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
