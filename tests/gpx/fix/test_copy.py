"""Clean copies of GPX: they pass the schema and our own checks, keep what people care about, and stay as they are."""

from hypothesis import given, settings
from lxml import etree

from routes.errors import GPXReadError
from routes.gpx.codes import Fix, Severity
from routes.gpx.fix.copy import fix_bytes
from routes.gpx.fix.points import FixOptions
from routes.gpx.lint.check import check_bytes
from tests.gpx.cases import RICH, damaged, load_schema, spoiled
from tests.gpx.traps import HEAD, TRAPS, points
from tests.strategies import examples

SCHEMA = load_schema()


def hold(raw, options=None):
    """Everything that a clean copy promises; the copy, or None where it is refused with a reason."""
    try:
        fixed = fix_bytes(raw, options=options)
    except GPXReadError as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert refused.startswith("the file")
        return None
    copy = fixed.text.encode()
    SCHEMA.assertValid(etree.fromstring(copy))
    assert not [issue for issue in fixed.left.issues if issue.severity is Severity.ERROR]
    assert not [issue.code for issue in fixed.left.issues if issue.rule.fix is Fix.YES]
    again = fix_bytes(copy, options=options)
    assert again.text == fixed.text
    assert not again.changes
    gone = check_bytes(raw).codes - fixed.left.codes
    assert fixed.changes or not gone
    return fixed


def test_a_good_file_stays_byte_for_byte():
    assert fix_bytes(RICH.encode()).text == RICH
    assert not fix_bytes(RICH.encode()).changes


@given(spoiled())
@settings(max_examples=examples(300))
def test_a_clean_copy_passes_the_schema_and_is_its_own_clean_copy(raw):
    assert hold(raw) is not None


@given(damaged())
@settings(max_examples=examples(300))
def test_a_damaged_file_is_mended_or_refused(raw):
    hold(raw)
    hold(raw, FixOptions(spikes=True, heights=True))


def test_gpx_1_0_keeps_its_link_author_speed_and_course():
    text = fix_bytes(TRAPS["gpx-1.0"][0]).text
    root = etree.fromstring(text.encode())
    assert root.findtext("{*}metadata/{*}name") == "old"
    assert root.findtext("{*}metadata/{*}author/{*}name") == "A"
    assert dict(root.find("{*}metadata/{*}author/{*}email").attrib) == {"id": "a", "domain": "example.org"}
    assert [link.get("href") for link in root.iterfind(".//{*}link")] == [
        "https://example.org/",
        "https://example.org/t",
    ]
    assert root.findtext("{*}metadata/{*}link/{*}text") == "U"
    assert root.findtext(".//{*}trkpt/{*}extensions/{urn:trek-routes:kept:1}speed") == "1.5"
    assert root.findtext(".//{*}trkpt/{*}extensions/{urn:trek-routes:kept:1}course") == "90"


def test_an_undeclared_prefix_keeps_its_heart_rate():
    root = etree.fromstring(fix_bytes(TRAPS["undeclared-prefix"][0]).text.encode())
    known = "{http://www.garmin.com/xmlschemas/TrackPointExtension/v1}hr"
    assert root.findtext(f".//{known}") == "120"


def test_only_what_is_wrong_changes():
    raw = RICH.replace("<sat>7</sat>", "<sat>7.0</sat>").replace("<trk>", "<!-- mine -->\n  <trk>")
    assert fix_bytes(raw.encode()).text == raw.replace("7.0", "7")


def test_the_complete_points_of_a_file_that_is_cut_stay():
    for end in range(RICH.index("46.002"), RICH.index("46.002") + 100):
        fixed = hold(RICH[:end].encode())
        done = RICH[:end].count("</trkpt>")
        assert etree.fromstring(fixed.text.encode()).xpath("count(//*[local-name()='trkpt'])") == done


def test_points_with_a_name_outlive_the_route_that_repeats_a_track():
    raw = TRAPS["route-repeats-track"][0].replace(
        b"<ele>1000.0</ele></rtept>", b"<ele>1000.0</ele><name>Hut</name></rtept>", 1
    )
    root = etree.fromstring(hold(raw).text.encode())
    assert root.find("{*}rte") is None
    assert [node.findtext("{*}name") for node in root.iterfind("{*}wpt")] == ["Hut"]


def test_no_height_is_invented_and_no_position_moved():
    for code in ("ele-gaps", "ele-void", "ele-empty", "spike"):
        raw = TRAPS[code][0]
        old = [(p.get("lat"), p.get("lon")) for p in etree.fromstring(raw).iterfind(".//{*}trkpt")]
        new = etree.fromstring(hold(raw).text.encode())
        assert [(p.get("lat"), p.get("lon")) for p in new.iterfind(".//{*}trkpt")] == old
        heights = {node.text for node in etree.fromstring(raw).iterfind(".//{*}ele")}
        assert {node.text for node in new.iterfind(".//{*}ele")} <= heights


def test_a_point_that_stands_for_a_track_becomes_a_waypoint_with_its_name():
    raw = b"".join(
        [HEAD.encode(), b"<trk><name>Hut</name><trkseg>", points(1)[0].encode(), b"</trkseg></trk></gpx>"]
    )
    root = etree.fromstring(hold(raw).text.encode())
    assert root.find("{*}trk") is None
    assert root.findtext("{*}wpt/{*}name") == "Hut"
    assert root.findtext("{*}wpt/{*}ele") == "1000.0"
