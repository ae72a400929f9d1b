"""Check sleeping heights against an altitude guideline, and months against the season."""

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
"""Height from which the guideline applies, its largest gain per night, and the gain and number of nights after which it
asks for a rest."""

GUIDELINE = Sentence((
    "above ", shown(Units.height, HIGH_M), " no more than ", shown(Units.height, GAIN_M),
    f" higher from night to night, and a night without gain every 3 to {REST_NIGHTS} days or every ",
    shown(Units.height, REST_GAIN_M),
))  # fmt: skip
"""The guideline in words."""

GUIDELINE_SOURCE = (
    "Luks et al. (2024), Wilderness Medical Society Clinical Practice Guidelines for the Prevention, Diagnosis, and "
    "Treatment of Acute Altitude Illness: 2024 Update, Wilderness & Environmental Medicine 35(1S), 2S-19S, "
    "https://doi.org/10.1016/j.wem.2023.05.013"
)
DISCLAIMER = "Information, not medical advice."

_P90 = 1.2816
"""Standard normal quantile of 90 %."""


class Ascent(StrEnum):
    """How a night compares with the guideline."""

    LOW = "below 3000 m"
    WITHIN = "within the guideline"
    REST_DUE = "a night without gain is due"
    ABOVE = "above the guideline"
    UNDECIDED = "too close to tell"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """Where you sleep after a day, and the gain since the night before."""

    day_number: int
    """The day."""

    place: Place | None
    """Where; None if the trek file does not say."""

    height_m: float | None
    """DEM height there, metres; None if unknown."""

    gain_m: float | None
    """Height above the previous night, metres; None if either is unknown."""

    u_gain_m: float | None
    """Standard uncertainty of the gain, metres; None without a gain."""

    ascent: Ascent
    """How it compares with the guideline."""

    reason: str | Sentence
    """Why; a `Sentence` if it contains quantities."""

    def reason_in(self, units: Units) -> str:
        """Write the reason in the reader's units."""
        return self.reason if isinstance(self.reason, str) else self.reason.text(units)


def nights_of(
    trek: Trek, variant: VariantStudy, heights_m: Mapping[str, float], products: Sequence[Product]
) -> tuple[Night, ...]:
    """Nights of a variant, in order, from DEM heights in metres by place id.

    The last day has a night only if the trek file names one. The gain of the first night is unknown. Above 3000 m the
    whole gain counts, including the part below.
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
    """Nights after numbered days at places (None where unknown); the last day has one only if its place is known."""
    if places and places[-1] is None:
        places = places[:-1]
    heights = [None if place is None else heights_m.get(place.id) for place in places]
    return judge_nights(numbers, places, heights, u_height_m=sigma_from_le90(_le90_m(products)))


def height_estimate(height_m: float, products: Sequence[Product]) -> Estimate:
    """DEM height with its P10 to P90 by LE90; the uncertainty of the position is not included."""
    le90 = _le90_m(products)
    half = _P90 * sigma_from_le90(le90)
    return Estimate(height_m, height_m - half, height_m + half, f"LE90 of the DEM, {le90:g} m")


def _le90_m(products: Sequence[Product]) -> float:
    """Largest LE90 of DEM products, metres; 0 without any."""
    return max((product.le90_m for product in products), default=0.0)


def judge_nights(
    numbers: Sequence[int],
    places: Sequence[Place | None],
    heights_m: Sequence[float | None],
    *,
    u_height_m: float,
) -> tuple[Night, ...]:
    """Compare consecutive nights with the guideline.

    Heights and their standard uncertainty are in metres; None where unknown. There may be one number more than places,
    if the last day has no night.
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
    """Verdict on a night and its reason; `run` is the number of consecutive rising nights, and their total gain."""
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
    """Verdict on a night above 3000 m with a known gain, and its reason."""
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
    """A source's statement about the season, compared with a month."""

    season: StatedSeason
    """The statement and its source."""

    months: tuple[int, ...]
    """Its months, 1 to 12, at the latitude of the trek."""

    holds: bool | None
    """Whether it includes the requested month; None if no month was requested."""


def season_notes(trek: Trek, month: int | None = None) -> tuple[SeasonNote, ...]:
    """Best and wet months that the trek file states, for its hemisphere, compared with a month (1 to 12)."""
    lat = sum(place.lat for place in trek.places) / len(trek.places) if trek.places else 0.0
    notes = []
    for season in trek.seasons:
        months = season.months_at(lat)
        notes.append(SeasonNote(season, tuple(sorted(months)), None if month is None else month in months))
    return tuple(notes)
