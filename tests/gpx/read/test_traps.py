"""What GPX in the wild trips readers with: read, read with a warning, or refused, as GPX 1.1 and XML mean it."""

import gzip
import io
import zipfile

import numpy as np
import pytest

import routes
from routes.errors import GPXReadError, RoutesWarning
from routes.gpx import frame_of, gpxpy_of
from routes.gpx.codes import MAX_KEPT, Trap
from routes.gpx.read.reader import grouped, read_tracks, read_waypoints
from routes.io.places.read import read_places
from routes.io.points.files import read_point_file
from tests.command import run
from tests.gpx.ways import packed, read_both

NS = 'xmlns="http://www.topografix.com/GPX/1/1"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
PLACES = [(46.1, 7.1), (46.2, 7.2), (46.3, 7.3), (46.4, 7.4), (46.5, 7.5), (46.6, 7.6)]
"""Enough for a run of plain points before and after the odd one."""


def trkpt(i, inner=None, lat=None, lon=None):
    inner = f"<ele>{1000 + i}</ele><time>2026-05-01T06:00:0{i}Z</time>" if inner is None else inner
    return f'<trkpt lat="{lat or PLACES[i % 6][0]}" lon="{lon or PLACES[i % 6][1]}">{inner}</trkpt>\n'


def track(*odd, root=f'<gpx version="1.1" creator="x" {NS}>', head=HEAD):
    """GPX whose odd points stand on line 8, between two runs of six plain ones."""
    plain = [trkpt(i) for i in range(6)]
    return f"{head}{root}<trk><trkseg>{''.join([*plain, *odd, *plain])}</trkseg></trk></gpx>"


@pytest.fixture
def both(tmp_path):
    def read(content, name="trap.gpx", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return read_both(path)

    return read


def codes(file):
    return [(note.code, note.line) for note in file.warnings]


def test_a_plain_file_has_no_warning_and_all_its_values(both):
    file = both(track())
    assert file.warnings == ()
    np.testing.assert_array_equal(file.points.lat_deg, [lat for lat, _ in PLACES] * 2)
    np.testing.assert_array_equal(file.points.height_m[:6], np.arange(1000.0, 1006.0))
    # seconds since 1970, from `date -u -d 2026-05-01T06:00:00Z +%s`
    np.testing.assert_array_equal(file.points.time_s[:2], [1777615200.0, 1777615201.0])
    assert file.metadata.version == "1.1"
    assert file.metadata.creator == "x"


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + track().encode(),
        track().replace("UTF-8", "UTF-16").encode("utf-16"),
        b"\xfe\xff" + track().replace("UTF-8", "UTF-16").encode("utf-16-be"),
        track().replace("UTF-8", "UTF-16").encode("utf-16-le"),
        track().encode("utf-16"),
        track(head="").encode(),
        track().replace("UTF-8", "windows-1252").encode("cp1252"),
        track().replace("UTF-8", "us-ascii").encode("ascii"),
        track().replace("\n", "\r\n").encode(),
        track().replace("\n", "\r").encode(),
        packed(track()),
        packed(track()[:300]) + packed(track()[300:]),
    ],
    ids=["bom", "utf-16-le bom", "utf-16-be bom", "utf-16-le", "utf-16 said to be utf-8", "no declaration", "cp1252",
         "ascii", "crlf", "cr", "gzip", "gzip of two members"],
)  # fmt: skip
def test_encodings_ends_of_lines_and_packings(both, raw):
    file = both(raw)
    assert len(file.points) == 12
    assert file.warnings == ()


def test_a_declared_latin_1_gives_its_letters(both):
    text = track(root=f"<gpx version='1.1' creator='x' {NS}><metadata><name>Col de Bérard</name></metadata>")
    file = both(text.replace("UTF-8", "ISO-8859-1"), encoding="latin-1")
    assert file.metadata.name == "Col de Bérard"
    assert len(file.points) == 12


