"""The page of a trek: map, profile, tables, in one file that asks nothing of the network."""

from routes.analysis.outing import outing_of
from routes.analysis.results import VariantStudy
from routes.analysis.study import Study
from routes.errors import AssetError
from routes.model.units import Units
from routes.render.assets import read_assets, resource
from routes.render.effort_words import what_follows
from routes.render.map import map_parts
from routes.render.markup import asks_network, closed_script, compact, escape, policy
from routes.render.profile_svg import profile_svg
from routes.render.tables import (
    days_table,
    legend,
    making,
    modes_table,
    paragraphs,
    places_table,
    seasons_and_facts,
    variants_list,
    verdicts,
)

_NO_SCRIPT = "<noscript>The map needs JavaScript; the figures below do not.</noscript>"


def page_html(study: Study, variant: VariantStudy, units: Units = Units.METRIC) -> str:
    """Page of one variant of a trek.

    Parameters
    ----------
    study : Study
        The trek.
    variant : VariantStudy
        One of its variants.
    units : Units
        Units of the reader, throughout the page; figures that somebody printed stay as printed.

    Returns
    -------
    str
        HTML; the same bytes for the same study. It opens from disk with no network.

    Raises
    ------
    AssetError
        If a script or style that the map needs is in no installed package.

    Notes
    -----
    Text from files is escaped wherever it stands. A Content-Security-Policy lets only the page's own scripts run,
    each named by its hash, and forbids every request.
    """
    parts = map_parts(study, variant, units)
    assets = read_assets(parts.links)
    own = [closed_script(text) for text in (parts.script, resource("page.js"))]
    scripts = [f"\n{text}\n" for text in (*assets.scripts, *own)]
    page = "\n".join(
        (
            _head(study, variant, policy(scripts), (*assets.styles, compact(resource("page.css")))),
            "<body>",
            "<main>",
            f'<section class="map" aria-label="Map">{parts.element}{_NO_SCRIPT}</section>',
            f'<div class="text">{_body(study, variant, units)}</div>',
            "</main>",
            *(f"<script>{text}</script>" for text in scripts),
            "</body>",
            "</html>",
            "",
        )
    )
    asking = asks_network(page)
    if asking:
        msg = f"The page would make a request: {asking!r}; put the asset into the page."
        raise AssetError(msg)
    return page


def _head(study: Study, variant: VariantStudy, csp: str, styles: tuple[str, ...]) -> str:
    title = _title(study, variant)
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{csp}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            '<link rel="icon" href="data:,">',
            f"<title>{escape(title)}</title>",
            f"<!--\n{resource('licences.txt')}-->",
            *(f"<style>\n{style}\n</style>" for style in styles),
            "</head>",
        )
    )


def _title(study: Study, variant: VariantStudy) -> str:
    name = study.trek.name
    return name if variant.variant.name == name else f"{name}: {variant.variant.name}"


def _body(study: Study, variant: VariantStudy, units: Units) -> str:
    trek = study.trek
    outing = outing_of(study, variant)
    where = ", ".join(part for part in (trek.region, trek.country) if part)
    sections = [
        legend(variant),
        f"<h1>{escape(trek.name)}</h1>",
        f'<p class="soft">{escape(where)}. {escape(variant.variant.name)}.</p>' if where else "",
        f"<p>{escape(trek.summary)}</p>",
    ]
    drawing = profile_svg(study, variant, units)
    if drawing:
        box = f'<div class="scroll" role="region" aria-label="Profile" tabindex="0">{drawing}</div>'
        sections.append(f"<h2>Profile</h2>{box}")
    sections.append(f"<h2>Day by day</h2>{days_table(study, variant, outing, units)}")
    sections.append(f"<h3>By way of travel</h3>{modes_table(variant, units)}")
    nights = paragraphs(what_follows(outing, units))
    if nights:
        sections.append(f"<h3>Nights</h3>{nights}")
    if len(study.variants) > 1:
        sections.append(f"<h2>Ways to do it</h2>{variants_list(study, variant, units)}")
    sections.append(f"<h2>Stated figures, checked</h2>{verdicts(study, units)}")
    facts = seasons_and_facts(trek)
    if facts:
        sections.append(f"<h2>Seasons and facts</h2>{facts}")
    sections.append(f"<h2>Places</h2>{places_table(study, units)}")
    notes = paragraphs((*(day.day.note for day in variant.days if day.day.note), *study.notes))
    if notes:
        sections.append(f"<h2>Notes</h2>{notes}")
    source = f'<p class="notes">Itinerary: {escape(trek.source)}.</p>'
    sections.append(f"<h2>How the figures were made</h2>{making(study, outing, units)}{source}")
    return "\n".join(part for part in sections if part)
