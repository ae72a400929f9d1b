"""Small studies for the renderers: over hills, without heights, and with hostile text in every field."""

import json
import re

from routes.analysis.study import study_trek
from routes.model.figures import Fact, SeasonKind, StatedSeason
from routes.model.trek import Variant
from tests.analytic import AnalyticSource, sine_hills
from tests.builders import day, leg, line_m, place, stated, trek

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>document.title='owned'</script>",
    '"><img src=x onerror=document.title="owned">',
    "${document.title='owned'} `+alert(1)+` \\",
    "{{ 7 * 191 }} {% raw %} {# gone #}",
    "a | b *c* _d_ [e](http://example.invalid) &amp; <!-- f",
)
"""Text that must come out as it went in."""


def places_m(**more):
    return [
        place("start", -3000.0, kind="trailhead", stated=(stated("elevation", "2000 m"),)),
        place("ford", -2000.0, 0.0, kind="crossing"),
        place("gap", 0.0, 0.0, kind="pass", name="Gap & Col", stated=(stated("elevation", "6,562 ft"),)),
        place(
            "camp",
            3000.0,
            kind="camp",
            stated=(stated("elevation", "1,950 m"), stated("elevation", "2050 m")),
            **more,
        ),
        place("town", 3000.0, 4000.0, kind="town"),
    ]


def two_days():
    return [
        day(1, leg("up", "start", "gap", via=("ford",)), leg("down", "gap", "camp"), sleep="camp"),
        day(2, leg("ride", "camp", "town", mode="bus")),
    ]


def study_over_hills(**more):
    """Two hikes along a recorded line over hills, and a bus."""
    lines = {
        "up": line_m((-3000.0, 0.0), (-2000.0, 0.0), (0.0, 0.0)),
        "down": line_m((0.0, 0.0), (3000.0, 0.0)),
    }
    return study_trek(trek(places_m(), two_days(), **more), lines, AnalyticSource(sine_hills()))


def study_without_heights(**more):
    return study_trek(trek(places_m(), two_days(), **more), {})


def hostile_study(source=None):
    """Study in which each free text holds all of `HOSTILE`."""
    text = " ".join(HOSTILE)
    figure = stated("elevation", "2000 m", text, note=text)
    places = [
        place("a", -3000.0, name=text, note=text, position_source=text, aliases=(text,), stated=(figure,)),
        place(
            "b",
            3000.0,
            kind="pass",
            name=text,
            note=text,
            stated=(figure, stated("elevation", "2500 m", text)),
        ),
        place("c", 3000.0, 3000.0, kind="camp", name=text),
    ]
    days = [
        day(
            1,
            leg("up", "a", "b", note=text, stated=(stated("distance", "9 km", text),)),
            sleep="b",
            note=text,
        ),
        day(2, leg("ride", "b", "c", mode="bus", note=text)),
    ]
    made = trek(
        places, days, name=text, country=text, region=text, summary=text, source=text, attribution=text,
        variants=(Variant(id="all", name=text, days=(1, 2), note=text), Variant(id="one", name=text, days=(1,))),
        stated=(stated("max_elevation", "2500 m", text),),
        seasons=(StatedSeason(kind=SeasonKind.BEST, months=(5,), source=text, note=text),),
        facts=(Fact(topic=text, text=text, source=text),),
    )  # fmt: skip
    return study_trek(made, {}, source)


def hills():
    return AnalyticSource(sine_hills())


def page_data_of(page):
    """The data that the page's script works on."""
    (text,) = re.findall(r'<script type="application/json" id="routes-data">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)
