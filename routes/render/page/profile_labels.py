"""Names above a drawing, each with a line down to its point, so that nothing covers anything."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

CHARACTER_PX = 7.1
"""Width that a character of 12 pixels may take, pixels."""

MAX_ROWS = 6
_PAD_PX = 5.0


@dataclass(frozen=True, slots=True)
class Label:
    """A name to be placed."""

    text: str
    """What is written."""

    x: float
    """Where its point is, pixels."""

    priority: int
    """0 and 1 are placed first; what finds no room is left out."""


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A name in its place."""

    label: Label
    """The name."""

    row: int
    """Row, counted upwards from the drawing."""

    anchor: str
    """``start`` (right of its line), ``end`` (left of it) or ``middle`` (on top of it)."""

    left: float
    """Left end of the room that it takes, pixels."""

    right: float
    """Right end of that room, pixels."""


_Turn: TypeAlias = tuple[Label, tuple[str, ...]]
"""A label and the sides to try, in turn."""


def placed_labels(labels: Sequence[Label], left: float, right: float) -> tuple[PlacedLabel, ...]:
    """Find a row and a side for each label such that no two meet and no line crosses a name.

    Parameters
    ----------
    labels : sequence of Label
        Names.
    left, right : float
        Ends of the drawing, pixels; nothing is placed beyond.

    Returns
    -------
    tuple of PlacedLabel
        The best of several greedy tries; those without room are missing.

    Examples
    --------
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
    """Orders worth trying, each label with the sides to try first.

    Names left of a point lean to the right and names right of it to the left, from the point outwards: lines then
    cross no name unless the two halves meet. Every point between two labels is tried.
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
    """More names of the first priority, then of the others, then names nearer to their points."""
    firsts = sum(one.label.priority == 0 for one in placed)
    return firsts, len(placed), -sum(one.row for one in placed)


def _meet(a: PlacedLabel, b: PlacedLabel) -> bool:
    """Whether two names meet, or the line of one runs through the other."""
    if a.row == b.row:
        return a.left < b.right and b.left < a.right
    upper, lower = (a, b) if a.row > b.row else (b, a)
    return lower.left - 2.0 < upper.label.x < lower.right + 2.0