def test_a_blank_line_before_the_declaration(both):
    file = both("\n \r\n" + track(trkpt(0, "<ele/>")))
    assert codes(file) == [(Trap.BLANK_BEFORE_DECLARATION, 1), (Trap.ELE_EMPTY, 10)]


@pytest.mark.parametrize(
    "text",
    [
        track(root="<gpx>"),
        track(root='<gpx version="1.0" creator="x" xmlns="http://www.topografix.com/GPX/1/0">'),
        track().replace('"', "'"),
        track().replace("<", "<n:").replace("<n:/", "</n:").replace("<n:?", "<?").replace("xmlns=", "xmlns:n="),
        track().replace('lat="', 'b="').replace('lon="', 'lat="').replace('b="', 'lon="').replace("46.", "7.")
        .replace('lat="7.', 'lat="46.'),
        track().replace("<trkpt ", "<trkpt\n\t"),
        track().replace('">', '" >').replace("</trkpt>", "</trkpt >"),
        track().replace('lat="', 'lat = "'),
    ],
    ids=["no namespace", "gpx 1.0", "single quotes", "prefixed root", "lon first", "lines in tags", "blanks in tags",
         "blanks about ="],
)  # fmt: skip
def test_forms_that_xml_allows(both, text):
    file = both(text)
    assert len(file.points) == 12
    assert file.warnings == ()
    assert np.isfinite(file.points.height_m).all()
    assert np.isfinite(file.points.time_s).all()
    assert 46.0 < file.points.lat_deg.min() <= file.points.lat_deg.max() < 47.0


def test_an_undeclared_prefix_in_extensions(both):
    inner = "<ele>5</ele><extensions><a:b><a:ele>6</a:ele></a:b><c>7</c></extensions>"
    file = both(track(trkpt(0, inner), trkpt(1, inner)))
    assert codes(file) == [(Trap.UNDECLARED_PREFIX, 8), (Trap.UNDECLARED_PREFIX, 9)]
    assert file.points.height_m[6:8].tolist() == [5.0, 5.0]
    everywhere = both(track().replace("</trkpt>", "<extensions><a:hr>99</a:hr></extensions></trkpt>"))
    assert everywhere.warning_totals == {Trap.UNDECLARED_PREFIX: 12}
    assert len(everywhere.points) == 12


def test_an_undeclared_prefix_of_the_root(both):
    file = both(track().replace("<", "<n:").replace("<n:/", "</n:").replace("<n:?", "<?"))
    assert codes(file) == [(Trap.UNDECLARED_PREFIX, 2)]
    assert len(file.points) == 12


@pytest.mark.parametrize(
    ("inner", "trap"),
    [
        ("", None),
        ("<ele/>", Trap.ELE_EMPTY),
        ("<ele></ele>", Trap.ELE_EMPTY),
        ("<ele>\n </ele>", Trap.ELE_EMPTY),
        ("<ele>100,5</ele>", Trap.ELE_NOT_A_NUMBER),
        ("<ele>nan</ele>", Trap.ELE_NOT_A_NUMBER),
        ("<ele>NaN</ele>", Trap.ELE_NOT_A_NUMBER),
        ("<ele>INF</ele>", Trap.ELE_NOT_A_NUMBER),
        ("<ele>1e999</ele>", Trap.ELE_NOT_A_NUMBER),
        ("<ele>1_000</ele>", Trap.ELE_NOT_A_NUMBER),
        ("<ele>١٢</ele>", Trap.ELE_NOT_A_NUMBER),
        ("<ele>12 m</ele>", Trap.ELE_NOT_A_NUMBER),
    ],
)
def test_heights_that_are_not_there_are_unknown_never_0(both, inner, trap):
    file = both(track(trkpt(0, inner)))
    assert [code for code, _ in codes(file)] == ([] if trap is None else [trap])
    assert np.isnan(file.points.height_m[6])
    assert np.isfinite(np.delete(file.points.height_m, 6)).all()


