"""Write, read, write: the same bytes."""

import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from routes.errors import RoutesWarning
from routes.gpx.read.reader import read_tracks, read_waypoints
from routes.gpx.write.document import GPXDocument, GPXTerms, GPXTrack, GPXWaypoint, gpx_text
from routes.model.kinds import PlaceKind, Provenance
from routes.model.track import Segment
from tests.gpx.samples import NASTY, document, documents, segment, track

G = "{http://www.topografix.com/GPX/1/1}"
LINE = "{urn:trek-routes:line:1}line"
STYLE = "{http://www.topografix.com/GPX/gpx_style/0/2}"
GARMIN = "{http://www.garmin.com/xmlschemas/GpxExtensions/v3}"


def text_of(element, path):
    return (element.findtext(path) if element is not None else None) or ""


def mark_of(element):
    mark = element.find(f"{G}extensions/{LINE}")
    if mark is None:
        return {}
    lateral = mark.get("lateral_p90_m")
    return {
        "provenance": Provenance(mark.get("provenance")),
        "lateral_p90_m": None if lateral is None else float(lateral),
    }


def document_of(text):
    """A document as lxml reads it: by another parser, and from what is written alone."""
    root = etree.fromstring(text.encode())
    metadata = root.find(f"{G}metadata")
    terms = metadata.find(f"{G}copyright")
    link = metadata.find(f"{G}link")
    return GPXDocument(
        name=text_of(metadata, f"{G}name"),
        desc=text_of(metadata, f"{G}desc"),
        attribution="",
        author=text_of(metadata, f"{G}author/{G}name"),
        terms=None
        if terms is None
        else GPXTerms(
            holder=terms.get("author"),
            licence_url=text_of(terms, f"{G}license"),
            page_url=link.get("href"),
            page_title=text_of(link, f"{G}text"),
        ),
        keywords=(text_of(metadata, f"{G}keywords"),),
        tracks=tuple(map(track_of, root.iterfind(f"{G}trk"))),
        waypoints=tuple(
            GPXWaypoint(
                lon=float(point.get("lon")),
                lat=float(point.get("lat")),
                ele_m=None if point.find(f"{G}ele") is None else float(text_of(point, f"{G}ele")),
                name=text_of(point, f"{G}name"),
                desc=text_of(point, f"{G}desc"),
                kind=PlaceKind(text_of(point, f"{G}type")),
            )
            for point in root.iterfind(f"{G}wpt")
        ),
    )


def track_of(element):
    return GPXTrack(
        name=text_of(element, f"{G}name"),
        desc=text_of(element, f"{G}desc"),
        src=text_of(element, f"{G}src"),
        kind=text_of(element, f"{G}type"),
        colour=text_of(element, f"{G}extensions/{STYLE}line/{STYLE}color"),
        garmin_colour=text_of(element, f"{G}extensions/{GARMIN}TrackExtension/{GARMIN}DisplayColor"),
        segments=tuple(map(segment_of, element.iterfind(f"{G}trkseg"))),
        **mark_of(element),
    )


def segment_of(element):
    points = element.findall(f"{G}trkpt")
    eles = [point.findtext(f"{G}ele") for point in points]
    return Segment(
        np.array([float(point.get("lon")) for point in points]),
        np.array([float(point.get("lat")) for point in points]),
        None if None in eles else np.array([float(ele) for ele in eles]),
        **mark_of(element),
    )


@given(written=documents())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_read_back_is_written_again_to_the_byte(schema, written):
    text = gpx_text(written)
    schema.assertValid(etree.fromstring(text.encode()))
    assert gpx_text(document_of(text)) == text


@pytest.mark.parametrize("name", NASTY)
def test_so_are_nasty_documents(schema, name):
    text = gpx_text(NASTY[name])
    schema.assertValid(etree.fromstring(text.encode()))
    assert gpx_text(document_of(text)) == text


@given(
    written=documents(
        texts=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=20)
    )
)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_our_own_reader_gets_back_what_it_reads(tmp_path, written):
    """Names, sources, points, heights, marks and waypoints come from the reader, the rest from what was written."""
    text = gpx_text(written)
    path = tmp_path / "t.gpx"
    path.write_text(text, encoding="utf-8")
    first = document_of(text)
    is_readable = bool(first.tracks) and all(
        np.ptp(part.lon_deg) > 0.0 or np.ptp(part.lat_deg) > 0.0
        for line in first.tracks
        for part in line.segments
    )
    tracks = first.tracks
    if is_readable:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RoutesWarning)
            read = read_tracks(path)
        tracks = tuple(
            track(
                *(
                    segment(
                        s.lon_deg, s.lat_deg, s.ele_m, provenance=s.provenance, lateral_p90_m=s.lateral_p90_m
                    )
                    for s in back.segments
                ),
                name=back.name, src=back.source if known.src else "", provenance=back.provenance,
                lateral_p90_m=back.lateral_p90_m, desc=known.desc, kind=known.kind,
            )
            for back, known in zip(read, first.tracks, strict=True)
        )  # fmt: skip
    waypoints = tuple(
        GPXWaypoint(
            lon=back.lon,
            lat=back.lat,
            ele_m=back.height_m,
            name=back.name,
            desc=known.desc,
            kind=PlaceKind(back.type),
        )
        for back, known in zip(read_waypoints(path), first.waypoints, strict=True)
    )
    again = document(
        *tracks,
        name=first.name, desc=first.desc, attribution="", author=first.author, terms=first.terms,
        keywords=first.keywords, waypoints=waypoints,
    )  # fmt: skip
    assert gpx_text(again) == text


def test_text_is_cleaned_but_never_lost():
    words = track(
        segment([1, 2], [1, 2]), name=" a\r\n\tb\x00\u2028c ", desc="one\r\ntwo\rthree ", src="\ud800"
    )
    root = etree.fromstring(gpx_text(document(words)).encode())
    assert root.findtext(f"{G}trk/{G}name") == "a b c"
    assert root.findtext(f"{G}trk/{G}desc") == "one\ntwo\nthree"
    assert root.find(f"{G}trk/{G}src") is None


def test_nothing_empty_is_written():
    text = gpx_text(
        document(track(segment([1, 2], [1, 2]), name="", kind=""), name="", desc="", attribution="")
    )
    assert [element.tag for element in etree.fromstring(text.encode()).iter() if is_empty(element)] == []


def is_empty(element):
    return not (len(element) or element.attrib or (element.text or "").strip())


@pytest.mark.parametrize(
    ("lon", "expected"),
    [
        ([-0.0000001, 0.0], {"minlon": "0.000000", "maxlon": "0.000000"}),
        ([-179.9999999, -179.5], {"minlon": "-180.000000", "maxlon": "-179.500000"}),
        ([0.0, 179.9], {"minlon": "0.000000", "maxlon": "179.900000"}),
        ([179.5, 180.0], None),
        ([179.5, -179.5], None),
    ],
)
def test_bounds_are_those_of_the_points_as_written_and_none_across_the_180th_meridian(lon, expected):
    root = etree.fromstring(gpx_text(document(track(segment(lon, [-1.0, 1.0])))).encode())
    bounds = root.find(f"{G}metadata/{G}bounds")
    if expected is None:
        assert bounds is None
        return
    assert {**expected, "minlat": "-1.000000", "maxlat": "1.000000"} == dict(bounds.attrib)
