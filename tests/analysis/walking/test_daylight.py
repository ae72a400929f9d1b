"""Sunrise and sunset against printed tables, and walks held against them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from routes.analysis.walking.daylight import Daylight, Fit, Sun, daylight, walk_in_daylight, zone_of
from routes.errors import ModelError

NEW_YORK = ZoneInfo("America/New_York")


def minutes(time):
    return 60 * time.hour + time.minute + time.second / 60.0


def test_sunrise_of_the_almanac():
    """Wayne, NJ, 25 June 1990: 5.441 h by the worked example of the Almanac for Computers 1990 (US Naval Observatory),
    http://edwilliams.org/sunrise_sunset_example.htm; that method is good to about a minute."""
    found = daylight(-74.3, 40.9, date(1990, 6, 25), NEW_YORK)
    assert minutes(found.sunrise) == pytest.approx(5.441 * 60.0, abs=2.0)
    assert found.sun is Sun.RISES_AND_SETS


def test_day_and_night_are_equal_at_the_equinox_but_for_refraction():
    """At the equator a day lasts 12 h and the time that 2 x 0.833 degrees of arc take, at 4 minutes each: 6.7 min."""
    found = daylight(0.0, 0.0, date(2024, 3, 20), ZoneInfo("UTC"))
    assert (found.sunset - found.sunrise).total_seconds() / 60.0 == pytest.approx(720.0 + 6.7, abs=1.0)


@pytest.mark.parametrize(
    ("when", "sun"), [(date(2024, 6, 21), Sun.STAYS_UP), (date(2024, 12, 21), Sun.STAYS_DOWN)]
)
def test_polar_day_and_night_in_tromso(when, sun):
    assert daylight(18.96, 69.65, when, ZoneInfo("Europe/Oslo")) == Daylight(sun, None, None)


def test_a_sunset_after_midnight_belongs_to_the_day_before():
    """Reykjavik in June: the clocks are ahead of the sun, which sets minutes after midnight."""
    found = daylight(-21.94, 64.15, date(2024, 6, 21), ZoneInfo("Atlantic/Reykjavik"))
    assert found.sunset.date() == date(2024, 6, 22)
    assert found.sunset.hour == 0
    assert found.sunrise.date() == date(2024, 6, 21)


@pytest.mark.parametrize(
    ("lon", "zone"), [(179.0, "Pacific/Auckland"), (-171.8, "Pacific/Apia"), (-72.0, "America/Lima")]
)
def test_noon_lies_between_sunrise_and_sunset_of_its_own_date(lon, zone):
    """Also on either side of the date line, where UTC has another date."""
    when = date(2024, 10, 5)
    found = daylight(lon, -13.5, when, ZoneInfo(zone))
    assert found.sunrise.date() == found.sunset.date() == when
    assert 4 < found.sunrise.hour < 9
    assert 15 < found.sunset.hour < 21


UP = Daylight(
    Sun.RISES_AND_SETS,
    datetime(2024, 7, 1, 5, 40, tzinfo=NEW_YORK),
    datetime(2024, 7, 1, 20, 20, tzinfo=NEW_YORK),
)
DARK, BRIGHT = Daylight(Sun.STAYS_DOWN, None, None), Daylight(Sun.STAYS_UP, None, None)


def at(hour):
    return datetime(2024, 7, 1, hour, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("light", "start", "ends_h", "fit"),
    [
        (UP, 8, (8.0, 9.0), Fit.FITS),
        (UP, 8, (8.0, 12.5), Fit.PERHAPS),
        (UP, 8, (12.5, 14.0), Fit.OUTLASTS),
        (UP, 4, (8.0, None), Fit.BEFORE_SUNRISE),
        (UP, 8, (None, None), Fit.UNKNOWN),
        (DARK, 8, (1.0, None), Fit.OUTLASTS),
        (BRIGHT, 4, (23.0, 40.0), Fit.FITS),
    ],
)
def test_walks_against_the_daylight(light, start, ends_h, fit):
    ends = tuple(None if end is None else 3600.0 * end for end in ends_h)
    assert walk_in_daylight(light, light, at(start), ends).fit is fit


def test_a_change_of_the_clocks_is_no_time_walked():
    """On 10 March 2024 the clocks of New York went from 2:00 to 3:00."""
    start = datetime(2024, 3, 10, 1, tzinfo=NEW_YORK)
    assert walk_in_daylight(UP, UP, start, (7200.0, None)).end.hour == 4


def test_an_unknown_time_zone_is_an_error():
    with pytest.raises(ModelError, match="install the package tzdata"):
        zone_of("Moon/Tycho")
