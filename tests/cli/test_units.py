"""``--units``: what people read changes, what machines read does not."""

import re
import subprocess
import sys

import pytest

import routes
from routes.model.units import Units

JMT = "data/treks/john-muir.toml"
METRIC = re.compile(r"[\d±]\s*k?m\b")
IMPERIAL = re.compile(r"[\d±]\s*(?:ft|mi)\b")


def run(repository, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "routes", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=repository,
    )


@pytest.mark.parametrize(("units", "strange"), [("metric", IMPERIAL), ("imperial", METRIC)])
def test_stats_are_in_one_system_of_units(repository, units, strange):
    done = run(repository, "stats", JMT, "--offline", "--units", units)
    assert done.returncode == 0, done.stderr
    assert not strange.search(done.stdout + done.stderr)
    assert (IMPERIAL if strange is METRIC else METRIC).search(done.stdout)


def test_json_is_in_metres_whatever_the_units(repository):
    for command in ("stats", "validate"):
        texts = {
            run(repository, command, JMT, "--offline", "--json", "--units", units).stdout for units in Units
        }
        assert len(texts) == 1
        assert '"name"' in texts.pop()


def test_one_figure_is_judged_in_feet(repository):
    """11,056 ft at Donohue Pass, and the same height as a metric map prints it."""
    for stated, restated in (("11,056 ft", ""), ("3370 m", "3370 m is 11,060 ft. ")):
        done = run(repository, "validate", "--at", "-119.2481", "37.7609", "--stated", stated, "--offline",
                   "--dem", "data/dem", "--units", "imperial")  # fmt: skip
        assert done.returncode == 0, done.stderr
        text = " ".join(done.stdout.replace("│", " ").split())
        assert re.search(
            f"{restated}DEM 11,0[78][0-9] ft at the saddle, [0-9]+ ft from the given position, ± ", text
        )
        assert not METRIC.search(text.replace(stated, ""))


def test_unknown_units_are_refused(repository, tmp_path):
    done = run(repository, "stats", JMT, "--units", "nautical")
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
