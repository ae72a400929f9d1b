"""How probable each cause makes a printed figure.

Each cause implies which figure would have been printed. Its likelihood is the probability of the printed figure's
rounding interval under a normal distribution of the estimate, with the verdict's uncertainty budget except for the
rounding.
"""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routes.analysis.verdicts.causes import Cause
from routes.analysis.verdicts.gazetteer import Other
from routes.kernel.uncertainty import Z90, combine
from routes.model.measure import IN_BASE_UNIT, Measure, Unit
from routes.model.sentence import Sentence, shown
from routes.model.units import Units

U_UNDULATION_M = 1.0
"""Standard uncertainty of the geoid's height, metres: EPSG's accuracy of EGM96 and EGM2008 against the ellipsoid."""

LARGEST_ERROR_M = 5000.0
"""Largest height error that *none of these* covers, metres."""

DIGITS_WIDER = 1.5
"""Factor on the estimate's uncertainty for wrong digits. 5 of 93 summits of Andorra lie beyond three standard
uncertainties; an exact original must not explain those. Planted digit errors are named as often as with 1."""

_SWAPS = {
    Unit.METRE: (Cause.FEET_AS_METRES, Unit.FOOT),
    Unit.FOOT: (Cause.METRES_AS_FEET, Unit.METRE),
    Unit.KILOMETRE: (Cause.MILES_AS_KILOMETRES, Unit.MILE),
    Unit.MILE: (Cause.KILOMETRES_AS_MILES, Unit.KILOMETRE),
}
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A cause with its likelihood, or its probability once all are known."""

    cause: Cause
    likelihood: float
    text: str | Sentence = ""
    meant: float | None = None
    """Intended figure, in the base unit; None if the cause implies none."""

    @property
    def is_slip(self) -> bool:
        """Whether it is a wrong digit or unit, for which the figure itself is the only evidence."""
        return self.meant is not None and self.cause is not Cause.OTHER_UNIT


@dataclass(frozen=True, slots=True)
class Normal:
    """An estimate with its standard uncertainty."""

    value: float
    u: float

    def mass(self, low: float, high: float) -> float:
        """Probability that the true value lies in an interval."""
        return _normal_mass((low - self.value) / self.u, (high - self.value) / self.u)

    def gross(self, low: float, high: float) -> float:
        """Probability of an interval under an error of unknown size, flat in its logarithm beyond `u`."""
        reach = max(LARGEST_ERROR_M, 2.0 * abs(self.value)) / self.u
        # density 1 / (2 asinh(reach) √(z² + 1)), whose integral is asinh; beyond the reach as at its end
        start, end = ((bound - self.value) / self.u for bound in (low, high))
        inside = math.asinh(_clipped(end, reach)) - math.asinh(_clipped(start, reach))
        beyond = (end - start - (_clipped(end, reach) - _clipped(start, reach))) / math.hypot(reach, 1.0)
        return (inside + beyond) / (2.0 * math.asinh(reach))


def _clipped(value: float, bound: float) -> float:
    return max(-bound, min(bound, value))


def _normal_mass(low: float, high: float) -> float:
    """Probability of a standard normal variable between two bounds, exact in the tails too."""
    if low + high < 0.0:
        low, high = -high, -low
    return 0.5 * (math.erfc(low / math.sqrt(2.0)) - math.erfc(high / math.sqrt(2.0)))


def swapped(measure: Measure, ours: Normal) -> Iterator[Weighed]:
    """The number is right, the printed unit is wrong."""
    if measure.unit not in _SWAPS:
        return
    cause, meant = _SWAPS[measure.unit]
    ratio = IN_BASE_UNIT[meant] / IN_BASE_UNIT[measure.unit]
    low, high = (end * ratio for end in measure.interval)
    number = re.sub(r"[A-Za-z'.\s]+$", "", measure.printed).strip()
    text: str | Sentence
    if meant in (Unit.METRE, Unit.KILOMETRE):
        text = f"{number} {meant.value} meant"
    else:
        write = Units.height if meant is Unit.FOOT else Units.length
        text = Sentence((f"{number} {meant.value} is ", shown(write, measure.value * ratio)))
    yield Weighed(cause, ours.mass(low, high), text, measure.value * ratio)


def conversion(measure: Measure, second: Measure, ours: Normal) -> Weighed:
    """The other unit is right; this one was converted wrongly.

    The likelihood is relative to causes that ignore the other unit, for which it has an error of unknown size.
    """
    lift = ours.mass(*second.interval) / ours.gross(*second.interval)
    text = f"the statement's {second.printed} fits"
    return Weighed(Cause.OTHER_UNIT, ours.gross(*measure.interval) * lift, text, second.value)


def ellipsoidal(measure: Measure, ours: Normal, undulation_m: float) -> Weighed:
    """The height is above the ellipsoid."""
    there = Normal(ours.value + undulation_m, combine(ours.u, U_UNDULATION_M))
    text = Sentence(("the geoid lies ", shown(Units.height, undulation_m), " above the ellipsoid there"))
    return Weighed(Cause.ELLIPSOIDAL, there.mass(*measure.interval), text)


def other_place(measure: Measure, others: Sequence[Other]) -> Weighed:
    """The height belongs to another place."""
    parts = [other.weight * Normal(other.height_m, other.u_m).mass(*measure.interval) for other in others]
    best = others[parts.index(max(parts))]
    text = f"{best.name} has {best.printed}"
    return Weighed(Cause.OTHER_PLACE, sum(parts) / sum(other.weight for other in others), text)


def truncated(measure: Measure, ours: Normal) -> Iterator[Weighed]:
    """The height was cut off or rounded up to a whole hundred, or rounded to 500 or 1000."""
    if measure.is_range or measure.low % 100.0:
        return
    size = IN_BASE_UNIT[measure.unit]
    value = measure.low * size
    ways = [((0.0, 100.0), "cut off"), ((-100.0, 0.0), "rounded up")]
    ways += [
        ((-0.5 * step, 0.5 * step), f"rounded to {step:g} {measure.unit.value}")
        for step in (500.0, 1000.0)
        if measure.low % step == 0.0
    ]
    parts = [(ours.mass(value + low * size, value + high * size), how) for (low, high), how in ways]
    _, how = max(parts)
    yield Weighed(Cause.ROUNDED, sum(part for part, _ in parts) / len(parts), how)


def digits(measure: Measure, ours: Normal) -> Iterator[Weighed]:
    """Two adjacent digits swapped, or one digit wrong: all figures that could become the printed one.

    An original has the rounding step of the printed figure: 2600 that became 2601 was not rounded to hundreds. One
    that differs by less than the estimate can resolve explains nothing, and is left to chance.
    """
    printed = _DIGITS.search(re.sub(r"[,\u2009\u202f ](?=[0-9]{3})", "", measure.printed))
    if measure.is_range or printed is None or measure.low < 0.0:
        return
    text, size = printed[0], IN_BASE_UNIT[measure.unit]
    wide = Normal(ours.value, DIGITS_WIDER * ours.u)
    places = [index for index, letter in enumerate(text) if letter != "."]
    swaps = {
        text[:i] + text[j] + text[i + 1 : j] + text[i] + text[j + 1 :]
        for i, j in itertools.pairwise(places)
        if text[i] != text[j]
    }
    changes = {text[:i] + digit + text[i + 1 :] for i in places for digit in "0123456789" if digit != text[i]}
    for cause, originals, ways in (
        (Cause.TRANSPOSED, swaps, len(places) - 1),
        (Cause.WRONG_DIGIT, changes, 9 * len(places)),
    ):
        parts = [
            (wide.mass((meant - half) * size, (meant + half) * size) / ways, original)
            for original in sorted(originals)
            if not (original.startswith("0") and len(original) > 1 and original[1] != ".")
            for meant, half in [(float(original), 0.5 * measure.step)]
            if abs(meant - float(text)) * size >= Z90 * ours.u and meant % measure.step <= 1e-9
        ]
        if parts:
            _, best = max(parts)
            meaning = f"{best} {measure.unit.value} meant"
            yield Weighed(cause, sum(part for part, _ in parts), meaning, float(best) * size)
