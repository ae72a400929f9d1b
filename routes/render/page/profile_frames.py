"""Sizes of the drawing of a profile."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Size of a drawing."""

    width_px: float
    """Width, pixels."""

    left_px: float
    """Left end of the plot, pixels."""

    right_px: float
    """Right end of the plot, pixels."""

    plot_px: float
    """Height of the plot, pixels."""

    most_ticks: int
    """Most parts of the axis of distance."""

    name_length: int
    """Most characters of a name."""

    caption_length: int
    """Characters in a line of the caption; 0 leaves the caption to whoever shows the drawing."""


FULL = Frame(
    width_px=800.0, left_px=58.0, right_px=784.0, plot_px=230.0, most_ticks=9, name_length=32,
    caption_length=112,
)  # fmt: skip
"""A picture for itself."""

WIDE = replace(FULL, width_px=860.0, right_px=846.0, plot_px=180.0, caption_length=0)
"""In the page, on a screen."""

NARROW = replace(
    WIDE, width_px=360.0, left_px=54.0, right_px=352.0, plot_px=170.0, most_ticks=5, name_length=18
)
"""In the page, on a phone."""
