"""Whole numbers written compactly as text for the page: differences in five bits a character.

The idea is that of Google's encoded polylines (developers.google.com/maps/documentation/utilities/polylinealgorithm),
with characters that mean nothing in HTML, JSON or a script.
"""

from collections.abc import Sequence

import numpy as np

from routes._typing import FloatArray, IntArray

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Value of each character; from 32 upwards more follow."""

_LETTERS = np.frombuffer(CHARACTERS.encode("ascii"), dtype=np.uint8)


def encoded(columns: Sequence[IntArray]) -> str:
    """Columns of whole numbers as text: for each row, the difference of each column from the row before.

    Parameters
    ----------
    columns : sequence of ndarray of int, each of shape (n,)
        For example latitudes and longitudes in millionths of a degree.

    Returns
    -------
    str
        `decoded` gives the columns back exactly.

    Examples
    --------
    >>> encoded([np.array([1, 2, 2]), np.array([-1, 40, 0])])
    'CBCyCAvC'
    """
    table = np.stack([np.asarray(column, dtype=np.int64) for column in columns], axis=1)
    table[1:] -= table[:-1].copy()
    steps = table.ravel()
    folded = np.where(steps < 0, -2 * steps - 1, 2 * steps)
    count = max(-(-int(folded.max(initial=0)).bit_length() // 5), 1)
    rest = folded[:, None] >> (5 * np.arange(count))
    is_more = rest > 31  # a number ends with its first digit below 32
    digits = (rest & 31) | (is_more * 32)
    kept = np.concatenate([np.ones((rest.shape[0], 1), dtype=np.bool_), is_more[:, :-1]], axis=1)
    return bytes(_LETTERS[digits[kept]]).decode("ascii")


def decoded(text: str, columns: int) -> list[IntArray]:
    """Columns of whole numbers from text that `encoded` wrote.

    Examples
    --------
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
    """Values as whole numbers of the last decimal, rounded as Python writes them."""
    texts = (f"{value:.{decimals}f}".replace(".", "") for value in np.asarray(values).tolist())
    return np.array([int(text) for text in texts], dtype=np.int64)
