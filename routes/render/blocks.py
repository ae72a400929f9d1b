"""Sections, tables and lists of a report, written as HTML and as Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from routes.analysis.verdicts.finding import Verdict
from routes.render.drawing.svg import Picture
from routes.render.report.trek import plain
from routes.render.words.markup import escape


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell."""

    text: str
    """Content."""

    note: str = ""
    """Small text below it, such as a source."""

    verdict: Verdict | None = None
    """Verdict that the cell shows; the text is then its name."""

    is_strong: bool = False
    """Whether the text is bold, as quoted figures are."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row; the first cell of each row says what the row is about."""

    label: str
    """Caption."""

    head: tuple[str, ...]
    """Column names."""

    rows: tuple[tuple[Cell, ...], ...]
    """Rows, each with one cell per column."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    """One text per item."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures side by side, with one caption."""

    pictures: tuple[Picture, ...]
    """One or more."""

    caption: str
    """Text below them."""


Block: TypeAlias = str | Table | Bullets | Pictures
"""A part of a section; a plain string is a paragraph."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section with a heading."""

    title: str
    """Heading."""

    blocks: tuple[Block, ...]
    """Its own content."""

    key: str = ""
    """HTML anchor: letters, digits, hyphens; empty for none."""

    sections: tuple["Section", ...] = ()
    """Subsections."""


def html_section(section: Section, level: int = 2) -> str:
    """Section as HTML, its text escaped."""
    anchor = f' id="{escape(section.key)}"' if section.key else ""
    parts = [f"<section{anchor}><h{level}>{escape(section.title)}</h{level}>"]
    parts.extend(html_block(block) for block in section.blocks)
    parts.extend(html_section(inner, min(level + 1, 6)) for inner in section.sections)
    return "\n".join((*parts, "</section>"))


def html_block(block: Block) -> str:
    """Block as HTML, its text escaped."""
    if isinstance(block, str):
        return f"<p>{escape(block)}</p>"
    if isinstance(block, Bullets):
        return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in block.items)}</ul>"
    if isinstance(block, Pictures):
        drawn = "".join(f'<div class="picture">{picture.svg}</div>' for picture in block.pictures)
        return f'<figure><div class="pictures">{drawn}</div><figcaption>{escape(block.caption)}</figcaption></figure>'
    # narrow screens show rows as blocks, which hides the table from screen readers; the roles restore it
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
    """Section as Markdown, its text escaped."""
    parts = [f"{'#' * level} {plain(section.title)}"]
    parts.extend(markdown_block(block) for block in section.blocks)
    parts.extend(markdown_section(inner, min(level + 1, 6)) for inner in section.sections)
    return "\n\n".join(part for part in parts if part)


def markdown_block(block: Block) -> str:
    """Block as Markdown; a picture links to the file ``<key>.svg`` next to it."""
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
    """Yield all pictures of sections and their subsections."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Pictures):
                yield from block.pictures
        yield from pictures_of(section.sections)
