"""Trek files: what is read, and what each mistake is told."""

import os
import re

import pytest

from routes.errors import RoutesError, TrekFileError
from routes.io.trek import read as trek_file
from routes.io.trek.read import read_trek
from routes.model.figures import VerticalDatum
from routes.model.trek import Mode, PlaceKind
from tests.conftest import ROOT

GOOD = """\
id = "two-huts"
name = "Two Huts"
country = "Andorra"
region = "Ordino"
time_zone = "Europe/Andorra"
summary = "A day over one pass."
source = "My notes, 2024"

[[places]]
id = "lower-hut"
name = "Lower Hut"
kind = "hotel"
lon = 1.4881
lat = 42.6112
position_uncertainty_m = 50
position_source = "GPS reading at the door"

[[places]]
id = "pass"
name = "The Pass"
kind = "pass"
lon = 1.5103
lat = 42.6204
position_uncertainty_m = 50
position_source = "GPS reading at the cairn"
[[places.stated]]
quantity = "elevation"
value = "2,550 m"
also = "8,366 ft"
source = "Board at the hut, 2024"
datum = "EGM2008"

[[places]]
id = "upper-hut"
name = "Upper Hut"
kind = "hotel"
lon = 1.5301
lat = 42.6187
position_uncertainty_m = 50
position_source = "GPS reading at the door"

[[days]]
number = 1
title = "Over the pass"
sleep = "upper-hut"
[[days.legs]]
id = "over-the-pass"
from = "lower-hut"
via = ["pass"]
to = "upper-hut"
mode = "hike"
[[days.legs.stated]]
quantity = "distance"
value = "6 km"
source = "Board at the hut, 2024"

[[days]]
number = 2
title = "Down again"
[[days.legs]]
id = "down"
from = "upper-hut"
to = "lower-hut"
mode = "walk"

[[variants]]
id = "both"
name = "Both days"
days = [1, 2]

[[seasons]]
kind = "best"
seasons = ["late spring"]
source = "My notes, 2024"

[[facts]]
topic = "permit"
text = "None needed."
source = "My notes, 2024"
"""


