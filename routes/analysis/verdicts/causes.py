"""Likely causes of a stated figure that differs, weighed by how well each explains what was printed.

Every hypothesis says which figure would have been printed. Its likelihood is the probability of the rounding interval
of what is printed, under a normal distribution of the estimate (the budget of the verdict without the rounding).
All hypotheses have the same prior weight, as nobody has counted how often guides err in which way; `weights` gives
others. ``benchmarks/accuracy/validate_errors.py`` shows how often the right cause is named, and what other weights
change.
"""

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from routes.analysis.verdicts.gazetteer import Other
from routes.errors import ModelError
from routes.kernel.uncertainty import combine
from routes.model.figures import Quantity
from routes.model.measure import IN_BASE_UNIT, Measure, Unit
from routes.model.sentence import Sentence, shown
from routes.model.units import Units

U_UNDULATION_M = 1.0
"""Standard uncertainty of an undulation, metres: EPSG's accuracy of EGM96 and EGM2008 against the ellipsoid."""

LARGEST_ERROR_M = 5000.0
"""Largest error of a height that *none of these* reckons with, metres."""

NO_GEOID = (
    "Whether the height is above the ellipsoid was not weighed: the geoid's height at the place is not known. It takes "
    "a grid of PROJ's, which `pyproj sync --file us_nga_egm96_15.tif` gets."
)


class Cause(StrEnum):
    """How a stated figure may have come to differ."""

    FEET_AS_METRES = "feet as metres"
    METRES_AS_FEET = "metres as feet"
    MILES_AS_KILOMETRES = "miles as kilometres"
    KILOMETRES_AS_MILES = "kilometres as miles"
    OTHER_UNIT = "wrong conversion"
    """Of the two units of one statement the other one is right."""

    TRANSPOSED = "transposed digits"
    WRONG_DIGIT = "wrong digit"
    ELLIPSOIDAL = "ellipsoidal height"
    OTHER_PLACE = "another place"
    ROUNDED = "rounded to hundreds"
    CHANCE = "chance"
    """The figure is right, and the difference lies within what is uncertain."""

    NONE = "none of these"


@dataclass(frozen=True, slots=True)
class LikelyCause:
    """One cause and how likely it is among those that were weighed."""

    cause: Cause
    """The cause."""

    probability: float
    """From 0 to 1, over all causes that were weighed."""

    text: Sentence
    """What it would mean here, without a full stop."""

    def told_in(self, units: Units) -> str:
        """Write it with its probability and what it would mean."""
        text = self.text.text(units)
        return f"{self.cause}, {100.0 * self.probability:.0f} %" + (f" ({text})" if text else "")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Causes of a difference, the likeliest first."""

    causes: tuple[LikelyCause, ...]
    """All that were weighed; their probabilities add up to 1."""

    untested: tuple[str, ...] = ()
    """Causes that could not be weighed, and why; one sentence each."""

    @property
    def likeliest(self) -> LikelyCause:
        """The cause of the greatest probability."""
        return self.causes[0]

    def text(self, units: Units) -> str:
        """Write the likeliest causes as a sentence, with the probability of each."""
        first, *rest = self.causes
        parts = [f"Likeliest cause: {first.told_in(units)}"]
        parts += [f"then {other.told_in(units)}" for other in rest[:2] if other.probability >= 0.1]
        return f"{'; '.join(parts)}."


_SWAPS = {
    Unit.METRE: (Cause.FEET_AS_METRES, Unit.FOOT),
    Unit.FOOT: (Cause.METRES_AS_FEET, Unit.METRE),
    Unit.KILOMETRE: (Cause.MILES_AS_KILOMETRES, Unit.MILE),
    Unit.MILE: (Cause.KILOMETRES_AS_MILES, Unit.KILOMETRE),
}
_HEIGHTS = (Quantity.ELEVATION, Quantity.MAX_ELEVATION)
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What a diagnosis of one figure may use beside the figure and the estimate."""

    quantity: Quantity = Quantity.ELEVATION
    """What the figure is about; heights have causes of their own."""

    second: Measure | None = None
    """The other unit of the same statement, where the two exclude each other."""

    undulation_m: float | None = None
    """Height of the geoid above the ellipsoid there, metres; None if it is not known."""

    others: tuple[Other, ...] = ()
    """Places whose height it may be."""


