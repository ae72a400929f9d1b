"""GPX in: what each odd file must give (docs of GPX 1.1, and files that real apps write)."""

import os

import numpy as np
import pytest

from routes.errors import GPXReadError, RoutesWarning
from routes.gpx.read.reader import read_gpx, read_line, read_tracks, read_waypoints
from routes.kernel.geodesy import cumulative_distance_m
from routes.model.kinds import Provenance

NS = 'xmlns="http://www.topografix.com/GPX/1/1"'
POINTS = '<trkpt lat="42.5" lon="1.5"><ele>2000</ele></trkpt><trkpt lat="42.6" lon="1.6"/>'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
PLAIN = f'{HEAD}<gpx version="1.1" creator="x" {NS}><trk><trkseg>{POINTS}</trkseg></trk></gpx>'


@pytest.fixture
def written(tmp_path):
    def write(content, encoding="utf-8"):
        path = tmp_path / "track.gpx"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def test_missing_ele_is_unknown_never_zero(written):
    (segment,) = read_gpx(written(PLAIN)).segments()
    np.testing.assert_array_equal(segment.ele_m, [2000.0, np.nan])
    np.testing.assert_array_equal(segment.lon_deg, [1.5, 1.6])


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("UTF-8", "UTF-16").encode("utf-16"),
        PLAIN.replace("UTF-8", "ISO-8859-1").replace('creator="x"', 'creator="é"').encode("latin-1"),
        PLAIN.replace(NS, "").encode(),
        PLAIN.replace('"', "'").encode(),
        PLAIN.replace("<gpx", "<!-- a --> <?xml-stylesheet href='x'?>\n" + "<!--b-->" * 5000 + "<gpx").encode(),
        PLAIN.replace(f'version="1.1" creator="x" {NS}', 'version="1.0" xmlns="http://www.topografix.com/GPX/1/0"').encode(),
    ],
    ids=["bom", "utf-16", "latin-1", "no namespace", "single quotes", "comments", "gpx 1.0"],
)  # fmt: skip
def test_odd_but_honest_files_are_read(written, raw):
    (segment,) = read_gpx(written(raw)).segments()
    assert segment.lon_deg.tolist() == [1.5, 1.6]


def test_segments_are_never_joined_and_single_points_are_left_out_loudly(written):
    more = f"<trkseg>{POINTS}</trkseg><trkseg><trkpt lat='1' lon='1'/></trkseg>"
    path = written(PLAIN.replace("</trk>", f"{more}</trk>"))
    with pytest.warns(RoutesWarning, match=r"track\.gpx: 1 segments of fewer than two points"):
        assert len([part for track in read_tracks(path) for part in track.segments]) == 2


def test_a_route_serves_where_there_is_no_track(written):
    path = written(
        PLAIN.replace("<trk><trkseg>", "<rte>").replace("</trkseg></trk>", "</rte>").replace("trkpt", "rtept")
    )
    assert read_gpx(path).segments()[0].lat_deg.tolist() == [42.5, 42.6]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<html><body>404</body></html>", "is not GPX; it begins with"),
        ("", "is not GPX"),
        ("{}", "is not GPX"),
        (
            PLAIN.replace("</trkseg>", "</trksegment>"),
            "is not valid GPX: line 2 is not well-formed XML .mismatched",
        ),
        (PLAIN.replace('lat="42.5"', 'lat="146"'), "line 2: a trkpt is not on Earth: latitude 146"),
        (PLAIN.replace('lon="1.5"', 'lon="361"'), "line 2: a trkpt is not on Earth: longitude 361"),
        (PLAIN.replace('lat="42.5"', 'lat="nan"'), "line 2: lat of a trkpt is no number .*'nan'"),
        (PLAIN.replace('lat="42.5"', 'lat="42,5"'), "line 2: lat of a trkpt is no number .*'42,5'"),
        (PLAIN.replace('lat="42.5"', ""), "line 2: a trkpt has no lat"),
        (PLAIN.replace(POINTS, ""), r"no track or route of two points or more \(tracks: 1"),
        (PLAIN.replace('lat="42.6" lon="1.6"', 'lat="42.5" lon="1.5"'), "are one position"),
        (PLAIN.replace("<gpx", '<!DOCTYPE gpx [<!ENTITY a "b">]><gpx', 1), "document type or entities"),
        (b"\xff\xfe\x00", "is not GPX; it is empty or ends"),
        (b"\xff\xfe<\0\0\xdc>\0", "is not text in utf-16-le"),
        (PLAIN.replace("UTF-8", "nonsense-9"), "is not text in nonsense-9"),
        (b"\x80\x81<gpx>", "line 1: it is not text in UTF-8 here"),
        (
            PLAIN.replace('creator="x"', 'creator="\xe9"').encode("latin-1"),
            "line 2: it is not text in UTF-8 here",
        ),
        (PLAIN.replace("UTF-8", "undefined"), "is not text in undefined"),
        (PLAIN.replace("UTF-8", "punycode"), "is not text in punycode"),
        (PLAIN.replace("UTF-8", "idna"), "is not text in idna"),
        (PLAIN.replace("UTF-8", "zlib_codec"), "is not text in zlib_codec"),
        (PLAIN.replace("UTF-8", "utf-7"), "is not text in utf-7"),
        ("<!--a-->" * 40 + "<kml/>", "is not GPX"),
        ("<!--a-->\n" * 100_000 + "<kml/>", "is not GPX"),
        ("<!--" * 100_000, "is not GPX"),
        ("<!DOCTYPE html><html/>", "is a web page"),
        ("<?a?>" * 100_000 + " " * 100_000, "is not GPX"),
    ],
)
def test_bad_files_give_one_clear_error_that_names_the_file(written, content, message):
    with pytest.raises(GPXReadError, match=message) as caught:
        read_tracks(written(content))
    assert "track.gpx" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(GPXReadError, match=r"absent\.gpx: No such file"):
        read_gpx(tmp_path / "absent.gpx")


