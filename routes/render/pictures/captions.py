"""Titles, figures and credits around a picture of a trek."""

from routes.analysis.figures.legs import totals_of
from routes.analysis.figures.results import Totals, VariantStudy
from routes.analysis.study import Study
from routes.model.estimate import Estimate
from routes.model.units import Units
from routes.render.page.data import shown_legs
from routes.render.words.markup import printable

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_CREDIT_LENGTH = 400
_DOT = " \N{MIDDLE DOT} "


def cut(text: str, most: int) -> str:
    r"""Text in one line of at most `most` characters, with an ellipsis if it is cut.

    >>> cut("Thousand\nIsland Lake", 15)
    'Thousand Islan…'
    """
    text = " ".join(printable(text).split())
    return text if len(text) <= most else text[: most - 1].rstrip() + _ELLIPSIS


def headline(study: Study, variant: VariantStudy, most: int) -> str:
    """Name of a trek, and of its variant if that differs."""
    name, own = study.trek.name, variant.variant.name
    return cut(name if own in ("", name) else f"{name}: {own}", most)


def subtitle(study: Study, variant: VariantStudy, units: Units, most: int) -> str:
    """Region and main figures: days on foot, distance, ascent, with their ranges."""
    totals = shown_totals(variant)
    parts = [cut(", ".join(part for part in (study.trek.region, study.trek.country) if part), most // 2)]
    days = len({leg.day_number for leg in shown_legs(variant)})
    if days:
        parts.append(f"{days} day{'' if days == 1 else 's'} on foot")
    told = distance_told(totals.walking_m, units, is_lower_bound=totals.is_lower_bound)
    if told:
        parts.append(told)
    if totals.ascent_m is not None:
        parts.append(f"ascent {climb_told(totals.ascent_m, units)}")
    return cut(_DOT.join(part for part in parts if part), most)


def distance_told(estimate: Estimate, units: Units, *, is_lower_bound: bool) -> str:
    """Short text for a distance on foot; "" for none."""
    if not estimate.value > 0.0:
        return ""
    if is_lower_bound:
        return f"at least {units.length(estimate.value)}"
    if estimate.p10 is None or estimate.p90 is None:
        return units.length(estimate.value)
    return units.length_range(estimate.p10, estimate.p90)


def climb_told(estimate: Estimate, units: Units) -> str:
    """Short text for an ascent: its 80 % range, or the value if no range is known."""
    if estimate.p10 is None or estimate.p90 is None:
        return units.height(estimate.value)
    return units.height_range(estimate.p10, estimate.p90)


def shown_totals(variant: VariantStudy) -> Totals:
    """Sums over the legs that pictures show: a variant's hikes, or all its walks if it has no hike."""
    return totals_of(shown_legs(variant))


def credit_line(study: Study, variant: VariantStudy) -> str:
    """What ranges mean, and credits for heights, itinerary and lines."""
    totals = shown_totals(variant)
    ranged = [totals.ascent_m] if totals.is_lower_bound else [totals.ascent_m, totals.walking_m]
    has_range = any(figure is not None and figure.p10 is not None for figure in ranged)
    told = "Ranges hold the figure in eight of ten cases (P10 to P90). " if has_range else ""
    return told + " ".join(credits_of(study))


def credits_of(study: Study) -> tuple[str, ...]:
    """Credits that any drawing of a trek must show: for heights, itinerary and lines."""
    named = dict.fromkeys((*(p.attribution for p in study.products if p.attribution), *study.credits))
    return tuple(cut(text, _CREDIT_LENGTH).rstrip(".") + "." for text in named)
