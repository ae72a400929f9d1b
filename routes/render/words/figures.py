"""Wording of figures for page, report and command line: unit, range, origin."""

from collections.abc import Iterable, Sequence

from routes.analysis.figures.height_sources import BAND_M
from routes.analysis.figures.legs import total_length
from routes.analysis.figures.results import LegStudy, Totals, VariantStudy, height_sources_of, missing_of
from routes.analysis.figures.slopes import STEEP_PCT, Gradients
from routes.analysis.study import Study
from routes.analysis.verdicts.finding import Check, Finding, Verdict
from routes.model.estimate import Estimate
from routes.model.figures import StatedSeason
from routes.model.kinds import Mode, PlaceKind, Provenance
from routes.model.trek import Trek, Variant
from routes.model.units import Units
from routes.render.words.reader import Reader

MISSING = "\N{EN DASH}"
"""Shown in tables for a missing figure."""

VERDICT_ORDER = (Verdict.DIFFERS, Verdict.DOUBTFUL, Verdict.UNDECIDED, Verdict.AGREES)
"""Verdicts, most urgent first."""

VERDICT_MEANING = {verdict: Reader().say(f"means_{verdict.value}") for verdict in Verdict}

AGAINST_THE_GROUND = frozenset({Check.DEM, Check.LINE, Check.STRAIGHT_LINE})
"""Checks against terrain or route; all others compare statements with each other."""


def height(height_m: float | None, reader: Units | Reader) -> str:
    """Height, or a dash if it is unknown."""
    return MISSING if height_m is None else reader.height(height_m)


def climb(estimate: Estimate | None, reader: Units | Reader) -> str:
    """Ascent or descent with its range, or a dash if it is unknown."""
    return MISSING if estimate is None else reader.climb(estimate)


def on_foot(totals: Totals, legs: Sequence[LegStudy], reader: Units | Reader) -> str:
    """Distance on foot with the origin of its lines, or a dash without any walk.

    For example ``"44.9 km modelled; trail 47 to 56 km (P10 to P90)"``. P10 and P90 are the ends of the 80 %
    range. Legs not on foot do not count.
    """
    walked = [leg for leg in legs if leg.is_on_foot]
    if not walked:
        return MISSING
    provenances = {leg.line.provenance for leg in walked}
    return length(totals.walking_m, provenances, reader, is_lower_bound=totals.is_lower_bound)


def length(
    estimate: Estimate, provenances: Iterable[Provenance], reader: Units | Reader, *, is_lower_bound: bool
) -> str:
    """Length with the origin of its lines.

    >>> length(Estimate(12_345.0), {Provenance.SCHEMATIC}, Units.METRIC, is_lower_bound=True)
    'at least 12.3 km, straight lines'
    >>> walked = Estimate(12_345.0, 15_100.0, 22_800.0)
    >>> length(walked, {Provenance.SCHEMATIC}, Units.METRIC, is_lower_bound=True)
    'at least 12.3 km, straight lines; likely 15 to 23 km'
    """
    reader = Reader.of(reader)
    kinds = [kind for kind in Provenance if kind in set(provenances)]
    text = reader.length(estimate.value)
    if is_lower_bound:
        least = reader.say("at_least_in_part" if len(kinds) > 1 else "at_least", length=text)
        if estimate.p10 is None or estimate.p90 is None:
            return least
        return reader.say(
            "at_least_likely", least=least, range=reader.length_range(estimate.p10, estimate.p90)
        )
    words = reader.listed(reader.say(f"line_{kind.value}") for kind in kinds)
    interval = reader.length_interval(estimate)
    if interval:
        return reader.say("length_trail", length=text, kinds=words, interval=interval)
    return reader.say("length", length=text, kinds=words)


def by_mode(study: VariantStudy, reader: Units | Reader) -> tuple[tuple[str, str], ...]:
    """Each mode of travel and its length in a variant, walking first."""
    reader = Reader.of(reader)
    rows = []
    for mode in Mode:
        legs = [leg for leg in study.legs if leg.leg.mode is mode]
        if legs:
            total = total_length(legs)
            rough = any(leg.is_lower_bound for leg in legs)
            kinds = {leg.line.provenance for leg in legs}
            rows.append((mode_word(mode, reader), length(total, kinds, reader, is_lower_bound=rough)))
    return tuple(rows)


def mode_word(mode: Mode, reader: Reader) -> str:
    """Name of a mode of travel."""
    return reader.say(f"mode_{mode.value}")


def kind_word(kind: PlaceKind, reader: Reader) -> str:
    """Name of a kind of place."""
    return reader.say(f"kind_{kind.value}")


def line_word(provenance: Provenance, reader: Reader) -> str:
    """Origin of a line, in words."""
    return reader.say(f"provenance_{provenance.value}")


def verdict_word(verdict: Verdict, reader: Reader) -> str:
    """Name of a verdict."""
    return reader.say(f"verdict_{verdict.value}")


