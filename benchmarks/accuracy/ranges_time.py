"""Tables of walking time for ranges.py: days of four people, by each method."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.accuracy.coverage import Coverage, held_text
from benchmarks.data.truth import Track, watch_rows
from routes.analysis.figures.legs import study_line
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.walking.time import leg_effort
from routes.kernel.effort import campbell_s, din_33466_s, munter_s, naismith_langmuir_s, swiss_s, tobler_s
from routes.kernel.slowdown import altitude_slowdown
from routes.kernel.uncertainty import Z80
from routes.model.effort import PEOPLE, EffortParameters, Method
from routes.model.estimate import Estimate

ON_FOOT = {"hiking", "walk", "mountain hike"}
CLOSES_M = 100.0
"""Largest difference between ascent and descent of a round trip on the watch, metres; more cannot be right."""

_ALONG = {
    Method.CAMPBELL: campbell_s,
    Method.SWISS: swiss_s,
    Method.NAISMITH: naismith_langmuir_s,
    Method.TOBLER: tobler_s,
}


@dataclass(frozen=True)
class Day:
    """A walk with its moving time, and each method's time without and with slowing at altitude."""

    name: str
    source: str
    moving_s: float
    usual: Mapping[Method, Estimate]
    thin: Mapping[Method, Estimate]


def time_tables(tracks: Sequence[Track], data: Path) -> None:
    days = [_of_track(t) for t in tracks if t.row["has_time"] == "True" and t.row["activity"] in ON_FOOT]
    here = len(days)
    rows = [row for row in watch_rows(data) if row["date"] and not _is_impossible(row)]
    days += [_of_row(row) for row in rows]
    print("\n## Walking time, seconds moving\n")
    print("| day | moving | ours (P10 to P90) | log | held |\n|---|---:|---:|---:|---|")
    cover = Coverage()
    for day in days:
        print(f"| {day.name} | {cover.add(day.moving_s, day.thin[Method.CAMPBELL], day.source)} |")
    print(f"\ndays with a profile: {Coverage(cover.cases[:here]).text()}")
    cover.print_all("with the watch in Khumbu")
    logs, sources, held = np.array(cover.logs), np.array(cover.sources), []
    for source in dict.fromkeys(cover.sources):
        spread = math.sqrt(float(np.mean(logs[sources != source] ** 2)))
        held.extend((np.abs(logs[sources == source]) <= Z80 * spread).tolist())
    print(f"spread from the other people alone: held {held_text(held)}; in use {PEOPLE:g}")
    _print_methods(days)
    rests = [_seconds(row["elapsed"]) / _seconds(row["moving_time"]) for row in rows]
    print(f"\nElapsed over moving time in Khumbu: median {np.median(rests):.2f} of {len(rests)} days")


def _print_methods(days: Sequence[Day]) -> None:
    names = list(dict.fromkeys(day.source for day in days))
    print(f"\n| method | {' | '.join(names)} | all | spread |\n|---" + "|---:" * (len(names) + 2) + "|")
    for method in Method:
        for how in ("usual", "thin"):
            logs = np.array([math.log(day.moving_s / getattr(day, how)[method].value) for day in days])
            means = [logs[[day.source == name for day in days]].mean() for name in names]
            cells = " | ".join(f"{mean:+.2f}" for mean in (*means, logs.mean()))
            title = f"{method.label}{', thin air' if how == 'thin' else ''}"
            print(f"| {title} | {cells} | {logs.std(ddof=1):.3f} |")


def _of_track(track: Track) -> Day:
    study = study_line(track.line, source=None, parameters=ProfileParameters())
    usual, thin = (
        leg_effort(study, EffortParameters(is_slower_at_altitude=is_thin)).times_s
        for is_thin in (False, True)
    )
    return Day(track.name, track.source, track.moving_s, usual, thin)


def _is_impossible(row: Mapping[str, str]) -> bool:
    return "return" in row["name"] and abs(float(row["ascent_m"]) - float(row["descent_m"])) > CLOSES_M


def _of_row(row: Mapping[str, str]) -> Day:
    """Two even slopes, up and down, with lengths in proportion to ascent and descent."""
    up, down, length = float(row["ascent_m"]), float(row["descent_m"]), 1000.0 * float(row["distance_km"])
    middle = 0.5 * (float(row["min_ele"]) + float(row["max_ele"]))
    rising = up / (up + down) * length
    usual = {
        Method.DIN: din_33466_s(length, up, down),
        Method.MUNTER: munter_s(rising, up, length - rising, down),
        **{m: float(s([0.0, rising, length], [0.0, up, up - down])[-1]) for m, s in _ALONG.items()},
    }
    factor = float(altitude_slowdown(middle))
    return Day(
        f"Khumbu, {row['name']}", "khumbu", _seconds(row["moving_time"]),
        {method: _ranged(time) for method, time in usual.items()},
        {method: _ranged(factor * time) for method, time in usual.items()},
    )  # fmt: skip


def _ranged(time_s: float) -> Estimate:
    return Estimate(time_s, time_s * math.exp(-Z80 * PEOPLE), time_s * math.exp(Z80 * PEOPLE))


def _seconds(text: str) -> float:
    hours, minutes, seconds = (float(part) for part in text.split(":"))
    return 3600.0 * hours + 60.0 * minutes + seconds
