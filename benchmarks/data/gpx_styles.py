"""Generated GPX in the styles of devices and services: the same walk, deterministic."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

_GPX = 'xmlns="http://www.topografix.com/GPX/1/1"'
_TPX = "http://www.garmin.com/xmlschemas/TrackPointExtension/v1"


@dataclass(frozen=True)
class Walk:
    """Point values, one per second."""

    lat: list[float]
    lon: list[float]
    ele: list[float]
    time: list[str]
    hr: list[int]
    """Heart rate; 0 while the strap has no contact."""


def walk(count: int, seed: int = 0) -> Walk:
    """Random walk of `count` points."""
    random = np.random.default_rng(seed)
    lat = 46.0 + np.cumsum(random.normal(0.0, 1e-5, count))
    lon = -7.5 + np.cumsum(random.normal(0.0, 1e-5, count))
    ele = 2000.0 + np.cumsum(random.normal(0.0, 0.2, count))
    time = np.datetime64("2026-05-01T06:00:00") + np.arange(count)
    rate = random.integers(90, 180, count) * (random.random(count) > 0.02)
    return Walk(lat.tolist(), lon.tolist(), ele.tolist(), np.datetime_as_string(time).tolist(), rate.tolist())


def _exact(value: float) -> str:
    """All digits of a coordinate that a device stores as an integer, as Garmin Connect writes them."""
    return str(Decimal(round(value * 2**31 / 180) * 180 / 2**31))


def _garmin_connect(of: Walk) -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx creator="Garmin Connect" version="1.1"\n'
        '  xsi:schemaLocation="http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/11.xsd"\n'
        f'  xmlns:ns3="{_TPX}"\n  {_GPX}\n  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n  <metadata>\n'
        '    <link href="connect.garmin.com">\n      <text>Garmin Connect</text>\n    </link>\n'
        "    <time>2026-05-01T06:00:00.000Z</time>\n  </metadata>\n  <trk>\n    <name>Walk</name>\n"
        "    <type>hiking</type>\n    <trkseg>\n"
    )
    for lat, lon, ele, time, rate in zip(of.lat, of.lon, of.ele, of.time, of.hr, strict=True):
        heart = f"            <ns3:hr>{rate}</ns3:hr>\n" if rate else ""
        yield (
            f'      <trkpt lat="{_exact(lat)}" lon="{_exact(lon)}">\n'
            f"        <ele>{Decimal(float(np.float32(round(ele * 5) / 5)))}</ele>\n        <time>{time}.000Z</time>\n"
            f"        <extensions>\n          <ns3:TrackPointExtension>\n{heart}"
            "            <ns3:cad>0</ns3:cad>\n          </ns3:TrackPointExtension>\n        </extensions>\n"
            "      </trkpt>\n"
        )
    yield "    </trkseg>\n  </trk>\n</gpx>\n"


def _garmin_handheld(of: Walk) -> Iterator[str]:
    yield (
        f'<?xml version="1.0" encoding="UTF-8" standalone="no" ?><gpx {_GPX} xmlns:gpxtpx="{_TPX}" '
        'creator="GPSMAP 66s" version="1.1"><metadata><link href="http://www.garmin.com"><text>Garmin</text></link>'
        "<time>2026-05-01T06:00:00Z</time></metadata><trk><name>ACTIVE LOG</name><trkseg>"
    )
    for lat, lon, ele, time in zip(of.lat, of.lon, of.ele, of.time, strict=True):
        yield f'<trkpt lat="{lat:.10f}" lon="{lon:.10f}"><ele>{ele:.2f}</ele><time>{time}Z</time></trkpt>'
    yield "</trkseg></trk></gpx>"


def _strava(of: Walk) -> Iterator[str]:
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<gpx creator="StravaGPX" version="1.1" {_GPX} '
        f'xmlns:gpxtpx="{_TPX}">\n'
        " <metadata>\n  <time>2026-05-01T06:00:00Z</time>\n </metadata>\n <trk>\n  <name>Walk</name>\n"
        "  <type>hiking</type>\n  <trkseg>\n"
    )
    for lat, lon, ele, time, rate in zip(of.lat, of.lon, of.ele, of.time, of.hr, strict=True):
        yield (
            f'   <trkpt lat="{lat:.7f}" lon="{lon:.7f}">\n    <ele>{ele:.1f}</ele>\n    <time>{time}Z</time>\n'
            "    <extensions>\n     <gpxtpx:TrackPointExtension>\n      <gpxtpx:atemp>12</gpxtpx:atemp>\n"
            f"      <gpxtpx:hr>{rate}</gpxtpx:hr>\n     </gpxtpx:TrackPointExtension>\n    </extensions>\n   </trkpt>\n"
        )
    yield "  </trkseg>\n </trk>\n</gpx>\n"


def _osmand(of: Walk) -> Iterator[str]:
    yield (
        f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<gpx version=\"1.1\" creator=\"OsmAnd 4.7\" {_GPX} "
        'xmlns:osmand="https://osmand.net">\n  <metadata>\n    <name>2026-05-01</name>\n  </metadata>\n  <trk>\n'
        "    <trkseg>\n"
    )
    for i, (lat, lon, ele, time) in enumerate(zip(of.lat, of.lon, of.ele, of.time, strict=True)):
        yield (
            f'      <trkpt lat="{lat:.7f}" lon="{lon:.7f}">\n        <ele>{ele:.1f}</ele>\n'
            f"        <time>{time}Z</time>\n        <hdop>{3 + i % 7}.{i % 10}</hdop>\n        <extensions>\n"
            f"          <osmand:speed>{(i % 23) / 10}</osmand:speed>\n        </extensions>\n      </trkpt>\n"
        )
    yield "    </trkseg>\n  </trk>\n</gpx>\n"


def _komoot(of: Walk) -> Iterator[str]:
    yield (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<gpx version=\"1.1\" creator=\"https://www.komoot.de\" {_GPX}>\n"
        "  <metadata>\n    <name>Walk</name>\n  </metadata>\n  <trk>\n    <name>Walk</name>\n    <trkseg>\n"
    )
    for lat, lon, ele, time in zip(of.lat, of.lon, of.ele, of.time, strict=True):
        yield (
            f'      <trkpt lat="{lat:.6f}" lon="{lon:.6f}">\n        <ele>{ele:.6f}</ele>\n'
            f"        <time>{time}.000Z</time>\n      </trkpt>\n"
        )
    yield "    </trkseg>\n  </trk>\n</gpx>\n"


def _gpxpy(of: Walk) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<gpx {_GPX} version="1.1" creator="gpx.py">\n'
    yield "  <trk>\n    <trkseg>\n"
    for lat, lon, ele, time in zip(of.lat, of.lon, of.ele, of.time, strict=True):
        yield (
            f'      <trkpt lat="{lat!r}" lon="{lon!r}">\n        <ele>{ele!r}</ele>\n        <time>{time}Z</time>\n'
            "      </trkpt>\n"
        )
    yield "    </trkseg>\n  </trk>\n</gpx>\n"


def _planned(of: Walk) -> Iterator[str]:
    """GPX as planners write it: no times, longitude first, no heights where unknown."""
    yield "<gpx version='1.0' creator='planner' xmlns='http://www.topografix.com/GPX/1/0'><trk><trkseg>\r\n"
    for i, (lat, lon, ele) in enumerate(zip(of.lat, of.lon, of.ele, strict=True)):
        if i % 50 == 49:
            yield f"<trkpt lon='{lon:.6f}' lat='{lat:.6f}'/>\r\n"
        else:
            yield f"<trkpt lon='{lon:.6f}' lat='{lat:.6f}'><ele>{ele:.0f}</ele></trkpt>\r\n"
    yield "</trkseg></trk></gpx>\r\n"


STYLES: dict[str, Callable[[Walk], Iterator[str]]] = {
    "Garmin Connect": _garmin_connect,
    "Garmin handheld": _garmin_handheld,
    "Strava": _strava,
    "OsmAnd": _osmand,
    "Komoot": _komoot,
    "gpxpy": _gpxpy,
    "planner, GPX 1.0": _planned,
}
"""Generators of a walk's text, by device or service."""
