"""The report on a trek, as Markdown."""

import re
from collections.abc import Iterable, Sequence

from routes.analysis.figures.results import DayStudy, VariantStudy
from routes.analysis.study import Study
from routes.analysis.verdicts.finding import Finding
from routes.analysis.walking.outing import Outing
from routes.model.effort import Method
from routes.model.trek import Trek
from routes.model.units import Units
from routes.render.words.figures import (
    AGAINST_THE_GROUND,
    MISSING,
    VERDICT_MEANING,
    VERDICT_ORDER,
    by_mode,
    climb,
    height,
    how_made,
    on_foot,
    ordered,
    quantity,
    reasons,
    time_of_year,
    variant_text,
)
from routes.render.words.walking import by_method, duration, how_told, what_follows

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
_BLOCK = re.compile(r"^(\d*)([-+=.)])(?=[\s=-]|$)")


def report_markdown(study: Study, variant: VariantStudy, units: Units = Units.METRIC) -> str:
    """Report on a variant as Markdown with pipe tables: daily figures, verdicts, methods.

    All text from files is escaped.
    """
    trek = study.trek
    outing = study.outings[variant.variant.id]
    ground = [finding for finding in study.findings if finding.check in AGAINST_THE_GROUND]
    others = [finding for finding in study.findings if finding.check not in AGAINST_THE_GROUND]
    parts = [
        f"# {plain(trek.name)}",
        f"{plain(', '.join(part for part in (trek.region, trek.country) if part))}. {plain(variant.variant.name)}.",
        plain(trek.summary),
        "## Day by day",
        _days(trek, variant, units),
        _bullets(f"{mode}: {text}" for mode, text in by_mode(variant, units)),
        _effort(outing, units),
        "## Ways to do it",
        _bullets(_variant(other, units) for other in study.variants),
        "## Stated figures against DEM and lines",
        _counts(study.findings),
        _verdicts(ground, units) or "There is none.",
        *_consensus(study, units),
        "## Stated figures against one another",
        _verdicts(others, units) or "There is none.",
    ]
    notes = [*(day.day.note for day in variant.days if day.day.note), *study.notes]
    for title, texts in (("Seasons and facts", _facts(trek)), ("Notes", notes)):
        if texts:
            parts.extend((f"## {title}", _bullets(texts)))
    parts.extend(
        ("## How the figures were made", _bullets((*how_made(study, units), *how_told(outing, units))))
    )
    sources = [f"Itinerary: {trek.source}", *(f"Credit: {credit}" for credit in study.credits)]
    parts.extend(("## Sources", _bullets(sources)))
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    r"""Escape text for Markdown, on one line, so that none of it is markup or HTML.

    >>> plain("a | b *c*")
    'a \\| b \\*c\\*'
    """
    line = " ".join(text.split()).replace("&", "&amp;")
    line = _SPECIAL.sub(r"\\\1", line)
    return _BLOCK.sub(r"\1\\\2", line)


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join(f"- {plain(text)}" for text in texts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines.extend(f"| {' | '.join(row)} |" for row in rows)
    return "\n".join(lines)


def _days(trek: Trek, variant: VariantStudy, units: Units) -> str:
    """Table of the days and their total."""
    head = (
        "Day", "Title", "From and to", "On foot", "Ascent", "Descent", "Walking time", "Highest", "Lowest", "Night at"
    )  # fmt: skip
    rows = [_day(trek, day, units) for day in variant.days]
    rows.append(["", "In all", "", *_figures(variant, units), ""])
    why = reasons(variant.legs)
    footnote = f"\n\n{MISSING} Missing: {plain(why)}." if why else ""
    return _table(head, rows) + footnote


def _day(trek: Trek, day: DayStudy, units: Units) -> list[str]:
    """Row of a day."""
    ends = MISSING
    if day.legs:
        ends = " to ".join(trek.place(key).name for key in (day.legs[0].leg.start, day.legs[-1].leg.end))
    sleep = trek.place(day.day.sleep).name if day.day.sleep else MISSING
    return [str(day.day.number), plain(day.day.title), plain(ends), *_figures(day, units), plain(sleep)]


def _figures(part: DayStudy | VariantStudy, units: Units) -> list[str]:
    """Cells of a day or a variant, from length to lowest point."""
    totals = part.totals
    return [
        on_foot(totals, part.legs, units),
        *(climb(estimate, units) for estimate in (totals.ascent_m, totals.descent_m)),
        duration(totals.effort.time_s),
        *(height(level, units) for level in (totals.high_m, totals.low_m)),
    ]


def _effort(outing: Outing, units: Units) -> str:
    """Walking time by each method, and nights; "" if neither is known."""
    rows = [
        [str(day.day.number), *by_method(day.totals.effort)]
        for day in outing.variant.days
        if day.totals.effort.times_s
    ]
    if not rows and not outing.nights:
        return ""
    parts = ["## Walking time and nights"]
    if rows:
        parts.append(_table(("Day", *(plain(method.label) for method in Method)), rows))
    parts.append(_bullets(what_follows(outing, units)))
    return "\n\n".join(parts)


def _variant(study: VariantStudy, units: Units) -> str:
    note = f" {study.variant.note}" if study.variant.note else ""
    walked = on_foot(study.totals, study.legs, units)
    return f"{study.variant.name}: {variant_text(study.variant)}; on foot {walked}.{note}"


def _counts(findings: Sequence[Finding]) -> str:
    counts = ", ".join(
        f"{sum(f.verdict is verdict for f in findings)} {verdict.value}" for verdict in VERDICT_ORDER
    )
    meanings = "; ".join(f"{verdict.value}: {meaning}" for verdict, meaning in VERDICT_MEANING.items())
    return f"All verdicts: {counts}. Meaning: {meanings}."


def _verdicts(findings: Sequence[Finding], units: Units) -> str:
    if not findings:
        return ""
    rows = [
        [
            finding.verdict.value,
            plain(f"{finding.name}: {quantity(finding)}"),
            "; ".join(
                f"**{plain(stated.printed)}** ({plain(stated.source)})" for stated in finding.statements
            ),
            plain(f"{finding.told_in(units)} {finding.basis}".strip()),
        ]
        for finding in ordered(findings)
    ]
    return _table(("Verdict", "About", "As printed, by whom", "Reason"), rows)


def _consensus(study: Study, units: Units) -> list[str]:
    """Section on heights with several sources; empty if there is none."""
    if not study.consensus:
        return []
    rows = [
        [
            plain(whole.name),
            "; ".join(
                f"**{plain(member.vote.printed or units.height(member.vote.value_m))}** "
                f"({plain(member.vote.source)}): {member.verdict.value}"
                for member in whole.members
            ),
            plain(whole.text(units)),
        ]
        for whole in study.consensus
    ]
    table = _table(("Place", "Sources, each against the others", "Together"), rows)
    return ["## Stated heights weighed together", table]


def _facts(trek: Trek) -> list[str]:
    seasons = [
        f"{season.kind.value.capitalize()} time: {time_of_year(season)} "
        f"({season.source}) {season.note}".strip()
        for season in trek.seasons
    ]
    return seasons + [f"{fact.topic.replace('-', ' ')}: {fact.text} ({fact.source})" for fact in trek.facts]
