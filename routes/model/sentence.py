"""Sentences whose quantities are written in the reader's units."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from routes.model.units import Units


@dataclass(frozen=True, slots=True)
class Shown:
    """A quantity in a sentence: which method of `Units` writes it, and what that takes after the units."""

    write: Callable[..., str]
    """For example ``Units.height``."""

    values: tuple[Any, ...]
    """Quantities in SI units, unrounded, or a `Measure`."""

    is_exact: bool = False
    """Whether the method is to write limits to judge by."""

    def text(self, units: Units) -> str:
        """Write it in these units."""
        more = {"is_exact": True} if self.is_exact else {}
        return self.write(units, *self.values, **more)


def shown(write: Callable[..., str], *values: object, is_exact: bool = False) -> Shown:
    """Quantity for a `Sentence`, for example ``shown(Units.height, 3376.9)``."""
    return Shown(write, values, is_exact)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text with quantities, which is finished only when the units are known.

    Examples
    --------
    >>> sentence = Sentence(("DEM ", shown(Units.height, 3376.9), "."))
    >>> sentence.text(Units.METRIC), sentence.text(Units.IMPERIAL)
    ('DEM 3377 m.', 'DEM 11,080 ft.')
    """

    parts: tuple[str | Shown, ...]
    """Text as it is, and quantities."""

    def text(self, units: Units) -> str:
        """Write it in these units."""
        return "".join(part if isinstance(part, str) else part.text(units) for part in self.parts)


def joined(*texts: str | Shown | Sentence) -> Sentence:
    """One sentence of texts, quantities and sentences, as they follow on one another."""
    return Sentence(
        tuple(part for text in texts for part in (text.parts if isinstance(text, Sentence) else (text,)))
    )


def written(text: str | Sentence, units: Units) -> str:
    """Write a text that may have quantities in these units."""
    return text if isinstance(text, str) else text.text(units)
