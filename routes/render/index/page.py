"""Render the index page, with a card for each trek."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from routes.model.units import Units
from routes.render.assets import resource
from routes.render.drawing.palette import TRANSPORT_COLOUR, day_colour
from routes.render.drawing.relief import GROUND
from routes.render.index.card import MAP_HEIGHT, MAP_WIDTH, PROFILE_HEIGHT, CardLine, TrekCard
from routes.render.pictures.captions import climb_told, distance_told
from routes.render.words.markup import compact, escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Content-Security-Policy of the index: no scripts, no requests."""

_DASHES = {"modelled": "6 4", "schematic": "1 6", "stated": "5 4"}
_SUMMARY = 220
_OFFER = "map, profile, checked figures and GPX. All pages work without a network."
_RANGE = "P10 to P90"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A trek and the files that the index links to."""

    card: TrekCard
    """Its card."""

    pages: Mapping[str, str]
    """Page address of each variant by its id, relative to the index."""

    gpx: Mapping[str, str]
    """GPX address of each variant that has one."""


def index_html(listed: Sequence[Listed], units: Units = Units.METRIC) -> str:
    """HTML page with a card for each trek, in the given order, without scripts.

    It opens from disk without a network; the same treks give the same bytes.
    """
    treks = "1 trek" if len(listed) == 1 else f"{len(listed)} treks, each"
    cards = "\n".join(f"<li>{_card(trek, number, units)}</li>" for number, trek in enumerate(listed, 1))
    has_range = any(
        figure is not None and figure.p10 is not None
        for one in listed
        for figure in (one.card.ascent_m, one.card.length_m)
    )
    ranges = f"Eight times in ten the true figure lies within a range ({_RANGE}). " if has_range else ""
    foot = (
        f"{ranges}Dashed and dotted lines were not recorded: each trek's page says where its lines come from."
    )
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="description" content="Treks with map, profile, figures and GPX.">',
            '<link rel="icon" href="data:,">',
            "<title>Treks</title>",
            f"<style>\n{compact(resource('index/index.css'))}\n</style>",
            "</head>",
            "<body>",
            f"<header><h1>Treks</h1><p>{treks} with {_OFFER}</p></header>",
            f'<main><ul class="treks">\n{cards}\n</ul></main>',
            f"<footer><p>{foot}</p>{_credits(listed)}</footer>",
            "</body>",
            "</html>",
            "",
        )
    )


def _credits(listed: Sequence[Listed]) -> str:
    """Credits for each trek's pictures."""
    rows = (
        f"<p>{escape(one.card.name)}: {escape(' '.join(one.card.credits))}</p>"
        for one in listed
        if one.card.credits
    )
    return "".join(rows)


def _card(listed: Listed, number: int, units: Units) -> str:
    card = listed.card
    page = escape(listed.pages[card.variants[0].id])
    summary = card.summary if len(card.summary) <= _SUMMARY else card.summary[: _SUMMARY - 1].rstrip() + "…"
    return "".join(
        (
            f'<article class="trek" aria-labelledby="trek-{number}"><div class="picture">',
            _map(card),
            _profile(card),
            f'</div><div class="words"><h2 id="trek-{number}"><a href="{page}">{escape(card.name)}</a></h2>',
            f'<p class="region">{escape(card.region)}</p>' if card.region else "",
            f'<p class="summary">{escape(summary)}</p>' if summary else "",
            f"<dl>{''.join(_figures(card, units))}</dl>",
            _links(listed),
            "</div></article>",
        )
    )


