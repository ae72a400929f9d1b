"""``routes stats`` with a clock, ``routes plan`` and ``routes compare``, as people and programs use them."""

import json

import pytest

from routes.cli.compare import split_reference
from routes.errors import ModelError
from tests.cli.test_commands import demo
from tests.command import run

__all__ = ["demo"]


@pytest.fixture
def john_muir(repository):
    return repository / "data/treks/john-muir.toml"


def of(*arguments):
    done = run(*arguments, "--offline", "--json")
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def test_stats_tell_walking_time_by_each_method_and_nights(john_muir):
    _, data = of("stats", john_muir)
    effort = data["effort"]
    assert effort["parameters"]["method"] == "campbell"
    assert set(effort["walking_time_h"]) == {"campbell", "swiss", "naismith", "tobler", "din", "munter"}
    for day in effort["days"]:
        for time in day["walking_time_h"].values():
            assert 0.0 < time["p10"] <= time["value"] <= time["p90"]
        legs = sum(leg["walking_time_h"]["din"]["value"] for leg in day["legs"])
        assert day["walking_time_h"]["din"]["value"] == pytest.approx(legs, abs=0.005)
        arrivals = [stop["after_h"]["value"] for stop in day["timetable"]]
        assert arrivals == sorted(arrivals)
        assert arrivals[-1] == pytest.approx(
            day["walking_time_h"]["campbell"]["value"] * 70.0 / 60.0, abs=0.01
        )
        assert day["daylight"] is None
    assert [night["place"] for night in effort["nights"]] == ["lyell-bridge-camp", "ruby-lake-camp"]
    assert effort["nights"][1]["gain_m"] == pytest.approx(
        effort["nights"][1]["height_m"] - effort["nights"][0]["height_m"], abs=0.11
    )
    assert "medical advice" in effort["guideline"]["note"]


def test_slower_walkers_arrive_later(john_muir):
    _, plain = of("stats", john_muir, "--method", "din")
    _, slow = of("stats", john_muir, "--method", "din", "--pace", "1.5", "--pack-kg", "15", "--thin-air")
    times = [data["effort"]["walking_time_h"]["din"]["value"] for data in (plain, slow)]
    assert times[1] > 1.5 * 1.1 * times[0]
    assert plain["on_foot"] == slow["on_foot"]


def test_a_winter_walk_outlasts_the_daylight(john_muir):
    done = run("stats", john_muir, "--date", "2024-12-21", "--start-time", "11:30", "--offline")
    assert done.returncode == 0, done.stderr
    assert "Day 3, 2024-12-23: sunrise 07:" in done.stdout
    assert "WARNING: the walk outlasts the daylight" in done.stdout
    assert "the date falls outside" in done.stdout
    _, data = of("stats", john_muir, "--date", "2024-07-01")
    light = [day["daylight"] for day in data["effort"]["days"]]
    assert {found["fit"] for found in light} == {"fits"}
    assert light[0]["start"] == "2024-07-01T08:00-07:00"


def test_plan_keeps_limits_or_names_the_stretch_to_blame(john_muir):
    code, data = of("plan", john_muir, "--max-km", "17", "--max-hours", "6.5")
    assert (code, data["keeps_limits"]) == (0, True)
    assert all(
        day["length_m"]["value"] <= 17_000.0 and day["walking_time_h"]["value"] <= 6.5 for day in data["days"]
    )
    assert data["days"][0]["from"] == "tuolumne-meadows"
    assert data["days"][-1]["to"] == "reds-meadow"
    done = run("plan", john_muir, "--max-hours", "1", "--offline")
    assert done.returncode == 1
    assert (
        "no place to sleep (camp, city, hotel, town, village, or a night of the trek file) parts"
        in done.stdout
    )
    assert "--sleep-at dana-fork-bridge or lyell-fork-lower-bridge" in done.stdout
    more, _ = of("plan", john_muir, "--max-hours", "5", "--sleep-at", "donohue-pass")
    assert more in (0, 1)


