"""Several heights of one place weighed together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.analysis.study import study_trek
from routes.analysis.verdicts.consensus import Vote, consensus_of, weigh
from routes.analysis.verdicts.finding import Verdict
from routes.io.export.verdict_tables import findings_data
from routes.model.figures import VerticalDatum
from routes.model.units import Units
from tests.analytic import AnalyticSource, plane
from tests.builders import one_leg_trek, place, stated

FLAT = AnalyticSource(plane(4448.0))


def votes(*pairs):
    return [Vote(f"source {i}", float(value), float(u)) for i, (value, u) in enumerate(pairs)]


def test_sources_that_agree_give_their_mean_by_inverse_variance():
    """With a draw between 'right' and 'wrong' beforehand, agreement makes 'all right' all but certain."""
    pairs = [(4450.0, 3.0), (4451.0, 2.0), (4449.0, 4.0), (4450.5, 3.0)]
    members, value, u = weigh(votes(*pairs))
    x, s = np.array(pairs).T
    assert value == pytest.approx(np.average(x, weights=s**-2.0), abs=0.2)
    assert u == pytest.approx(np.sum(s**-2.0) ** -0.5, rel=0.2)
    assert {member.verdict for member in members} == {Verdict.AGREES}
    assert not any(member.is_outlier for member in members)


@given(st.integers(0, 3), st.floats(60.0, 2000.0), st.sampled_from([-1.0, 1.0]))
def test_one_outlier_is_found_and_hardly_moves_the_consensus(which, off, sign):
    pairs = [[4450.0, 3.0], [4452.0, 3.0], [4449.0, 3.0], [4451.0, 3.0]]
    pairs[which][0] += sign * off
    members, value, _ = weigh(votes(*pairs))
    assert [member.is_outlier for member in members] == [i == which for i in range(4)]
    assert value == pytest.approx(4450.5, abs=3.0)
    assert members[which].verdict is Verdict.DIFFERS


@given(st.lists(st.tuples(st.floats(0.0, 5000.0), st.floats(0.5, 50.0)), min_size=1, max_size=12))
def test_weighing_keeps_to_its_bounds(pairs):
    members, value, u = weigh(votes(*pairs))
    values = [v for v, _ in pairs]
    assert min(values) - 1e-6 <= value <= max(values) + 1e-6
    assert u > 0.0
    assert all(-1e-12 <= member.p_wrong <= 1.0 + 1e-12 for member in members)


@given(st.permutations([(4450.0, 3.0), (4452.0, 2.0), (4630.0, 3.0), (4449.0, 9.0)]))
def test_the_order_of_sources_does_not_matter(pairs):
    members, value, u = weigh(votes(*pairs))
    _, expected, expected_u = weigh(votes((4450.0, 3.0), (4452.0, 2.0), (4630.0, 3.0), (4449.0, 9.0)))
    assert (value, u) == (pytest.approx(expected), pytest.approx(expected_u))
    assert [m.vote.value_m for m in members if m.is_outlier] == [4630.0]


def test_of_two_that_differ_nobody_can_tell_which_is_wrong():
    members, value, u = weigh(votes((4450.0, 3.0), (4630.0, 3.0)))
    assert value == pytest.approx(4540.0)
    assert u == pytest.approx(
        90.0, rel=0.05
    )  # half-way between two camps: both lie within the interval of 90 %
    assert not any(member.is_outlier for member in members)


def consensus(*figures, source=FLAT):
    trek = one_leg_trek([place("pass", kind="pass", stated=figures), place("b", 3000.0)])
    return study_trek(trek, {}, source).consensus


def test_the_dem_breaks_the_draw_and_the_texts_say_so():
    (whole,) = consensus(stated("elevation", "4450 m", "A"), stated("elevation", "4630 m", "B"))
    assert [member.vote.printed for member in whole.outliers] == ["4630 m"]
    assert [member.verdict for member in whole.members] == [Verdict.AGREES, Verdict.DIFFERS, Verdict.AGREES]
    assert whole.members[-1].vote.source.startswith("DEM: analytic terrain")
    # A's 4450 ± 3.5 m and the DEM's 4448 ± 5.9 m give 4449.5, B pulls by less than its few per cent
    assert whole.value_m == pytest.approx(4449.5, abs=1.5)
    assert "Probably wrong: 4630 m (B)" in whole.text(Units.METRIC)
    assert " ft ± " in whole.text(Units.IMPERIAL)
    data = findings_data("t", (), (whole,))["consensus"][0]
    assert data["low_m"] < data["value_m"] < data["high_m"]
    assert [member["is_outlier"] for member in data["members"]] == [False, True, False]


def test_one_statement_alone_and_ellipsoidal_ones_make_no_consensus():
    high = stated("elevation", "4500 m", "B", datum=VerticalDatum.ELLIPSOID)
    assert consensus(stated("elevation", "4450 m", "A")) == ()
    assert consensus(stated("elevation", "4450 m", "A"), high) == ()


def test_units_that_exclude_each_other_are_two_votes():
    (whole,) = consensus(
        stated("elevation", "4450 m", "A", also="15,020 ft"), stated("elevation", "4446 m", "B")
    )
    assert [member.vote.printed for member in whole.outliers] == ["15,020 ft"]


def test_without_a_dem_the_statements_are_weighed_alone():
    trek = one_leg_trek([place("pass", stated=(stated("elevation", "4450 m"), stated("elevation", "4452 m"))),
                         place("b", 3000.0)])  # fmt: skip
    (whole,) = consensus_of(trek, ())
    assert len(whole.members) == 2
    assert whole.text(Units.METRIC).endswith("All agree.")