def _figures(card: TrekCard, units: Units) -> Iterator[str]:
    days = card.variants[0].days
    on_foot = "" if card.days_on_foot == days else f"{card.days_on_foot} on foot"
    yield _figure("Days", str(days), on_foot)
    length = card.length_m.estimate
    told = distance_told(length, units, is_lower_bound=card.is_lower_bound)
    if told:
        ranged = "" if length.p10 is None else _RANGE
        yield _figure("On foot", told, "straight lines; the way is longer" if card.is_lower_bound else ranged)
    if card.ascent_m is None:
        yield _figure("Ascent", "unknown", "no DEM at hand, or no line")
    else:
        yield _figure(
            "Ascent", climb_told(card.ascent_m.estimate, units), "" if card.ascent_m.p10 is None else _RANGE
        )
    if card.high_m is not None:
        yield _figure("Highest point", units.height(card.high_m), "")


def _figure(name: str, value: str, more: str) -> str:
    small = f"<small>{escape(more)}</small>" if more else ""
    return f"<div><dt>{name}</dt><dd>{escape(value)}{small}</dd></div>"


def _links(listed: Listed) -> str:
    """Links to the page and GPX of each variant."""
    card = listed.card
    rows = []
    is_one = len(card.variants) == 1
    for variant in card.variants:
        days = f"{variant.days} day{'' if variant.days == 1 else 's'}"
        name = "Map and figures" if is_one else f"{variant.name} ({days})"
        items = [f'<li><a href="{escape(listed.pages[variant.id])}">{escape(name)}</a></li>']
        gpx = listed.gpx.get(variant.id)
        if gpx is not None:
            of = card.name if is_one else f"{card.name}, {variant.name}"
            items.append(f'<li><a href="{escape(gpx)}" download aria-label="GPX: {escape(of)}">GPX</a></li>')
        rows.append(f"<ul>{''.join(items)}</ul>")
    return f'<div class="links">{"".join(rows)}</div>'


def _map(card: TrekCard) -> str:
    told = f"Map of {card.name}"
    ground = (
        f'<image href="{card.relief}" width="{MAP_WIDTH}" height="{MAP_HEIGHT}" preserveAspectRatio="none"/>'
        if card.relief
        else f'<rect width="{MAP_WIDTH}" height="{MAP_HEIGHT}" fill="{GROUND}"/>'
    )
    under = "".join(
        f'<path d="{_d(line)}" fill="none" stroke="#fff" stroke-opacity=".8" stroke-width="7" stroke-linecap="round" '
        'stroke-linejoin="round"/>'
        for line in card.lines
        if line.day
    )
    ways = "".join(_way(line, 3.6 if line.day else 1.6) for line in card.lines)
    passes = "".join(
        f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="#1b1f23" stroke="#fff" stroke-width="1.5"/>'
        for x, y in card.passes
    )
    return (
        f'<svg viewBox="0 0 {MAP_WIDTH} {MAP_HEIGHT}" role="img" aria-label="{escape(told)}">{ground}{under}{ways}'
        f"{passes}</svg>"
    )


def _profile(card: TrekCard) -> str:
    if not card.profile:
        return ""
    areas = "".join(
        f'<path d="{_d(line)}V{PROFILE_HEIGHT}H{line.points[0][0]:g}z" fill="{day_colour(line.day)}" '
        'fill-opacity=".18"/>'
        for line in card.profile
        if line.kind != "stated"
    )
    stated = " from stated heights" if any(line.kind == "stated" for line in card.profile) else ""
    return (
        f'<svg viewBox="0 0 {MAP_WIDTH} {PROFILE_HEIGHT}" role="img" '
        f'aria-label="{escape(f"Profile of {card.name}{stated}")}">{areas}'
        f"{''.join(_way(line, 2.0) for line in card.profile)}</svg>"
    )


def _way(line: CardLine, width: float) -> str:
    colour = day_colour(line.day) if line.day else TRANSPORT_COLOUR
    dash = _DASHES.get(line.kind, "") if line.day else "4 4"
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{_d(line)}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round" '
        f'stroke-linecap="round"{dashes}/>'
    )


def _d(line: CardLine) -> str:
    return "M" + " ".join(f"{x:g} {y:g}" for x, y in line.points)
