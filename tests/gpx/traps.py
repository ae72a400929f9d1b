"""A GPX file with each trap that the linter knows, by the code that must name it, and the line where it stands."""

import math

from tests.gpx.cases import RICH

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gpx xmlns="http://www.topografix.com/GPX/1/1" xmlns:x="urn:x" version="1.1" creator="c">
"""


def points(count, *, lat=46.0, lon=8.0, ele="{:.1f}", time=True, step=0.0002, name="trkpt", change=None):
    """Lines of a walk that climbs in a wide bend, one point a line; `change` gives another row, or None."""
    rows = []
    for index in range(count):
        row = {
            "lat": f"{lat + step * index:.6f}",
            "lon": f"{lon + 0.002 * math.sin(index / 40.0):.6f}",
            "ele": ele.format(1000.0 + 0.7 * index) if ele else None,
            "time": f"2024-05-01T{6 + index // 3600:02d}:{index // 60 % 60:02d}:{index % 60:02d}Z"
            if time
            else None,
            "more": "",
        }
        row = change(index, row) if change else row
        if row is None:
            continue
        inner = "".join(f"<{key}>{row[key]}</{key}>" for key in ("ele", "time") if row[key] is not None)
        rows.append(f'<{name} lat="{row["lat"]}" lon="{row["lon"]}">{inner}{row["more"]}</{name}>')
    return rows


def segment(rows):
    return ["<trkseg>", *rows, "</trkseg>"]


def track(*segments, name="Way"):
    return ["<trk>", f"<name>{name}</name>", *(line for part in segments for line in part), "</trk>"]


def file(*lines, before=()):
    return (HEAD + "\n".join([*before, *lines, "</gpx>"]) + "\n").encode()


def plain(count=60, **more):
    return file(*track(segment(points(count, **more))))


def at(number, **values):
    """Change of one point."""
    return lambda index, row: row | values if index == number else row


def rich(old, new):
    assert old in RICH, old
    return RICH.replace(old, new, 1).encode()


def spot(old, new, below=0):
    """The rich file with one thing changed, and the line in which the change stands."""
    return rich(old, new), RICH[: RICH.index(old)].count("\n") + 1 + below


def wpt(name="W", lat="46.001", lon="8.0", inner=""):
    return f'<wpt lat="{lat}" lon="{lon}"><name>{name}</name>{inner}</wpt>'


ROWS = points(60)
FIRST = 6
"""Line of the first point of `plain`."""


def _spike(index, row):
    return row | {"lon": "8.030000"} if index == 30 else row


def _still(index, row):
    if not 20 <= index < 60:
        return row
    turn = 2.4 * index  # radians; a ball of wool of 10 m
    return row | {
        "lat": f"{46.004 + 0.00006 * math.cos(turn):.6f}",
        "lon": f"{8.001 + 0.00006 * math.sin(turn):.6f}",
    }


def _jump(index, row):
    return row | {"lat": f"{float(row['lat']) + 0.05:.6f}"} if index >= 40 else row


def _back(index, row):
    return row | {"lat": f"{46.0 + 0.0002 * min(index, 199 - index):.6f}", "lon": "8.000000"}


def _coarse(index, row):
    return row | {"lat": f"{46.0 + 0.001 * index:.3f}", "lon": f"{8.0 + 0.001 * (index % 7):.3f}"}


def _swapped(_, row):
    return row | {"lat": f"{float(row['lat']) - 166.0:.6f}", "lon": row["lat"]}


def _again(index, row):
    return row | {"lon": f"{8.0 + 0.002 * math.sin(index * 5 / 40.0):.6f}"}


def _fine(_, row):
    return row | {"lat": row["lat"] + "123456789"}


def _heart(index, row):
    inner = "".join(f"<x:v{number}>{index}</x:v{number}>" for number in range(16))
    return row | {"more": f"<extensions>{inner}</extensions>"}


UNDER = "<time>2024-05-01T10:03:00Z</time>"
ELE = "<ele>1003.5</ele>"

TRAPS = {
    "not-well-formed": spot("</trkseg>\n    <trkseg>", "</trkseg>\n    </trkseg>", below=1),
    "cut-off": (RICH[: RICH.index("46.002") + 3].encode(), RICH[: RICH.index("46.002")].count("\n") + 1),
    "after-end": (RICH.encode() + b"trailing", RICH.count("\n") + 1),
    "blank-before-declaration": (b"\n" + RICH.encode(), 1),
    "declaration": spot('<?xml version="1.0" encoding="UTF-8"?>', '<?xml encoding="UTF-8"?>'),
    "bare-ampersand": spot("<name>T</name>", "<name>T & Co</name>"),
    "html-entity": spot("<name>T</name>", "<name>T&nbsp;&eacute;</name>"),
    "control-character": spot("<name>T</name>", "<name>T\x0b</name>"),
    "encoding-wrong": (RICH.replace("<name>T<", "<name>Gr\xfcn<").encode("cp1252"), spot("<name>T<", "")[1]),
    "doctype": spot("<gpx ", "<!DOCTYPE gpx>\n<gpx "),
    "encoding-utf-16": (RICH.replace("UTF-8", "UTF-16").encode("utf-16"), 1),
    "encoding-other": (RICH.replace("UTF-8", "ISO-8859-1").replace("<name>T<", "<name>Grün<").encode("latin-1"), 1),
    "byte-order-mark": (b"\xef\xbb\xbf" + RICH.encode(), 1),
    "no-namespace": spot('xmlns="http://www.topografix.com/GPX/1/1" ', ""),
    "not-gpx-namespace": spot("http://www.topografix.com/GPX/1/1", "https://www.topografix.com/GPX/1/1"),
    "version": spot('version="1.1"', 'version="1.2"'),
    "creator": spot(' creator="somebody"', ""),
    "undeclared-prefix": spot("<x:hr>120</x:hr>", "<gpxtpx:hr>120</gpxtpx:hr>"),
    "namespace-form": spot('xmlns:x="urn:example"', 'xmlns:x="not a name"'),
    "prefixed": (
        (
            b'<n:gpx xmlns:n="http://www.topografix.com/GPX/1/1" version="1.1" creator="c">\n'
            b'<n:wpt lat="1" lon="2"><n:name>W</n:name></n:wpt></n:gpx>'
        ),
        1,
    ),
    "gpx-1.0": (
        (
        b'<gpx xmlns="http://www.topografix.com/GPX/1/0" version="1.0" creator="c">\n<name>old</name><author>A</author>'
        b"<email>a@example.org</email><url>https://example.org/</url><urlname>U</urlname>"
        b'<trk><url>https://example.org/t</url><number>1</number><trkseg><trkpt lat="1.000000" lon="2">'
        b'<course>90</course><speed>1.5</speed></trkpt><trkpt lat="1.001" lon="2"/></trkseg></trk></gpx>'
        ),
        1,
    ),
    "child-order": spot(f"{ELE}{UNDER}", f"{UNDER}{ELE}"),
    "child-repeated": spot("<name>T</name>", "<name>T</name><name>second</name>"),
    "child-unknown": spot(UNDER, f"{UNDER}<speed>1.2</speed>"),
    "child-in-text": spot("<name>T</name>", "<name>T <b>bold</b></name>"),
    "stray-text": spot("<trkseg>\n", "<trkseg>stray\n"),
    "extension-namespace": spot("<x:hr>120</x:hr>", "<hr>120</hr>"),
    "attribute-missing": spot('lat="46.001" ', ""),
    "attribute-unknown": spot('lat="46.001" ', 'lat="46.001" speed="1" '),
    "position-range": spot('lat="46.001"', 'lat="146.001"'),
    "position-form": spot('lat="46.001"', 'lat="north"'),
    "swapped": (plain(change=_swapped), FIRST),
    "maybe-swapped": (file(*track(segment(ROWS)), before=[wpt("Swapped", lat="8.0", lon="46.001")]), 3),
    "longitude-wrapped": spot('lon="8.001"', 'lon="188.001"'),
    "longitude-180": (plain(4, lon=179.999, change=at(2, lon="180.0")), FIRST + 2),
    "exponent": (plain(4, change=at(2, lon="-4.8e-05")), FIRST + 2),
    "decimal-comma": (plain(4, change=at(2, ele="1000,5")), FIRST + 2),
    "ele-empty": (plain(4, change=at(2, ele="")), FIRST + 2),
    "ele-not-a-number": (plain(4, change=at(2, ele="nan")), FIRST + 2),
    "time-empty": (plain(4, change=at(2, time="")), FIRST + 2),
    "time-not-a-time": (plain(4, change=at(2, time="yesterday")), FIRST + 2),
    "value-form": spot("<sat>7</sat>", "<sat>seven</sat>"),
    "time-without-zone": (plain(4, change=at(2, time="2024-05-01T06:00:02")), FIRST + 2),
    "nothing": (file(), None),
    "segment-empty": (file(*track(segment(ROWS), segment([]))), 67),
    "one-point": (file(*track(segment(ROWS), segment(points(1, lat=46.02)))), 67),
    "bounds-wrong": spot('maxlat="46.3"', 'maxlat="46.1"'),
    "route-repeats-track": (
        file("<rte>", "<name>Again</name>", *points(12, step=0.001, name="rtept", time=False, change=_again), "</rte>",
            *track(segment(ROWS))),
        3,
    ),
    "track-twice": (file(*track(segment(ROWS)), *track(segment(ROWS), name="Copy")), 70),
    "track-alike": (
        file(*track(segment(points(200))), *track(segment(points(197, lon=8.00005, lat=46.0001)), name="Alike")), 208),
    "gap-in-segment": (plain(change=_jump), FIRST + 40),
    "spike": (plain(change=_spike), FIRST + 30),
    "null-island": (plain(change=at(0, lat="0.000000", lon="0.000000")), FIRST),
    "gap-between-segments": (file(*track(segment(ROWS), segment(points(30, lat=46.05)))), 67),
    "standstill": (plain(100, change=_still), FIRST + 21),
    "point-repeated": (file(*track(segment([*ROWS[:5], ROWS[4], *ROWS[5:]]))), FIRST + 5),
    "out-and-back": (plain(200, change=_back), 3),
    "coarse-positions": (plain(change=_coarse), None),
    "many-decimals": (plain(change=_fine), None),
    "ele-gaps": (plain(change=at(9, ele=None)), FIRST + 9),
    "ele-all-zero": (plain(ele="0"), FIRST),
    "ele-zero": (plain(change=at(9, ele="0.0")), FIRST + 9),
    "ele-void": (plain(change=at(9, ele="-32768")), FIRST + 9),
    "ele-absurd": (plain(change=at(9, ele="12000")), FIRST + 9),
    "ele-spike": (plain(change=at(9, ele="1300.0")), FIRST + 9),
    "ele-missing": (plain(ele=None), None),
    "time-order": (plain(change=at(9, time="2024-05-01T05:00:00Z")), FIRST + 9),
    "time-absurd": (plain(change=at(0, time="1970-01-01T00:00:00Z")), FIRST),
    "html-in-name": (file(wpt("&lt;b&gt;W&lt;/b&gt;")), 3),
    "entity-in-name": (file(wpt("A &amp;amp; B")), 3),
    "garbled-text": (file(wpt("GrÃ¼n")), 3),
    "name-line-break": (file(wpt("two\nlines")), 3),
    "name-long": (file(wpt("long " * 30)), 3),
    "waypoint-name-twice": (file(wpt("W"), wpt("W", lat="46.2")), 4),
    "garmin-symbol": (file(wpt(inner="<sym>Mountain Pass</sym>")), 3),
    "many-points": (plain(501), 3),
    "huge-extensions": (plain(6500, change=_heart), None),
}  # fmt: skip
"""Bytes of a file, and the line that the finding must name; None if it concerns the whole file."""
