"""The reader's units and language, in which figures are written."""

from collections.abc import Iterable
from dataclasses import dataclass

from routes.model.estimate import Estimate
from routes.model.language import Language
from routes.model.measure import Measure
from routes.model.units import Units
from routes.render.words.catalogue import CATALOGUES
from routes.render.words.markup import escape

_RANGE = " to "
"""Separator in the ranges that `Units` writes."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Units and language of a reader; writes what `Units` writes, in that language.

    Numbers have the same form in both languages: Peru, like English, uses a decimal point and commas between
    thousands (Unicode CLDR, locale es-PE).

    >>> Reader(Units.METRIC, Language.SPANISH).height_range(1642.1, 2010.2)
    '1642 a 2010 m'
    """

    units: Units = Units.METRIC
    """Units of our own figures; quoted figures stay as printed."""

    language: Language = Language.ENGLISH
    """Language of our own words."""

    @classmethod
    def of(cls, reader: "Units | Reader") -> "Reader":
        """The reader itself; units alone become a reader of English."""
        return reader if isinstance(reader, Reader) else cls(reader)

    def say(self, name: str, /, **gaps: object) -> str:
        """Catalogue text with its gaps filled."""
        return CATALOGUES[self.language].texts[name].format(**gaps)

    def listed(self, texts: Iterable[str]) -> str:
        """Texts joined with commas and the word for "and"."""
        return self.say("and").join(texts)

    def english(self, text: str) -> str:
        """HTML of an English text, marked as English for readers of another language."""
        return escape(text) if self.language is Language.ENGLISH else f'<span lang="en">{escape(text)}</span>'

    def height(self, height_m: float, *, is_exact: bool = False) -> str:
        """Height, as `Units.height` writes it."""
        return self._joined(self.units.height(height_m, is_exact=is_exact))

    def height_range(self, low_m: float, high_m: float) -> str:
        """Range of heights, as `Units.height_range` writes it."""
        return self._joined(self.units.height_range(low_m, high_m))

    def length(self, length_m: float) -> str:
        """Length, as `Units.length` writes it."""
        return self._joined(self.units.length(length_m))

    def length_range(self, low_m: float, high_m: float) -> str:
        """Write a range of lengths as `Units.length_range` does."""
        return self._joined(self.units.length_range(low_m, high_m))

    def length_interval(self, estimate: Estimate) -> str:
        """80 % range of a length, as `Units.length_interval` writes it."""
        return self._joined(self.units.length_interval(estimate))

    def climb(self, estimate: Estimate) -> str:
        """Ascent or descent, as `Units.climb` writes it."""
        return self._joined(self.units.climb(estimate))

    def stated(self, low: Measure, high: Measure) -> str:
        """Range of quoted figures, as `Units.stated` writes it."""
        return self._joined(self.units.stated(low, high))

    def _joined(self, text: str) -> str:
        return text.replace(_RANGE, self.say("range"))
