"""Encode whole numbers compactly as text: differences, five bits per character.

Adapted from Google's encoded polylines
(developers.google.com/maps/documentation/utilities/polylinealgorithm), with characters that mean nothing in
HTML, JSON or a script.
"""

import itertools
from collections.abc import Sequence

import numpy as np

from routes._typing import FloatArray, IntArray

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Digits by value; a value of 32 or more means that another digit follows."""

_LETTERS = np.frombuffer(CHARACTERS.encode("ascii"), dtype=np.uint8)


def encoded(columns: Sequence[IntArray]) -> str:
    """Encode integer columns of equal length as text: each row as its differences from the row before.

    >>> encoded([np.array([1, 2, 2]), np.array([-1, 40, 0])])
    'CBCyCAvC'
    """
    return encoded_parts(columns, [len(columns[0])])[0]


def encoded_parts(columns: Sequence[IntArray], sizes: Sequence[int]) -> list[str]:
    """Encode consecutive parts of the columns, each on its own; `sizes` are their rows, at least one each."""
    table = np.stack([np.asarray(column, dtype=np.int64) for column in columns], axis=1)
    steps = np.diff(table, axis=0, prepend=np.zeros((1, table.shape[1]), dtype=np.int64))
    ends = np.cumsum(sizes)
    starts = ends - sizes
    steps[starts] = table[starts]
    folded = np.where(steps < 0, -2 * steps - 1, 2 * steps).ravel()
    digits = []
    while True:
        rest = folded >> 5
        digits.append(np.where(rest > 0, (folded & 31) | 32, folded & 31))
        if not rest.any():
            break
        folded = rest
    # a number ends with its first digit below 32
    rows = np.stack(digits, axis=1)
    is_more = np.cumprod(rows >= 32, axis=1, dtype=np.bool_)
    kept = np.concatenate([np.ones((rows.shape[0], 1), dtype=np.bool_), is_more[:, :-1]], axis=1)
    text = bytes(_LETTERS[rows[kept]].tobytes()).decode("ascii")
    stop = np.cumsum(kept.sum(axis=1))[table.shape[1] * ends - 1].tolist()
    return [text[a:b] for a, b in itertools.pairwise([0, *stop])]


def decoded(text: str, columns: int) -> list[IntArray]:
    """Decode what `encoded` wrote, exactly.

    >>> [column.tolist() for column in decoded("CBCyCAvC", 2)]
    [[1, 2, 2], [-1, 40, 0]]
    """
    values, value, shift = [], 0, 0
    for character in text:
        digit = CHARACTERS.index(character)
        value |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            values.append(-(value + 1) // 2 if value & 1 else value // 2)
            value = shift = 0
    table = np.cumsum(np.array(values, dtype=np.int64).reshape(-1, columns), axis=0)
    return [table[:, i] for i in range(columns)]


def fixed(values: FloatArray, decimals: int) -> IntArray:
    """Values as whole numbers of the last decimal, rounded like Python's formatting."""
    texts = (f"{value:.{decimals}f}".replace(".", "") for value in np.asarray(values).tolist())
    return np.array([int(text) for text in texts], dtype=np.int64)
