"""The fast way of reading GPX gives what the careful way gives, or declines: files of devices, and broken ones."""

import random
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.data.gpx_styles import STYLES, walk
from routes.errors import GPXReadError
from routes.gpx.encoding import Source
from routes.gpx.read import bulk as gpx_scan
from routes.gpx.read.bulk import Run, Scanner
from routes.gpx.read.numbers import PAD_BYTES, decimals, time_of, times, words_of
from routes.gpx.read.reader import parse
from tests.gpx.ways import read_both
from tests.strategies import examples

WALK = walk(60, seed=1)
TEXTS = {name: "".join(style(WALK)) for name, style in STYLES.items()}


def cells(texts):
    """Words of texts one behind the other, and where each begins and ends."""
    raw = b"<".join([*texts, b""])
    stop = np.cumsum([len(text) + 1 for text in texts]) - 1
    start = stop - [len(text) for text in texts]
    raw += bytes(PAD_BYTES)
    return raw, words_of(np.frombuffer(raw, dtype=np.uint8)), start, stop


def bits(value):
    return struct.pack("<d", value)


NUMBERS = st.one_of(
    st.floats(-1e7, 1e7).map(repr),
    st.decimals(-180, 180, places=7).map(str),
    st.decimals(-180, 180, places=18).map(str),
    st.from_regex(r"-?[0-9]{1,9}(\.[0-9]{0,42})?", fullmatch=True),
    st.text("0123456789.-+eE ,n", max_size=12),
)


@given(st.lists(NUMBERS.map(str.encode), min_size=1, max_size=30))
@example(
    [
        b"-0.0",
        b"0",
        b"00.10",
        b"12345678",
        b"123456789",
        b"1.",
        b".1",
        b"-",
        b"",
        b"1-2",
        b"44322357-1",
        b"1.2.3",
    ]
)
# halfway between two doubles, and a hair to either side of it
@example([b"1.00000000000000011102230246251565404", b"1.000000000000000111022302462515654041"])
@example(
    [b"1.0000000000000001110223024625156540", b"9007199254740.99300", b"7.99999999999999955591079014993738"]
)
def test_decimals_are_those_of_float_to_the_last_bit(texts):
    raw, words, start, stop = cells(texts)
    values, is_plain = decimals(raw, words, start, stop)
    for text, value, plain in zip(texts, values.tolist(), is_plain.tolist(), strict=True):
        if plain:
            assert bits(value) == bits(float(text))
            assert text.translate(None, b"0123456789.-") == b""
        whole, point, behind = text.removeprefix(b"-").partition(b".")
        if whole.isdigit() and len(whole) <= 7 and (not point or (behind.isdigit() and len(behind) <= 40)):
            assert plain


@given(
    st.lists(
        st.one_of(
            st.datetimes().map(lambda when: when.replace(microsecond=0).isoformat() + "Z"),
            st.datetimes().map(lambda when: when.isoformat(timespec="milliseconds") + "Z"),
            st.from_regex(
                r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,9})?Z",
                fullmatch=True,
            ),
            st.text("0123456789-:TZ. +", max_size=30),
        ).map(str.encode),
        min_size=1,
        max_size=20,
    )
)
@example([b"2024-02-29T00:00:00Z", b"2023-02-29T00:00:00Z", b"0000-01-01T00:00:00Z", b"2024-01-01T00:00:60Z"])
@example(
    [
        b"2_24-01-01T00:00:00Z",
        b"2024-01-01T00:00:00.Z",
        b"2024-01-01T00:00:00.12345678Z",
        b"2024-01-01T00:00:00+",
    ]
)
def test_times_are_those_of_the_careful_way_to_the_last_bit(texts):
    _, words, start, stop = cells(texts)
    values, is_plain = times(words, start, stop)
    for text, value, plain in zip(texts, values.tolist(), is_plain.tolist(), strict=True):
        if plain:
            found = time_of(text.decode())
            assert found is not None
            assert bits(found[0]) == bits(value)
            assert found[1]


