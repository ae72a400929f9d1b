"""Printed quantities: a number or range, its unit, and its rounding."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from routes.errors import ModelError


class Unit(StrEnum):
    """Units of printed figures."""

    METRE = "m"
    FOOT = "ft"
    KILOMETRE = "km"
    MILE = "mi"
    HOUR = "h"
    MINUTE = "min"
    DAY = "d"
    COUNT = "1"
    """A pure number, printed without a unit (SI writes the unit one)."""


METRES_PER_FOOT = 0.3048
"""International foot, exact by definition (1959)."""

METRES_PER_MILE = 1609.344
"""International mile, exact by definition."""

IN_BASE_UNIT = {
    Unit.METRE: 1.0,
    Unit.FOOT: METRES_PER_FOOT,
    Unit.KILOMETRE: 1000.0,
    Unit.MILE: METRES_PER_MILE,
    Unit.HOUR: 1.0,
    Unit.MINUTE: 1.0 / 60.0,
    Unit.DAY: 1.0,
    Unit.COUNT: 1.0,
}
"""Size of each unit in its base unit: metre for lengths, hour for times, day for calendar days."""

ROUNDING_CAP = {
    Unit.METRE: 100.0,
    Unit.FOOT: 500.0,
    Unit.KILOMETRE: 5.0,
    Unit.MILE: 5.0,
    Unit.HOUR: 1.0,
    Unit.MINUTE: 30.0,
    Unit.DAY: 1.0,
    Unit.COUNT: 1.0,
}
"""Largest rounding step that trailing zeros may imply: 3000 m counts as rounded to 100 m, not to 1000 m."""

_SPELLINGS = {
    "m": Unit.METRE, "metre": Unit.METRE, "metres": Unit.METRE, "meter": Unit.METRE, "meters": Unit.METRE,
    "ft": Unit.FOOT, "feet": Unit.FOOT, "foot": Unit.FOOT, "'": Unit.FOOT,
    "km": Unit.KILOMETRE, "kilometres": Unit.KILOMETRE, "kilometers": Unit.KILOMETRE,
    "mi": Unit.MILE, "mile": Unit.MILE, "miles": Unit.MILE,
    "h": Unit.HOUR, "hr": Unit.HOUR, "hrs": Unit.HOUR, "hour": Unit.HOUR, "hours": Unit.HOUR,
    "min": Unit.MINUTE, "minutes": Unit.MINUTE,
    "d": Unit.DAY, "day": Unit.DAY, "days": Unit.DAY,
    "": Unit.COUNT,
}  # fmt: skip

# [0-9], because \d also matches digits of other scripts
_NUMBER = r"(?:[0-9]{1,3}(?:[,\u2009\u202f ][0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
_MEASURE = re.compile(
    rf"\s*(?P<low>[-\u2212]?{_NUMBER})(?:\s*(?:-|\u2013|to)\s*(?P<high>{_NUMBER}))?\s*(?P<unit>[A-Za-z']*)\.?\s*"
)
_POINT_OF_THOUSANDS = re.compile(r"[-\u2212]?[1-9][0-9]{0,2}\.[0-9]{3}")

MAX_DIGITS = 12
"""Most digits in a printed number."""

_MAX_LENGTH = 200


def _number(text: str) -> float:
    return float(re.sub(r"[,\u2009\u202f ]", "", text).replace("\u2212", "-"))


def _check_number(text: str, number: str, unit: Unit) -> None:
    """Reject numbers that are too long, and lengths in which a point may separate thousands."""
    if sum(letter.isdigit() for letter in number) > MAX_DIGITS:
        msg = f"{text!r} has a number of more than {MAX_DIGITS} digits."
        raise ModelError(msg)
    if unit in (Unit.METRE, Unit.FOOT) and _POINT_OF_THOUSANDS.fullmatch(number):
        whole, size = number.replace(".", ""), unit.value
        msg = (
            f"{text!r}: a point parts decimals, so this is {number} {size}, to the thousandth; write {whole} {size} if "
            f"the point parts thousands, else leave a decimal out."
        )
        raise ModelError(msg)


def _implied_step(text: str) -> float:
    """Rounding step that a number's digits imply: 4450 gives 10, 11,000 gives 1000, 2.5 gives 0.1."""
    digits = re.sub(r"[^\d.]", "", text)
    if "." in digits:
        return float(10.0 ** -len(digits.split(".")[1]))
    zeros = len(digits) - len(digits.rstrip("0"))
    return float(10.0**zeros) if digits.strip("0") else 1.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A printed number or range with its unit.

    Examples
    --------
    >>> Measure.parse("11,000 ft").interval
    (3276.6, 3429.0)
    >>> Measure.parse("3 to 4 h").interval
    (3.0, 4.0)
    """

    printed: str
    """The text as printed."""

    low: float
    """Lower end, in `unit`."""

    high: float
    """Upper end, in `unit`; equal to `low` for a single number."""

    unit: Unit
    """Unit as printed."""

    step: float
    """Rounding step in `unit`, from trailing zeros, at most `ROUNDING_CAP`."""

    @classmethod
    @lru_cache(maxsize=1024, typed=True)
    def parse(cls, text: str, step: float | None = None) -> "Measure":
        """Read a printed figure such as ``"4450 m"``, ``"11,000 ft"``, ``"3 to 4 h"`` or ``"2"``.

        Parameters
        ----------
        text : str
            Number or range, and unit, with a decimal point, and commas or thin spaces between thousands.
        step : float, optional
            Rounding step in the printed unit; inferred from trailing zeros if absent.

        Raises
        ------
        ModelError
            If the text is no such figure, a number has more than `MAX_DIGITS` digits, a point may separate the
            thousands of a length (``"4.450 m"``), the range is reversed, or the step is not positive.
        """
        match = _MEASURE.fullmatch(text) if len(text) <= _MAX_LENGTH else None
        unit = _SPELLINGS.get(match["unit"].lower()) if match else None
        if match is None or unit is None:
            found = repr(text) if len(text) <= _MAX_LENGTH else f"{text[:40]!r}..."
            msg = f"{found} is no figure with a unit; write for example '4450 m', '14,600 ft', '2.5 mi', '3 to 4 h'."
            raise ModelError(msg)
        for number in filter(None, (match["low"], match["high"])):
            _check_number(text, number, unit)
        low = _number(match["low"])
        high = _number(match["high"]) if match["high"] else low
        if high < low:
            msg = f"{text!r} runs from high to low."
            raise ModelError(msg)
        if step is not None and not 0.0 < step < 1e5:
            msg = f"A rounding step of {step} for {text!r} is not a positive number."
            raise ModelError(msg)
        implied = min(_implied_step(match["low"]), ROUNDING_CAP[unit])
        return cls(text, low, high, unit, implied if step is None else step)

    @property
    def is_range(self) -> bool:
        """Whether it is a range."""
        return self.high > self.low

    @property
    def value(self) -> float:
        """Middle of the range or number, in the base unit (m, h, d or 1)."""
        return 0.5 * (self.low + self.high) * IN_BASE_UNIT[self.unit]

    @property
    def step_base(self) -> float:
        """Rounding step in the base unit (m, h, d or 1); 0 for a range, which is used as given."""
        return 0.0 if self.is_range else self.step * IN_BASE_UNIT[self.unit]

    def nearest(self, value: float) -> float:
        """Printed number, or the point of the printed range nearest to a value, all in the base unit.

        Examples
        --------
        >>> Measure.parse("3 to 4 h").nearest(3.6), Measure.parse("3 to 4 h").nearest(5.0)
        (3.6, 4.0)
        """
        size = IN_BASE_UNIT[self.unit]
        return min(max(value, self.low * size), self.high * size)

    @property
    def interval(self) -> tuple[float, float]:
        """Values that round to this figure, in the base unit.

        A single number covers half a rounding step on each side. A range is used as given, because it already includes
        the source's doubt.
        """
        half = 0.0 if self.is_range else 0.5 * self.step
        size = IN_BASE_UNIT[self.unit]
        return (round((self.low - half) * size, 9), round((self.high + half) * size, 9))

    def meets(self, other: "Measure") -> bool:
        """Whether the two rounding intervals overlap."""
        (low, high), (other_low, other_high) = self.interval, other.interval
        return low <= other_high and other_low <= high
