"""Read a trek file (TOML) into the model."""

import datetime as dt
import difflib
import json
import tomllib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from routes.errors import TrekFileError
from routes.files import read_regular, shown
from routes.kernel.geodesy import distance_m
from routes.model.trek import HALF_WAY, Trek

MAX_BYTES = 5_000_000
"""Largest trek file; real ones have 10 to 100 kB."""

_TREK = TypeAdapter(Trek)


def read_trek(path: Path | str) -> Trek:
    """Read a trek file.

    Parameters
    ----------
    path : Path or str
        TOML file in the format of docs/trek-file.md.

    Returns
    -------
    Trek
        Checked: ids exist, legs connect, figures have valid units.

    Raises
    ------
    TrekFileError
        If the file cannot be read, is not TOML, or does not describe a trek. The message names the file, the
        key and the allowed values.
    """
    path = Path(path)
    try:
        raw = read_regular(path, MAX_BYTES)
    except OSError as error:
        msg = f"Cannot read the trek file {shown(path)}: {error.strerror}."
        raise TrekFileError(msg) from error
    if len(raw) > MAX_BYTES:
        msg = f"{shown(path)} is larger than {MAX_BYTES // 1_000_000} MB; that is no trek file."
        raise TrekFileError(msg)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{shown(path)} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        raise TrekFileError(msg) from error
    return parse_trek(text, shown(path))


def parse_trek(text: str, name: str) -> Trek:
    """Read a trek from the text of a trek file; `name` is its path, for messages.

    Raises TrekFileError as `read_trek`.
    """
    try:
        data = tomllib.loads(text)
        _check_values(data, name)
        _put_half_way(data, name)
        # strict JSON: TOML's types are kept ("1.5" is not a number, true is not 1), lists become tuples
        return _TREK.validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise TrekFileError(_explain(name, data, error)) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        msg = f"{name} is not valid TOML: {_plain(str(error))}."
        raise TrekFileError(msg) from error
    except TrekFileError:
        raise
    except ValueError as error:  # an integer with thousands of digits
        msg = f"{name} is not valid TOML: it has a number of too many digits."
        raise TrekFileError(msg) from error


def _put_half_way(data: dict[str, Any], name: str) -> None:
    """Put places that only have `between` half-way between those two places, with that uncertainty.

    Other errors stay, for the model to report.
    """
    places = data.get("places")
    listed = [place for place in places if isinstance(place, dict)] if isinstance(places, list) else []
    by_id = {place.get("id"): place for place in listed if isinstance(place.get("id"), str)}
    own = ("lon", "lat", "position_uncertainty_m", "position_source")
    for place in listed:
        between = place.get("between")
        if between is None or any(key in place for key in own):
            continue
        fault = _fault_of_between(place.get("id"), between, by_id, own)
        if fault:
            index = next(i for i, other in enumerate(places or ()) if other is place)
            msg = f"{name}: {_plain(_key_path(data, ('places', index, 'between')) + ': ' + _cut(fault))}"
            raise TrekFileError(msg)
        ends = [by_id.get(end) for end in between]
        spots: list[tuple[Any, Any]] = [(end.get("lon"), end.get("lat")) for end in ends if end is not None]
        if len(spots) == 2 and all(_is_position(spot) for spot in spots):
            (lon, lat), (other_lon, other_lat) = spots
            turn = round((other_lon - lon) / 360.0) * 360.0  # across the antimeridian
            middle = (0.5 * (lon + other_lon - turn) + 180.0) % 360.0 - 180.0
            place |= {"lon": middle, "lat": 0.5 * (lat + other_lat), "position_source": HALF_WAY}
            half = 0.5 * float(distance_m([lon], [lat], [other_lon], [other_lat])[0])
            place["position_uncertainty_m"] = min(max(half, 1.0), 100_000.0)


def _fault_of_between(
    place_id: object, between: object, by_id: Mapping[object, Mapping[str, Any]], own: Sequence[str]
) -> str:
    """Why a place without a position cannot be found between two others; empty if it can."""
    if not (isinstance(between, list) and len(between) == 2 and all(isinstance(end, str) for end in between)):
        return f'give the ids of two places, as in ["lower-hut", "upper-hut"]; found {_short(between)}.'
    if place_id in between or between[0] == between[1]:
        return "a place lies between two others; name the two places that it parts."
    for end in between:
        if end not in by_id:
            known = ", ".join(sorted(str(other) for other in by_id if other is not None))
            return f"unknown place {_label(end)!r}; known places: {known}."
        if "between" in by_id[end] and not any(key in by_id[end] for key in own):
            return (
                f"{end!r} has no position of its own either; name two places that have lon and lat, or give "
                "this place its own lon, lat, position_uncertainty_m and position_source."
            )
    return ""


