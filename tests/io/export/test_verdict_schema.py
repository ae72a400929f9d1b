"""docs/reference.md tells every key of verdicts.json and its type, and none that is not there."""

import json
import re
from collections.abc import Iterator

import pytest

from routes.analysis.passes.between import find_positions
from routes.analysis.study import study_trek
from routes.analysis.verdicts.places import check_listed
from routes.analysis.windows import need_of
from routes.dem.opening import DEMOptions, open_dem_for
from routes.io.export.verdict_tables import listed_findings_json, verdicts_data
from routes.model.listed import ListedPlace
from routes.pipeline import load_trek
from tests.analytic import AnalyticSource, sine_hills
from tests.builders import day, leg, line_m, place, trek
from tests.render.studies import study_over_hills, study_without_heights

FREE = {"counts", "findings[].budget", "findings[].terms"}
"""Objects whose keys are names, not fields."""

TYPES = {
    bool: "boolean",
    str: "string",
    int: "number",
    float: "number",
    dict: "object",
    list: "array",
    type(None): "null",
}


@pytest.fixture(scope="module")
def schema(request):
    text = (request.config.rootpath / "docs" / "reference.md").read_text(encoding="utf-8")
    section = text.partition("### `verdicts.json`")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| ([a-z, ]+) \|", section, re.MULTILINE)
    assert len(rows) > 40
    return {key: set(types.split(", ")) for key, types in rows}


def paths(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and type of everything in a value; what an array holds has brackets."""
    if path:
        yield path, TYPES[type(value)]
    if isinstance(value, dict) and path not in FREE:
        for key, inner in value.items():
            yield from paths(inner, f"{path}.{key}" if path else key)
    if isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{path}[]")


def john_muir(repository):
    path = repository / "data" / "treks" / "john-muir.toml"
    made, lines = load_trek(path)
    source, _ = open_dem_for(path, need_of(made, lines), DEMOptions(is_offline=True))
    return study_trek(find_positions(made, source).trek, lines, source)


def unnamed():
    places = [place("west", -5000.0), place("east", 7000.0)]
    lines = {"way": line_m((-5000.0, 0.0), (7000.0, 0.0))}
    hills = AnalyticSource(sine_hills(wavelength_m=4000.0))
    return study_trek(trek(places, [day(1, leg("way", "west", "east"))]), lines, hills)


@pytest.fixture(scope="module")
def outputs(repository):
    row = ListedPlace(where="line 2", lon=1.5, lat=42.5, printed="3000 m")
    wrong = ListedPlace(where="line 3", error="It is wrong.")
    listed = list(check_listed([row, wrong], AnalyticSource(sine_hills())))
    return [
        verdicts_data(john_muir(repository)),
        verdicts_data(study_over_hills()),
        verdicts_data(study_without_heights()),
        verdicts_data(unnamed()),
        json.loads(listed_findings_json("list.csv", listed)),
    ]


def test_every_key_of_real_output_is_documented_with_its_type(schema, outputs):
    for output in outputs:
        for path, kind in paths(output):
            if path in schema:
                assert kind in schema[path] or (f"{path}[]" in schema and kind == "array"), (path, kind)
            else:
                # an array is told by what it holds; the numbers of an interval or a position are told with it
                is_array = kind == "array" and f"{path}[]" in schema
                is_number = kind == "number" and path.endswith("[]") and "array" in schema.get(path[:-2], ())
                assert is_array or is_number, (path, kind)


def test_every_documented_key_is_in_real_output(schema, outputs):
    seen = {path for output in outputs for path, _ in paths(output)}
    assert set(schema) <= seen
