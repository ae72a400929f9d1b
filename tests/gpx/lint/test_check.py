"""The linter names every trap, at its line, and finds nothing in good files."""

import gzip

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings

from routes.errors import GPXReadError
from routes.gpx.apps import EFFECTS
from routes.gpx.codes import RULES, Fix, Severity, Trap
from routes.gpx.fix.copy import fix_gpx
from routes.gpx.fix.points import FixOptions
from routes.gpx.lint.check import check_bytes, check_gpx
from routes.gpx.read.reader import read_gpx
from tests.gpx.cases import RICH, spoiled
from tests.gpx.fix.test_copy import hold
from tests.gpx.traps import TRAPS, plain, rich


def test_there_is_a_trap_for_every_rule():
    assert set(TRAPS) == set(RULES)


def test_effects_are_those_of_rules():
    assert {code for effect in EFFECTS for code in effect.codes} <= set(RULES)


@pytest.mark.parametrize("code", TRAPS)
def test_each_trap_is_named_at_its_line(code):
    raw, line = TRAPS[code]
    found = {issue.code: issue for issue in check_bytes(raw).issues}
    assert code in found, sorted(found)
    assert found[code].lines[:1] == (() if line is None else (line,))


@pytest.mark.parametrize("code", TRAPS)
def test_a_trap_has_no_error_beside_its_own(code):
    errors = {i.code for i in check_bytes(TRAPS[code][0]).issues if i.severity is Severity.ERROR}
    beside = {"swapped": {"position-range"}}.get(code, set())
    assert errors <= {code} | beside


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.fix is Fix.YES])
def test_the_clean_copy_is_without_the_trap(code):
    fixed = hold(TRAPS[code][0])
    assert code not in fixed.left.codes
    assert fixed.changes


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.fix is Fix.ASKED])
def test_what_was_recorded_goes_only_when_asked(code):
    raw = TRAPS[code][0]
    assert code in hold(raw).left.codes
    fixed = hold(raw, FixOptions(spikes=True, heights=True))
    assert code not in fixed.left.codes
    assert fixed.changes


def test_the_plain_walk_and_the_rich_file_are_clean():
    assert not check_bytes(plain()).issues
    assert {issue.code for issue in check_bytes(RICH.encode()).issues} == set()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "it is empty"),
        (b"<html><body>404</body></html>", "begins with '<html>"),
        (b"PK\x03\x04 zip", "is not GPX"),
        (b"<kml><gpx/></kml>", "its root is <kml>"),
        (b'<!DOCTYPE gpx [<!ENTITY a "b">]><gpx>&a;</gpx>', "declares entities"),
        (b'<gpx version="1.1', "is not GPX"),
    ],
)
def test_what_is_no_gpx_is_refused_with_a_reason(raw, words):
    with pytest.raises(GPXReadError, match=words.replace("(", r"\(")):
        check_bytes(raw)


def test_lines_are_those_of_the_file_whatever_ends_them():
    raw = rich("<sat>7</sat>", "<sat>seven</sat>")
    for text in (raw, raw.replace(b"\n", b"\r\n"), raw.replace(b"\n", b"\r")):
        assert check_bytes(text).issues[0].lines == (17,)


def test_many_places_are_counted_and_five_named():
    raw = plain(50, change=lambda _, row: row | {"time": row["time"][:-1]})
    issue = check_bytes(raw).issues[0]
    assert (issue.code, issue.count, issue.lines) == ("time-without-zone", 50, (6, 7, 8, 9, 10))


def test_deep_nesting_and_many_ampersands_end_soon():
    deep = rich("<x:end/>", "<x:d>" * 100_000 + "</x:d>" * 100_000)
    assert "not-well-formed" in check_bytes(deep).codes
    many = rich("<desc>d</desc>", "<desc>" + "& " * 200_000 + "</desc>")
    found = {issue.code: issue.count for issue in check_bytes(many).issues}
    assert found["bare-ampersand"] == 200_000


@pytest.mark.parametrize("shift", [0.0, 3e-5])
def test_a_way_back_is_no_copy_and_a_walk_across_180_degrees_no_jump(shift):
    raw = plain(200, change=lambda i, row: row | {
        "lon": f"{np.mod(179.99 + 2e-4 * i + shift + 180.0, 360.0) - 180.0:.6f}"})  # fmt: skip
    assert not {issue.code for issue in check_bytes(raw).issues} & {"gap-in-segment", "spike", "bounds-wrong"}


OTHERWISE = {
    Trap.ELE_REPEATED: {"child-repeated"},
    Trap.TIME_REPEATED: {"child-repeated"},
    Trap.ELE_NOT_A_NUMBER: {"ele-not-a-number", "decimal-comma"},
    Trap.BOUNDS_WRONG: {"position-form", "position-range", "decimal-comma", "attribute-missing"},
}
"""What the reader calls otherwise, where the linter is finer."""


def hold_against_the_reader(raw, path):
    """Whatever our reader warns of is found, by the same code, and a clean copy is read without a warning."""
    path.write_bytes(raw)
    try:
        read = read_gpx(path, is_quiet=True)
    except GPXReadError:
        return
    found = check_gpx(path).codes
    for note in read.warnings:
        assert found & OTHERWISE.get(note.code, {note.code.value}), note
    path.write_text(fix_gpx(path).text, encoding="utf-8")
    assert not read_gpx(path, is_quiet=True).warnings


@pytest.mark.parametrize("code", [code for code in TRAPS if code != "not-well-formed"])
def test_what_the_reader_warns_of_is_found(code, tmp_path):
    hold_against_the_reader(TRAPS[code][0], tmp_path / "a.gpx")


@given(spoiled())
@example(b'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="c"><time>noon</time></gpx>')
@example(b'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="c"><time/></gpx>')
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_reader_warns_of_is_found_in_any_file(tmp_path, raw):
    hold_against_the_reader(raw, tmp_path / "a.gpx")


def test_packed_files_are_looked_into(tmp_path):
    path = tmp_path / "a.gpx.gz"
    path.write_bytes(gzip.compress(TRAPS["time-empty"][0]))
    assert check_gpx(path).codes == {"time-empty"}
