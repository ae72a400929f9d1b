"""Place point labels on a small map so that they cover nothing important."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from routes.render.words.markup import printable

_LETTER_EM, _WIDE_EM = 0.6, 1.05
_LINE_EM = 1.25
_STEPS = (6.5, 12.0, 19.0, 28.0)
_DIRECTIONS = ((1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (0, -1))

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, points."""


@dataclass(frozen=True, slots=True)
class PointLabel:
    """A label of a point."""

    text: str
    """The text, one line."""

    x: float
    """Distance of the point from the left, points of 1/72 inch."""

    y: float
    """Distance of the point from the bottom, points."""

    is_needed: bool = True
    """Whether it is drawn even if it covers something; others are then left out."""


@dataclass(frozen=True, slots=True)
class PutLabel:
    """A label and its position."""

    label: PointLabel
    """The label."""

    box: Box
    """Box of its text."""

    is_far: bool
    """Whether it is far enough away to need a thin line to its point."""


def text_width(text: str, size: float) -> float:
    """Upper bound for the width of a line of text in an unknown font, in the unit of its size.

    >>> round(text_width("3376 m", 10.0), 1)
    36.0
    """
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (_LETTER_EM * (len(text) - wide) + _WIDE_EM * wide)


def shortened(text: str, width: float, size: float) -> str:
    """Drawable text that fits a width, cut with an ellipsis if necessary.

    >>> shortened("Thousand Island Lake", 60.0, 10.0)
    'Thousand…'
    """
    text = " ".join(printable(text).split())
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "\N{HORIZONTAL ELLIPSIS}", size) > width:
        text = text[:-1]
    return text.rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def put_labels(
    labels: Sequence[PointLabel], size: float, frame: Box, taken: Sequence[Box], shunned: Sequence[Box] = ()
) -> tuple[PutLabel, ...]:
    """Place labels, most important first, beside their points without overlaps.

    They avoid each other, the frame's edge, `taken` boxes (signs, scale bar) and, if possible, `shunned` ones
    (lines). A needed label without a free place gets the one where it covers least; others are left out.
    """
    boxes = list(taken)
    put = []
    for label in labels:
        width, height = text_width(label.text, size), _LINE_EM * size
        best: tuple[tuple[float, float], Box, float] | None = None
        for step in _STEPS:
            for right, up in _DIRECTIONS:
                box = _box(label, (width, height), (right * step, up * step))
                hidden = sum(_overlap(box, other) for other in boxes) + 1e3 * _outside(box, frame)
                cost = round(hidden, 6), round(sum(_overlap(box, other) for other in shunned), 6)
                if best is None or cost < best[0]:
                    best = (cost, box, step)
            if best is not None and best[0] == (0.0, 0.0):
                break
        if best is None or (best[0][0] > 0.0 and not label.is_needed):
            continue
        box = _inside(best[1], frame)
        boxes.append(box)
        put.append(PutLabel(label, box, best[2] > _STEPS[1]))
    return tuple(put)


def _box(label: PointLabel, size: tuple[float, float], off: tuple[float, float]) -> Box:
    width, height = size
    right, up = off
    left = label.x + right if right > 0 else label.x + right - width if right < 0 else label.x - 0.5 * width
    low = label.y - 0.5 * height + (up + 0.25 * height * (1 if up > 0 else -1) if up else 0.0)
    return left, low, left + width, low + height


def _overlap(a: Box, b: Box) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0.0 and high > 0.0 else 0.0


def _outside(box: Box, frame: Box) -> float:
    return (
        max(frame[0] - box[0], 0.0)
        + max(frame[1] - box[1], 0.0)
        + max(box[2] - frame[2], 0.0)
        + max(box[3] - frame[3], 0.0)
    )


def _inside(box: Box, frame: Box) -> Box:
    """Move a box into the frame, its left and lower edges first."""
    right = max(frame[0] - box[0], min(0.0, frame[2] - box[2]))
    up = max(frame[1] - box[1], min(0.0, frame[3] - box[3]))
    return box[0] + right, box[1] + up, box[2] + right, box[3] + up
