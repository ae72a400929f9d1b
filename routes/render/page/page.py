"""Assemble the page of a trek (map, profile, tables) in one offline HTML file."""

from collections.abc import Mapping, Sequence

from routes.analysis.figures.results import VariantStudy
from routes.analysis.study import Study
from routes.errors import AssetError
from routes.model.language import Language
from routes.model.units import Units
from routes.render.assets import own_script, own_style, read_assets, resource
from routes.render.page.data import page_data, shown_legs
from routes.render.page.downloads import Download
from routes.render.page.map import MapParts, map_parts
from routes.render.page.profile import profile_caption, profile_svg
from routes.render.page.profile_frames import NARROW, WIDE
from routes.render.page.sections import (
    days_table,
    english_notes,
    legend,
    making,
    modes_table,
    paragraphs,
    places_table,
    seasons_and_facts,
    variants_list,
    verdicts,
)
from routes.render.page.tiles import TILES_HOST
from routes.render.words.catalogue import CATALOGUES
from routes.render.words.markup import asks_network, closed_script, escape, policy, script_data
from routes.render.words.reader import Reader
from routes.render.words.walking import night_lines

_STATUS = '<p id="status" role="status"></p>'
"""Where the page reports the reader's position."""


def page_html(
    study: Study,
    variant: VariantStudy,
    units: Units = Units.METRIC,
    *,
    language: Language = Language.ENGLISH,
    downloads: Mapping[str, Sequence[Download]] | None = None,
) -> str:
    """Page of a trek as HTML, the same bytes for the same study; it opens from disk, without a network.

    The default variant's page can switch to all others; any other variant has a page of its own. `language`
    applies to our own words: names, notes and sources stay as in the trek file, and sentences of the study
    stay English and are marked so. Quoted figures stay as printed. `downloads` are the files on offer, by
    variant id. Raises AssetError if no installed package has a script or style that the map needs.

    All text from files is escaped. A Content-Security-Policy allows only the page's own scripts, by hash, and
    no request except OpenStreetMap's tiles. A page that came over http requests those when the reader turns
    them on.
    """
    reader = Reader(units, language)
    variants = study.variants if variant.is_default else (variant,)
    parts = map_parts(study, units)
    assets = read_assets(parts.links)
    own = [closed_script(text) for text in (parts.script, own_script())]
    scripts = [f"\n{text}\n" for text in (*assets.scripts, *own)]
    data = script_data(page_data(study, variants, reader, downloads or {}))
    page = "\n".join(
        (
            f'<!DOCTYPE html>\n<html lang="{language.value}">',
            _head(study, variant, policy(scripts, (TILES_HOST,)), (*assets.styles, own_style())),
            "<body>",
            "<main>",
            _top(study, variants, reader),
            _map(parts, reader),
            _profiles(study, variants, reader),
            f'<div class="text">{_body(study, variants, reader)}</div>',
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
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{csp}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            '<link rel="icon" href="data:,">',
            f"<title>{escape(title)}</title>",
            f"<!--\n{resource('licences.txt')}-->",
            *(f"<style>\n{style}\n</style>" for style in styles),
            # controls that need scripts; the page reserves their room from the start, so that nothing moves
            # later
            "<noscript><style>#tools,.top label{display:none}</style></noscript>",
            "</head>",
        )
    )


def _map(parts: MapParts, reader: Reader) -> str:
    without = f"<noscript>{escape(reader.say('no_script'))}</noscript>"
    label = escape(reader.say("map"))
    return f'<section class="map" aria-label="{label}">{parts.element}{without}{_STATUS}</section>'


def _title(study: Study, variant: VariantStudy) -> str:
    name = study.trek.name
    return name if variant.variant.name == name else f"{name}: {variant.variant.name}"


def _top(study: Study, variants: Sequence[VariantStudy], reader: Reader) -> str:
    """Trek name, region, and the menu of variants."""
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
        parts.append(f'<label>{escape(reader.say("way"))} <select id="way">{options}</select></label>')
    return f'<header class="top">{"".join(parts)}</header>'