def _is_position(spot: tuple[object, object]) -> bool:
    lon, lat = spot
    are_numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in spot)
    return are_numbers and abs(float(lon)) <= 180.0 and abs(float(lat)) <= 90.0  # type: ignore[arg-type]


def _check_values(data: Mapping[str, Any], name: str) -> None:
    """Reject values that TOML has and JSON lacks, and integers beyond TOML's guaranteed range."""
    todo: list[tuple[tuple[int | str, ...], object]] = [((), data)]
    while todo:
        loc, value = todo.pop()
        if isinstance(value, Mapping):
            todo.extend(((*loc, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            todo.extend(((*loc, index), inner) for index, inner in enumerate(value))
        elif isinstance(value, dt.date | dt.time):
            msg = f'{name}: {_plain(_key_path(data, loc))}: a date or time stands here without quotes; write "{value}".'
            raise TrekFileError(msg)
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            msg = f"{name}: {_plain(_key_path(data, loc))}: this number has too many digits."
            raise TrekFileError(msg)


def _explain(name: str, data: Mapping[str, Any], error: ValidationError) -> str:
    """One line that says what is wrong, where, and what is allowed; a misspelt key comes before the missing one."""
    problems = sorted(
        error.errors(include_url=False), key=lambda problem: "unexpected" not in problem["type"]
    )
    where = _key_path(data, problems[0]["loc"])
    more = f" ({len(problems) - 1} more to mend.)" if len(problems) > 1 else ""
    return f"{name}: {_plain(where + ': ' if where else '')}{_plain(_cut(_reason(problems[0])))}{more}"


def _reason(problem: Mapping[str, Any]) -> str:
    kind, loc = problem["type"], problem["loc"]
    if kind == "unexpected_keyword_argument":
        allowed = _allowed_keys(loc[:-1])
        close = difflib.get_close_matches(str(loc[-1]), allowed, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        return f"unknown key; {hint}allowed here: {', '.join(allowed)}."
    if kind in ("missing", "missing_argument", "missing_keyword_only_argument"):
        return "this key is required and missing."
    if kind == "value_error":
        return str(problem["ctx"]["error"])
    if kind == "enum":
        return f"{problem['input']!r} is not allowed; allowed: {problem['ctx']['expected']}."
    return f"{problem['msg']}; found {_short(problem.get('input'))}."


def _plain(text: str) -> str:
    """Text on one line without control characters."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def _cut(reason: str) -> str:
    return reason if len(reason) <= 1000 else f"{reason[:400]} ... {reason[-400:]}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _key_path(data: object, loc: Sequence[int | str]) -> str:
    """Path of a key such as ``places.3 (cusco).lon``, with the id after an index."""
    parts: list[str] = []
    node: object = data
    for step in loc:
        name = str(step)
        if isinstance(node, Mapping):
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
            if isinstance(node, Mapping):
                label = node.get("id", node.get("number"))
                name = f"{step} ({_label(label)})" if label is not None else name
        else:
            node = None
        parts.append(name)
    return ".".join(parts)


def _label(value: object) -> str:
    """A valid id as it is; anything else shortened and escaped, since the file is wrong somewhere."""
    text = str(value)
    return text if len(text) <= 60 and text.isprintable() else _short(value)


def _allowed_keys(loc: Sequence[int | str]) -> list[str]:
    """Keys of the class at a location, as named in the file."""
    cls: Any = Trek
    for step in loc:
        if isinstance(step, int):
            continue
        hint = typing.get_type_hints(cls)[_field_name(cls, step)]
        cls = _dataclass_in(hint) or cls
    return sorted(_file_name(cls, field.name) for field in fields(cls))


def _file_name(cls: type, name: str) -> str:
    hint = typing.get_type_hints(cls, include_extras=True)[name]
    for extra in getattr(hint, "__metadata__", ()):
        if isinstance(extra, FieldInfo) and extra.alias:
            return extra.alias
    return name


def _field_name(cls: Any, key: str) -> str:  # noqa: ANN401 - a dataclass type, which typing cannot name
    return next(field.name for field in fields(cls) if key in (field.name, _file_name(cls, field.name)))


def _dataclass_in(hint: object) -> type | None:
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    if typing.get_origin(hint) in (tuple, types.UnionType, typing.Union):
        return next((found for part in typing.get_args(hint) if (found := _dataclass_in(part))), None)
    return None
