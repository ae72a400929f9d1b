"""Units for readers: the only place that writes lengths, heights and speeds as text.

Data has SI units in its names (``distance_m``); people choose theirs with ``--units``. Everything that writes for
people receives a `Units`; there is no global setting.

An imperial figure is never finer than the metric one: a mile for a kilometre, ten feet for a metre. Exceptions, with a
foot for a metre: figures below 30 ft, and verdicts.
"""

import math
from enum import StrEnum

from routes.errors import ModelError
from routes.model.estimate import Estimate
from routes.model.measure import IN_BASE_UNIT, METRES_PER_FOOT, METRES_PER_MILE, Measure, Unit

SECONDS_PER_HOUR = 3600.0

_METRES_BELOW_M = 999.5
"""Lengths below it are in metres: anything that rounds to 1000 m is 1.0 km."""

_DECIMAL_BELOW_M = 99_950.0
"""Lengths below it have a decimal: anything that rounds to 100.0 km is 100 km."""

_RANGE_DECIMAL_BELOW_M = 20_000.0
"""Length ranges that end below it have a decimal."""

_FEET_BELOW_M = 1000.0 * METRES_PER_FOOT
_FOOT_STEPS_BELOW_FT = 30.0
_HAIR = 1e-9
"""Tolerance for a power of ten that rounding makes slightly too small."""


