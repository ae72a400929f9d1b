"""Clean copies of GPX: they pass the schema and our own checks, keep what people care about, and stay as they are."""

from hypothesis import given, settings
from lxml import etree

from routes.errors import GPXReadError
from routes.io.gpx_check import check_bytes
from routes.io.gpx_fix import fix_bytes
from routes.io.gpx_mend_points import FixOptions
from routes.model.gpx_rules import Fix, Severity
from tests.io.gpx_cases import RICH, damaged, load_schema, spoiled

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
@settings(max_examples=300)
def test_a_clean_copy_passes_the_schema_and_is_its_own_clean_copy(raw):
    assert hold(raw) is not None


@given(damaged())
@settings(max_examples=300)
def test_a_damaged_file_is_mended_or_refused(raw):
    hold(raw)
    hold(raw, FixOptions(spikes=True, heights=True))
