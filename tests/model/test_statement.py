"""Statements: which value of a figure counts, and which other one excludes it."""

from routes.model.statement import statements_on_leg, statements_on_place, statements_on_trek
from tests.builders import leg, one_leg_trek, place, stated


def test_a_figure_whose_units_fit_is_one_statement():
    (whole,) = statements_on_place(
        place("a", name="Col", stated=(stated("elevation", "4450 m", also="14,600 ft"),))
    )
    assert (whole.subject, whole.name, whole.cited) == ("a", "Col", "4450 m (14,600 ft) (A guide)")
    assert whole.rival is None
    assert whole.apart() == (whole,)


def test_units_that_exclude_each_other_are_two_statements_and_each_knows_the_other():
    (whole,) = statements_on_place(place(stated=(stated("elevation", "4450 m", also="15,020 ft"),)))
    assert whole.rival.printed == "15,020 ft"
    first, second = whole.apart()
    assert (first.printed, second.printed) == ("4450 m", "15,020 ft")
    assert (first.rival, second.rival) == (second.measure, first.measure)
    assert first.is_of(second)
    assert second.is_of(whole)


def test_statements_on_a_leg_have_the_names_of_its_ends_and_those_on_the_trek_its_own():
    trek = one_leg_trek(stated_of_leg=[stated("distance", "6 km")], stated=(stated("days", "1 day"),))
    (of_leg,) = statements_on_leg(trek, trek.days[0].legs[0])
    (of_trek,) = statements_on_trek(trek)
    assert (of_leg.subject, of_leg.name) == ("a-b", "A to B")
    assert (of_trek.subject, of_trek.name) == ("test", "Test Trek")
    assert not of_leg.is_of(of_trek)
    assert statements_on_leg(trek, leg("b-a", "b", "a")) == ()
