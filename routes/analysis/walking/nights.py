"""Sleeping heights night by night, held against a guideline on ascent; and what is said of the season."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from routes.analysis.figures.results import VariantStudy
from routes.kernel.uncertainty import Z90, sigma_from_le90
from routes.model.estimate import Estimate
from routes.model.figures import StatedSeason
from routes.model.grid import Product
from routes.model.sentence import Sentence, shown
from routes.model.trek import Place, Trek
from routes.model.units import Units

HIGH_M, GAIN_M, REST_GAIN_M, REST_NIGHTS = 3000.0, 500.0, 1000.0, 4
"""From which height the guideline counts, its most a night, and after how much and how many nights a rest is due."""

GUIDELINE = Sentence((
    "above ", shown(Units.height, HIGH_M), " no more than ", shown(Units.height, GAIN_M),
    f" higher from night to night, and a night without gain every 3 to {REST_NIGHTS} days or every ",
    shown(Units.height, REST_GAIN_M),
))  # fmt: skip
"""What the guideline says."""

GUIDELINE_SOURCE = (
    "Luks et al. (2024), Wilderness Medical Society Clinical Practice Guidelines for the Prevention, Diagnosis, and "
    "Treatment of Acute Altitude Illness: 2024 Update, Wilderness & Environmental Medicine 35(1S), 2S-19S, "
    "https://doi.org/10.1016/j.wem.2023.05.013"
)
DISCLAIMER = "Information, not medical advice."

_P90 = 1.2816
"""Standard normal quantile of 90 %."""


class Ascent(StrEnum):
    """How a night stands to the guideline."""

    LOW = "below 3000 m"
    WITHIN = "within the guideline"
    REST_DUE = "a night without gain is due"
    ABOVE = "above the guideline"
    UNDECIDED = "too close to tell"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """Where one sleeps after a day, and how much higher than the night before."""

    day_number: int
    """The day."""

    place: Place | None
    """Where; None where the trek file does not say."""

    height_m: float | None
    """Height of the DEM there, metres; None where unknown."""

    gain_m: float | None
    """Higher than the night before by, metres; None where either is unknown."""

    u_gain_m: float | None
    """Standard uncertainty of the gain, metres; None without it."""

    ascent: Ascent
    """How it stands to the guideline."""

    reason: str | Sentence
    """Why, in words; with quantities in it, a `Sentence`."""

    def reason_in(self, units: Units) -> str:
        """Write the reason in the reader's units."""
        return self.reason if isinstance(self.reason, str) else self.reason.text(units)


def nights_of(
    trek: Trek, variant: VariantStudy, heights_m: Mapping[str, float], products: Sequence[Product]
) -> tuple[Night, ...]:
    """Nights between the days of a variant, each with its gain and how it stands to the guideline.

    Parameters
    ----------
    trek : Trek
        The itinerary.
    variant : VariantStudy
        One of its variants. After its last day a night counts only where the trek file names one.
    heights_m : mapping of str to float
        DEM heights by id of the place, metres, where one is known.
    products : sequence of Product
        DEM products behind the heights.

    Returns
    -------
    tuple of Night
        In order. The whole gain of a night above 3000 m counts, what lies below 3000 m too. The night before the first
        is not in the trek file, so that the first gain is unknown.
    """
    numbers = [day.day.number for day in variant.days]
    places = [trek.place(day.day.sleep) if day.day.sleep else None for day in variant.days]
    return nights_at(numbers, places, heights_m, products)


def nights_at(
    numbers: Sequence[int],
    places: Sequence[Place | None],
    heights_m: Mapping[str, float],
    products: Sequence[Product],
) -> tuple[Night, ...]:
    """Nights after numbered days at places (None where unknown); after the last day only where its place is known."""
    if places and places[-1] is None:
        places = places[:-1]
    heights = [None if place is None else heights_m.get(place.id) for place in places]
    return judge_nights(numbers, places, heights, u_height_m=sigma_from_le90(_le90_m(products)))


def height_estimate(height_m: float, products: Sequence[Product]) -> Estimate:
    """Height of a DEM with the interval from P10 to P90 that its LE90 gives; where it is read is not in it."""
    le90 = _le90_m(products)
    half = _P90 * sigma_from_le90(le90)
    return Estimate(height_m, height_m - half, height_m + half, f"LE90 of the DEM, {le90:g} m")


def _le90_m(products: Sequence[Product]) -> float:
    """Largest LE90 of some DEM products, metres; 0 without any."""
    return max((product.le90_m for product in products), default=0.0)