def reasons(legs: Iterable[LegStudy]) -> str:
    """Why figures of walking legs are missing, each reason once; "" if none is missing."""
    return missing_of(leg for leg in legs if leg.is_on_foot)


def missing_days(variant: VariantStudy) -> tuple[str, ...]:
    """Why figures on foot are missing, each reason once with its days; empty if none is missing.

    For example ``("days 1, 2: no DEM here",)``.
    """
    days: dict[str, list[str]] = {}
    for day in variant.days:
        if reason := reasons(day.legs):
            days.setdefault(reason.rstrip("."), []).append(str(day.day.number))
    return tuple(f"day{'s' * (len(found) > 1)} {', '.join(found)}: {why}." for why, found in days.items())


def leg_title(trek: Trek, leg: LegStudy, reader: Reader) -> str:
    """Ends of a leg and its mode of travel."""
    start, end = (trek.place(place_id).name for place_id in (leg.leg.start, leg.leg.end))
    return reader.say("leg", start=start, end=end, mode=mode_word(leg.leg.mode, reader))


def months(numbers: Iterable[int], reader: Units | Reader = Units.METRIC) -> str:
    """Month names by number."""
    names = Reader.of(reader).say("months").split(", ")
    return ", ".join(names[number - 1] for number in numbers)


def time_of_year(season: StatedSeason, reader: Units | Reader = Units.METRIC) -> str:
    """Seasons that a source names, or else its months."""
    reader = Reader.of(reader)
    texts = []
    for name in season.seasons:
        *part, whole = name.split()
        text = reader.say(f"part_{whole}")
        texts.append(reader.say(f"part_{part[0]}", season=text) if part else text)
    return reader.listed(texts) or months(season.months, reader)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by verdict, most urgent first, otherwise in their order."""
    return tuple(sorted(findings, key=lambda finding: VERDICT_ORDER.index(finding.verdict)))


def quantity(finding: Finding, reader: Units | Reader = Units.METRIC) -> str:
    """Quantity of a finding and what it was compared with."""
    reader = Reader.of(reader)
    return f"{reader.say(f'quantity_{finding.quantity}')}, {reader.say(f'check_{finding.check.value}')}"


def variant_text(variant: Variant, reader: Units | Reader = Units.METRIC) -> str:
    """Days of a variant, and whether they are our assumption."""
    reader = Reader.of(reader)
    numbers = ", ".join(str(number) for number in variant.days)
    text = reader.say("one_day" if len(variant.days) == 1 else "more_days", numbers=numbers)
    return reader.say("days_assumed", days=text) if variant.assumed else text


def how_made(study: Study, units: Units) -> tuple[str, ...]:
    """Sentences on how the figures of a study were made: parameters, intervals and products."""
    profiles = [profile for leg in study.legs for profile in leg.profiles]
    bases = dict.fromkeys(
        estimate.basis
        for leg in study.legs
        for estimate in (leg.length_m, leg.ascent_m)
        if estimate and estimate.basis
    )
    texts = ["Distances are horizontal, along geodesics on WGS 84."]
    if profiles:
        texts.append(
            f"Heights are sampled every {_spread([p.spacing_m for p in profiles], units)}. "
            f"{ascent_recipes(study.legs, units)}"
        )
    texts.extend(f"Ranges from P10 to P90: log-normal, {basis}." for basis in bases)
    for product in study.products:
        doi = f" DOI {product.doi}." if product.doi else ""
        credit = f" {product.attribution}." if product.attribution else ""
        texts.append(
            f"Heights: {product.title}, {product.surface.value}, vertical datum {product.vertical_datum.value}, "
            f"LE90 {units.size(product.le90_m)} ({product.le90_source}). Licence: {product.licence}.{credit}{doi}"
        )
    return tuple(texts)


def high_point(totals: Totals, units: Units) -> str:
    """Highest point with its range, or a dash."""
    text = height(totals.high_m, units)
    drawn = totals.high_estimate_m
    if drawn is None or drawn.p10 is None or drawn.p90 is None:
        return text
    return f"{text}; {units.height_range(drawn.p10, drawn.p90)} (P10 to P90)"


def ascent_recipes(legs: Sequence[LegStudy], units: Units) -> str:
    """Say how ascent was made from the heights of each source."""
    texts = [
        f"{source.value} smoothed by {units.size(source.smoothing_m)}" for source in height_sources_of(legs)
    ]
    return (
        f"Ascent and descent: {'; '.join(texts)}; rises and falls under {units.size(BAND_M)} are left out."
        if texts
        else ""
    )


def steepness(gradients: Gradients | None) -> str:
    """Shares of the distance steeper than 15, 25 and 35 %.

    >>> steepness(None) == MISSING
    True
    """
    if gradients is None:
        return MISSING
    return " / ".join(f"{100.0 * gradients.share_steeper(edge):.0f}" for edge in STEEP_PCT) + " %"


def _spread(values_m: Sequence[float], units: Units) -> str:
    return units.height_range(min(values_m), max(values_m))