def diagnose(
    measure: Measure,
    estimate: float,
    u: float,
    clues: Clues | None = None,
    weights: Mapping[Cause, float] | None = None,
) -> Diagnosis:
    """Causes of a difference between a printed figure and an estimate, each with its probability.

    Parameters
    ----------
    measure : Measure
        The figure as printed.
    estimate : float
        Our figure, in the base unit of the measure (metres).
    u : float
        Its standard uncertainty without the rounding of what is printed, in that unit.
    clues : Clues, optional
        Second unit, undulation, other places.
    weights : mapping of Cause to float, optional
        Prior weights relative to one another; 1 for every cause that is not named.

    Returns
    -------
    Diagnosis
        Causes with a prior weight, and *none of these*; the likeliest first. Their probabilities add up to 1.

    Raises
    ------
    ModelError
        If the estimate or `u` is not finite, `u` is not positive, or a weight is negative.

    Examples
    --------
    >>> diagnose(Measure.parse("7874 m"), 2406.0, 15.0).likeliest.cause.value
    'feet as metres'
    >>> diagnose(Measure.parse("4250 m"), 2450.0, 15.0).likeliest.cause.value
    'transposed digits'
    """
    clues = clues or Clues()
    weights = weights or {}
    if not math.isfinite(estimate) or not math.isfinite(u) or u <= 0.0:
        msg = f"A diagnosis needs an estimate with a positive uncertainty, not {estimate} and {u}."
        raise ModelError(msg)
    if any(not weight >= 0.0 for weight in weights.values()):
        msg = "Prior weights are not negative."
        raise ModelError(msg)
    ours = _Estimate(estimate, u)
    is_height = clues.quantity in _HEIGHTS
    weighed = [
        (Cause.CHANCE, ours.mass(*measure.interval), Sentence(())),
        (Cause.NONE, ours.gross(*measure.interval), Sentence(())),
        *_swapped(measure, ours),
        *_digits(measure, ours),
    ]
    if clues.second is not None:
        weighed.append(_conversion(measure, clues.second, ours))
    if is_height:
        weighed.extend(_truncated(measure, ours))
        if clues.undulation_m is not None:
            weighed.append(_ellipsoidal(measure, ours, clues.undulation_m))
        if clues.others:
            weighed.append(_other_place(measure, clues.others))
    joint = [weights.get(cause, 1.0) * likelihood for cause, likelihood, _ in weighed]
    total = sum(joint)
    if total <= 0.0:
        msg = "All causes have no weight; give none-of-these one."
        raise ModelError(msg)
    causes = [
        LikelyCause(cause, part / total, text) for part, (cause, _, text) in zip(joint, weighed, strict=True)
    ]
    untested = (NO_GEOID,) if is_height and clues.undulation_m is None else ()
    return Diagnosis(tuple(sorted(causes, key=lambda likely: -likely.probability)), untested)


_Weighed = tuple[Cause, float, Sentence]


@dataclass(frozen=True, slots=True)
class _Estimate:
    value: float
    u: float

    def mass(self, low: float, high: float) -> float:
        """Probability that the true value lies in an interval."""
        return _normal_mass((low - self.value) / self.u, (high - self.value) / self.u)

    def gross(self, low: float, high: float) -> float:
        """Probability of an interval under an error of unknown size: flat in its logarithm beyond `u`."""
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


def _swapped(measure: Measure, ours: _Estimate) -> list[_Weighed]:
    """Printed in one unit, meant in the other."""
    if measure.unit not in _SWAPS:
        return []
    cause, meant = _SWAPS[measure.unit]
    ratio = IN_BASE_UNIT[meant] / IN_BASE_UNIT[measure.unit]
    low, high = (end * ratio for end in measure.interval)
    number = re.sub(r"[A-Za-z'.\s]+$", "", measure.printed).strip()
    if meant in (Unit.METRE, Unit.KILOMETRE):
        text = Sentence((f"{number} {meant.value} meant",))
    else:
        write = Units.height if meant is Unit.FOOT else Units.length
        text = Sentence((f"{number} {meant.value} is ", shown(write, measure.value * ratio)))
    return [(cause, ours.mass(low, high), text)]


def _conversion(measure: Measure, second: Measure, ours: _Estimate) -> _Weighed:
    """The other unit is right, this one was converted wrongly.

    Relative to the hypotheses that do not speak of the other one, for which that is an error of unknown size.
    """
    lift = ours.mass(*second.interval) / ours.gross(*second.interval)
    text = Sentence((f"the statement's {second.printed} fits",))
    return Cause.OTHER_UNIT, ours.gross(*measure.interval) * lift, text


