"""Parse many decimal numbers and times at once, bit for bit as `float` does.

Eight digits are read at once as the bytes of one word (D. Lemire, "Quickly parsing eight digits", 2018). A
mantissa below 2**53 over a power of ten up to 10**22 is one correctly rounded division (W. D. Clinger, "How
to read floating point numbers accurately", PLDI 1990, https://doi.org/10.1145/93542.93557). A longer one is
divided in twice the precision (T. J. Dekker, Numer. Math. 18, 1971, https://doi.org/10.1007/BF01397083). If
two doubles remain possible, `float` decides.
"""

import math
import re
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routes._typing import BoolArray, FloatArray, IntArray

Words: TypeAlias = NDArray[np.uint64]
"""Eight bytes each, lowest first."""

PAD_BYTES = 64
"""Bytes that may be read beyond the end of a number."""

_MAX_FRACTION = 40
_MAX_DIGITS = 18
_U = np.uint64
_ZEROS = _U(0x3030303030303030)
_POINTS = _U(0x2E2E2E2E2E2E2E2E)
_LOW = _U(0x0101010101010101)
_HIGH = _U(0x8080808080808080)
_TENS = 10 ** np.arange(_MAX_DIGITS + 1, dtype=np.int64)
_TENS_F = _TENS.astype(np.float64)
_SPLIT = float(2**27 + 1)
_EPOCH_DAY = date(1970, 1, 1).toordinal()

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,18})[0-9]*)?)?"
    r"(?:([Zz])|([+-])([0-9]{2}):?([0-9]{2})?)?"
)


def words_of(raw: NDArray[np.uint8]) -> Words:
    """Words that begin at each byte except the last seven (a view)."""
    return np.ndarray((raw.size - 7,), dtype="<u8", buffer=raw.data, strides=(1,))


def number_of(text: str) -> float | None:
    """Value of a number in XML's form, except infinities; None if it is invalid."""
    text = text.strip(" \t\r\n")
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def time_of(text: str) -> tuple[float, bool] | None:
    """Seconds since 1970 of a time, and whether it names its zone; None if it is invalid.

    A leap second (``:60``) is the first second of the next minute, ``24:00:00`` the midnight at the end of
    the day.
    """
    found = _TIME.fullmatch(text.strip(" \t\r\n"))
    if found is None:
        return None
    year, month, day, hour, minute = (int(part) for part in found.groups()[:5])
    second = int(found[6] or 0)
    is_midnight = (hour, minute, second) == (24, 0, 0) and not int(found[7] or 0)
    if not is_midnight and not (hour <= 23 and minute <= 59 and second <= 60):
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    whole = days * 86400 + hour * 3600 + minute * 60 + second
    if found[9]:
        away_h, away_min = int(found[10]), int(found[11] or 0)
        if away_h > 14 or away_min > 59:
            return None
        whole -= (away_h * 60 + away_min) * (-60 if found[9] == "-" else 60)
    fraction = int(found[7]) / 10 ** len(found[7]) if found[7] else 0.0
    return float(whole) + fraction, bool(found[8] or found[9])


def _filled(words: Words, count: IntArray) -> Words:
    """First `count` characters (0 to 8) of each word moved to its end, after zeros."""
    bits = (count * 8).astype(_U)
    filled: Words = (words << (_U(64) - bits)) | (_ZEROS >> bits)
    return filled


def _are_digits(words: Words) -> BoolArray:
    # only 0 to 9 have upper half 3 both as they are and with 6 added
    are: BoolArray = ((words & (words + _U(0x0606060606060606))) & _U(0xF0F0F0F0F0F0F0F0)) == _ZEROS
    return are


def _value(words: Words) -> IntArray:
    """Value of eight digits."""
    digits = words - _ZEROS
    pairs = digits * _U(10) + (digits >> _U(8))
    mask = _U(0x000000FF000000FF)
    value = (pairs & mask) * _U(0x000F424000000064) + ((pairs >> _U(16)) & mask) * _U(0x0000271000000001)
    return (value >> _U(32)).astype(np.int64)


def decimals(raw: bytes, words: Words, start: IntArray, stop: IntArray) -> tuple[FloatArray, BoolArray]:
    """Values of plain decimal numbers such as ``-46.060``, and whether each is plain.

    `words` are `words_of` the text `raw`, which has `PAD_BYTES` after the last number; `start` and `stop`
    (exclusive) are its bytes. Plain means an optional minus and one to eight digits, or one to seven, a point
    and one to forty more. Plain values equal `float`'s to the last bit; others are arbitrary.
    """
    head = words[start]
    is_negative = (head & _U(0xFF)) == _U(ord("-"))
    if is_negative.any():
        start = start + is_negative
        head = words[start]
    length = stop - start
    differs = head ^ _POINTS
    zero = (differs - _LOW) & ~differs & _HIGH
    before = (np.bitwise_count((zero & (~zero + _U(1))) - _U(1)) >> 3).astype(np.int64)
    is_whole = before >= length
    has_point = ~is_whole & (before < 8)
    before = np.clip(np.where(is_whole, length, before), 0, 8)
    fraction = np.where(is_whole, 0, length - before - 1)
    is_plain = (before >= 1) & (length > 0)
    is_plain &= (is_whole & (length <= 8)) | (has_point & (fraction >= 1) & (fraction <= _MAX_FRACTION))
    fraction = np.clip(fraction, 0, _MAX_FRACTION)
    whole = _filled(head, before)
    is_plain &= _are_digits(whole)
    # few enough digits for a mantissa below 10**18
    used = np.minimum(np.minimum(fraction, _MAX_DIGITS - before), 16)
    mantissa = _value(whole) * _TENS[used]
    behind = start + before + 1
    longest, shortest = int(fraction.max(initial=0)), int(fraction.min(initial=_MAX_FRACTION))
    least = int(used.min(initial=16))
    for k in range(0, longest, 8):
        part = words[behind + k]
        is_plain &= _are_digits(part if shortest >= k + 8 else _filled(part, np.clip(fraction - k, 0, 8)))
        if k < 16:
            digits = part if least >= k + 8 else _filled(part, np.clip(used - k, 0, 8))
            mantissa += _value(digits) * _TENS[np.maximum(used - k - 8, 0)]
    values = mantissa.astype(np.float64) / _TENS_F[used]
    is_long = is_plain & ((mantissa >= 2**53) | (used < fraction))
    if is_long.any():
        at = np.flatnonzero(is_long)
        values[at] = _long(raw, mantissa[at], used[at], used[at] < fraction[at], start[at], stop[at])
    return np.where(is_negative, -values, values), is_plain


