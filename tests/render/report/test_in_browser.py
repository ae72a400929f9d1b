"""The report in a browser, from disk: no error, nothing cut off at any width, no fault that axe finds."""

import pytest

from routes.pipeline import report_texts
from tests.analysis.test_pass_views import RIDGE, over_a_ridge
from tests.render.conftest import CHROMIUM
from tests.render.studies import hills, hostile_study

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")


@pytest.mark.parametrize(
    "make",
    [
        lambda: (over_a_ridge(), RIDGE),
        lambda: (hostile_study(hills()), hills()),
        lambda: (hostile_study(), None),
    ],
    ids=["ridge", "hostile", "hostile without heights"],
)
def test_report_is_accessible_and_fits_every_screen(make, has_room_for_all):
    has_room_for_all(report_texts(*make())["report.html"])


def test_report_opens_without_a_word_from_the_browser(opened):
    texts = report_texts(hostile_study(hills()), hills())
    page = opened(texts["report.html"])
    assert page.title() != "owned"
    drawn = page.locator('svg[role="img"], [role="img"]').count()
    assert drawn == sum(name.endswith(".svg") for name in texts) >= 2