@pytest.mark.parametrize(
    ("text", "value"),
    [("<ele> 12.5 </ele>", 12.5), ("<ele>+12</ele>", 12.0), ("<ele>-0.0</ele>", -0.0), ("<ele>12.</ele>", 12.0),
     ("<ele>.5</ele>", 0.5), ("<ele>1<!-- x -->2</ele>", 12.0), ("<ele><![CDATA[12]]></ele>", 12.0),
     ("<ele>&#49;2</ele>", 12.0), ("<ele>0000000000012.5</ele>", 12.5)],
)  # fmt: skip
def test_heights_that_are(both, text, value):
    file = both(track(trkpt(0, text)))
    assert file.warnings == ()
    assert file.points.height_m[6].tobytes() == np.float64(value).tobytes()


def test_an_exponent_is_read_with_a_warning(both):
    file = both(track(trkpt(0, "<ele>1.2e3</ele>", lon="-4.8e-05")))
    assert codes(file) == [(Trap.EXPONENT, 8), (Trap.EXPONENT, 8)]
    assert (file.points.height_m[6], file.points.lon_deg[6]) == (1200.0, -4.8e-05)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("46,1", "7"),
        ("146", "7"),
        ("-90.0001", "7"),
        ("nan", "7"),
        ("", "7"),
        ("46° 6'", "7"),
        ("7", "361"),
        ("7", "inf"),
    ],
)
def test_a_position_that_is_none_is_refused_with_its_line(both, lat, lon):
    with pytest.raises(GPXReadError, match=r"trap\.gpx, line 8: "):
        both(track(f'<trkpt lat="{lat}" lon="{lon}"/>'))


def test_a_longitude_beyond_180_degrees_is_wrapped(both):
    file = both(
        track(trkpt(0, lon="-180.09"), trkpt(0, lon="359.5"), trkpt(0, lon="180"), trkpt(0, lon="-180.0"))
    )
    np.testing.assert_allclose(file.points.lon_deg[6:10], [179.91, -0.5, 180.0, -180.0], rtol=0, atol=1e-12)
    assert codes(file) == [(Trap.LONGITUDE_WRAPPED, 8), (Trap.LONGITUDE_WRAPPED, 9)]


@pytest.mark.parametrize(
    ("text", "time_s", "trap"),
    [
        ("2026-05-01T06:00:00", 1777615200.0, Trap.TIME_WITHOUT_ZONE),
        ("2026-05-01T08:00:00+02:00", 1777615200.0, None),
        ("2026-05-01T00:30:00-05:30", 1777615200.0, None),
        ("2026-05-01T06:00:00.250Z", 1777615200.25, None),
        ("2026-04-30T24:00:00Z", 1777593600.0, None),
        ("1969-12-31T23:59:59Z", -1.0, None),
        ("2016-12-31T23:59:60Z", 1483228800.0, None),
        ("2026-02-29T00:00:00Z", np.nan, Trap.TIME_NOT_A_TIME),
        ("yesterday", np.nan, Trap.TIME_NOT_A_TIME),
        ("2026-05-01T25:00:00Z", np.nan, Trap.TIME_NOT_A_TIME),
        ("0000-00-00T00:00:00Z", np.nan, Trap.TIME_NOT_A_TIME),
        ("", np.nan, Trap.TIME_EMPTY),
    ],
)
def test_times(both, text, time_s, trap):
    """Seconds as `date -u -d ... +%s` of GNU coreutils gives them."""
    file = both(track(trkpt(0, f"<ele>1</ele><time>{text}</time>")))
    np.testing.assert_array_equal(file.points.time_s[6], time_s)
    assert codes(file) == ([] if trap is None else [(trap, 8)])


