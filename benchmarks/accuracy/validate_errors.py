"""Plant errors in true heights of passes: how many are caught, how many true ones are, and is the cause named.

Run with ROUTES_TEST_DATA set to the folder that docs/data.md describes:

    ROUTES_TEST_DATA=... python benchmarks/accuracy/validate_errors.py

The passes are the 15 independent ones with a height in OpenStreetMap in Andorra, the DEM is SRTM 3"; each true height
is printed wrong on purpose in one way after the other and goes through `check_place` and `diagnosed` as a trek's would.
"""

import csv
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from routes.analysis.heights.source import ElevationSource
from routes.analysis.verdicts.causes import Cause, Clues, diagnose
from routes.analysis.verdicts.diagnose import diagnosed
from routes.analysis.verdicts.finding import Finding, Verdict
from routes.analysis.verdicts.heights import check_place
from routes.dem.folder import open_dem
from routes.dem.opening import DEMOptions
from routes.errors import ModelError
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.uncertainty import combine
from routes.model.figures import Quantity, StatedFigure
from routes.model.kinds import Mode, PlaceKind
from routes.model.measure import METRES_PER_FOOT
from routes.model.trek import Day, Leg, Place, Trek
from routes.pipeline.places import study_places

UNDULATION_M = 50.0
"""Height of the geoid above the ellipsoid that the planted ellipsoidal heights have, metres (as the issue has it)."""

_LETTERS = "aaaabcdeeefghiiklmnnoooprrsstuuv "

POSITION_M = 100.0


@dataclass(frozen=True)
class Plant:
    """One way to get a height wrong."""

    name: str
    wrong: Callable[[Place, float], tuple[Place, str] | None]
    cause: Cause | None = None


def main(data: Path) -> None:
    dem = open_dem(data / "dem" / "N42E001.hgt.zip")
    passes = list(_passes(data, dem))
    print(f"{len(passes)} passes, {dem.products[0].title}\n")
    _detection(passes, dem)
    _weights(passes, dem)
    _speed(data)