def _long(
    raw: bytes, mantissa: IntArray, used: IntArray, is_cut: BoolArray, start: IntArray, stop: IntArray
) -> FloatArray:
    """Values of numbers with more digits than a double holds; `mantissa` has the first ones."""
    upper = mantissa.astype(np.float64)
    lower = (mantissa - upper.astype(np.int64)).astype(np.float64)
    ten = _TENS_F[used]
    quotient = upper / ten
    # quotient * ten as an exact sum of two doubles
    product = quotient * ten
    q_high, t_high = (_SPLIT * a - (_SPLIT * a - a) for a in (quotient, ten))
    q_low, t_low = quotient - q_high, ten - t_high
    error = ((q_high * t_high - product) + q_high * t_low + q_low * t_high) + q_low * t_low
    rest = (((upper - product) - error) + lower) / ten
    doubt = quotient * 2.0**-98
    values = quotient + (rest - doubt)
    others = quotient + (rest + (doubt + np.where(is_cut, 1.0 / ten, 0.0) * (1.0 + 2.0**-50)))
    for i in np.flatnonzero(values != others).tolist():
        values[i] = float(raw[start[i] : stop[i]])
    return values


_DATE_MARKS, _DATE_SEEN = _U(0xFF0000FF00000000), _U(0x2D00002D00000000)
_HOUR_MARKS, _HOUR_SEEN = _U(0x0000FF0000FF0000), _U(0x00003A0000540000)


def _digit(words: Words, index: int) -> IntArray:
    return ((words >> _U(8 * index)) & _U(15)).astype(np.int64)


def times(words: Words, start: IntArray, stop: IntArray) -> tuple[FloatArray, BoolArray]:
    """Seconds since 1970 of plain times such as ``2026-05-01T10:00:00.000Z``, and whether each is plain.

    Arguments are as in `decimals`. Plain means UTC in that form, with up to eight digits after the second.
    Plain values equal `time_of`'s; others are arbitrary.
    """
    length = stop - start
    first, second, third = words[start], words[start + 8], words[start + 16]
    is_plain = (length == 20) | ((length >= 22) & (length <= 29))
    is_plain &= ((first & _DATE_MARKS) == _DATE_SEEN) & ((second & _HOUR_MARKS) == _HOUR_SEEN)
    for word, marks in ((first, _DATE_MARKS), (second, _HOUR_MARKS)):
        is_plain &= _are_digits((word & ~marks) | (_ZEROS & marks))
    is_short = length == 20
    ends = np.where(is_short, _U(ord("Z")), _U(ord(".")))
    is_plain &= ((third & _U(0xFF)) == _U(ord(":"))) & (((third >> _U(24)) & _U(0xFF)) == ends)
    is_plain &= _are_digits((third & _U(0xFFFF00)) | (_ZEROS & ~_U(0xFFFF00)))
    hour = _digit(second, 3) * 10 + _digit(second, 4)
    minute = _digit(second, 6) * 10 + _digit(second, 7)
    whole_s = hour * 3600 + minute * 60 + _digit(third, 1) * 10 + _digit(third, 2)
    is_plain &= (hour <= 23) & (_digit(second, 6) <= 5) & (_digit(third, 1) <= 5)
    days, is_date = _days(first, second & _U(0xFFFF))
    is_plain &= is_date
    values = (days * 86400 + whole_s).astype(np.float64)
    if not is_short.all():
        count = np.clip(length - 21, 0, 8)
        part = words[start + 20]
        part = _filled(part, count)
        is_plain &= is_short | (_are_digits(part) & ((words[stop - 1] & _U(0xFF)) == _U(ord("Z"))))
        values += np.where(is_short, 0.0, _value(part) / _TENS_F[count])
    return values, is_plain


def _days(first: Words, second: Words) -> tuple[IntArray, BoolArray]:
    """Days since 1970 of ten-character dates in two words, and whether they are valid; dates rarely change."""
    is_new = np.ones(first.size, dtype=np.bool_)
    is_new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    at = np.flatnonzero(is_new)
    days = np.zeros(at.size, dtype=np.int64)
    is_date = np.zeros(at.size, dtype=np.bool_)
    known: dict[tuple[int, int], int | None] = {}
    for i, key in enumerate(zip(first[at].tolist(), second[at].tolist(), strict=True)):
        if key not in known:
            text = (key[0].to_bytes(8, "little") + key[1].to_bytes(2, "little")).decode("latin-1")
            known[key] = _day(text)
        day = known[key]
        if day is not None:
            days[i], is_date[i] = day, True
    which = np.cumsum(is_new) - 1
    return days[which], is_date[which]


def _day(text: str) -> int | None:
    digits = text[:4], text[5:7], text[8:]
    try:
        return date(*(int(part) for part in digits)).toordinal() - _EPOCH_DAY if text.isascii() else None
    except ValueError:
        return None