def test_what_comes_twice_counts_once(both):
    twice = "<ele>1</ele><ele>2</ele><time>2026-05-01T06:00:00Z</time><time>2027-05-01T06:00:00Z</time>"
    file = both(track(trkpt(0, twice)))
    assert codes(file) == [(Trap.ELE_REPEATED, 8), (Trap.TIME_REPEATED, 8)]
    assert (file.points.height_m[6], file.points.time_s[6]) == (1.0, 1777615200.0)


@pytest.mark.parametrize("tail", ["", "\0" * 5000, "<", "</trkp"])
def test_a_file_cut_off_in_the_middle_keeps_its_complete_points(both, tail):
    text = track()
    whole = text[: text.rindex("<trkpt")]
    for more in ("", '<trkpt lat="46.1" l', '<trkpt lat="46.1" lon="7"><ele>12'):
        file = both(whole + more + (tail if not more else ""))
        assert len(file.points) == 11
        assert [note.code for note in file.warnings] == [Trap.CUT_OFF]
        assert len(file.segments()) == 1
    gpx = packed(text * 1)[:-30]
    assert 0 <= len(both(gpx).points) <= 12


def test_wherever_a_file_is_cut_off_its_complete_points_stay(both):
    text = track(root=f'<gpx version="1.1" creator="x" {NS}><wpt lat="1" lon="2"><name>A</name></wpt>')
    for cut in range(text.index("<wpt"), len(text) - 7, 7):
        file = both(text[:cut])
        assert len(file.points) == text[:cut].count("</trkpt>")
        assert len(file.waypoints) == text[:cut].count("</wpt>")
        assert [note.code for note in file.warnings] == [Trap.CUT_OFF]


def test_text_behind_the_end_is_refused(both):
    with pytest.raises(GPXReadError, match=r"line 14 is not well-formed XML \(junk after document element"):
        both(track() + track(head=""))


def test_only_a_route_only_waypoints_one_point_several_segments(both):
    route = both(f'<gpx {NS}><rte><name>R</name><rtept lat="1" lon="2"/><rtept lat="2" lon="2"/></rte></gpx>')
    assert [(one.name, one.is_route, len(route.segments(one))) for one in route.tracks] == [("R", True, 1)]
    points = both(
        f'<gpx {NS}><wpt lat="1" lon="2"><ele>5</ele><time>2026-05-01T06:00:00Z</time><name>A</name>'
        f"<cmt>c</cmt><desc>d</desc><sym>Summit</sym><type>pass</type></wpt>\n<wpt lat='3' lon='4'/></gpx>"
    )
    assert points.tracks == ()
    found = points.waypoints
    assert (found.name, found.cmt, found.desc, found.sym, found.type, found.lines) == (
        ("A", ""), ("c", ""), ("d", ""), ("Summit", ""), ("pass", ""), (1, 2),
    )  # fmt: skip
    np.testing.assert_array_equal(found.points.height_m, [5.0, np.nan])
    one = both(f'<gpx {NS}><trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>')
    assert len(one.points) == 1
    assert one.segments() == ()
    plain = "".join(trkpt(i) for i in range(6))
    several = both(f"<gpx {NS}><trk><trkseg>{plain}</trkseg><trkseg/><trkseg>{plain}</trkseg></trk></gpx>")
    assert several.offsets.tolist() == [0, 6, 6, 12]
    assert len(several.segments()) == 2


def test_a_route_does_not_count_beside_a_track(both):
    route = '<rte><rtept lat="1" lon="2"/><rtept lat="2" lon="2"/></rte>'
    file = both(track(root=f"<gpx {NS}>{route}"))
    assert [one.is_route for one in file.tracks] == [True, False]
    assert len(file.segments()) == 1
    assert file.offsets.tolist() == [0, 2, 14]


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE gpx>",
        '<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE gpx SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE gpx [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
    ],
)
def test_document_types_and_entities_are_refused(both, doctype):
    with pytest.raises(GPXReadError, match="line 2: a document type or entities are declared"):
        both(track(head=f"{HEAD}{doctype}"))