def judge_nights(
    numbers: Sequence[int],
    places: Sequence[Place | None],
    heights_m: Sequence[float | None],
    *,
    u_height_m: float,
) -> tuple[Night, ...]:
    """Hold nights in a row against the guideline.

    Parameters
    ----------
    numbers : sequence of int
        Days that the nights follow; longer than the others when the last day has no night.
    places : sequence of Place or None
        Where one sleeps.
    heights_m : sequence of float or None
        Heights there, metres; None where unknown.
    u_height_m : float
        Standard uncertainty of each height, metres.

    Returns
    -------
    tuple of Night
        One a place.
    """
    u_gain = 2.0**0.5 * u_height_m
    nights: list[Night] = []
    climbing, since_rest = 0, 0.0
    before: tuple[Place | None, float | None] | None = None
    for number, place, height in zip(numbers, places, heights_m, strict=False):
        last = None if before is None else before[1]
        gain = None if height is None or last is None else height - last
        if before is not None and place is not None and before[0] == place and height is not None:
            gain = 0.0
        if gain is None or gain <= Z90 * u_gain or height is None or height < HIGH_M:  # a rest, or unknown
            climbing, since_rest = 0, 0.0
        else:
            climbing, since_rest = climbing + 1, since_rest + gain
        ascent, reason = _judge(place, height, gain, u_gain, (climbing, since_rest))
        nights.append(
            Night(
                day_number=number,
                place=place,
                height_m=height,
                gain_m=gain,
                u_gain_m=None if gain is None else u_gain,
                ascent=ascent,
                reason=reason,
            )
        )
        before = (place, height)
    return tuple(nights)


def _judge(
    place: Place | None, height: float | None, gain: float | None, u_gain: float, run: tuple[int, float]
) -> tuple[Ascent, str | Sentence]:
    """Verdict on a night and why; `run` is how many nights in a row rose, and by how much together."""
    if place is None:
        return Ascent.UNKNOWN, "the trek file does not say where one sleeps"
    if height is None:
        return Ascent.UNKNOWN, "no DEM height there"
    if height < HIGH_M:
        return Ascent.LOW, Sentence(("the guideline counts above ", shown(Units.height, HIGH_M)))
    if gain is None:
        return Ascent.UNKNOWN, "the height of the night before is not known"
    return _judge_gain(gain, u_gain, run)


def _judge_gain(gain: float, u_gain: float, run: tuple[int, float]) -> tuple[Ascent, str | Sentence]:
    """Verdict on a night above 3000 m whose gain is known, and why."""
    higher, off, most = (
        shown(Units.height, metres, is_exact=True) for metres in (gain, Z90 * u_gain, GAIN_M)
    )
    if abs(gain - GAIN_M) <= Z90 * u_gain:
        return Ascent.UNDECIDED, Sentence((higher, " ± ", off, " (90 %) higher than the night before"))
    if gain > GAIN_M:
        return Ascent.ABOVE, Sentence((higher, " higher than the night before, more than ", most))
    nights, climbed = run
    if nights > REST_NIGHTS or climbed > REST_GAIN_M:
        in_all = shown(Units.height, climbed, is_exact=True)
        return Ascent.REST_DUE, Sentence((
            f"{nights} nights in a row each higher than the last, ", in_all, " in all",
        ))  # fmt: skip
    return Ascent.WITHIN, Sentence((higher, " higher than the night before")) if gain >= 0.5 else "no gain"


@dataclass(frozen=True, slots=True)
class SeasonNote:
    """What somebody says of the month of a date."""

    season: StatedSeason
    """Who says what."""

    months: tuple[int, ...]
    """Months that are meant, 1 to 12, at the latitude of the trek."""

    holds: bool | None
    """Whether the month asked for is among them; None when none was asked for."""


def season_notes(trek: Trek, month: int | None = None) -> tuple[SeasonNote, ...]:
    """Best and wet months that the trek file states, read for its hemisphere.

    Parameters
    ----------
    trek : Trek
        The itinerary.
    month : int, optional
        Month to hold them against, 1 to 12.

    Returns
    -------
    tuple of SeasonNote
        One a statement.
    """
    lat = sum(place.lat for place in trek.places) / len(trek.places) if trek.places else 0.0
    notes = []
    for season in trek.seasons:
        months = season.months_at(lat)
        notes.append(SeasonNote(season, tuple(sorted(months)), None if month is None else month in months))
    return tuple(notes)
