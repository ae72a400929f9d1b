"""Valid forms of GPX values, and what is wrong with invalid ones."""

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

Check: TypeAlias = Callable[[str], str | None]
"""Takes a text; returns the code of its problem, or None."""

BLANK = " \t\n\r"
"""Blank space in XML."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_EXPONENT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]{1,3}")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_TIME = re.compile(
    r"-?(?!0000)(?:[1-9][0-9]{3,8}|0[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T"
    r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
    r"(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
)
_YEAR = re.compile(
    r"-?(?!0000)(?:[1-9][0-9]{3,8}|0[0-9]{3})(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
)
_PCHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_HOST = r"(?:\[[^\]/?#]*\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)"
_USER = r"(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?"
_URI = re.compile(
    rf"(?:[A-Za-z][A-Za-z0-9+.-]*:(?:(?://{_USER}{_HOST}(?::[0-9]*)?(?:/{_PCHAR}*)*)|/?(?:{_PCHAR}+(?:/{_PCHAR}*)*)?)"
    rf"|//{_USER}{_HOST}(?::[0-9]*)?(?:/{_PCHAR}*)*"
    rf"|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?"
    rf"|(?:(?!:){_PCHAR})+(?:/{_PCHAR}*)*|)"
    rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?\[\]])*)?"
)
"""URI reference, RFC 3986, section 4.1."""
_NO_URI = re.compile(r"""[^\x20-\x7e]|[<>"{}|\\^` ]""")
FIXES = ("none", "2d", "3d", "dgps", "pps")
"""Allowed values of ``fix``."""


def meant_number(text: str) -> Decimal | None:
    """Evident number of a text, even with an exponent or a decimal comma; None if there is none."""
    bare = text.strip(BLANK)
    if _DECIMAL.fullmatch(bare) or _EXPONENT.fullmatch(bare):
        return Decimal(bare)
    return Decimal(bare.replace(",", ".")) if _COMMA.fullmatch(bare) else None


def meant_value(text: str) -> float:
    """Evident value of a text, including whatever Python accepts as a number; NaN if there is none."""
    try:
        return float(text)
    except ValueError:
        number = meant_number(text)
        return math.nan if number is None else float(number)


def is_decimal(text: str) -> bool:
    """Whether a text is an ``xsd:decimal``."""
    return _DECIMAL.fullmatch(text) is not None or _DECIMAL.fullmatch(text.strip(BLANK)) is not None


def _odd_number(text: str, otherwise: str) -> str | None:
    """Code of what is wrong with a number's form."""
    if is_decimal(text):
        return None
    bare = text.strip(BLANK)
    if _EXPONENT.fullmatch(bare):
        return "exponent"
    return "decimal-comma" if _COMMA.fullmatch(bare) else otherwise


def check_longitude(text: str, *, may_be_180: bool = False) -> str | None:
    """Check a longitude, -180 up to but without 180."""
    form = _odd_number(text, "position-form")
    if form == "position-form":
        return form
    degrees = meant_number(text)
    if degrees is None or abs(degrees) > 360:
        return "position-range"
    if degrees == 180 and not may_be_180:
        return "longitude-180"
    return "longitude-wrapped" if abs(degrees) > 180 else form


def check_latitude(text: str) -> str | None:
    """Check a latitude, -90 to 90."""
    form = _odd_number(text, "position-form")
    if form == "position-form":
        return form
    degrees = meant_number(text)
    return "position-range" if degrees is None or abs(degrees) > 90 else form


def check_elevation(text: str) -> str | None:
    """Check an ``ele``."""
    if not text.strip(BLANK):
        return "ele-empty"
    return _odd_number(text, "ele-not-a-number")


def check_time(text: str) -> str | None:
    """Check an ``xsd:dateTime``, without leading blank space, as libxml2 does."""
    found = _TIME.fullmatch(text.rstrip(BLANK))
    if found and _is_day(text.lstrip("-")):
        return None if found[3] else "time-without-zone"
    return "time-not-a-time" if text.strip(BLANK) else "time-empty"


def _is_day(text: str) -> bool:
    year, month, rest = text.split("-", 2)
    day = int(rest[:2])
    if day < 29:
        return True
    if month == "02":
        leap = int(year) % 4 == 0 and (int(year) % 100 != 0 or int(year) % 400 == 0)
        return day == 29 and leap
    return day < 31 or month not in ("04", "06", "09", "11")


def check_decimal(text: str) -> str | None:
    """Check an ``xsd:decimal``."""
    return _odd_number(text, "value-form")


def check_degrees(text: str, *, may_be_360: bool = False) -> str | None:
    """Check a direction, 0 up to but without 360."""
    form = _odd_number(text, "value-form")
    number = meant_number(text)
    if form == "value-form" or number is None:
        return "value-form"
    is_inside = 0 <= number < 360 or (may_be_360 and number == 360)
    return form if is_inside else "value-form"


def check_count(text: str) -> str | None:
    """Check a number of 0, 1, 2 ..."""
    bare = text.strip(BLANK)
    is_count = _INTEGER.fullmatch(bare) and (bare[0] != "-" or not bare[1:].strip("0"))
    return None if is_count else "value-form"


def check_station(text: str) -> str | None:
    """Check a DGPS station number, 0 to 1023."""
    bare = text.strip(BLANK)
    is_station = _INTEGER.fullmatch(bare) and len(bare.lstrip("+-0")) < 5 and 0 <= int(bare) <= 1023
    return None if is_station else "value-form"


def check_fix(text: str) -> str | None:
    """Check the type of a position fix."""
    return None if text in FIXES else "value-form"


def check_uri(text: str) -> str | None:
    """Check a link."""
    bare = _NO_URI.sub("_", " ".join(text.split()))
    return None if _URI.fullmatch(bare) else "value-form"


def is_namespace(text: str) -> bool:
    """Whether a text is a valid namespace name."""
    return bool(text) and _URI.fullmatch(text) is not None


def check_year(text: str) -> str | None:
    """Check a year."""
    return None if _YEAR.fullmatch(text) else "value-form"


def check_text(_: str) -> str | None:
    """Accept any text."""
    return None
