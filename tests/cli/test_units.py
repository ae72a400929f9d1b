"""``--units``: what people read changes, what machines read does not."""

import re

import pytest

import routes
from routes.model.units import Units
from tests.command import run

JMT = "data/treks/john-muir.toml"
METRIC = re.compile(r"[\d±]\s*k?m\b")
IMPERIAL = re.compile(r"[\d±]\s*(?:ft|mi)\b")


def run_in(repository, *arguments):
    return run(*arguments, cwd=repository)


@pytest.mark.parametrize(("units", "strange"), [("metric", IMPERIAL), ("imperial", METRIC)])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("stats", JMT), 0),
        (("stats", JMT, "--date", "2024-12-21", "--start-time", "11:30", "--thin-air"), 0),
        (("plan", JMT, "--max-km", "16.5", "--max-ascent", "900"), 0),
        (("plan", JMT, "--max-km", "5", "--max-ascent", "200"), 1),
        (("plan", JMT, "--max-km", "0.5"), 1),
        (("compare", JMT, JMT), 0),
        (("compare", JMT, "data/treks/lares.toml"), 0),
    ],
)
def test_commands_are_in_one_system_of_units(repository, arguments, code, units, strange):
    done = run_in(repository, *arguments, "--offline", "--units", units)
    assert done.returncode == code, done.stderr
    assert not strange.search(done.stdout + done.stderr)
    assert (IMPERIAL if strange is METRIC else METRIC).search(done.stdout)


def test_json_is_in_metres_whatever_the_units(repository):
    for command, said in (
        (("stats", JMT), '"name"'),
        (("validate", JMT), '"name"'),
        (("plan", JMT, "--max-km", "12"), '"length_m": 12000.0'),
        (("compare", JMT, JMT), '"unit": "m"'),
    ):
        texts = {
            run_in(repository, *command, "--offline", "--json", "--units", units).stdout for units in Units
        }
        assert len(texts) == 1
        (text,) = texts
        assert said in text
        assert command[0] == "validate" or not IMPERIAL.search(text)  # that one quotes what is printed


def test_limits_of_a_plan_are_metric_and_told_in_the_readers_units(repository):
    """5 km are 3.107 mi and 200 m are 656 ft."""
    for units, kilometres, metres in (("metric", "5 km", "200 m"), ("imperial", "3.11 mi", "656 ft")):
        done = run_in(
            repository, "plan", JMT, "--max-km", "5", "--max-ascent", "200", "--offline", "--units", units
        )
        text = " ".join(done.stdout.split())
        assert f"over the limit of {kilometres};" in text
        assert f"over the limit of {metres};" in text


def test_one_figure_is_judged_in_feet(repository):
    """11,056 ft at Donohue Pass, and the same height as a metric map prints it."""
    for stated, restated in (("11,056 ft", ""), ("3370 m", "3370 m is 11,060 ft. ")):
        done = run_in(repository, "validate", "--at", "-119.2481", "37.7609", "--stated", stated, "--offline",
                   "--dem", "data/dem", "--units", "imperial")  # fmt: skip
        assert done.returncode == 0, done.stderr
        text = " ".join(done.stdout.replace("│", " ").split())
        assert re.search(
            f"{restated}DEM 11,0[78][0-9] ft at the saddle, [0-9]+ ft from the given position, ± ", text
        )
        assert not METRIC.search(text.replace(stated, ""))


def test_unknown_units_are_refused(repository, tmp_path):
    done = run_in(repository, "stats", JMT, "--units", "nautical")
    assert done.returncode == 2
    assert "'metric', 'imperial'" in done.stderr
    with pytest.raises(routes.RoutesError, match="choose metric or imperial"):
        routes.build(repository / JMT, out=tmp_path, units="nautical")
    assert not list(tmp_path.iterdir())


def test_build_takes_units_from_python_by_name(repository, tmp_path):
    result = routes.build(
        repository / JMT, out=tmp_path, dem=str(repository / "data/dem"), offline=True, units="imperial"
    )
    miles = result.study.default.totals.walking_m.value / 1609.344
    assert f"{miles:.1f} mi modelled" in (result.folder / "report.md").read_text(encoding="utf-8")