@pytest.mark.parametrize(
    "page", ["<html><body>404</body></html>", "<!DOCTYPE html>\n<html></html>", "\n<HTML>", "404"]
)
def test_a_web_page_is_refused(both, page):
    with pytest.raises(GPXReadError, match="is not GPX; it "):
        both(page)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (track("<a>" * 200 + "</a>" * 200), "line 8: elements are nested more than 100 deep"),
        (track(f'<a b="{"x" * 2_000_000}"/>'), "line 8: a tag or comment is longer than 1,000,000 bytes"),
        (track(f"<!-- {trkpt(0) * 30_000} -->"), "line 8: a tag or comment is longer than 1,000,000 bytes"),
        (
            track("<a " + " ".join(f'xmlns:a{i}="u"' for i in range(2000)) + "/>"),
            "line 8: more than 1000 namespace",
        ),
        (track("&nbsp;"), r"line 8 is not well-formed XML \(undefined entity"),
    ],
    ids=["deep", "attribute", "comment", "prefixes", "reference"],
)
def test_what_could_exhaust_memory_is_refused(both, text, message):
    with pytest.raises(GPXReadError, match=message):
        both(text)


def test_a_long_name_is_cut(both):
    file = both(track(root=f"<gpx {NS}><metadata><name>{'ab' * 200_000}</name></metadata>"))
    assert file.metadata.name == "ab" * 50_000
    assert codes(file) == [(Trap.TEXT_CUT, 2)]


def test_warnings_are_counted_kept_in_bounds_and_told_once(tmp_path):
    path = tmp_path / "many.gpx"
    path.write_text(track(*(trkpt(0, "<ele/>") for _ in range(MAX_KEPT + 500))), encoding="utf-8")
    file = read_both(path)
    assert file.warning_totals == {Trap.ELE_EMPTY: MAX_KEPT + 500}
    assert len(file.warnings) == MAX_KEPT
    (text,) = grouped(file)
    assert text == f"{path}, line 8: An ele is empty; that height is unknown. (and 1,499 more)"
    with pytest.warns(RoutesWarning, match=r"and 1,499 more") as caught:
        routes.read_gpx(path)
    assert len(caught) == 1
    assert routes.read_gpx(path, is_quiet=True).warning_totals == file.warning_totals


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return file.getvalue()


def test_a_zip_of_one_gpx_is_read(both):
    raw = zipped(**{"walk/A.GPX": track(), "read.me": "x", "__MACOSX/walk/._A.gpx": "x"})
    assert len(both(raw, "walk.zip").points) == 12


def test_a_zip_of_several_names_them(both):
    with pytest.raises(GPXReadError, match=r"several GPX files \('a\.gpx', 'b\.gpx'\); unpack it"):
        both(zipped(**{"a.gpx": track(), "b.gpx": track()}))
    with pytest.raises(GPXReadError, match=r"and 3 more\); unpack it"):
        both(zipped(**{f"{i}.gpx": track() for i in range(8)}))
    with pytest.raises(GPXReadError, match=r"without a \.gpx file"):
        both(zipped(**{"a.txt": track()}))


@pytest.mark.parametrize(
    "raw", [zipped(**{"a.gpx": track()})[:-20], b"PK\x03\x04", b"PK\x03\x04" + bytes(500)]
)
def test_a_broken_zip_is_refused(both, raw):
    with pytest.raises(GPXReadError, match="is not a ZIP file that can be read"):
        both(raw)


def test_a_broken_gzip_is_refused(both):
    raw = bytearray(packed(track()))
    raw[40:60] = bytes(20)
    with pytest.raises(GPXReadError, match="is not a sound gzip file"):
        both(bytes(raw))


def test_a_gzip_of_very_many_members_is_refused_in_good_time(both):
    with pytest.raises(GPXReadError, match="is a gzip file of more than 50,000 members"):
        both(gzip.compress(b"") * 60_000)


