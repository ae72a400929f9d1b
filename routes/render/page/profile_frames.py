"""Sizes of the profile drawing: standalone, wide and narrow page."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Size of a drawing."""

    width_px: float
    """Width, pixels."""

    left_px: float
    """Left edge of the plot, pixels."""

    right_px: float
    """Right edge of the plot, pixels."""

    plot_px: float
    """Height of the plot, pixels."""

    most_ticks: int
    """Most intervals on the distance axis."""

    name_length: int
    """Most characters in a name."""

    caption_length: int
    """Characters per line of the caption; 0 for a drawing without caption."""


FULL = Frame(
    width_px=800.0, left_px=58.0, right_px=784.0, plot_px=230.0, most_ticks=9, name_length=32,
    caption_length=112,
)  # fmt: skip
"""A standalone picture."""

WIDE = replace(FULL, width_px=860.0, right_px=846.0, plot_px=180.0, caption_length=0)
"""On the page, on a wide screen."""

NARROW = replace(
    WIDE, width_px=360.0, left_px=54.0, right_px=352.0, plot_px=170.0, most_ticks=5, name_length=18
)
"""On the page, on a phone."""