def _profiles(study: Study, variants: Sequence[VariantStudy], reader: Reader) -> str:
    """Wide and narrow profile of each variant, with its controls."""
    # variants with the same hikes share a drawing
    alike: dict[tuple[str, ...], list[VariantStudy]] = {}
    for variant in variants:
        alike.setdefault(tuple(leg.leg.id for leg in shown_legs(variant)), []).append(variant)
    drawn = []
    for number, group in enumerate(alike.values(), start=1):
        caption = f"profile-{number}"
        wide, narrow = (
            profile_svg(study, group[0], reader, frame=frame, caption_id=caption) for frame in (WIDE, NARROW)
        )
        if wide:
            drawn.append(
                f'<figure class="profiles" {_shown_for(group, variants)}><div class="drawing wide">{wide}</div>'
                f'<div class="drawing narrow">{narrow}</div>'
                f'<figcaption id="{caption}">{escape(profile_caption(study, group[0], reader))}</figcaption></figure>'
            )
    has_heights = any(leg.profiles for leg in shown_legs(variants[0]))
    buttons = "".join(
        f'<button type="button" id="{name}"{more}>{escape(reader.say(word))}</button>'
        for name, word, more in (
            ("select", "select", ' aria-pressed="false"'),
            ("gradient", "gradient_colours", ' aria-pressed="false"' + ("" if has_heights else " hidden")),
        )
    )
    hint = escape(CATALOGUES[reader.language].script_words["hint"])
    shown = "" if drawn else " hidden"
    return (
        '<section class="linked" aria-labelledby="profile-head"><h2 id="profile-head" class="unseen">'
        f"{escape(reader.say('profile'))}</h2>"
        f'<div id="tools"{shown}><p id="readout">{hint}</p><p class="buttons">{buttons}</p>'
        f'<p id="gradient-key" hidden></p></div>{"".join(drawn)}'
        # below the drawing, which must not move under a finger when the text grows
        f'<div class="stretch"><p id="selected" role="status"></p>'
        f'<button type="button" id="clear" hidden>{escape(reader.say("clear"))}</button></div></section>'
    )


def _shown_for(some: Sequence[VariantStudy], variants: Sequence[VariantStudy]) -> str:
    """Attributes of an element of some variants; without scripts, only those of the first are visible."""
    ids = " ".join(variant.variant.id for variant in some)
    return f'data-variants="{ids}"' + ("" if variants[0] in some else " hidden")


def _of_variant(study: Study, variant: VariantStudy, reader: Reader) -> str:
    """Sections that differ between variants."""
    sections = [
        legend(variant, reader),
        f"<h2>{escape(reader.say('day_by_day'))}</h2>{days_table(study, variant, reader)}",
        f"<h3>{escape(reader.say('modes'))}</h3>{modes_table(variant, reader)}",
    ]
    nights = paragraphs(night_lines(study.outings[variant.variant.id].nights, reader))
    if nights:
        sections.append(f"<h3>{escape(reader.say('nights'))}</h3>{nights}")
    if len(study.variants) > 1:
        sections.append(f"<h2>{escape(reader.say('variants'))}</h2>{variants_list(study, variant, reader)}")
    return "\n".join(sections)


def _body(study: Study, variants: Sequence[VariantStudy], reader: Reader) -> str:
    trek = study.trek
    sections = [f'<p class="summary">{escape(trek.summary)}</p>']
    sections.extend(
        f"<div {_shown_for([variant], variants)}>{_of_variant(study, variant, reader)}</div>"
        for variant in variants
    )
    sections.append(
        f'<section hidden><h2>{escape(reader.say("downloads"))}</h2><p id="downloads" class="buttons"></p></section>'
    )
    sections.append(f"<h2>{escape(reader.say('verdicts'))}</h2>{verdicts(study, reader)}")
    facts = seasons_and_facts(trek, reader)
    if facts:
        sections.append(f"<h2>{escape(reader.say('seasons'))}</h2>{facts}")
    sections.append(f"<h2>{escape(reader.say('places'))}</h2>{places_table(study, reader)}")
    own = dict.fromkeys(day.day.note for variant in variants for day in variant.days if day.day.note)
    notes = paragraphs((*own, *study.notes))
    if reader.language is not Language.ENGLISH:
        notes = paragraphs(own) + english_notes(study.notes, reader)
    if notes:
        sections.append(f"<h2>{escape(reader.say('notes'))}</h2>{notes}")
    source = f'<p class="notes">{escape(reader.say("itinerary", source=trek.source))}</p>'
    if any(leg.profiles for leg in study.legs):
        source = f'<p class="notes">{escape(reader.say("stretches"))}</p>{source}'
    made = making(study, study.outings[variants[0].variant.id], reader)
    sections.append(f"<h2>{escape(reader.say('making'))}</h2>{made}{source}")
    return "\n".join(sections)