@pytest.mark.parametrize("name", STYLES)
def test_files_of_devices_are_read_the_fast_way(tmp_path, name):
    path = tmp_path / "a.gpx"
    path.write_bytes(TEXTS[name].encode())
    file = read_both(path)
    assert len(file.points) == 60
    assert file.warnings == ()
    # not only the same but fast: nearly all points come in runs
    scanner, count = Scanner(), 0
    for chunk in Source(path).text():
        count += sum(len(piece.points) for piece in scanner.pieces(chunk) if isinstance(piece, Run))
    assert count >= 56
    np.testing.assert_allclose(file.points.lat_deg, WALK.lat, rtol=0, atol=1e-6)
    np.testing.assert_allclose(file.points.lon_deg, WALK.lon, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("size", [37, 700, 4099])
def test_chunks_may_end_anywhere(tmp_path, monkeypatch, name, size):
    path = tmp_path / "a.gpx"
    path.write_bytes(TEXTS[name].encode("utf-16" if size == 700 else "utf-8"))
    monkeypatch.setattr("routes.gpx.encoding.CHUNK_BYTES", size)
    monkeypatch.setattr("routes.gpx.encoding._HEAD_BYTES", size)
    assert len(read_both(path).points) == 60


ODD = [
    "<!--", "-->", "<![CDATA[", "]]>", "<?x", "?>", "&amp;", "&#49;", "&", "<", ">", '"', "'", "/", "=",
    " ", "\n", "\r", "\t",
    "\0", "\x0b", "é", "\x7f", "0", "-", ".", "e", ",", "ele", "<ele>", "</ele>", "<ele/>", "<time/>",
    "</trkpt>", "<trkpt ",
    '<trkpt lat="1" lon="2"/>', '<trkpt lon="1" lat="2"></trkpt>', "</trkseg>", "<trkseg>",
    "</trkseg><trkseg>", "<extensions>",
    "</extensions>", "<a:b/>", "<b>", "</b>", ' xmlns="u"', ' xmlns:a="u"', ' lat="3"', "+02:00", "999",
    "9" * 30, "x" * 5000,
    '<x xmlns="http://www.topografix.com/GPX/1/1">', "<ns3:hr>", 'routes-run="1"',
]  # fmt: skip


@st.composite
def broken(draw):
    """Text of a device with some bytes put in, left out, doubled or replaced."""
    text = TEXTS[draw(st.sampled_from(list(TEXTS)))]
    raw = bytearray(text.encode())
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(raw)))
        kind = draw(st.sampled_from(["insert", "insert", "delete", "byte", "cut", "double", "move"]))
        if kind == "insert":
            raw[at:at] = draw(st.sampled_from(ODD)).encode()
        elif kind == "delete":
            del raw[at : at + draw(st.integers(1, 40))]
        elif kind == "byte" and at < len(raw):
            raw[at] = draw(st.integers(0, 255))
        elif kind == "cut":
            del raw[at:]
        elif kind == "double":
            raw[at:at] = raw[at : at + draw(st.integers(1, 400))]
        else:
            other = draw(st.integers(0, len(raw)))
            raw[other:other] = raw[at : at + draw(st.integers(1, 100))]
    return bytes(raw)


@given(broken())
@settings(
    max_examples=examples(250),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_broken_files_are_read_alike(tmp_path, raw):
    path = tmp_path / "a.gpx"
    path.write_bytes(raw)
    try:
        file = read_both(path)
    except GPXReadError as error:
        said = str(error)
        assert "a.gpx" in said
        assert said.isprintable()
    else:
        assert np.isfinite(file.points.lon_deg).all()
        assert (np.abs(file.points.lon_deg) <= 180.0).all()
        assert (np.abs(file.points.lat_deg) <= 90.0).all()


def test_points_of_many_forms_are_read(tmp_path):
    """More forms of points than are kept as templates, in random order."""
    dice = random.Random(1)  # noqa: S311 - no secret
    forms = [f"<ele>{{}}</ele><x{i}>{i}</x{i}>" for i in range(60)]
    points = [f'<trkpt lat="1.{i}" lon="2.{i}">{dice.choice(forms).format(i)}</trkpt>' for i in range(1000)]
    path = tmp_path / "a.gpx"
    path.write_text(f"<gpx><trk><trkseg>{''.join(points)}</trkseg></trk></gpx>", encoding="utf-8")
    assert read_both(path).points.height_m.tolist() == list(range(1000))


def test_the_fast_way_stays_fast_among_odd_points(tmp_path):
    """An odd point costs its neighbours nothing: the runs about it are still taken whole."""
    plain = '<trkpt lat="1.5" lon="2.5"><ele>5</ele></trkpt>' * 20
    odd = '<trkpt lat="1.5" lon="2.5"><ele>5,0</ele></trkpt>'
    path = tmp_path / "a.gpx"
    path.write_text(f"<gpx><trk><trkseg>{(plain + odd) * 50}</trkseg></trk></gpx>", encoding="utf-8")
    scanner = Scanner()
    runs = [
        piece for chunk in Source(path).text() for piece in scanner.pieces(chunk) if isinstance(piece, Run)
    ]
    assert [len(run.points) for run in runs] == [20] * 50
    assert len(read_both(path).points) == 21 * 50
    assert gpx_scan.MIN_RUN <= 20


def test_real_files_are_read_alike(test_data):
    for path in sorted((test_data / "gpx").glob("*.gpx")):
        assert len(read_both(path).points) == len(parse(Source(path), is_fast=True).points) > 100
