"""Small treks, places and lines for tests, with every field filled that is not under test."""

import numpy as np

from routes.model.figures import Quantity, StatedFigure
from routes.model.track import Line, Segment
from routes.model.trek import Day, Leg, Mode, Place, PlaceKind, Provenance, Trek
from tests.analytic import at_m


def stated(quantity, value, source="A guide", **more):
    return StatedFigure(quantity=Quantity(quantity), value=value, source=source, **more)


def place(place_id="pass", east_m=0.0, north_m=0.0, *, kind="village", uncertainty_m=10.0, **more):
    """Place at local coordinates of `tests.analytic`; `lon` and `lat` replace them."""
    lon, lat = (float(value) for value in at_m(east_m, north_m))
    given = {"lon": lon, "lat": lat, "name": place_id.title(), "position_source": "made for tests"} | more
    return Place(id=place_id, kind=PlaceKind(kind), position_uncertainty_m=uncertainty_m, **given)


def leg(leg_id, start, end, *, mode="hike", **more):
    return Leg(id=leg_id, start=start, end=end, mode=Mode(mode), **more)


def day(number, *legs, **more):
    return Day(number=number, title=f"Day {number}", legs=legs, **more)


def trek(places, days, **more):
    given = {
        "id": "test", "name": "Test Trek", "country": "Andorra", "region": "Ordino", "time_zone": "Europe/Andorra",
        "summary": "A trek for tests.", "source": "Made for tests",
    } | more  # fmt: skip
    return Trek(places=tuple(places), days=tuple(days), **given)


def one_leg_trek(places=None, stated_of_leg=(), **more):
    """One hike from the first place to the last by way of those between."""
    places = places or [place("a", -3000.0), place("b", 3000.0)]
    ids = [p.id for p in places]
    only = leg("a-b", ids[0], ids[-1], via=tuple(ids[1:-1]), stated=tuple(stated_of_leg))
    return trek(places, [day(1, only)], **more)


def line_m(*points_m, provenance="recorded", **more):
    """Line of one segment through local coordinates (east, north), metres."""
    lon, lat = at_m(*np.array(points_m, dtype=float).T)
    return Line((Segment(lon, lat),), Provenance(provenance), "made for tests", **more)