def _ellipsoidal(measure: Measure, ours: _Estimate, undulation_m: float) -> _Weighed:
    there = _Estimate(ours.value + undulation_m, combine(ours.u, U_UNDULATION_M))
    text = Sentence(("the geoid lies ", shown(Units.height, undulation_m), " above the ellipsoid there"))
    return Cause.ELLIPSOIDAL, there.mass(*measure.interval), text


def _other_place(measure: Measure, others: Sequence[Other]) -> _Weighed:
    parts = [
        (
            other.weight * _Estimate(other.height_m, other.u_m).mass(*measure.interval),
            other,
        )
        for other in others
    ]
    _, best = max(parts, key=lambda part: part[0])
    total = sum(other.weight for other in others)
    text = Sentence((f"{best.name} has {best.printed}",))
    return Cause.OTHER_PLACE, sum(part for part, _ in parts) / total, text


def _truncated(measure: Measure, ours: _Estimate) -> list[_Weighed]:
    """A whole hundred that was cut off or rounded up instead of rounded, or rounded to 500 or 1000."""
    if measure.is_range or measure.low % 100.0:
        return []
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
    return [(Cause.ROUNDED, sum(part for part, _ in parts) / len(parts), Sentence((how,)))]


def _digits(measure: Measure, ours: _Estimate) -> list[_Weighed]:
    """Two neighbouring digits swapped, or one digit wrong: all figures from which the printed one could come."""
    printed = _DIGITS.search(re.sub(r"[,\u2009\u202f ](?=[0-9]{3})", "", measure.printed))
    if measure.is_range or printed is None or measure.low < 0.0:
        return []
    text = printed[0]
    places = [index for index, letter in enumerate(text) if letter != "."]
    swaps = {
        text[:i] + text[j] + text[i + 1 : j] + text[i] + text[j + 1 :]
        for i, j in itertools.pairwise(places)
        if text[i] != text[j]
    }
    changes = {text[:i] + digit + text[i + 1 :] for i in places for digit in "0123456789" if digit != text[i]}
    found = []
    for cause, originals, ways in (
        (Cause.TRANSPOSED, swaps, len(places) - 1),
        (Cause.WRONG_DIGIT, changes, 9 * len(places)),
    ):
        parts = [
            (ours.mass(*meant.interval) / ways, meant)
            for original in originals
            if not (original.startswith("0") and len(original) > 1 and original[1] != ".")
            for meant in [_like(measure, original)]
        ]
        if parts:
            best = max(parts, key=lambda part: part[0])[1]
            meaning = Sentence((f"{best.printed} meant",))
            found.append((cause, min(sum(part for part, _ in parts), 1.0), meaning))
    return found


def _like(measure: Measure, digits: str) -> Measure:
    """The figure that would have been printed with other digits, rounded as its own digits or its source imply."""
    implied = Measure.parse(measure.printed)
    step = None if implied.step == measure.step else measure.step
    return Measure.parse(f"{digits} {measure.unit.value}", step)


def which_unit(first: Measure, second: Measure, estimate: float, u: float) -> Diagnosis:
    """Which of the two units of one statement an estimate (with its standard uncertainty, metres) supports; or neither.

    Examples
    --------
    >>> found = which_unit(Measure.parse("11,000 ft"), Measure.parse("3000 m"), 3340.0, 15.0)
    >>> found.likeliest.text.text(Units.METRIC)
    '11,000 ft fits, 3000 m does not'
    """
    ours = _Estimate(estimate, u)
    mass = [ours.mass(*measure.interval) for measure in (first, second)]
    gross = [ours.gross(*measure.interval) for measure in (first, second)]
    joint = [mass[0] * gross[1], mass[1] * gross[0], gross[0] * gross[1]]
    texts = (
        f"{first.printed} fits, {second.printed} does not",
        f"{second.printed} fits, {first.printed} does not",
        "neither fits",
    )
    causes = [
        LikelyCause(cause, part / sum(joint), Sentence((text,)))
        for cause, part, text in zip(
            (Cause.OTHER_UNIT, Cause.OTHER_UNIT, Cause.NONE), joint, texts, strict=True
        )
    ]
    return Diagnosis(tuple(sorted(causes, key=lambda likely: -likely.probability)))
