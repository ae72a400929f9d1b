"""The page of a trek: map, profile, tables, in one file that asks nothing of the network."""

from collections.abc import Mapping, Sequence

from routes.analysis.outing import outing_of
from routes.analysis.results import VariantStudy
from routes.analysis.study import Study
from routes.errors import AssetError
from routes.model.units import Units
from routes.render.assets import own_script, own_style, read_assets, resource
from routes.render.downloads import Download
from routes.render.effort_words import what_follows
from routes.render.map import map_parts
from routes.render.markup import asks_network, closed_script, escape, policy, script_data
from routes.render.page_data import page_data, shown_legs
from routes.render.page_words import PAGE_WORDS
from routes.render.profile_svg import NARROW, WIDE, profile_caption, profile_svg
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

_STRETCHES = (
    "Ascent and descent of a stretch that you select in the profile are made as those of the days. Their intervals are "
    "those of the legs in proportion: for a short stretch they are too narrow."
)
_STATUS = '<p id="status" role="status"></p>'
"""Where the page tells of the reader's position."""


def page_html(
    study: Study,
    variant: VariantStudy,
    units: Units = Units.METRIC,
    *,
    downloads: Mapping[str, Sequence[Download]] | None = None,
) -> str:
    """Page of a trek: of all its variants from the default one, of one of the others alone.

    Parameters
    ----------
    study : Study
        The trek.
    variant : VariantStudy
        One of its variants. The page of the default variant can switch to the others.
    units : Units
        Units of the reader, throughout the page; figures that somebody printed stay as printed.
    downloads : mapping of str to sequence of Download, optional
        Files that the page offers, by the id of their variant.

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
    variants = study.variants if variant is study.default else (variant,)
    parts = map_parts(study, units)
    assets = read_assets(parts.links)
    own = [closed_script(text) for text in (parts.script, own_script())]
    scripts = [f"\n{text}\n" for text in (*assets.scripts, *own)]
    data = script_data(page_data(study, variants, units, downloads or {}))
    page = "\n".join(
        (
            _head(study, variant, policy(scripts), (*assets.styles, own_style())),
            "<body>",
            "<main>",
            _top(study, variants),
            f'<section class="map" aria-label="Map">{parts.element}{_NO_SCRIPT}{_STATUS}</section>',
            _profiles(study, variants, units),
            f'<div class="text">{_body(study, variants, units)}</div>',
            "</main>",
            f'<script type="application/json" id="routes-data">{data}</script>',
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


def _top(study: Study, variants: Sequence[VariantStudy]) -> str:
    """Name of the trek, where it lies, and the ways to do it to choose from."""
    trek = study.trek
    where = ", ".join(part for part in (trek.region, trek.country) if part)
    first = variants[0].variant
    said = f"{where}. {first.name}." if where and len(variants) == 1 else where
    parts = [f"<h1>{escape(trek.name)}</h1>"]
    if said:
        parts.append(f'<p class="soft">{escape(said)}</p>')
    if len(variants) > 1:
        options = "".join(
            f'<option value="{other.variant.id}">{escape(other.variant.name)}</option>' for other in variants
        )
        parts.append(f'<label hidden>{PAGE_WORDS["way"]} <select id="way">{options}</select></label>')
    return f'<header class="top">{"".join(parts)}</header>'


def _profiles(study: Study, variants: Sequence[VariantStudy], units: Units) -> str:
    """Profile of each variant, wide and narrow, and what links it with the map."""
    # variants whose hikes are the same share a drawing
    alike: dict[tuple[str, ...], list[VariantStudy]] = {}
    for variant in variants:
        alike.setdefault(tuple(leg.leg.id for leg in shown_legs(variant)), []).append(variant)
    drawn = []
    for number, group in enumerate(alike.values(), start=1):
        caption = f"profile-{number}"
        wide, narrow = (
            profile_svg(study, group[0], units, frame=frame, caption_id=caption) for frame in (WIDE, NARROW)
        )
        if wide:
            drawn.append(
                f'<figure class="profiles" {_shown_for(group, variants)}><div class="drawing wide">{wide}</div>'
                f'<div class="drawing narrow">{narrow}</div>'
                f'<figcaption id="{caption}">{escape(profile_caption(study, group[0], units))}</figcaption></figure>'
            )
    buttons = "".join(
        f'<button type="button" id="{name}"{more}>{PAGE_WORDS[word]}</button>'
        for name, word, more in (
            ("select", "select", ' aria-pressed="false"'),
            ("gradient", "gradient_colours", ' aria-pressed="false"'),
        )
    )
    return (
        '<section class="linked" aria-labelledby="profile-head"><h2 id="profile-head" class="unseen">Profile</h2>'
        f'<div id="tools" hidden><p id="readout"></p><p class="buttons">{buttons}</p>'
        f'<p id="gradient-key" hidden></p></div>{"".join(drawn)}'
        # below the drawing, which must not move under a finger as the text grows
        f'<div class="stretch"><p id="selected" role="status"></p>'
        f'<button type="button" id="clear" hidden>{PAGE_WORDS["clear"]}</button></div></section>'
    )


def _shown_for(some: Sequence[VariantStudy], variants: Sequence[VariantStudy]) -> str:
    """Attributes of what belongs to some variants; without script only that of the first shows."""
    ids = " ".join(variant.variant.id for variant in some)
    return f'data-variants="{ids}"' + ("" if variants[0] in some else " hidden")


def _of_variant(study: Study, variant: VariantStudy, units: Units) -> str:
    """What differs from variant to variant."""
    outing = outing_of(study, variant)
    sections = [
        legend(variant),
        f"<h2>Day by day</h2>{days_table(study, variant, outing, units)}",
        f"<h3>By way of travel</h3>{modes_table(variant, units)}",
    ]
    nights = paragraphs(what_follows(outing, units))
    if nights:
        sections.append(f"<h3>Nights</h3>{nights}")
    if len(study.variants) > 1:
        sections.append(f"<h2>Ways to do it</h2>{variants_list(study, variant, units)}")
    return "\n".join(sections)


def _body(study: Study, variants: Sequence[VariantStudy], units: Units) -> str:
    trek = study.trek
    sections = [f'<p class="summary">{escape(trek.summary)}</p>']
    sections.extend(
        f"<div {_shown_for([variant], variants)}>{_of_variant(study, variant, units)}</div>"
        for variant in variants
    )
    sections.append(
        f'<section hidden><h2>{PAGE_WORDS["downloads"]}</h2><p id="downloads" class="buttons"></p></section>'
    )
    sections.append(f"<h2>Stated figures, checked</h2>{verdicts(study, units)}")
    facts = seasons_and_facts(trek)
    if facts:
        sections.append(f"<h2>Seasons and facts</h2>{facts}")
    sections.append(f"<h2>Places</h2>{places_table(study, units)}")
    own = dict.fromkeys(day.day.note for variant in variants for day in variant.days if day.day.note)
    notes = paragraphs((*own, *study.notes))
    if notes:
        sections.append(f"<h2>Notes</h2>{notes}")
    source = f'<p class="notes">Itinerary: {escape(trek.source)}.</p>'
    if any(leg.profiles for leg in study.legs):
        source = f'<p class="notes">{_STRETCHES}</p>{source}'
    outing = outing_of(study, variants[0])
    sections.append(f"<h2>How the figures were made</h2>{making(study, outing, units)}{source}")
    return "\n".join(sections)
