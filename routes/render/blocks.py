"""Parts of a report that are written as HTML and as Markdown alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from routes.analysis.verdicts.finding import Verdict
from routes.render.drawing.svg import Picture
from routes.render.report.trek import plain
from routes.render.words.markup import escape


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    text: str
    """What it says."""

    note: str = ""
    """Smaller, below: a source."""

    verdict: Verdict | None = None
    """The verdict that it tells; the text is then its name."""

    is_strong: bool = False
    """Whether the text stands out: a figure as printed."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a row of heads; the first cell of each row says what the row is about."""

    label: str
    """What it holds."""

    head: tuple[str, ...]
    """Names of columns."""

    rows: tuple[tuple[Cell, ...], ...]
    """Rows, each with as many cells."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    """One text each."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures side by side, and what they have in common."""

    pictures: tuple[Picture, ...]
    """One or more."""

    caption: str
    """Text below."""


Block: TypeAlias = str | Table | Bullets | Pictures
"""A part of a section; a text alone is a paragraph."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section with a heading."""

    title: str
    """Heading."""

    blocks: tuple[Block, ...]
    """Its own parts."""

    key: str = ""
    """Anchor: letters, digits, hyphens; empty for none."""

    sections: tuple["Section", ...] = ()
    """Sections below it."""


def html_section(section: Section, level: int = 2) -> str:
    """Write a section as HTML; text stays text."""
    anchor = f' id="{escape(section.key)}"' if section.key else ""
    parts = [f"<section{anchor}><h{level}>{escape(section.title)}</h{level}>"]
    parts.extend(html_block(block) for block in section.blocks)
    parts.extend(html_section(inner, min(level + 1, 6)) for inner in section.sections)
    return "\n".join((*parts, "</section>"))


def html_block(block: Block) -> str:
    """Write a block as HTML; text stays text."""
    if isinstance(block, str):
        return f"<p>{escape(block)}</p>"
    if isinstance(block, Bullets):
        return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in block.items)}</ul>"
    if isinstance(block, Pictures):
        drawn = "".join(f'<div class="picture">{picture.svg}</div>' for picture in block.pictures)
        return f'<figure><div class="pictures">{drawn}</div><figcaption>{escape(block.caption)}</figcaption></figure>'
    # a narrow screen shows rows as blocks, which takes the table's own meaning away; the roles keep it
    head = "".join(f'<th role="columnheader" scope="col">{escape(name)}</th>' for name in block.head)
    rows = "".join(_html_row(block, row) for row in block.rows)
    return (
        f'<table role="table"><caption>{escape(block.label)}</caption><thead role="rowgroup"><tr role="row">{head}</tr>'
        f'</thead><tbody role="rowgroup">{rows}</tbody></table>'
    )


def _html_row(table: Table, row: Sequence[Cell]) -> str:
    cells = []
    for number, (name, cell) in enumerate(zip(table.head, row, strict=True)):
        text = escape(cell.text)
        if cell.is_strong:
            text = f"<b>{text}</b>"
        if cell.verdict is not None:
            text = f'<span class="verdict {cell.verdict.value}">{text}</span>'
        note = f"<small>{escape(cell.note)}</small>" if cell.note else ""
        tag, role = ("th", 'rowheader" scope="row') if number == 0 else ("td", "cell")
        cells.append(f'<{tag} role="{role}" data-head="{escape(name)}"><div>{text}{note}</div></{tag}>')
    return f'<tr role="row">{"".join(cells)}</tr>'


def markdown_section(section: Section, level: int = 2) -> str:
    """Write a section as Markdown; text stays text."""
    parts = [f"{'#' * level} {plain(section.title)}"]
    parts.extend(markdown_block(block) for block in section.blocks)
    parts.extend(markdown_section(inner, min(level + 1, 6)) for inner in section.sections)
    return "\n\n".join(part for part in parts if part)


def markdown_block(block: Block) -> str:
    """Write a block as Markdown; a picture is a file ``<key>.svg`` beside it."""
    if isinstance(block, str):
        return plain(block)
    if isinstance(block, Bullets):
        return "\n".join(f"- {plain(item)}" for item in block.items)
    if isinstance(block, Pictures):
        drawn = (
            f"![{plain(f'{picture.title}. {picture.description}')}]({picture.key}.svg)"
            for picture in block.pictures
        )
        return "\n".join((*drawn, "", plain(block.caption)))
    lines = [f"| {' | '.join(map(plain, block.head))} |", f"|{' --- |' * len(block.head)}"]
    lines.extend(f"| {' | '.join(_markdown_cell(cell) for cell in row)} |" for row in block.rows)
    return "\n".join(lines)


def _markdown_cell(cell: Cell) -> str:
    text = plain(cell.text)
    if text and (cell.is_strong or cell.verdict is not None):
        text = f"**{text}**"
    return f"{text} ({plain(cell.note)})" if cell.note else text


def pictures_of(sections: Iterable[Section]) -> Iterable[Picture]:
    """Yield all pictures of sections and of those below them."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Pictures):
                yield from block.pictures
        yield from pictures_of(section.sections)
