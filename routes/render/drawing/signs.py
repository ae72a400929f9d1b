"""Symbols, colours and legend of pass maps."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from routes.model.kinds import Provenance
from routes.render.drawing.labels import text_width
from routes.render.drawing.palette import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_PT = 300.0
"""Width of the picture, points of 1/72 inch; legible at 300 CSS pixels."""

TEXT_PT, ROW_PT, EDGE_PT = 9.0, 14.0, 1.0
"""Text size, height of a legend row, and margin of the picture, points."""

LINE_COLOUR, SADDLE_COLOUR, SECTION_COLOUR = "#0072b2", "#b03a00", "#6a2c91"
"""Colours of line, saddles and section; symbols distinguish them without colour."""

LINE_DASHES = {
    Provenance.RECORDED: "-", Provenance.OSM: "-", Provenance.MODELLED: (0, (4, 1.5)), Provenance.SCHEMATIC: ":",
}  # fmt: skip
"""Strokes of lines by provenance."""


def draw_plus(axes: "Axes", at: tuple[float, float]) -> None:
    """Draw the symbol of the given position."""
    axes.plot(*at, marker="+", markersize=13.0, markeredgewidth=3.4, color="#fff", zorder=6)
    axes.plot(*at, marker="+", markersize=12.0, markeredgewidth=1.5, color=INK, zorder=6)


def draw_triangle(axes: "Axes", at: tuple[float, float]) -> None:
    """Draw the symbol of the line's highest point."""
    axes.plot(
        *at,
        marker="^",
        markersize=10.0,
        color=LINE_COLOUR,
        markeredgecolor="#fff",
        markeredgewidth=0.9,
        zorder=7,
    )


def draw_disc(axes: "Axes", at: tuple[float, float], *, is_meant: bool) -> None:
    """Draw the symbol of a saddle."""
    face, edge = (SADDLE_COLOUR, "#fff") if is_meant else ("#fff", SADDLE_COLOUR)
    axes.plot(
        *at, marker="o", markersize=6.5 if is_meant else 5.5, color=face, markeredgecolor=edge, markeredgewidth=1.2,
        zorder=7,
    )  # fmt: skip


def draw_legend_sign(axes: "Axes", sign: str, x: float, y: float) -> None:
    """Draw the symbol of a legend entry."""
    y += 0.5
    if sign == "plus":
        draw_plus(axes, (x, y))
        around = np.linspace(0.0, 2.0 * np.pi, 25)
        axes.plot(
            x + 6.5 * np.cos(around),
            y + 6.5 * np.sin(around),
            color=INK,
            linewidth=0.9,
            linestyle=(0, (3, 2)),
        )
    elif sign in ("meant", "other"):
        draw_disc(axes, (x, y), is_meant=sign == "meant")
    elif sign == "top":
        draw_triangle(axes, (x, y))
    elif sign == "section":
        axes.plot([x - 7.0, x + 8.0], [y, y], color=SECTION_COLOUR, linewidth=1.4, linestyle=(0, (5, 2)))
    elif sign == "contour":
        axes.plot([x - 7.0, x + 8.0], [y, y], color="#6b4f2a", linewidth=0.9)
    else:
        kind = Provenance(sign.removeprefix("line "))
        axes.plot([x - 7.0, x + 8.0], [y, y], color=LINE_COLOUR, linewidth=2.2, linestyle=LINE_DASHES[kind])


def in_rows(entries: Sequence[tuple[str, str]]) -> list[list[tuple[float, str, str]]]:
    """Legend entries in rows of one or two, each with its start."""
    half = 0.5 * WIDTH_PT
    rows: list[list[tuple[float, str, str]]] = []
    is_open = False
    for sign, text in entries:
        fits = 21.0 + text_width(text, TEXT_PT) * 0.93 <= half
        if is_open and fits:
            rows[-1].append((half, sign, text))
            is_open = False
        else:
            rows.append([(EDGE_PT, sign, text)])
            is_open = fits
    return rows