def test_stats_plan_and_compare_tell_one_length_and_climb(john_muir):
    _, told = of("stats", john_muir)
    _, planned = of("plan", john_muir, "--max-km", "12")
    _, compared = of("compare", john_muir, john_muir)
    assert any(day["parts"][0]["shares"] != [0.0, 1.0] for day in planned["days"])  # legs are cut
    rows = {row["quantity"]: row["first"]["estimate"] for row in compared["rows"]}
    for key, quantity in (("length_m", "walking distance"), ("ascent_m", "ascent"), ("descent_m", "descent")):
        total = told["on_foot"][key]
        for end in ("value", "p10", "p90"):
            assert rows[quantity][end] == pytest.approx(total[end], abs=0.11), key
        parts = {end: [day[key][end] for day in planned["days"]] for end in ("value", "p10", "p90")}
        slack = 0.1 * len(parts["value"])  # parts are rounded to 0.1 m each
        assert sum(parts["value"]) == pytest.approx(total["value"], abs=slack), key
        if key == "length_m":  # what stretches have of their own evens out over days
            assert sum(parts["p10"]) <= total["p10"] + slack
            assert sum(parts["p90"]) >= total["p90"] - slack


def test_plan_without_heights_does_not_judge_hours(demo):
    code, data = of("plan", demo, "--max-hours", "5", "--dem", "none")
    assert code == 1
    assert data["days"][0]["unjudged"] == ["time"]
    done = run("plan", demo, "--max-hours", "5", "--dem", "none")
    assert "the limit of 5 h cannot be judged" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("plan",), "A plan needs a limit: --max-km, --max-hours or --max-ascent"),
        (("plan", "--max-km", "nan"), "Limits of a plan are more than 0"),
        (("plan", "--max-km", "-3"), "Limits of a plan are more than 0"),
        (("plan", "--max-km", "10", "--sleep-at", "moon"), "'moon' is no place on the walk"),
        (("plan", "--max-km", "10", "--pace", "0"), "pace must be within 0.2 and 5, not 0"),
        (("plan", "--max-km", "10", "--pack-kg", "55"), "pack of 55 kg is too heavy for a walker of 70 kg"),
        (("stats", "--start-time", "25:00"), "'25:00' does not match the format"),
        (("stats", "--date", "9999-12-30"), "The date 9999-12-30 is outside 1900 to 2100"),
        (("stats", "--breaks", "-1"), "break_min_per_hour must be within 0 and 60"),
        (("stats", "--method", "crow"), "'crow' is not one of"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(john_muir, arguments, message):
    command, *options = arguments
    done = run(command, john_muir, *options, "--offline")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_compare_two_treks_and_two_variants(john_muir, repository):
    lares = repository / "data/treks/lares.toml"
    _, data = of("compare", john_muir, lares)
    rows = {row["quantity"]: row for row in data["rows"]}
    assert rows["walking distance"]["second"]["is_lower_bound"]
    assert rows["ascent"]["larger"] == "unknown"
    assert "straight lines" in rows["ascent"]["second"]["remark"]
    assert rows["walking time"]["unit"] == "h"
    _, same = of("compare", john_muir, john_muir)
    assert {row["larger"] for row in same["rows"]} <= {"equal", "not told apart"}
    ids = [variant["id"] for variant in of("stats", lares)[1]["variants"]]
    _, two = of("compare", f"{lares}#{ids[0]}", lares, "--variant-b", ids[1])
    assert [two["first"]["variant"], two["second"]["variant"]] == ids[:2]
    done = run("compare", f"{lares}#nonsense", john_muir, "--offline")
    assert done.returncode == 2
    assert "has no variant 'nonsense'; it has:" in done.stderr
    table = run("compare", john_muir, lares, "--offline")
    assert "cannot be told" in table.stdout


def test_a_variant_is_named_once(tmp_path):
    odd = tmp_path / "a#b.toml"
    odd.touch()
    assert split_reference(str(odd), None) == (odd, None)
    assert split_reference("a.toml#two", None)[1] == "two"
    assert split_reference("a.toml#two", "two")[1] == "two"
    with pytest.raises(ModelError, match="give one of them"):
        split_reference("a.toml#two", "three")
    with pytest.raises(ModelError, match="names no variant after the #"):
        split_reference("a.toml#", None)
