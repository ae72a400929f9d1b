"""Size of the map page and time until it is usable: python benchmarks/speed/page.py [POINTS].

Builds the page of each committed trek, and of a recorded trek of POINTS points (default 50,000) over
generated hills. Opens it from disk in Chromium, offline, and prints bytes and times. For comparison, the same
run opens what folium alone makes of the same lines: a polyline with its coordinates written out, with Leaflet
embedded and without jQuery.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import folium
import numpy as np
from playwright.sync_api import Browser, sync_playwright

from routes.analysis.study import study_trek
from routes.dem.folder import open_dem
from routes.io.trek.read import read_trek
from routes.model.kinds import Mode, PlaceKind, Provenance
from routes.model.track import Line, Segment
from routes.model.trek import Day, Leg, Place, Trek
from routes.pipeline import downloads_of
from routes.render.assets import read_assets
from routes.render.page.page import page_html

ROOT = Path(__file__).resolve().parents[2]
DAYS = 20
STEP_M = 10.0
READY = "document.documentElement.dataset.ready"


def long_trek(points: int) -> tuple[Trek, dict[str, Line]]:
    """Recorded trek of `points` points, ten metres apart, in equal days, inside the sample DEM if it fits."""
    random = np.random.default_rng(1)
    turn = np.cumsum(random.normal(0.0, 0.08, points))
    lon = -119.25 + np.cumsum(np.sin(turn)) * STEP_M / 88_000.0
    lat = 37.75 + np.cumsum(np.cos(turn)) * STEP_M / 111_000.0
    # folded back into the DEM
    lon = -119.40 + np.abs((lon + 119.40) % 0.76 - 0.38)
    lat = 37.60 + np.abs((lat - 37.60) % 0.60 - 0.30)
    ends = np.linspace(0, points - 1, DAYS + 1).astype(int)
    places = tuple(
        Place(
            id=f"p{i}", name=f"Camp {i}", kind=PlaceKind.CAMP, lon=float(lon[at]), lat=float(lat[at]),
            position_uncertainty_m=10.0, position_source="made up",
        )
        for i, at in enumerate(ends.tolist())
    )  # fmt: skip
    legs = [Leg(id=f"leg-{i}", start=f"p{i}", end=f"p{i + 1}", mode=Mode.HIKE) for i in range(DAYS)]
    lines = {
        leg.id: Line((Segment(lon[a : b + 1], lat[a : b + 1]),), Provenance.RECORDED, "made up")
        for leg, a, b in zip(legs, ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    }
    days = tuple(Day(number=i + 1, title=f"Part {i + 1}", legs=(leg,)) for i, leg in enumerate(legs))
    trek = Trek(
        id="long", name="Long trek", country="Nowhere", region="", time_zone="UTC", summary="Made up.",
        source="made up", places=places, days=days,
    )  # fmt: skip
    return trek, lines


def folium_page(lines: dict[str, Line]) -> str:
    """Page as folium writes it, with its scripts embedded; only Leaflet, because nothing here needs jQuery."""
    drawn = folium.Map(location=(37.75, -119.25), zoom_start=10, tiles=None)
    for line in lines.values():
        for segment in line.segments:
            folium.PolyLine(  # type: ignore[no-untyped-call]
                list(zip(segment.lat_deg.round(6).tolist(), segment.lon_deg.round(6).tolist(), strict=True))
            ).add_to(drawn)
    figure = drawn.get_root()
    assert isinstance(figure, folium.Figure)  # noqa: S101 - folium.Map makes one
    figure.render()
    assets = read_assets(dict([*folium.Map.default_js, *folium.Map.default_css]))
    head = "".join(f"<style>{text}</style>" for text in assets.styles)
    scripts = "".join(f"<script>{text}</script>" for text in (*assets.scripts, figure.script.render()))
    ready = "<script>document.documentElement.dataset.ready = 'true'</script>"
    style = "<style>.folium-map{height:400px}</style>"
    return f"<!DOCTYPE html><html><head>{head}{style}</head><body>{figure.html.render()}{scripts}{ready}</body></html>"


def opened_s(browser: Browser, html: str, runs: int = 5) -> float:
    """Median time from opening the page until its script has run and a frame is drawn, seconds."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "index.html"
        file.write_text(html, encoding="utf-8")
        for _ in range(runs):
            page = browser.new_page()
            start = time.perf_counter()
            page.goto(file.as_uri())
            page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            times.append(time.perf_counter() - start)
            if page.evaluate(READY) != "true":
                sys.exit("The page's script did not come to its end.")
            page.close()
    return float(np.median(times))


def main(arguments: list[str]) -> None:
    points = int(arguments[0]) if arguments else 50_000
    dem = open_dem(ROOT / "data/dem")
    treks: dict[str, tuple[Trek, dict[str, Line]]] = {
        name: (read_trek(ROOT / f"data/treks/{name}.toml"), {}) for name in ("lares", "john-muir")
    }
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        print("| page | bytes | opened in |\n|---|---:|---:|")
        treks[f"{points:,} points"] = long_trek(points)
        for name, (made, known) in treks.items():
            for title, source in (("no DEM", None), ("DEM", dem)):
                if name == "lares" and source is not None:
                    continue
                study = study_trek(made, known, source)
                html = page_html(study, study.default, downloads=downloads_of(study, study.default))
                print(f"| {name}, {title} | {len(html.encode()):,} | {opened_s(browser, html):.2f} s |")
        html = folium_page(treks[f"{points:,} points"][1])
        print(
            f"| folium alone, {points:,} points | {len(html.encode()):,} | {opened_s(browser, html):.2f} s |"
        )
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
