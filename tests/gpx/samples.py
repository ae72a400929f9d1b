"""GPX documents for tests: strategies, and nasty ones for every reader."""

import numpy as np
from hypothesis import strategies as st

from routes.gpx.write.document import ODBL, GPXDocument, GPXTrack, GPXWaypoint
from routes.model.kinds import PlaceKind, Provenance
from routes.model.track import Segment

LONGITUDES = st.one_of(st.floats(-180.0, 180.0), st.sampled_from([180.0, -180.0, 179.9999996, -1e-9, -0.0]))
LATITUDES = st.one_of(st.floats(-90.0, 90.0), st.sampled_from([90.0, -90.0, -4e-7, -0.0, 89.99999999]))
HEIGHTS = st.one_of(st.floats(-500.0, 9000.0), st.sampled_from([0.0, -0.0, -0.04, 0.05, -430.5, 8848.86]))
TEXTS = st.text(max_size=30)
"""Any Unicode, surrogates and controls included."""


def segment(lon, lat, ele=None, **more):
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    return Segment(lon, lat, None if ele is None else np.asarray(ele, dtype=float), **more)


def track(*segments, **more):
    values = {
        "name": "T", "desc": "", "src": "", "kind": "hiking", "colour": "0072b2", "garmin_colour": "Blue"
    }  # fmt: skip
    return GPXTrack(**(values | more), segments=segments)


def document(*tracks, **more):
    return GPXDocument(**({"name": "N", "desc": "D", "attribution": "A", "tracks": tracks} | more))


def waypoint(lon, lat, **more):
    values = {"ele_m": None, "name": "W", "desc": "", "kind": PlaceKind.PASS}
    return GPXWaypoint(lon=lon, lat=lat, **(values | more))


@st.composite
def segments(draw, *, has_ele):
    points = draw(st.lists(st.tuples(LONGITUDES, LATITUDES, HEIGHTS), min_size=2, max_size=6))
    lon, lat, ele = np.array(points).T
    provenance = draw(st.one_of(st.none(), st.sampled_from(Provenance)))
    lateral = None if provenance is None else draw(st.one_of(st.none(), st.floats(0.01, 5000.0)))
    return segment(lon, lat, ele if has_ele else None, provenance=provenance, lateral_p90_m=lateral)


@st.composite
def documents(draw, texts=TEXTS):
    has_ele = draw(st.booleans())
    tracks = draw(
        st.lists(
            st.builds(
                lambda parts, *words: track(
                    *parts, name=words[0], desc=words[1], src=words[2], kind=words[3]
                ),
                st.lists(segments(has_ele=has_ele), min_size=1, max_size=3),
                texts, texts, texts, texts,
            ),
            max_size=3,
        )
    )  # fmt: skip
    waypoints = draw(
        st.lists(
            st.builds(
                waypoint,
                LONGITUDES,
                LATITUDES,
                ele_m=st.one_of(st.none(), HEIGHTS),
                name=texts,
                desc=texts,
                kind=st.sampled_from(PlaceKind),
            ),
            max_size=3,
        )
    )
    return document(
        *tracks,
        name=draw(texts), desc=draw(texts), attribution=draw(texts), author=draw(texts),
        keywords=tuple(draw(st.lists(texts, max_size=2))), waypoints=tuple(waypoints),
        terms=draw(st.sampled_from([None, ODBL])),
    )  # fmt: skip


def _walk(lon, lat, size, seed, step=2e-4):
    generator = np.random.default_rng(seed)
    turn = np.cumsum(generator.normal(0.0, 0.3, size))
    return lon + step * np.cumsum(np.cos(turn)), lat + step * np.cumsum(np.sin(turn))


def _rises(size, seed):
    return np.round(1500.0 + np.cumsum(np.random.default_rng(seed).normal(0.0, 3.0, size)), 1)


NASTY = {
    "words": document(
        track(
            segment(*_walk(8.0, 46.0, 50, 1), _rises(50, 2)),
            name='Ñandú <b>"fat"</b> & \'Ω\' 山道 🏔️ ]]> \u202b\u05e9\u05dc',
            desc="one\nline & <more>",
        ),
        name="<script>alert(1)</script>",
        author="Émile & Søn",
        keywords=("a, b", "é"),
        waypoints=(
            waypoint(8.0, 46.0, name="Col d'Ordino & <Coll>", desc="x < y\nz", ele_m=-0.04),
            waypoint(8.001, 46.001, name="\u0e14\u0e2d\u0e22", kind=PlaceKind.CAMP, ele_m=8848.86),
        ),
    ),
    "antimeridian": document(
        track(segment([179.9, 179.95, 180.0, -179.95, -179.9], [-16.8] * 5, [0, 1, 2, 1, 0])),
        waypoints=(waypoint(180.0, -16.8), waypoint(-179.95, -16.8)),
    ),
    "poles": document(
        track(
            segment(
                [0.0, 90.0, -90.0, 180.0], [89.99, 90.0, 89.995, 89.99], [2835.0, 2834.9, 2835.2, 2835.0]
            ),
            segment([10.0, 10.0, 10.5], [-89.9, -90.0, -89.95], [2800.0, 2801.0, 2800.5]),
        )
    ),
    "gaps": document(
        track(
            *(segment(*_walk(1.5 + 0.1 * i, 42.5, 20, i), _rises(20, i)) for i in range(3)), name="Three parts"
        ),
        track(segment(*_walk(1.9, 42.5, 20, 9), _rises(20, 9)), name="Another day"),
        terms=ODBL,
    ),
    "below zero": document(
        track(
            segment(
                [-1e-9, -5e-7, -4e-7, 35.47], [-1e-9, -5e-7, 0.0, 31.5], [-0.04, -0.0, -430.5, -1.0]
            )
        )
    ),
    "no heights": document(track(segment(*_walk(-72.1, -13.2, 40, 5)), name="SCHEMATIC Day 1")),
}  # fmt: skip
"""Documents that trip readers, by what is nasty about them."""
