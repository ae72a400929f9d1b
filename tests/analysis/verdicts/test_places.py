"""Lists of places checked in bulk: the same verdicts as one by one, in the order of the list."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.analysis.heights.held_window import HeldSource
from routes.analysis.heights.spot import dem_at
from routes.analysis.passes.ground import ground_of
from routes.analysis.verdicts.causes import Cause
from routes.analysis.verdicts.finding import Verdict
from routes.analysis.verdicts.heights import check_place
from routes.analysis.verdicts.places import CHUNK, check_listed, place_of
from routes.dem.folder import open_dem
from routes.model.kinds import PlaceKind
from routes.model.listed import ListedPlace
from tests.analytic import EXACT, AnalyticSource, at_m, cone, plane

SLOPING = AnalyticSource(plane(2400.0, east=0.1, north=-0.05))


def row(printed="2400 m", east_m=0.0, north_m=0.0, number=0, **more):
    lon, lat = (float(value) for value in at_m(east_m, north_m))
    given_ = {
        "where": f"line {number}",
        "name": f"Place {number}",
        "lon": lon,
        "lat": lat,
        "printed": printed,
    }
    return ListedPlace(**(given_ | {"kind": PlaceKind.PASS, "uncertainty_m": 20.0} | more))


@given(
    st.lists(
        st.tuples(st.integers(-300, 300), st.floats(-3e4, 3e4), st.floats(-3e4, 3e4)), min_size=1, max_size=30
    )
)
def test_bulk_verdicts_are_those_of_one_place_at_a_time(rows):
    listed = [row(f"{2400 + off} m", x, y, number) for number, (off, x, y) in enumerate(rows)]
    found = list(check_listed(listed, SLOPING))
    assert [verdict.place for verdict in found] == listed
    for number, verdict in enumerate(found):
        (alone,) = check_place(ground_of(place_of(listed[number], number), SLOPING))
        assert verdict.finding.verdict is alone.verdict
        assert verdict.finding.estimate == pytest.approx(alone.estimate, abs=0.01)
        assert dict(verdict.finding.budget) == pytest.approx(dict(alone.budget), abs=0.01)


def test_bulk_verdicts_on_a_real_tile(test_data):
    """200 positions over the whole tile, its rim and its voids included."""
    dem = open_dem(test_data / "dem" / "N42E001.hgt.zip")
    generator = np.random.default_rng(3)
    spots = zip(generator.uniform(0.99, 2.01, 200), generator.uniform(41.99, 43.01, 200), strict=True)
    listed = [
        ListedPlace(where=str(i), name=f"P {i}", lon=float(x), lat=float(y), printed="2000 m")
        for i, (x, y) in enumerate(spots)
    ]
    for number, verdict in enumerate(check_listed(listed, dem)):
        (alone,) = check_place(ground_of(place_of(listed[number], number), dem))
        assert verdict.finding.verdict is alone.verdict, number
        assert verdict.finding.estimate == pytest.approx(alone.estimate, abs=1e-6), number
        assert dict(verdict.finding.budget) == pytest.approx(dict(alone.budget)), number


def test_rows_that_are_wrong_are_told_in_their_place():
    listed = [row(number=1), row("high", number=2), row(number=3, error="no good"), row("", number=4),
              row(number=5, lat=95.0), row("-600 m", number=6)]  # fmt: skip
    found = list(check_listed(listed, SLOPING))
    assert [verdict.verdict for verdict in found] == [
        "agrees",
        "error",
        "error",
        "undecided",
        "error",
        "error",
    ]
    assert "no figure with a unit" in found[1].error
    assert found[2].error == "no good"
    assert found[3].finding.reason == "No height is stated."
    assert found[3].suggestion_m is None


def test_a_height_above_all_land_is_read_as_feet():
    high = AnalyticSource(plane(4450.0))
    agreeing, other, nonsense = check_listed([row("14600 m"), row("12000 m"), row("99999 m")], high)
    assert agreeing.finding.verdict is Verdict.DIFFERS
    assert agreeing.finding.diagnosis.likeliest.cause is Cause.FEET_AS_METRES
    assert agreeing.finding.statements[0].printed == "14600 m"
    assert other.finding.verdict is Verdict.DIFFERS
    assert nonsense.verdict == "error"


def test_the_height_of_a_like_named_place_of_the_list_is_recognised():
    rows = [row("2400 m", name="Coll de la Botella"), row("2951 m", 400.0, name="Coll de la Botelha"),
            row("2951 m", 20000.0, name="Coll de la Botella")]  # fmt: skip
    source = AnalyticSource(lambda x, _: np.where(x > 10000.0, 2951.0, 2400.0))
    found = list(check_listed(rows, source))
    assert [verdict.verdict for verdict in found] == ["agrees", "differs", "agrees"]
    assert found[1].finding.diagnosis.likeliest.cause is Cause.OTHER_PLACE


def test_the_suggestion_is_no_finer_than_its_interval():
    (found,) = check_listed([row("2700 m")], AnalyticSource(plane(2443.0)))
    value, half = found.suggestion_m
    assert value == 2440.0  # 5.9 m of DEM and 2 m of datum: ± 10.2 m
    assert half == pytest.approx(1.645 * np.hypot(np.hypot(1.0, 0.063 * 92.6), 2.0), rel=5e-3)
    steep = AnalyticSource(plane(2443.0, east=0.5))
    (found,) = check_listed([row("2700 m")], steep)
    value, half = found.suggestion_m
    assert 10.0 < half < 100.0
    assert value == 2440.0


def test_undulation_is_asked_for_what_differs_only():
    asked = []

    def geoid(lon, lat):
        asked.append((lon, lat))
        return 50.0

    found = list(check_listed([row("2400 m"), row("2451 m")], AnalyticSource(plane(2400.0)), geoid))
    assert len(asked) == 1
    assert found[1].finding.diagnosis.likeliest.cause is Cause.ELLIPSOIDAL


def test_without_a_dem_all_is_undecided():
    assert [verdict.verdict for verdict in check_listed([row(), row()], None)] == ["undecided"] * 2


# The window that is held


def test_a_held_window_gives_what_its_source_gives():
    lon, lat = (float(value) for value in at_m(0.0, 0.0))
    held = HeldSource(AnalyticSource(cone()), (lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1))
    assert held.products == (EXACT,)
    inside = (lon - 0.0103, lat - 0.0103, lon + 0.0103, lat + 0.0203)
    ours, theirs = held.window(inside, EXACT), held.source.window(inside, EXACT)
    assert ours.height_m == pytest.approx(theirs.height_m)
    assert (ours.west_deg, ours.north_deg) == (
        pytest.approx(theirs.west_deg),
        pytest.approx(theirs.north_deg),
    )
    beyond = (lon + 0.09, lat, lon + 0.3, lat + 0.1)
    assert held.window(beyond, EXACT).height_m == pytest.approx(held.source.window(beyond, EXACT).height_m)
    assert held.window(beyond).height_m == pytest.approx(held.source.window(beyond).height_m)
    outside = held.sample([lon, lon + 1.0], [lat, lat])
    assert outside.height_m == pytest.approx(held.source.sample([lon, lon + 1.0], [lat, lat]).height_m)


def test_a_held_window_is_read_once_however_many_ask():
    class Counting(AnalyticSource):
        reads = 0

        def window(self, bounds, product=None):
            Counting.reads += 1
            return super().window(bounds, product)

    lon, lat = (float(value) for value in at_m(0.0, 0.0))
    held = HeldSource(Counting(plane(2000.0)), (lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1))
    for shift in np.linspace(-0.05, 0.05, 20):
        assert dem_at(lon + float(shift), lat, held, radius_m=100.0).height_m == pytest.approx(2000.0)
    assert Counting.reads == 1


def test_long_lists_keep_their_order_over_chunks():
    listed = [row("2400 m", 10.0 * (number % 700), number=number) for number in range(2 * CHUNK + 7)]
    found = list(check_listed(listed, AnalyticSource(plane(2400.0))))
    assert [verdict.place.where for verdict in found] == [f"line {number}" for number in range(len(listed))]
    assert {verdict.verdict for verdict in found} == {"agrees"}
