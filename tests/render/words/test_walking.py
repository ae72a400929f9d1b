"""Wording of times, daylight and nights."""

import datetime as dt

import pytest

from routes.analysis.figures.results import Effort
from routes.analysis.study import outing_of, study_trek
from routes.analysis.walking.outing import YEARS
from routes.errors import ModelError
from routes.model.effort import EffortParameters, Method
from routes.model.estimate import Estimate
from routes.model.units import Units
from routes.render.page.page import page_html
from routes.render.report.trek import report_markdown
from routes.render.words import walking as effort_words
from tests.builders import day, leg, place, trek
from tests.render.studies import study_over_hills, study_without_heights


def outing(study=None, **more):
    study = study or study_over_hills(time_zone="Europe/Andorra")
    return outing_of(study, study.default, **more)


def test_hours_are_rounded_as_on_signposts_and_never_minus_or_60_minutes():
    assert [effort_words.hours(60.0 * m) for m in (0, 0.4, 59.4, 59.6, 62, 63, 598)] == [
        "0 min", "0 min", "59 min", "1 h", "1 h", "1 h 5 min", "10 h"
    ]  # fmt: skip


def test_every_method_has_a_column_and_unknown_is_a_dash():
    assert effort_words.by_method(Effort({}, "no DEM")) == ("\N{EN DASH}",) * len(Method)
    known = Effort({method: Estimate(3600.0) for method in Method})
    assert effort_words.by_method(known) == ("1 h",) * len(Method)
    assert effort_words.duration(None) == "\N{EN DASH}"


def test_report_and_page_tell_times_and_nights():
    study = study_over_hills()
    report, page = report_markdown(study, study.default), page_html(study, study.default)
    for text in (report, page):
        assert "Walking time" in text
        assert "After day 1: Camp" in text
        assert "Information, not medical advice" in text
        assert "Walking time without breaks: Campbell and others (2019), walkers" in text
    assert "| Day | Campbell and others (2019), walkers | Swiss signposts" in report


def test_without_heights_nothing_is_told_but_that():
    study = study_without_heights()
    text = report_markdown(study, study.default)
    assert "Sleeping heights are unknown: no DEM height is at hand." in text
    assert "Swiss signposts" not in text
    assert effort_words.how_told(outing(study), Units.METRIC) == ()


@pytest.mark.parametrize(
    ("date", "start", "expected"),
    [
        (dt.date(2024, 6, 21), dt.time(8), "sunset 21:3"),
        (dt.date(2024, 6, 21), dt.time(21), "WARNING: the walk outlasts the daylight by"),
        (dt.date(2024, 12, 21), dt.time(5), "begins before sunrise"),
    ],
)
def test_daylight_of_a_day_in_andorra(date, start, expected):
    lines = [effort_words.daylight_line(found) for found in outing(date=date, start=start).days]
    assert expected in lines[0]
    assert lines[1] == "", "a bus ride needs no daylight"


def test_unknown_times_are_said_to_be_unknown_in_daylight_too():
    line = effort_words.daylight_line(outing(study_without_heights(), date=dt.date(2024, 6, 21)).days[0])
    assert line.endswith("when the walk ends cannot be told.")


@pytest.mark.parametrize(
    ("date", "words"),
    [
        (dt.date(2024, 12, 21), "the sun does not rise (polar night)"),
        (dt.date(2024, 6, 21), "the sun does not set (polar day)"),
    ],
)
def test_polar_night_and_day_are_said(date, words):
    places = [place("tromso", lon=18.96, lat=69.65), place("floya", lon=19.0, lat=69.63)]
    made = trek(places, [day(1, leg("up", "tromso", "floya"))], time_zone="Europe/Oslo")
    assert words in effort_words.daylight_line(outing(study_trek(made, {}), date=date).days[0])


def test_what_changes_the_times_is_printed_with_them():
    parameters = EffortParameters(pace=1.2, pack_kg=12.0, is_slower_at_altitude=True)
    line = effort_words.parameters_line(parameters, Units.METRIC)
    assert "slower above 4,920 ft (" in effort_words.parameters_line(parameters, Units.IMPERIAL)
    for words in (
        "times 1.2 (pace)",
        "a pack of 12 kg on 70 kg",
        "slower above 1500 m",
        "how differently people walk",
    ):
        assert words in line


@pytest.mark.parametrize("year", [YEARS[0] - 1, YEARS[1] + 1])
def test_dates_without_a_sun_are_refused(year):
    with pytest.raises(ModelError, match="is outside 1900 to 2100"):
        outing(date=dt.date(year, 1, 1))
