"""Plant errors in true pass heights: how often they are caught, with which cause, how fast.

validate.py runs it with the surveyed saddles of Japan over SRTM 3".
"""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.accuracy.validate_sets import Case
from routes.analysis.verdicts.causes import Cause
from routes.dem.folder import open_dem
from routes.dem.opening import DEMOptions
from routes.errors import ModelError
from routes.model.measure import METRES_PER_FOOT
from routes.pipeline.places import study_places

UNDULATION_M = 50.0
"""Geoid height behind the planted ellipsoidal heights, metres."""

_LETTERS = "aaaabcdeeefghiiklmnnoooprrsstuuv "


def _transposed(at: int) -> Callable[[float], str]:
    def swap(true_m: float) -> str:
        digits = f"{true_m:.0f}"
        wrong = (
            digits[:at] + digits[at + 1 : at + 2] + digits[at] + digits[at + 2 :]
            if at + 1 < len(digits)
            else digits
        )
        return "" if wrong == digits or wrong[0] == "0" else f"{wrong} m"

    return swap


def _wrong_digit(at: int, by: int) -> Callable[[float], str]:
    def change(true_m: float) -> str:
        digits = f"{true_m:.0f}"
        if at >= len(digits):
            return ""
        wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
        return "" if wrong[0] == "0" else f"{wrong} m"

    return change


SLIPS: tuple[tuple[str, Callable[[float], str], Cause], ...] = (
    ("feet printed as metres", lambda true_m: f"{true_m / METRES_PER_FOOT:.0f} m", Cause.FEET_AS_METRES),
    ("metres printed as feet", lambda true_m: f"{true_m:.0f} ft", Cause.METRES_AS_FEET),
    *((f"digits {at + 1} and {at + 2} swapped", _transposed(at), Cause.TRANSPOSED) for at in range(3)),
    *((f"digit {at + 1} wrong by {by}", _wrong_digit(at, by), Cause.WRONG_DIGIT) for at in (0, 1, 2) for by in (3, 7)),
    ("ellipsoidal, +50 m", lambda true_m: f"{true_m + UNDULATION_M:.0f} m", Cause.ELLIPSOIDAL),
)  # fmt: skip


def main(cases: Sequence[Case], data: Path) -> None:
    print("| printed | n | caught | right cause first | other causes first |\n|---|---:|---:|---:|---|")
    for name, slip, cause in SLIPS:
        findings = []
        for case in cases:
            try:
                findings += [
                    case.verdict_on(printed, UNDULATION_M) for printed in [slip(case.true_m)] if printed
                ]
            except ModelError:
                continue  # higher than any land: refused before it comes to a verdict
        caught = [f for f in findings if f.is_open]
        causes = Counter(f.diagnosis.likeliest.cause for f in caught if f.diagnosis is not None)
        right = causes.pop(cause, 0)
        others = ", ".join(f"{other} {n}" for other, n in causes.most_common(3))
        print(f"| {name} | {len(findings)} | {len(caught)} | {right} | {others} |")
    print()
    _speed(data)


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