@pytest.fixture
def write(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "trek.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


def test_everything_that_the_file_says_arrives(write):
    trek = read_trek(write(GOOD))
    assert (trek.id, trek.name, trek.time_zone) == ("two-huts", "Two Huts", "Europe/Andorra")
    saddle = trek.place("pass")
    assert saddle.kind is PlaceKind.PASS
    assert (saddle.lon, saddle.lat, saddle.position_uncertainty_m) == (1.5103, 42.6204, 50.0)
    (figure,) = saddle.stated
    assert figure.printed == "2,550 m (8,366 ft)"
    assert figure.datum is VerticalDatum.EGM2008
    over = trek.days[0].legs[0]
    assert (over.start, over.via, over.end, over.mode) == ("lower-hut", ("pass",), "upper-hut", Mode.HIKE)
    assert over.stated[0].measure.value == 6000.0
    assert trek.days[0].sleep == "upper-hut"
    assert trek.variants[0].days == (1, 2)
    assert trek.seasons[0].months_at(42.6) == {5}
    assert trek.facts[0].topic == "permit"


def test_the_example_of_the_documentation_is_read(write):
    text = (ROOT / "docs" / "trek-file.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert read_trek(write(example)).id == "two-huts"


def test_a_byte_order_mark_and_windows_line_ends_are_read(write):
    assert read_trek(write(GOOD.replace("\n", "\r\n"), "utf-8-sig")).id == "two-huts"


BAD = [
    # a key that is missing
    ('country = "Andorra"\n', "", "country: this key is required and missing"),
    ("lat = 42.6204\n", "", r"places\.1 \(pass\)\.lat: this key is required and missing"),
    ('mode = "hike"\n', "", r"days\.0 \(1\)\.legs\.0 \(over-the-pass\)\.mode: this key is required"),
    ('from = "lower-hut"\n', "", r"legs\.0 \(over-the-pass\)\.from: this key is required"),
    (
        'position_source = "GPS reading at the cairn"\n', "",
        r"\(pass\)\.position_source: this key is required",
    ),
    ('value = "6 km"\n', "", r"legs\.0 \(over-the-pass\)\.stated\.0\.value: this key is required"),
    # a key that is misspelt or unknown
    ('region = "Ordino"', 'regoin = "Ordino"', "regoin: unknown key; did you mean 'region'"),
    ('kind = "pass"', 'knid = "pass"', r"places\.1 \(pass\)\.knid: unknown key; did you mean 'kind'"),
    ('via = ["pass"]', 'vai = ["pass"]', r"legs\.0 \(over-the-pass\)\.vai: unknown key; did you mean 'via'"),
    ('from = "lower-hut"', 'start = "lower-hut"', r"legs\.0 \(over-the-pass\)\.start: unknown key.*from"),
    ('value = "6 km"', 'vlaue = "6 km"', r"stated\.0\.vlaue: unknown key; did you mean 'value'"),
    ('topic = "permit"', 'topci = "permit"', r"facts\.0\.topci: unknown key; did you mean 'topic'"),
    ("[[facts]]", "[[fact]]", "fact: unknown key; did you mean 'facts'"),
    # places and legs that do not fit
    (
        'from = "upper-hut"', 'from = "pass"',
        "Day 2, leg 'down' begins at 'pass', but leg 'over-the-pass' ended at 'upper-hut'",
    ),
    (
        'via = ["pass"]', 'via = ["col"]',
        "leg 'over-the-pass', via: unknown place 'col'; known places: lower-hut",
    ),
    ('sleep = "upper-hut"', 'sleep = "tent"', "day 1, sleep: unknown place 'tent'"),
    ("days = [1, 2]", "days = [1, 3]", "Variant 'both' names day 3, which does not exist"),
    ("number = 2", "number = 1", "days: 1 occurs twice"),
    ('id = "upper-hut"', 'id = "pass"', "places: 'pass' occurs twice"),
    # ids become file names
    ('id = "two-huts"', 'id = "../../etc/cron.d"', "trek id '../../etc/cron.d' must be lower-case letters"),
    ('id = "over-the-pass"', 'id = "/tmp/x"', "leg id '/tmp/x' must be lower-case"),
    ('id = "both"', 'id = ".."', r"variant id '\.\.' must be lower-case"),
    ('id = "pass"', 'id = "p\\u0000"', "place id .* must be lower-case"),
    # positions
    (
        "lon = 1.5103\nlat = 42.6204", "lon = 42.6204\nlat = -100.5",
        r"places\.1 \(pass\): Latitude -100.5.*are lon and lat swapped",
    ),
    ("lon = 1.5103", "lon = 181.5", r"Longitude 181.5 of place 'pass' is outside"),
    ("lon = 1.5103", "lon = nan", "Longitude nan of place 'pass'"),
    ("lat = 42.6204", "lat = inf", "Latitude inf of place 'pass'"),
    ("lat = 42.6204", 'lat = "42° 37\' N"', r"\(pass\)\.lat: .*number"),
    (
        "position_uncertainty_m = 50", "position_uncertainty_m = 0",
        "position_uncertainty_m of place 'lower-hut'",
    ),
    # figures
    ('value = "6 km"', 'value = "6 leagues"', r"stated\.0: '6 leagues' is no figure with a unit"),
    ('value = "6 km"', 'value = "6 h"', "'6 h' has no unit for distance; allowed: m, ft, km, mi"),
    ('value = "6 km"', "value = 6", r"stated\.0\.value: .*string"),
    (
        'also = "8,366 ft"', 'also = "8,366 fathoms"',
        r"places\.1 \(pass\)\.stated\.0: '8,366 fathoms' is no figure",
    ),
    (
        'quantity = "distance"', 'quantity = "lenght"',
        r"stated\.0\.quantity: 'lenght' is not allowed; allowed: .*distance",
    ),
    ('datum = "EGM2008"', 'datum = "WGS84"', r"stated\.0\.datum: 'WGS84' is not allowed; allowed: .*EGM2008"),
    (
        'quantity = "elevation"', 'quantity = "distance"',
        "has no unit for distance|a place has elevations only",
    ),
    # words from a list
    (
        'mode = "hike"', 'mode = "hiking"',
        r"\(over-the-pass\)\.mode: 'hiking' is not allowed; allowed: 'hike'",
    ),
    ('kind = "pass"', 'kind = "saddle"', r"\(pass\)\.kind: 'saddle' is not allowed; allowed: 'pass'"),
    ('seasons = ["late spring"]', 'seasons = ["rainy"]', r"seasons\.0: 'rainy' is no season"),
    # the wrong type of value
    ("number = 2", "number = 2.5", r"days\.1 \(2\.5\)\.number: .*integer"),
    ('via = ["pass"]', 'via = "pass"', r"\(over-the-pass\)\.via: "),
    ("lon = 1.5103", "lon = true", r"places\.1 \(pass\)\.lon: .*number; found True"),
    ("lon = 1.5103", 'lon = "1.4881"', r"places\.1 \(pass\)\.lon: .*number; found '1\.4881'"),
    ("lon = 1.5103", "lon = 2024-05-01", r"places\.1 \(pass\)\.lon: a date or time stands here"),
    ('name = "The Pass"', "name = 07:30:00", r"places\.1 \(pass\)\.name: a date or time stands here"),
    ("number = 2", "number = true", r"days\.1 \(True\)\.number: .*integer; found True"),
    ("number = 2", 'number = "2"', r"days\.1 \(2\)\.number: .*integer; found '2'"),
    ("number = 2", "number = 2.0", r"days\.1 \(2\.0\)\.number: .*integer; found 2\.0"),
    ('sleep = "upper-hut"', 'transfer = "yes"', r"days\.0 \(1\)\.transfer: .*boolean; found 'yes'"),
    ('value = "6 km"', 'value = "6 km"\nrounding = "1"', r"stated\.0\.rounding: .*number; found '1'"),
    ('value = "6 km"', 'value = "6 km"\nrounding = inf', "A rounding step of inf"),
    ("days = [1, 2]", "days = [true, 2]", r"days\.0: .*integer; found True"),
    # numbers of many digits
    ("number = 2", "number = " + "9" * 5000, "number of too many digits"),
    ("number = 2", "number = 0x" + "f" * 5000, "number of too many digits"),
    ("lon = 1.5103", "lon = " + "9" * 400, r"places\.1 \(pass\)\.lon: this number has too many digits"),
    ('value = "6 km"', f'value = "1{"0" * 400} km"', r"stated\.0: '1000.*'\.\.\. is no figure with a unit"),
    ('value = "6 km"', f'value = "1{"0" * 40} km"', "has a number of more than 12 digits"),
    # keys and values that would steer the terminal
    ('region = "Ordino"', '"\\u001b[31m\\n" = 1', r"\\x1b\[31m\\n: unknown key"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"), BAD, ids=[f"{new or 'no ' + old}"[:40] for old, new, _ in BAD]
)
def test_a_mistake_is_told_with_file_and_key(write, old, new, message):
    assert old in GOOD
    path = write(GOOD.replace(old, new, 1))
    with pytest.raises(TrekFileError, match=message) as caught:
        read_trek(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, RoutesError)
    assert isinstance(caught.value, ValueError)


def test_swapped_longitude_and_latitude_of_a_southern_place_are_told(write):
    """Peru with the two exchanged: latitude -72 is on Earth (in Antarctica), -172 would not be."""
    path = write(GOOD.replace("lat = 42.6204", "lat = -172.08", 1))
    with pytest.raises(TrekFileError, match=r"Latitude -172\.08 .* are lon and lat swapped"):
        read_trek(path)


def test_of_many_mistakes_the_first_is_told_with_their_number(write):
    path = write(GOOD.replace('country = "Andorra"\n', "").replace('region = "Ordino"\n', ""))
    with pytest.raises(
        TrekFileError, match=r"country: this key is required and missing\. \(1 more to mend\.\)"
    ):
        read_trek(path)


def test_a_misspelt_key_is_told_before_the_one_it_leaves_missing(write):
    path = write(GOOD.replace("country", "contry"))
    with pytest.raises(TrekFileError, match="contry: unknown key; did you mean 'country'"):
        read_trek(path)


@pytest.mark.parametrize(
    "text",
    [
        "id = two-huts", "<html>404</html>", "[[places]\nid = 1", 'id = "a"\nid = "b"', "a = " + "[" * 5000,
        "\x00\x01\x02",
    ],
    ids=["bare-word", "html", "bracket", "twice", "deep", "binary"],
)  # fmt: skip
def test_a_file_that_is_no_toml_is_told(write, text):
    path = write(text)
    with pytest.raises(TrekFileError, match="is not valid TOML") as caught:
        read_trek(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[trek]\nid = 'a'\n"])
def test_a_file_that_is_no_trek_is_told(write, text):
    with pytest.raises(TrekFileError, match=r"required and missing|unknown key"):
        read_trek(write(text))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_that_is_not_utf_8_is_told(write, encoding):
    path = write(GOOD.replace("The Pass", "Port de Cabús"), encoding)
    with pytest.raises(TrekFileError, match=r"trek\.toml is not UTF-8 text \(byte \d+\); save it as UTF-8"):
        read_trek(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    with pytest.raises(TrekFileError, match=r"Cannot read the trek file .*nowhere\.toml: No such file"):
        read_trek(tmp_path / "nowhere.toml")
    with pytest.raises(TrekFileError, match=r"Cannot read the trek file .*: Is a directory"):
        read_trek(tmp_path)


def test_a_pipe_is_refused_before_it_is_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(TrekFileError, match=r"pipe\.toml: it is no regular file"):
        read_trek(tmp_path / "pipe.toml")


def test_a_path_with_a_null_or_a_line_break_is_told_on_one_line(tmp_path):
    for name in ("a\0b.toml", "a\nb.toml"):
        with pytest.raises(TrekFileError, match="Cannot read the trek file") as caught:
            read_trek(tmp_path / name)
        assert str(caught.value).isprintable()


def test_whole_numbers_serve_as_degrees_and_metres(write):
    assert read_trek(write(GOOD.replace("lon = 1.5103", "lon = 1"))).place("pass").lon == 1.0


def test_a_huge_file_is_refused_before_it_is_parsed(write, monkeypatch):
    def never(_):
        pytest.fail("parsed")

    monkeypatch.setattr(trek_file.tomllib, "loads", never)
    with pytest.raises(TrekFileError, match="larger than 5 MB; that is no trek file"):
        read_trek(write(GOOD + "#" * 5_000_001))


def test_a_long_value_is_shortened_in_the_message(write):
    for old, new in (("number = 2", f'number = "{"x" * 5000}"'), ('id = "two-huts"', f'id = "{"x" * 5000}"')):
        with pytest.raises(TrekFileError) as caught:
            read_trek(write(GOOD.replace(old, new)))
        assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("label", ["p\\nq", "p\\u001b[31m", "x" * 2000])
def test_a_message_is_one_line_of_plain_text_whatever_the_id(write, label):
    path = write(GOOD.replace('id = "pass"', f'id = "{label}"', 1))
    with pytest.raises(TrekFileError, match="must be lower-case letters") as caught:
        read_trek(path)
    assert str(caught.value).isprintable()
