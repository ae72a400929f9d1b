"""Fit k of the slope term of a verdict's uncertainty on real passes, leaving one out at a time.

Run with ROUTES_TEST_DATA set to the folder that docs/data.md describes:

    ROUTES_TEST_DATA=... python benchmarks/slope_term.py

The passes are those with a height in OpenStreetMap in Andorra (an unselected set), the DEM is SRTM 3". The error of
the DEM at a pass is taken as normal with variance (LE90/1.645)² + (k · spacing · tan slope)² + u(datum)²; k is the
value of greatest likelihood.
"""

import csv
import os
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar

from routes._typing import FloatArray
from routes.analysis.validation import dem_at
from routes.dem.folder import open_dem
from routes.kernel.uncertainty import U_DATUM_M, Z90, combine, sigma_from_le90
from routes.model.figures import Quantity, StatedFigure


def main(data: Path) -> None:
    dem = open_dem(data / "dem" / "N42E001.hgt.zip")
    error, spread = [], []
    seen: set[float] = set()
    with (data / "places" / "andorra_osm_peaks_passes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lon, lat = float(row["lon"]), float(row["lat"])
            if row["kind"] != "pass" or not row["stated_m"] or "Coll d'Ordino" in row["name"]:
                continue  # Coll d'Ordino is Col d'Ordino once more
            figure = StatedFigure(
                quantity=Quantity.ELEVATION, value=f"{row['stated_m']} m", source="OpenStreetMap"
            )
            here = dem_at(lon, lat, dem)
            if here is None or here.height_m in seen:
                continue
            seen.add(here.height_m)
            error.append(figure.measure.value - here.height_m)
            spread.append(here.spacing_m * here.slope_tangent)
    errors, spreads = np.array(error), np.array(spread)
    sigma = combine(sigma_from_le90(dem.products[0].le90_m), U_DATUM_M)
    everything = _fit(errors, spreads, sigma)
    print(
        f"{errors.size} passes, stated minus DEM: mean {errors.mean():+.1f} m, sd {errors.std(ddof=1):.1f} m"
    )
    print(f"k of greatest likelihood, all passes: {everything:.2f}")
    left_out = np.array(
        [_fit(np.delete(errors, i), np.delete(spreads, i), sigma) for i in range(errors.size)]
    )
    print(f"k leaving one out: {left_out.min():.2f} to {left_out.max():.2f}")
    u = np.hypot(sigma, left_out * spreads)
    print(
        f"agree (within 1.645 u) with k of the others: {int((np.abs(errors) <= Z90 * u).sum())} of {errors.size}"
    )
    print(f"agree without the slope term: {int((np.abs(errors) <= Z90 * sigma).sum())} of {errors.size}")


def _fit(error: FloatArray, spread: FloatArray, sigma: float) -> float:
    def cost(k: float) -> float:
        variance = sigma**2 + (k * spread) ** 2
        return float(np.sum(np.log(variance) + error**2 / variance))

    return float(minimize_scalar(cost, bounds=(0.0, 3.0), method="bounded").x)


if __name__ == "__main__":
    if "ROUTES_TEST_DATA" not in os.environ:
        sys.exit(__doc__)
    main(Path(os.environ["ROUTES_TEST_DATA"]))
