"""Correct GPX values whose meaning is evident; drop the others."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote

from routes.gpx.values import BLANK, FIXES, check_time, check_uri, check_year, is_decimal, meant_number


def mended_value(kind: str, text: str) -> str | None:
    """Valid text of a value; None if its meaning is not evident.

    >>> mended_value("ele", "100,5"), mended_value("lon", "-180.09"), mended_value("time", "2024-05-01 10:00:00")
    ('100.5', '179.91', '2024-05-01T10:00:00Z')
    >>> print(mended_value("ele", "nan"))
    None
    """
    mend = _MENDS.get(kind)
    return text if mend is None else mend(text)


def fixed_point(number: Decimal) -> str:
    """Number without an exponent, with at most twelve decimals."""
    exponent = int(number.as_tuple().exponent)
    text = f"{number:.12f}".rstrip("0").rstrip(".") if exponent < -30 or exponent > 30 else f"{number:f}"
    return "0" if text in ("", "-0", "-") else text


def _number(text: str, low: float, high: float) -> str | None:
    number = meant_number(text)
    if number is None or not low <= number <= high:
        return None
    return text if is_decimal(text) else fixed_point(number)


def _decimal(text: str) -> str | None:
    return _number(text, -1e12, 1e12)


def _latitude(text: str) -> str | None:
    return _number(text, -90, 90)


def _longitude(text: str) -> str | None:
    whole = _number(text, -360, 360)
    number = meant_number(text)
    if whole is None or number is None or -180 <= number < 180:
        return whole
    return fixed_point((number + 180) % 360 - 180 if number > 0 else (number - 180) % -360 + 180)


def _direction(text: str) -> str | None:
    number = meant_number(text)
    return _number(text, 0, 360) if number is not None and number < 360 else None


def _count(text: str) -> str | None:
    number = meant_number(text)
    if number is None or number < 0 or number != number.to_integral_value() or number > 1e9:
        return None
    bare = text.strip(BLANK)
    return text if re.fullmatch(r"\+?[0-9]+", bare) else str(int(number))


def _station(text: str) -> str | None:
    found = _count(text)
    return found if found is not None and int(found) <= 1023 else None


def _fix(text: str) -> str | None:
    bare = text.strip(BLANK).lower()
    return bare if bare in FIXES else None


def _uri(text: str) -> str | None:
    if check_uri(text) is None:
        return text
    quoted = quote(text.strip(BLANK), safe="/:?#@!$&'()*+,;=~%")
    quoted = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quoted)
    return quoted if check_uri(quoted) is None else None


def _year(text: str) -> str | None:
    bare = text.strip(BLANK)
    return text if check_year(text) is None else bare if check_year(bare) is None else None


def _time(text: str) -> str | None:
    bare = text.strip(BLANK)
    code = check_time(bare)
    if code is None:
        return bare
    if code == "time-without-zone":
        return f"{bare}Z"
    if not re.match(r"\d{4}-?\d\d-?\d\d[Tt ]\d\d", bare):  # a date alone is not a time
        return None
    try:
        moment = datetime.fromisoformat(bare.upper())
    except ValueError:
        return None
    said = moment.isoformat()
    said = re.sub(r"\+00:00$", "Z", said) if moment.tzinfo else f"{said}Z"
    return said if check_time(said) is None else None


_MENDS: dict[str, Callable[[str], str | None]] = {
    "ele": _decimal,
    "decimal": _decimal,
    "lat": _latitude,
    "lon": _longitude,
    "degrees": _direction,
    "count": _count,
    "station": _station,
    "fix": _fix,
    "uri": _uri,
    "year": _year,
    "time": _time,
}
