"""How well do five methods tell walking time? Against the days of one walker with a barometric watch in Khumbu.

Run with ROUTES_TEST_DATA set to the folder that docs/data.md describes:

    ROUTES_TEST_DATA=... python benchmarks/accuracy/effort.py

The days are those of places/khumbu_garmin_daily_stats.csv: distance, ascent, descent, moving and elapsed time as the
watch gives them; rows that cannot be (a "return" whose ascent and descent differ by over 100 m) are left out and named.
There is no profile: methods that need one get two even slopes, up and then down, that share the distance as ascent and
descent share the height, and so do not see how steep the steepest parts were. Printed for each method: told over moving
time, without and with the factor for thin air, and told over elapsed time; the median over the days, and P10 and P90.

The watch stops its moving time at every halt, long or short. One walker, acclimatised on the way, is no calibration
of a method, and none is made of it; only the rests that a stated duration may hold are taken from it
(routes/analysis/verdicts/durations.py), for want of another count: elapsed over moving time, printed next. Last come
the verdicts on each day's moving and elapsed time, were they stated.
"""

import csv
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from routes.analysis.verdicts.durations import REST_RATIO, expected_time
from routes.analysis.verdicts.finding import Verdict, judge
from routes.kernel.effort import (
    altitude_slowdown,
    din_33466_s,
    munter_s,
    naismith_langmuir_s,
    pace_spread,
    swiss_s,
    tobler_s,
)
from routes.kernel.uncertainty import combine
from routes.model.effort import Method

CLOSES_M = 100.0


@dataclass(frozen=True, slots=True)
class WatchDay:
    """One day as the watch gives it."""

    name: str
    distance_m: float
    ascent_m: float
    descent_m: float
    moving_s: float
    elapsed_s: float
    mean_m: float


def main(data: Path) -> None:
    days = _days(data / "places" / "khumbu_garmin_daily_stats.csv")
    kept = [day for day in days if "return" not in day.name or abs(day.ascent_m - day.descent_m) <= CLOSES_M]
    dropped = ", ".join(day.name for day in days if day not in kept)
    print(f"{len(kept)} days; left out: {dropped}.\n")
    print("| method | over moving time: P10 | 50 | 90 | with thin air: 50 | over elapsed time: 50 |")
    print("|---|---:|---:|---:|---:|---:|")
    thin = np.array([float(altitude_slowdown(day.mean_m)) for day in kept])
    moving = np.array([day.moving_s for day in kept])
    elapsed = np.array([day.elapsed_s for day in kept])
    for method in Method:
        told = np.array([_told_s(day, method) for day in kept])
        low, middle, high = np.percentile(told / moving, [10.0, 50.0, 90.0])
        print(
            f"| {method} | {low:.2f} | {middle:.2f} | {high:.2f} | {np.median(thin * told / moving):.2f} "
            f"| {np.median(told / elapsed):.2f} |"
        )

    low, middle, high = np.percentile(elapsed / moving, [10.0, 50.0, 90.0])
    print(
        f"\nElapsed over moving time: P10 {low:.2f}, median {middle:.2f}, P90 {high:.2f}; "
        f"{REST_RATIO:g} in the package.\n"
    )
    print("| stated | days | agrees | doubtful | differs |")
    print("|---|---:|---:|---:|---:|")
    times = {
        "moving time": moving,
        "elapsed time": elapsed,
        "a tenth of the moving time": 0.1 * moving,
        "ten times the moving time": 10.0 * moving,
    }
    for name, stated in times.items():
        verdicts = Counter(_verdict(day, float(time)) for day, time in zip(kept, stated, strict=True))
        counts = " | ".join(str(verdicts[v]) for v in (Verdict.AGREES, Verdict.DOUBTFUL, Verdict.DIFFERS))
        print(f"| {name} | {len(kept)} | {counts} |")


def _verdict(day: WatchDay, stated_s: float) -> Verdict:
    """Verdict on a duration, to the second, of a day on two even slopes."""
    share = day.ascent_m / (day.ascent_m + day.descent_m)
    distance = [0.0, share * day.distance_m, day.distance_m]
    height = [0.0, day.ascent_m, day.ascent_m - day.descent_m]
    expected = expected_time([_told_s(day, method) for method in Method], pace_spread(distance, height))
    return judge(float(np.log(stated_s)), float(np.log(expected.value)), combine(*expected.shares.values()))


def _told_s(day: WatchDay, method: Method) -> float:
    """Walking time of a day's totals, seconds."""
    share = day.ascent_m / (day.ascent_m + day.descent_m)
    rising = share * day.distance_m
    if method is Method.DIN:
        return din_33466_s(day.distance_m, day.ascent_m, day.descent_m)
    if method is Method.MUNTER:
        return munter_s(rising, day.ascent_m, day.distance_m - rising, day.descent_m)
    along = {Method.SWISS: swiss_s, Method.NAISMITH: naismith_langmuir_s, Method.TOBLER: tobler_s}[method]
    distance = [0.0, rising, day.distance_m]
    return float(along(distance, [0.0, day.ascent_m, day.ascent_m - day.descent_m])[-1])


def _days(path: Path) -> list[WatchDay]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["date"]]
    return [
        WatchDay(
            name=row["name"],
            distance_m=1000.0 * float(row["distance_km"]),
            ascent_m=float(row["ascent_m"]),
            descent_m=float(row["descent_m"]),
            moving_s=_seconds(row["moving_time"]),
            elapsed_s=_seconds(row["elapsed"]),
            mean_m=0.5 * (float(row["min_ele"]) + float(row["max_ele"])),
        )
        for row in rows
    ]


def _seconds(text: str) -> float:
    hours, minutes, seconds = (float(part) for part in text.split(":"))
    return 3600.0 * hours + 60.0 * minutes + seconds


if __name__ == "__main__":
    if "ROUTES_TEST_DATA" not in os.environ:
        sys.exit(__doc__)
    main(Path(os.environ["ROUTES_TEST_DATA"]))