def test_a_line_must_say_where_it_comes_from(written):
    path = written(PLAIN)
    with pytest.raises(GPXReadError, match="set provenance for its leg"):
        read_line(path)
    assert read_line(path, Provenance.RECORDED).provenance is Provenance.RECORDED


def test_the_trek_file_and_the_gpx_may_not_disagree(written):
    mark = (
        '<extensions><routes:line xmlns:routes="urn:trek-routes:line:1" provenance="modelled"/></extensions>'
    )
    path = written(PLAIN.replace("<trkseg>", f"{mark}<trkseg>", 1))
    assert read_line(path).provenance is Provenance.MODELLED
    with pytest.raises(GPXReadError, match="calls its line modelled, the trek file calls it recorded"):
        read_line(path, Provenance.RECORDED)
    path = written(path.read_text(encoding="utf-8").replace("modelled", "guessed"))
    with pytest.raises(GPXReadError, match="guessed"):
        read_line(path)


@pytest.mark.parametrize("lateral", ["nan", "inf", "-5", "0", "1e9", "wide"])
def test_a_lateral_p90_must_be_one(written, lateral):
    said = f'provenance="modelled" lateral_p90_m="{lateral}"'
    mark = f'<extensions><l:line xmlns:l="urn:trek-routes:line:1" {said}/></extensions>'
    with pytest.raises(GPXReadError, match=rf"track\.gpx, line 2: .*{lateral}"):
        read_line(written(PLAIN.replace("<trkseg>", f"{mark}<trkseg>", 1)))
    good = mark.replace(f'"{lateral}"', '"100000"')
    line = read_line(written(PLAIN.replace("<trkseg>", f"{good}<trkseg>", 1)))
    assert line.lateral_p90_m == 100_000.0


def test_a_pipe_is_refused_before_it_is_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.gpx")
    with pytest.raises(GPXReadError, match=r"pipe\.gpx: it is no regular file"):
        read_gpx(tmp_path / "pipe.gpx")


@pytest.mark.parametrize("name", ["a\0b.gpx", "a\nb.gpx", "\x1b[31m.gpx"])
def test_odd_names_give_one_line(tmp_path, name):
    with pytest.raises(GPXReadError, match="Cannot read the GPX file") as caught:
        read_gpx(tmp_path / name)
    assert str(caught.value).isprintable()


def test_tracks_one_by_one(written):
    second = f"<trk><name>B</name><src>Map</src><trkseg>{POINTS}</trkseg><trkseg>{POINTS}</trkseg></trk>"
    path = written(PLAIN.replace("</gpx>", f"<trk><name>empty</name></trk>{second}</gpx>"))
    first, other = read_tracks(path)
    assert (first.name, len(first.segments), other.name, len(other.segments)) == ("", 1, "B", 2)
    assert other.source == "Map"
    assert len(read_gpx(path).segments()) == 3


def test_waypoints(written):
    path = written(
        PLAIN.replace("<trk>", '<wpt lat="42.55" lon="1.55"><name>Col &amp; Pass</name></wpt><trk>', 1)
    )
    (waypoint,) = read_waypoints(path)
    assert (waypoint.name, waypoint.lon, waypoint.lat) == ("Col & Pass", 1.55, 42.55)


def test_real_tracks_keep_their_gaps(test_data):
    """Trails of Andorra, from OpenStreetMap: the GR 11 is in two pieces of 35.0 and 16.7 km with a gap of 28 km."""
    segments = read_gpx(test_data / "gpx" / "andorra_osm_gr11.gpx").segments()
    lengths = sorted((cumulative_distance_m(s.lon_deg, s.lat_deg)[-1] / 1000 for s in segments), reverse=True)
    assert lengths[0] == pytest.approx(35.0, abs=0.1)
    assert lengths[1] == pytest.approx(16.7, abs=0.1)