def _passes(data: Path, dem: ElevationSource) -> Iterator[tuple[Place, float]]:
    seen: set[float] = set()
    with (data / "places" / "andorra_osm_peaks_passes.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if row["kind"] != "pass" or not row["stated_m"] or "Coll d'Ordino" in row["name"]:
                continue  # Coll d'Ordino is Col d'Ordino once more
            lon, lat = float(row["lon"]), float(row["lat"])
            height = float(dem.sample([lon], [lat]).height_m[0])
            if not np.isfinite(height) or height in seen:
                continue
            seen.add(height)
            yield _place(f"pass-{number}", row["name"], lon, lat), float(row["stated_m"])


def _place(key: str, name: str, lon: float, lat: float, uncertainty_m: float = POSITION_M) -> Place:
    return Place(
        id=key, name=name, kind=PlaceKind.PASS, lon=lon, lat=lat, position_uncertainty_m=uncertainty_m,
        position_source="OpenStreetMap",
    )  # fmt: skip


def _metres(height: float) -> str:
    return f"{height:.0f} m"


def _shifted(by_m: float) -> Callable[[Place, float], tuple[Place, str] | None]:
    return lambda place, true: (place, _metres(true + by_m))


def _transposed(at: int) -> Callable[[Place, float], tuple[Place, str] | None]:
    def swap(place: Place, true: float) -> tuple[Place, str] | None:
        digits = f"{true:.0f}"
        wrong = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        return None if wrong == digits or wrong[0] == "0" else (place, f"{wrong} m")

    return swap


def _moved(bearing_deg: float) -> Callable[[Place, float], tuple[Place, str] | None]:
    def move(place: Place, true: float) -> tuple[Place, str] | None:
        lon_m, lat_m = metres_per_degree(place.lat)
        east, north = np.sin(np.radians(bearing_deg)), np.cos(np.radians(bearing_deg))
        there = replace(
            place, lon=place.lon + 500.0 * float(east) / lon_m, lat=place.lat + 500.0 * float(north) / lat_m
        )
        return there, _metres(true)

    return move


PLANTS = (
    Plant("none (true heights)", _shifted(0.0)),
    *(Plant(f"{sign * by:+.0f} m", _shifted(sign * by)) for by in (40.0, 60.0, 100.0, 300.0) for sign in (1, -1)),
    Plant("feet printed as metres", lambda p, t: (p, f"{t / METRES_PER_FOOT:.0f} m"), Cause.FEET_AS_METRES),
    Plant("metres printed as feet", lambda p, t: (p, f"{t:.0f} ft"), Cause.METRES_AS_FEET),
    *(Plant(f"digits {at + 1} and {at + 2} swapped", _transposed(at), Cause.TRANSPOSED) for at in range(3)),
    Plant("ellipsoidal, +50 m", _shifted(UNDULATION_M), Cause.ELLIPSOIDAL),
    *(Plant(f"position moved 500 m {name}", _moved(bearing))
      for name, bearing in (("north", 0.0), ("east", 90.0), ("south", 180.0), ("west", 270.0))),
)  # fmt: skip


def _judged(
    passes: list[tuple[Place, float]], plant: Plant, dem: ElevationSource
) -> Iterator[tuple[Place, Finding]]:
    """Verdict on each pass with its error, in a trek in which all other passes are stated rightly."""
    true = [replace(place, stated=(_figure(_metres(height)),)) for place, height in passes]
    for index, (place, height) in enumerate(passes):
        planted = plant.wrong(place, height)
        if planted is None:
            continue
        there, printed = planted
        try:
            wrong = replace(there, stated=(_figure(printed),))
        except ModelError:
            continue  # higher than any land: refused before it comes to a verdict
        trek = _trek([*true[:index], wrong, *true[index + 1 :]])
        (finding,) = check_place(wrong, dem)
        yield wrong, diagnosed(trek, [finding], lambda *_: UNDULATION_M)[0]


def _figure(printed: str) -> StatedFigure:
    return StatedFigure(quantity=Quantity.ELEVATION, value=printed, source="planted")


def _trek(places: list[Place]) -> Trek:
    only = Leg(
        id="all", start=places[0].id, end=places[-1].id, via=tuple(p.id for p in places[1:-1]), mode=Mode.HIKE
    )
    return Trek(
        id="andorra", name="Passes of Andorra", country="Andorra", region="Andorra", time_zone="Europe/Andorra",
        summary="Made of a list.", source="OpenStreetMap", places=tuple(places),
        days=(Day(number=1, title="All", legs=(only,)),),
    )  # fmt: skip


def _detection(passes: list[tuple[Place, float]], dem: ElevationSource) -> None:
    head = ("planted error", "tried", "differs", "doubtful", "agrees", "undecided", "caught (differs or doubtful)",
            "likeliest cause when caught")  # fmt: skip
    print(f"| {' | '.join(head)} |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    for plant in PLANTS:
        found = [finding for _, finding in _judged(passes, plant, dem)]
        counts = Counter(finding.verdict for finding in found)
        caught = [f for f in found if f.verdict in (Verdict.DIFFERS, Verdict.DOUBTFUL)]
        named = Counter(f.diagnosis.likeliest.cause for f in caught if f.diagnosis is not None)
        right = f"right in {named[plant.cause]} of {len(caught)}; " if plant.cause else ""
        causes = ", ".join(f"{cause} {count}" for cause, count in named.most_common(4))
        share = 100.0 * len(caught) / len(found)
        cells = (
            plant.name, len(found), counts[Verdict.DIFFERS], counts[Verdict.DOUBTFUL], counts[Verdict.AGREES],
            counts[Verdict.UNDECIDED], f"{len(caught)} ({share:.0f} %)", f"{right}{causes}",
        )  # fmt: skip
        print(f"| {' | '.join(map(str, cells))} |")
    print()


def _weights(passes: list[tuple[Place, float]], dem: ElevationSource) -> None:
    """How often the right cause is named with other prior weights of *none of these*."""
    weights = (0.1, 1.0 / 3.0, 1.0, 3.0, 10.0)
    print(f"| right cause named, weight of none of these | {' | '.join(f'{w:.2g}' for w in weights)} |")
    print(f"|---|{'---:|' * len(weights)}")
    for plant in PLANTS:
        if plant.cause is None:
            continue
        cases = [
            (p, f) for p, f in _judged(passes, plant, dem) if f.verdict in (Verdict.DIFFERS, Verdict.DOUBTFUL)
        ]
        rights = [
            sum(_named(place, finding, {Cause.NONE: weight}) is plant.cause for place, finding in cases)
            for weight in weights
        ]
        print(f"| {plant.name} | {' | '.join(f'{right} of {len(cases)}' for right in rights)} |")
    print()


def _named(place: Place, finding: Finding, weights: Mapping[Cause, float]) -> Cause:
    assert finding.estimate is not None  # noqa: S101 - it differs or is doubtful
    u = combine(*(part for name, part in finding.budget.items() if name != "rounding"))
    clues = Clues(undulation_m=UNDULATION_M)
    return diagnose(place.stated[0].measure, finding.estimate, u, clues, weights).likeliest.cause


def _speed(data: Path) -> None:
    generator = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thousand.csv"
        dem = open_dem(data / "dem" / "N42E001.hgt.zip")
        lon, lat = generator.uniform(1.05, 1.95, 2000), generator.uniform(42.05, 42.95, 2000)
        found = dem.sample(lon, lat).height_m
        known = np.flatnonzero(np.isfinite(found))[:1000]
        heights = found[known] + generator.choice([0.0, 0.0, 100.0], known.size)
        spots = list(enumerate(zip(lon[known].tolist(), lat[known].tolist(), heights.tolist(), strict=True)))
        names = ["".join(generator.choice(list(_LETTERS), 9)) for _ in spots]
        rows = [f"{names[i]},{x:.6f},{y:.6f},{z:.0f},pass" for i, (x, y, z) in spots]
        path.write_text("\n".join(["name,lon,lat,ele,kind", *rows]), encoding="utf-8")
        options = DEMOptions(choice=str(data / "dem" / "N42E001.hgt.zip"), is_offline=True)
        best, busy, counts = np.inf, np.inf, Counter[str]()
        for _ in range(3):
            start, start_busy = time.perf_counter(), time.process_time()
            counts = Counter(verdict.verdict for verdict in study_places(path, options).verdicts)
            best = min(best, time.perf_counter() - start)
            busy = min(busy, time.process_time() - start_busy)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    print(
        f"{len(spots)} passes on one tile, file to verdicts and causes: {best:.1f} s, {busy:.1f} s of processor time"
    )
    print(f"({told})")


if __name__ == "__main__":
    if "ROUTES_TEST_DATA" not in os.environ:
        sys.exit(__doc__)
    main(Path(os.environ["ROUTES_TEST_DATA"]))
