"""Files that the kept outputs are made from: the same on every run, written into a folder."""

import math
import shutil
from pathlib import Path

from tests.gpx.cases import ATTRIBUTES, NAMES, RICH, VALUES
from tests.gpx.traps import TRAPS

ROOT = Path(__file__).resolve().parents[2]

PLACES = """name,lon,lat,kind,stated,source,position_uncertainty_m
Donohue Pass,-119.2486,37.7606,pass,"11,056 ft",a sign,30
Island Pass,-119.1919,37.7388,pass,3110 m,a map,100
Too high,-119.2000,37.7400,peak,4900 m,a rumour,
No height,-119.1800,37.7000,lake,,,
Outside,8.0,46.0,village,500 m,elsewhere,50
"""

_SPOTS = {
    "<ele>1003.5</ele>": "<ele>{}</ele>",
    "<time>2024-05-01T10:03:00Z</time>": "<time>{}</time>",
    '<wpt lat="46.1"': '<wpt lat="{}"',
    "<sat>7</sat>": "<sat>{}</sat>",
    "<name>T</name>": "<name>{}</name>",
}
"""Text of the rich file, and what a value is put into instead."""


def write_inputs(folder):
    """Write ``data``, a copy of the sample data, and ``in``."""
    shutil.copytree(ROOT / "data", folder / "data")
    within = folder / "in"
    for name, raw in {
        **{f"traps/{name}.gpx": raw for name, (raw, _) in TRAPS.items()},
        "traps/rich.gpx": RICH.encode(),
        **_values(),
        **_archive(),
        "places.csv": PLACES.encode(),
        "walk.gpx": _walk(3).encode(),
        "paths.osm": _osm(folder / "data/gpx/john-muir").encode(),
        "bad.toml": b'id = "bad"\nnmae = "misspelt"\n',
        "bad.csv": b"name,height\nNowhere,5\n",
    }.items():
        path = within / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def _values():
    """The rich file with odd values in five spots, or an element or attribute that is out of place."""
    files = {}
    for number in range(len(VALUES)):
        text = RICH
        for shift, (old, new) in enumerate(_SPOTS.items()):
            assert old in RICH, old
            text = text.replace(old, new.format(VALUES[(number + 13 * shift) % len(VALUES)]), 1)
        files[f"values/value-{number:02d}.gpx"] = text.encode()
    for name in NAMES:
        files[f"values/element-{name}.gpx"] = RICH.replace(
            "<name>T</name>", f"<{name}>1</{name}>", 1
        ).encode()
    for number, name in enumerate(ATTRIBUTES):
        files[f"values/attribute-{number:02d}.gpx"] = RICH.replace(
            " creator", f' {name}="1" creator', 1
        ).encode()
    return files


def _archive():
    """Fifty files: with heights, without, of two segments, outside the sample DEM, alike, and broken."""
    files = {f"archive/{number % 3}/walk-{number:02d}.gpx": _walk(number).encode() for number in range(44)}
    return files | {
        "archive/copy.gpx": files["archive/0/walk-00.gpx"],
        "archive/empty.gpx": b"",
        "archive/page.gpx": b"<html></html>",
        "archive/cut.gpx": files["archive/1/walk-01.gpx"][:1500],
        "archive/point.gpx": _gpx("Point", [[(-119.2, 37.7, "", "")]]).encode(),
        "archive/nothing.gpx": _gpx("Nothing", []).encode(),
    }


def _walk(number):
    """A winding walk of 40 to 300 points; every fourth is far from the sample DEM."""
    count = 40 + 37 * number % 260
    lon = 8.0 if number % 4 == 3 and number > 3 else -119.20 + 0.002 * (number % 20)
    lat = 46.0 if lon > 0 else 37.66 + 0.002 * (number % 17)
    rows = []
    for i in range(count):
        lon += 0.0002 * math.cos(i / 9 + number)
        lat += 0.0002 * math.sin(i / 13 + number)
        height = f"<ele>{2800 + 40 * math.sin(i / 7):.1f}</ele>" if number % 5 < 3 else ""
        minute, second = divmod(20 * i, 60)
        time = f"<time>2024-06-{1 + number % 28:02d}T{6 + minute // 60:02d}:{minute % 60:02d}:{second:02d}Z</time>"
        rows.append((lon, lat, height, time if number % 3 else ""))
    parts = [rows[: count // 2], rows[count // 2 + 5 :]] if number % 6 == 5 else [rows]
    return _gpx(f"Walk {number}", parts)


def _gpx(name, segments):
    parts = [
        "<trkseg>\n"
        + "".join(
            f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}">{ele}{time}</trkpt>\n' for lon, lat, ele, time in rows
        )
        + "</trkseg>\n"
        for rows in segments
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="tests" xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"<trk><name>{name}</name>\n{''.join(parts)}</trk></gpx>\n"
    )


def _osm(folder):
    """An extract in which every line of the sample trek is a path."""
    nodes, ways, last = [], [], 0
    for number, path in enumerate(sorted(folder.glob("*.gpx")), 1):
        points = [part.split('"') for part in path.read_text(encoding="utf-8").split("<trkpt ")[1:]]
        refs = range(last + 1, last + len(points) + 1)
        for ref, words in zip(refs, points, strict=True):
            at = dict(zip((word.strip(" =") for word in words[0:4:2]), words[1:4:2], strict=True))
            nodes.append(f'<node id="{ref}" version="1" lat="{at["lat"]}" lon="{at["lon"]}"/>')
        ways.append(f'<way id="{number}" version="1">' + "".join(f'<nd ref="{ref}"/>' for ref in refs))
        ways.append('<tag k="highway" v="path"/></way>')
        last += len(points)
    return "\n".join(['<osm version="0.6" generator="tests">', *nodes, *ways, "</osm>\n"])