def test_a_bomb_is_refused_before_it_is_unpacked(both, monkeypatch):
    monkeypatch.setattr("routes.gpx.encoding.MAX_BYTES", 10_000_000)
    text = track("<a/>" + " " * 50_000_000)
    for raw in (gzip.compress(text.encode()), zipped(**{"a.gpx": text})):
        assert len(raw) < 100_000
        with pytest.raises(GPXReadError, match="is larger than 10 MB"):
            both(raw)


def test_points_that_are_no_track_points_are_left_out(both):
    """Whole runs of plain points where an XML parser sees none: in a comment, CDATA, an extension, a namespace."""
    run = "".join(trkpt(i) for i in range(6))
    segment = f"<trkseg>{run}</trkseg>"
    for inner in (f"<!-- {run} -->", f"<![CDATA[{run}]]>", f"<?x {run} ?>"):
        assert len(both(track(inner)).points) == 12
        assert len(both(f"<gpx {NS}><trk>{inner}{segment}</trk></gpx>").points) == 6
    for inner in (
        f"<extensions>{run}</extensions>", f"<x:trkseg xmlns:x='u'>{run}</x:trkseg>",
        f"<trkseg xmlns='u'>{run}</trkseg>",
        f"<desc>{run}</desc>", f"<no:where>{run}</no:where>", run,
    ):  # fmt: skip
        assert len(both(f"<gpx {NS}><trk>{inner}{segment}</trk></gpx>").points) == 6
        assert len(both(f"<gpx {NS}><rte>{inner}</rte><trk>{segment}</trk></gpx>").points) == 6


def test_an_extension_that_claims_to_be_gpx_is_seen(both):
    """The prefix of an element in every point is that of GPX itself: then it is an ``ele`` like any other."""
    text = track(root=f'<gpx {NS} xmlns:g="http://www.topografix.com/GPX/1/1">')
    file = both(text.replace("<ele>", "<g:ele>").replace("</ele>", "</g:ele>"))
    assert np.isfinite(file.points.height_m).all()
    foreign = both(
        text.replace("<ele>", "<h:ele>")
        .replace("</ele>", "</h:ele>")
        .replace("xmlns:g", "xmlns:h='u' xmlns:g")
    )
    assert np.isnan(foreign.points.height_m).all()


def test_what_looks_like_our_own_placeholder_is_a_point_like_any_other(both):
    forged = '<trkpt routes-run="1" lat="1" lon="2"/>\n'
    assert len(both(track(forged)).points) == 13
    assert len(both(f"<gpx {NS}><trk><trkseg>{forged}</trkseg></trk></gpx>").points) == 1


def test_our_own_mark_is_read_on_tracks_and_segments(both):
    mark = '<extensions><l:line xmlns:l="urn:trek-routes:line:1" provenance="{}" lateral_p90_m="40"/></extensions>'
    run = "".join(trkpt(i) for i in range(6))
    one = f"<trkseg>{run}{mark.format('osm')}</trkseg><trkseg>{run}</trkseg>"
    file = both(f"<gpx {NS}><trk>{mark.format('modelled')}{one}</trk></gpx>")
    (info,) = file.tracks
    assert info.mark is not None
    assert (info.mark.provenance, info.mark.lateral_p90_m) == ("modelled", 40.0)
    assert [None if one is None else str(one.provenance) for one in file.segment_marks] == ["osm", None]


def test_metadata(both):
    said = (
        "<metadata><name>N</name><desc>D</desc><author><name>A</name></author>"
        "<copyright author='C'><license>L</license></copyright><time>2026-05-01T06:00:00Z</time><keywords>K</keywords>"
        "<bounds minlat='1' minlon='2' maxlat='3' maxlon='4'/></metadata>"
    )
    found = both(track(root=f"<gpx version='1.1' creator='x' {NS}>{said}")).metadata
    assert (found.name, found.desc, found.author, found.copyright, found.licence) == ("N", "D", "A", "C", "L")
    assert (found.keywords, found.time_s, found.bounds) == ("K", 1777615200.0, (2.0, 1.0, 4.0, 3.0))
    older = "<name>N</name><author>A</author><time>2026-05-01T06:00:00Z</time><bounds minlat='1'/>"
    file = both(track(root=f"<gpx version='1.0' creator='x'>{older}"))
    assert (file.metadata.name, file.metadata.author, file.metadata.time_s) == ("N", "A", 1777615200.0)
    assert codes(file) == [(Trap.BOUNDS_WRONG, 2)]


