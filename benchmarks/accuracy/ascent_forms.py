"""Why do intervals hold another share of the test days? Test days without steps, and with the calibration days' errors.

    python benchmarks/accuracy/ascent_forms.py            # about five minutes on two cores

The days are the first test days of benchmarks/accuracy/ascent.py, the recipes those of the package. Nothing is
fitted here.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from benchmarks.accuracy.ascent import BATCH, TEST_SEED, is_held, result_of
from benchmarks.accuracy.ascent_days import STEPS_M, days_of
from benchmarks.accuracy.ascent_terrain import Lattice, Waves
from routes.analysis.figures.recipes import RECIPES, HeightSource

FIGURES = ("ascent", "descent", "length")
ROWS = tuple(row for row in RECIPES if row.source is not HeightSource.DEM_MODELLED)
CASES = {
    "test days": (None, STEPS_M),
    "without steps and stones": (None, 0.0),
    "with the calibration days' forms of errors": (Waves, STEPS_M),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--days", type=int, default=120, help="test days")
    days = parser.parse_args().days
    seeds = range(TEST_SEED, TEST_SEED + days, BATCH)
    print(f"| source | days | n | {' | '.join(FIGURES)} |\n|---|---|---:|" + "---:|" * len(FIGURES))
    with ProcessPoolExecutor() as pool:
        for case in CASES:
            parts = list(pool.map(partial(_held, case), seeds))
            held = np.concatenate(parts, axis=1)
            for row, shares in zip(ROWS, held.mean(axis=1), strict=True):
                name = f"{row.source.value}{f', {row.dem_m:g} m' if row.dem_m else ''}"
                cells = " | ".join(f"{share:.0%}" for share in shares)
                print(f"| {name} | {case} | {held.shape[1]} | {cells} |", flush=True)


def _held(case: str, seed: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.bool_]]:
    """Whether intervals hold the truth; shape (rows, days, figures)."""
    forms, steps_m = CASES[case]
    days = days_of(Lattice, BATCH, seed, forms_of=forms, steps_m=steps_m)
    return np.array(
        [
            [[is_held(row, result, which) for which in FIGURES] for result in results]
            for row in ROWS
            for results in [[result_of(day, k, row, is_calibration=False) for k, day in enumerate(days)]]
        ]
    )


if __name__ == "__main__":
    main()
