"""The report on stated figures, as HTML and as Markdown."""

from routes.errors import AssetError
from routes.render.assets import resource
from routes.render.blocks import Section, html_section, markdown_section
from routes.render.report.trek import plain
from routes.render.report.verdicts import VerdictReport
from routes.render.words.markup import asks_network, compact, escape, policy

_FEW = 3
"""From this number of subsections on, the report begins with a list of them."""


def verdict_html(report: VerdictReport) -> str:
    """Report as one HTML file without scripts; raises AssetError if it would make a network request."""
    subtitle = f'<p class="soft">{escape(report.subtitle)}</p>' if report.subtitle else ""
    page = "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy([])}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            '<link rel="icon" href="data:,">',
            f"<title>{escape(report.title)}</title>",
            f"<style>\n{compact(resource('report/report.css'))}\n</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{escape(report.title)}</h1>",
            subtitle,
            _contents(report.sections),
            *(html_section(section) for section in report.sections),
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )
    asking = asks_network(page)
    if asking:
        msg = f"The report would make a request: {asking!r}; put the asset into it."
        raise AssetError(msg)
    return page


def _contents(sections: tuple[Section, ...]) -> str:
    """List of links to the sections with an anchor; "" if there are few."""
    inner = [below for section in sections for below in section.sections if below.key]
    if len(inner) < _FEW:
        return ""
    links = "".join(f'<li><a href="#{escape(below.key)}">{escape(below.title)}</a></li>' for below in inner)
    return f'<nav aria-label="Places"><ul>{links}</ul></nav>'


def verdict_markdown(report: VerdictReport) -> str:
    """Report as Markdown; its pictures are files ``<key>.svg`` next to it."""
    head = [f"# {plain(report.title)}", plain(report.subtitle)]
    return "\n\n".join(part for part in (*head, *map(markdown_section, report.sections)) if part) + "\n"