class Units(StrEnum):
    """Units for readers; quantities are passed in SI units, unrounded.

    Examples
    --------
    >>> Units.METRIC.length(44_937.0), Units.IMPERIAL.length(44_937.0)
    ('44.9 km', '27.9 mi')
    >>> Units.METRIC.height(3376.9), Units.IMPERIAL.height(3376.9)
    ('3377 m', '11,080 ft')
    """

    METRIC = "metric"
    """Kilometres and metres."""

    IMPERIAL = "imperial"
    """Miles of 1609.344 m and feet of 0.3048 m, both exact."""

    @classmethod
    def of(cls, name: str) -> "Units":
        """Return the units of a name (or a `Units` itself).

        Raises
        ------
        ModelError
            If the name is unknown.
        """
        try:
            return cls(name)
        except ValueError as error:
            msg = f"{name!r} are no units; choose {' or '.join(cls)}."
            raise ModelError(msg) from error

    @property
    def length_unit(self) -> Unit:
        """Unit of distances, for axes and column headings."""
        return Unit.KILOMETRE if self is Units.METRIC else Unit.MILE

    @property
    def height_unit(self) -> Unit:
        """Unit of heights, climbs and short lengths, for axes and column headings."""
        return Unit.METRE if self is Units.METRIC else Unit.FOOT

    def length(self, length_m: float) -> str:
        """Write a distance of 0 m or more.

        Metric: metres below 1 km, one decimal below 100 km. Imperial: feet below 1000 ft, two decimals of a mile below
        1 km, one below 100 km.

        Examples
        --------
        >>> [Units.METRIC.length(m) for m in (850.4, 44_937.0, 1_234_567.0)]
        ['850 m', '44.9 km', '1,235 km']
        >>> [Units.IMPERIAL.length(m) for m in (150.0, 850.4, 44_937.0, 1_234_567.0)]
        ['490 ft', '0.53 mi', '27.9 mi', '767 mi']
        """
        return self._lengths((length_m,), _DECIMAL_BELOW_M)

    def length_range(self, low_m: float, high_m: float, *, is_exact: bool = False) -> str:
        """Write a range of lengths (metres), both ends as precise as the upper one.

        Parameters
        ----------
        is_exact : bool
            Keep the decimal up to 100 km, for verdicts.

        Examples
        --------
        >>> Units.METRIC.length_range(46_855.0, 56_035.0), Units.IMPERIAL.length_range(46_855.0, 56_035.0)
        ('47 to 56 km', '29 to 35 mi')
        >>> Units.METRIC.length_range(14_760.0, 17_640.0), Units.IMPERIAL.length_range(14_760.0, 17_640.0)
        ('14.8 to 17.6 km', '9.2 to 11.0 mi')
        """
        return self._lengths((low_m, high_m), _DECIMAL_BELOW_M if is_exact else _RANGE_DECIMAL_BELOW_M)

    def _lengths(self, lengths_m: tuple[float, ...], decimal_below_m: float) -> str:
        high = lengths_m[-1]
        decimals = 1 if high < decimal_below_m else 0
        if self is Units.METRIC:
            if high < _METRES_BELOW_M:
                return _joined(lengths_m, 1.0, 0, "m")
            return _joined(lengths_m, 1000.0, decimals, "km")
        if high < _FEET_BELOW_M:
            return self.height_range(lengths_m[0], high)
        return _joined(lengths_m, METRES_PER_MILE, 2 if high < _METRES_BELOW_M else decimals, "mi")

    def height(self, height_m: float, *, is_exact: bool = False) -> str:
        """Write a height, a climb, or the uncertainty of one (metres).

        Parameters
        ----------
        is_exact : bool
            To the foot, for axis marks and verdicts: rounding must not hide on which side of a limit a figure is.

        Examples
        --------
        >>> Units.METRIC.height(12.4), Units.IMPERIAL.height(12.4), Units.IMPERIAL.height(2.2)
        ('12 m', '40 ft', '7 ft')
        >>> Units.IMPERIAL.height(3370.0), Units.IMPERIAL.height(3370.0, is_exact=True)
        ('11,060 ft', '11,056 ft')
        """
        return self.height_range(height_m, height_m, is_exact=is_exact)

    def height_range(self, low_m: float, high_m: float, *, is_exact: bool = False) -> str:
        """Write a range of heights or climbs (metres); a single figure if both ends read the same.

        Parameters
        ----------
        is_exact : bool
            As in `height`.

        Examples
        --------
        >>> Units.METRIC.height_range(1642.1, 2010.2), Units.IMPERIAL.height_range(1642.1, 2010.2)
        ('1642 to 2010 m', '5,390 to 6,600 ft')
        """
        if self is Units.METRIC:
            return _joined((low_m, high_m), 1.0, 0, "m", is_parted=False)
        is_small = max(abs(low_m), abs(high_m)) < _FOOT_STEPS_BELOW_FT * METRES_PER_FOOT
        return _joined((low_m, high_m), METRES_PER_FOOT, 0 if is_exact or is_small else -1, "ft")

    def spot_height(self, height_m: float) -> str:
        """Write a DEM height at one position, to 0.1 m or to the foot.

        Examples
        --------
        >>> Units.METRIC.spot_height(3376.94), Units.IMPERIAL.spot_height(3376.94)
        ('3376.9 m', '11,079 ft')
        """
        if self is Units.METRIC:
            return _joined((height_m,), 1.0, 1, "m", is_parted=False)
        return _joined((height_m,), METRES_PER_FOOT, 0, "ft")

    def spot_number(self, height_m: float) -> str:
        """Write such a height without unit (`height_unit`) and commas, for a table column.

        Examples
        --------
        >>> Units.METRIC.spot_number(3376.94), Units.IMPERIAL.spot_number(3376.94)
        ('3376.9', '11079')
        """
        return self.spot_height(height_m).split()[0].replace(",", "")

    def size(self, size_m: float) -> str:
        """Write a parameter or a given figure, such as a threshold or an LE90.

        Metres stay as given; feet have two significant digits.

        Examples
        --------
        >>> Units.METRIC.size(5.0), Units.IMPERIAL.size(5.0), Units.IMPERIAL.size(100.0)
        ('5 m', '16 ft', '330 ft')
        """
        if self is Units.METRIC:
            return f"{size_m:g} m"
        return f"{float(f'{size_m / METRES_PER_FOOT:.2g}'):,g} ft"

    def speed(self, speed_m_s: float) -> str:
        """Write a speed in metres per second, to 0.1 km/h or 0.1 mph.

        Examples
        --------
        >>> Units.METRIC.speed(1.4), Units.IMPERIAL.speed(1.4)
        ('5.0 km/h', '3.1 mph')
        """
        if self is Units.METRIC:
            return _joined((speed_m_s,), 1000.0 / SECONDS_PER_HOUR, 1, "km/h")
        return _joined((speed_m_s,), METRES_PER_MILE / SECONDS_PER_HOUR, 1, "mph")

    def length_interval(self, estimate: Estimate) -> str:
        """Write P10 to P90 of a length in metres; empty without a range.

        Examples
        --------
        >>> Units.METRIC.length_interval(Estimate(444.0, 440.0, 520.0))
        '440 to 520 m (P10 to P90)'
        """
        if estimate.p10 is None or estimate.p90 is None:
            return ""
        return f"{self.length_range(estimate.p10, estimate.p90)} (P10 to P90)"

    def climb(self, estimate: Estimate) -> str:
        """Write an ascent or descent in metres with its range, if any.

        Examples
        --------
        >>> Units.METRIC.climb(Estimate(1698.0, 1681.1, 1987.4))
        '1698 m; 1681 to 1987 m (P10 to P90)'
        >>> Units.IMPERIAL.climb(Estimate(1698.0, 1681.1, 1987.4))
        '5,570 ft; 5,520 to 6,520 ft (P10 to P90)'
        """
        text = self.height(estimate.value)
        if estimate.p10 is None or estimate.p90 is None:
            return text
        return f"{text}; {self.height_range(estimate.p10, estimate.p90)} (P10 to P90)"

    def stated(self, low: Measure, high: Measure | None = None) -> str:
        """Write a printed length or height, or a range, no finer than its own digits allow.

        In the reader's own units it is written as printed. `high` is the upper end of a range.

        Examples
        --------
        >>> Units.METRIC.stated(Measure.parse("11,056 ft")), Units.METRIC.stated(Measure.parse("11,200 ft"))
        ('3370 m', '3410 m')
        >>> Units.IMPERIAL.stated(Measure.parse("3700 m"), Measure.parse("3,850 m"))
        '12,100 to 12,630 ft'
        >>> Units.IMPERIAL.stated(Measure.parse("11 km")), Units.METRIC.stated(Measure.parse("4 to 5 mi"))
        ('6.8 mi', '6 to 8 km')
        """
        high = high or low
        ends = self._digits(low, low.low), self._digits(high, high.high)
        return f"{' to '.join(dict.fromkeys(ends))} {self._unit_for(low)}"

    def _unit_for(self, measure: Measure) -> Unit:
        return self.height_unit if measure.unit in (Unit.METRE, Unit.FOOT) else self.length_unit

    def _digits(self, measure: Measure, value: float) -> str:
        """Digits of one end of a printed figure, to the power of ten within its converted rounding step."""
        unit = self._unit_for(measure)
        step = measure.step * IN_BASE_UNIT[measure.unit] / IN_BASE_UNIT[unit]
        if unit is measure.unit:
            step = min(step, 1.0)
        decimals = min(-math.floor(math.log10(step) + _HAIR), 0 if unit is self.height_unit else 2)
        value_m = value * IN_BASE_UNIT[measure.unit]
        return _written((value_m,), IN_BASE_UNIT[unit], decimals, is_parted=unit is not Unit.METRE)[0]

    def stated_interval(self, measure: Measure) -> str:
        """Write the range of lengths or heights that round to a printed one, finely enough to show its ends.

        Examples
        --------
        >>> [Units.METRIC.stated_interval(Measure.parse(text)) for text in ("11,000 ft", "4 km")]
        ['3277 to 3429 m', '3.50 to 4.50 km']
        >>> [Units.IMPERIAL.stated_interval(Measure.parse(text)) for text in ("11,056 ft", "4 km")]
        ['11,055.5 to 11,056.5 ft', '2.17 to 2.80 mi']
        """
        unit = self._unit_for(measure)
        size = IN_BASE_UNIT[unit]
        is_fine = 0.0 < measure.step_base < 2.0 * size * (1.0 if unit is self.height_unit else 0.01)
        decimals = (0 if unit is self.height_unit else 2) + is_fine
        texts = _written(measure.interval, size, decimals, is_parted=unit is not Unit.METRE)
        return f"{' to '.join(dict.fromkeys(texts))} {unit}"

    def restated(self, measure: Measure) -> str:
        """Start of a sentence that converts a printed figure for readers of other units; empty for everyone else.

        Examples
        --------
        >>> Units.METRIC.restated(Measure.parse("11,056 ft")), Units.IMPERIAL.restated(Measure.parse("11,056 ft"))
        ('11,056 ft is 3370 m. ', '')
        """
        if measure.unit in _STRANGE[self]:
            return f"{measure.printed} is {self.stated(measure)}. "
        return ""