def test_objects_of_gpxpy_and_frames(both):
    file = both(track(root=f'<gpx version="1.1" creator="x" {NS}><wpt lat="1" lon="2"><name>A</name></wpt>'))
    gpx = gpxpy_of(file)
    assert gpx.get_points_no() == 12
    assert gpx.tracks[0].segments[0].points[1].time.isoformat() == "2026-05-01T06:00:01+00:00"
    assert gpx.waypoints[0].name == "A"
    frame = frame_of(file)
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.y.tolist() == file.points.lat_deg.tolist()
    assert frame["time"].iloc[1].isoformat() == "2026-05-01T06:00:01+00:00"
    (line,) = frame_of(file, "tracks").geometry
    assert [len(part.coords) for part in line.geoms] == [12]
    assert frame_of(file, "waypoints")["name"].tolist() == ["A"]
    with pytest.raises(routes.RoutesError, match="no frame of 'lines'"):
        frame_of(file, "lines")
    assert file.duration_s() == 5.0
    assert not file.points.lon_deg.flags.writeable


def test_gpxpy_reads_the_same(both):
    """gpxpy is the oracle where it reads at all."""
    gpxpy = pytest.importorskip("gpxpy")
    text = track(trkpt(0, "<ele>-0.5</ele>"), trkpt(1, ""))
    file, peer = both(text), gpxpy.parse(text)
    points = [point for part in peer.tracks[0].segments for point in part.points]
    assert [point.latitude for point in points] == file.points.lat_deg.tolist()
    assert [point.longitude for point in points] == file.points.lon_deg.tolist()
    assert [np.nan if p.elevation is None else p.elevation for p in points] == pytest.approx(
        file.points.height_m.tolist(), nan_ok=True, abs=0
    )
    times = [np.nan if point.time is None else point.time.timestamp() for point in points]
    assert times == pytest.approx(file.points.time_s.tolist(), nan_ok=True, abs=0)


def test_a_command_tells_of_a_trap_once(tmp_path):
    path = tmp_path / "walk.gpx"
    path.write_text(track(trkpt(0, "<ele>1,5</ele>"), trkpt(1, "<ele>1,5</ele>")), encoding="utf-8")
    command = ["new", path, "--out", tmp_path / "t.toml"]
    done = run(*command)
    assert done.returncode == 0
    said = " ".join(done.stderr.split())
    assert (
        said.count(
            "line 8: The ele '1,5' is no number with a decimal point; that height is unknown. (and 1 more)"
        )
        == 1
    )
    again = run(*command, "--overwrite", "--quiet")
    assert (again.returncode, again.stderr) == (0, "")


def test_packed_gpx_gets_heights_and_gives_places(tmp_path):
    path = tmp_path / "walk.gpx.gz"
    path.write_bytes(packed(f'<gpx {NS}><wpt lat="1" lon="2"><ele>5</ele><name>A</name></wpt></gpx>'))
    assert [place.name for place in read_places(path)] == ["A"]
    assert read_point_file(path).lon_deg.tolist() == [2.0]


def test_commands_read_what_the_reader_reads(tmp_path):
    path = tmp_path / "walk.gpx.gz"
    path.write_bytes(packed(track(root=f'<gpx {NS}><wpt lat="1" lon="2"><name>A</name></wpt>')))
    (one,) = read_tracks(path)
    assert one.segments[0].lon_deg.size == 12
    assert [point.name for point in read_waypoints(path)] == ["A"]
