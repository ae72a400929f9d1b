"""A study to export whose lengths, heights and order are known, with names that files must withstand."""

import numpy as np
from pyproj import Geod

from routes.analysis.study import study_trek
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment
from tests.analytic import AnalyticSource, at_m, plane
from tests.builders import day, leg, line_m, place, stated, trek

GEOD = Geod(ellps="WGS84")
SLOPE = 0.1
"""Rise of the terrain to the east, metres a metre: smoothing changes nothing of it."""

MARKUP = "<script>alert('1')</script> & \"Co\" ]]>"
CONTROL = "Bell\x07 and \x1b[31m"
RIGHT_TO_LEFT = "\u202e\u0645\u0639\u0633\u0643\u0631 camp"
FORMULA = '=HYPERLINK("http://x","y")'
PATH = "../../../etc/passwd"
LONG = "Ünïcode " * 1250


def exported_study(*, source=True, names=None, places=None):
    """Two days: a to b in two segments with a gap between, a bus to c, and on the second day from c to d and e."""
    names = names or {}
    given = [("a", -3000.0, 0.0, "village"), ("b", 3000.0, 0.0, "camp"), ("c", 3000.0, 9000.0, "pass"),
             ("d", 0.0, 9000.0, "spring"), ("e", -3000.0, 9000.0, "hotel")]  # fmt: skip
    places = places or [
        place(
            key,
            east,
            north,
            kind=kind,
            name=names.get(key, key.title()),
            stated=(stated("elevation", "2000 m"),),
        )
        for key, east, north, kind in given
    ]
    days = [
        day(1, leg("a-b", "a", "b"), leg("b-c", "b", "c", mode="bus"), sleep="b"),
        day(2, leg("c-d", "c", "d"), leg("d-e", "d", "e", via=()), sleep="e"),
    ]
    itinerary = trek(places, days, name=names.get("trek", "Test Trek"), summary=names.get("trek", "A trek."))
    first, second = line_m((-3000, 0), (-500, 0)).segments[0], line_m((500, 0), (3000, 0)).segments[0]
    lines = {
        "a-b": Line((first, second), Provenance.RECORDED, "made for tests"),
        "c-d": line_m((3000, 9000), (0, 9000), provenance="osm"),
        "d-e": line_m((0, 9000), (-3000, 9000), provenance="modelled"),
    }
    return study_trek(itinerary, lines, AnalyticSource(plane(2000.0, east=SLOPE)) if source else None)


def over_antimeridian():
    """A day from 179.9 E over the antimeridian to 179.9 W along the equator, 22.3 km."""
    places = [place("a", lon=179.9, lat=0.0), place("b", lon=-179.9, lat=0.0)]
    line = Line(
        (Segment(np.array([179.9, -179.9]), np.array([0.0, 0.0])),), Provenance.RECORDED, "made for tests"
    )
    return study_trek(trek(places, [day(1, leg("a-b", "a", "b"))]), {"a-b": line})


def length_m(coordinates):
    """Geodesic length of a run of positions."""
    lon, lat = np.array([position[:2] for position in coordinates]).T
    return GEOD.line_length(lon, lat)


def height_m(lon, lat):
    """Height of the terrain."""
    del lat
    east = (np.asarray(lon) - at_m(0.0, 0.0)[0]) / (at_m(1.0, 0.0)[0] - at_m(0.0, 0.0)[0])
    return 2000.0 + SLOPE * east
