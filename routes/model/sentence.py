"""Sentences with quantities in the reader's units."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from routes.model.units import Units


@dataclass(frozen=True, slots=True)
class Shown:
    """A quantity in a sentence: the `Units` method that writes it, and its arguments."""

    write: Callable[..., str]
    """Such as ``Units.height``."""

    values: tuple[Any, ...]
    """Quantities in SI units, unrounded, or a `Measure`."""

    is_exact: bool = False
    """Whether it is a limit to judge by, written exactly."""

    def text(self, units: Units) -> str:
        """Write it in the given units."""
        more = {"is_exact": True} if self.is_exact else {}
        return self.write(units, *self.values, **more)


def shown(write: Callable[..., str], *values: object, is_exact: bool = False) -> Shown:
    """Quantity for a `Sentence`, such as ``shown(Units.height, 3376.9)``."""
    return Shown(write, values, is_exact)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text with quantities whose units are chosen later.

    Examples
    --------
    >>> sentence = Sentence(("DEM ", shown(Units.height, 3376.9), "."))
    >>> sentence.text(Units.METRIC), sentence.text(Units.IMPERIAL)
    ('DEM 3377 m.', 'DEM 11,080 ft.')
    """

    parts: tuple[str | Shown, ...]
    """Plain text and quantities."""

    def text(self, units: Units) -> str:
        """Write it in the given units."""
        return "".join(part if isinstance(part, str) else part.text(units) for part in self.parts)


def joined(*texts: str | Shown | Sentence) -> Sentence:
    """One sentence from consecutive texts, quantities and sentences."""
    return Sentence(
        tuple(part for text in texts for part in (text.parts if isinstance(text, Sentence) else (text,)))
    )


def written(text: str | Sentence, units: Units) -> str:
    """Text in the given units, if it has quantities."""
    return text if isinstance(text, str) else text.text(units)
