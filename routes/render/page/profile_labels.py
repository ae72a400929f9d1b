"""Place names above a drawing, without overlaps, each with a line to its point."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

CHARACTER_PX = 7.1
"""Room for a character of 12 pixels, pixels."""

MAX_ROWS = 6
_PAD_PX = 5.0


@dataclass(frozen=True, slots=True)
class Label:
    """A name to place."""

    text: str
    """Name."""

    x: float
    """Horizontal position of its point, pixels."""

    priority: int
    """0 and 1 are placed first; names without room are left out."""


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A placed name."""

    label: Label
    """The name."""

    row: int
    """Row, counted upwards from the drawing."""

    anchor: str
    """``start`` (right of its line), ``end`` (left of it) or ``middle`` (above it)."""

    left: float
    """Left end of its room, pixels."""

    right: float
    """Right end of its room, pixels."""


_Turn: TypeAlias = tuple[Label, tuple[str, ...]]
"""A label and the sides to try, in order."""


def placed_labels(labels: Sequence[Label], left: float, right: float) -> tuple[PlacedLabel, ...]:
    """Choose a row and a side for each label, so that no names overlap and no line crosses a name.

    The best of several greedy tries, between `left` and `right` (pixels); labels without room are missing.

    >>> [p.row for p in placed_labels([Label("here", 50.0, 0), Label("there", 60.0, 1)], 0.0, 100.0)]
    [0, 1]
    """
    first = [label for label in labels if label.priority <= 1]
    rest = sorted(
        (label for label in labels if label.priority > 1), key=lambda label: (label.priority, label.x)
    )
    placed = max((_placed_in_turn(order, left, right) for order in _orders(first)), key=_merit)
    return _placed_in_turn([(label, ("middle", "start", "end")) for label in rest], left, right, placed)


def _orders(labels: Sequence[Label]) -> Iterator[list[_Turn]]:
    """Yield label orders worth trying, each label with its sides in order of preference.

    Names left of a chosen point extend to the right and names right of it to the left, nearest first. Lines
    then cross no name unless the two halves meet. Every gap between two labels serves as the point once.
    """
    by_x = sorted(labels, key=lambda label: label.x)
    for split in range(len(by_x) + 1):
        left_half: list[_Turn] = [(label, ("start", "middle", "end")) for label in reversed(by_x[:split])]
        right_half: list[_Turn] = [(label, ("end", "middle", "start")) for label in by_x[split:]]
        for order in (left_half + right_half, right_half + left_half):
            yield order
            yield sorted(order, key=lambda pair: pair[0].priority)
    for sides in itertools.permutations(("middle", "start", "end")):
        yield [(label, sides) for label in sorted(by_x, key=lambda label: label.priority)]


def _placed_in_turn(
    order: Sequence[_Turn], left: float, right: float, placed: Sequence[PlacedLabel] = ()
) -> tuple[PlacedLabel, ...]:
    done = list(placed)
    for label, sides in order:
        width = CHARACTER_PX * len(label.text) + _PAD_PX
        shifts = {"middle": -0.5 * width, "start": 0.0, "end": -width}
        candidates = (
            PlacedLabel(label, row, side, label.x + shifts[side], label.x + shifts[side] + width)
            for side in sides
            for row in range(MAX_ROWS)
        )
        free = (
            c
            for c in candidates
            if c.left >= left and c.right <= right and not any(_meet(c, d) for d in done)
        )
        found = next(free, None)
        if found is not None:
            done.append(found)
    return tuple(done)


def _merit(placed: Sequence[PlacedLabel]) -> tuple[int, int, int]:
    """Score of a placement: names of the first priority, other names, then nearness to their points."""
    firsts = sum(one.label.priority == 0 for one in placed)
    return firsts, len(placed), -sum(one.row for one in placed)


def _meet(a: PlacedLabel, b: PlacedLabel) -> bool:
    """Whether two names overlap, or the line of one crosses the other."""
    if a.row == b.row:
        return a.left < b.right and b.left < a.right
    upper, lower = (a, b) if a.row > b.row else (b, a)
    return lower.left - 2.0 < upper.label.x < lower.right + 2.0