_STRANGE = {Units.METRIC: (Unit.FOOT, Unit.MILE), Units.IMPERIAL: (Unit.METRE, Unit.KILOMETRE)}
"""Printed units that need conversion, by the reader's units."""


def rounded_height(height_m: float, half_width_m: float) -> str:
    """Write a height in both units, rounded as its uncertainty allows.

    Parameters
    ----------
    height_m : float
        Metres.
    half_width_m : float
        Half-width of its interval, metres, positive. The rounding step is the largest of 1, 5, 10, 50, ... in the
        unit that does not exceed it, so that every printed digit is significant.

    Examples
    --------
    >>> rounded_height(2407.6, 17.0), rounded_height(4447.0, 4.0)
    ('2410 m (7,900 ft)', '4447 m (14,590 ft)')
    """
    texts = []
    for size in (1.0, METRES_PER_FOOT):
        half = max(half_width_m / size, 1.0)
        power = 10.0 ** math.floor(math.log10(half))
        step = 5.0 * power if half >= 5.0 * power else power
        texts.append(round(height_m / size / step) * step)
    return f"{texts[0]:.0f} m ({texts[1]:,.0f} ft)"


def _joined(
    values: tuple[float, ...], size: float, decimals: int, unit: str, *, is_parted: bool = True
) -> str:
    """Values with their unit; only one if both read the same."""
    return f"{' to '.join(dict.fromkeys(_written(values, size, decimals, is_parted=is_parted)))} {unit}"


def _written(values: tuple[float, ...], size: float, decimals: int, *, is_parted: bool) -> list[str]:
    """Values in a unit of a given size, rounded to decimals (-1: to tens), with or without thousands separators."""
    comma = "," if is_parted else ""
    # adding 0.0 removes the sign of a zero
    return [f"{round(value / size, decimals) + 0.0:{comma}.{max(decimals, 0)}f}" for value in values]
