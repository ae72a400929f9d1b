"""Our own checks of GPX against the schema of TopoGrafix, as libxml2 understands it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from routes.errors import GPXReadError
from routes.gpx.codes import Severity
from routes.gpx.lint.check import check_bytes
from routes.gpx.values import check_time, check_uri
from tests.gpx.cases import RICH, VALUES, damaged, is_taken, load_schema, spoiled
from tests.strategies import examples

SCHEMA = load_schema()
BEYOND = {"doctype", "encoding-wrong", "declaration"}
"""Errors that need not be: a document type, bytes that no declared encoding has, ``version="1."``."""


def errors_of(raw):
    """Codes of errors, or None where the file is refused."""
    try:
        checked = check_bytes(raw)
    except GPXReadError:
        return None
    return {issue.code for issue in checked.issues if issue.severity is Severity.ERROR}


def test_the_rich_file_is_taken_and_clean():
    assert is_taken(RICH.encode(), SCHEMA)
    assert errors_of(RICH.encode()) == set()


@given(spoiled())
@settings(max_examples=examples(300))
def test_what_the_schema_refuses_has_an_error_and_nothing_else_has_one(raw):
    found = errors_of(raw)
    assert (found == set()) == is_taken(raw, SCHEMA), found


@given(damaged())
@settings(max_examples=examples(300))
def test_what_no_parser_takes_has_an_error(raw):
    found = errors_of(raw)
    if not is_taken(raw, SCHEMA):
        assert found is None or found
    else:
        assert found is not None
        assert found <= BEYOND


def in_rich(old, new):
    assert old in RICH
    return RICH.replace(old, new, 1).encode()


@given(
    st.text(alphabet="0123456789-+:.TZ ", max_size=27)
    | st.from_regex(r"-?\d{4,5}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", fullmatch=True)
)
@example("2024-05-01T24:00:00.000Z")
@example("1900-02-29T00:00:00Z")
@settings(max_examples=examples(500))
def test_times_are_those_of_the_schema(text):
    raw = in_rich("<time>2024-05-01T10:03:00Z</time>", f"<time>{text}</time>")
    assert (check_time(text) in (None, "time-without-zone")) == is_taken(raw, SCHEMA)


@given(st.text(alphabet="ab:/?#[]@%4g.é |&;1", max_size=12))
@settings(max_examples=examples(500))
def test_links_are_those_of_the_schema(text):
    root = etree.fromstring(RICH.encode())
    root.find(".//{*}wpt/{*}link").set("href", text)
    assert (check_uri(text) is None) == SCHEMA.validate(root), text


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "element", ["ele", "time", "magvar", "fix", "sat", "hdop", "dgpsid", "number", "year", "license"]
)
def test_values_are_those_of_the_schema(element, value):
    root = etree.fromstring(RICH.encode())
    root.find(f".//{{*}}{element}").text = value
    raw = etree.tostring(root)
    assert (errors_of(raw) == set()) == SCHEMA.validate(root)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("key", ["lat", "lon"])
def test_positions_are_those_of_the_schema(key, value):
    root = etree.fromstring(RICH.encode())
    root.find(".//{*}trkpt").set(key, value)
    assert (errors_of(etree.tostring(root)) == set()) == SCHEMA.validate(root)
