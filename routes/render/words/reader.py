"""For whom something is written: units and language."""

from collections.abc import Iterable
from dataclasses import dataclass

from routes.model.estimate import Estimate
from routes.model.language import Language
from routes.model.measure import Measure
from routes.model.units import Units
from routes.render.words.catalogue import CATALOGUES
from routes.render.words.markup import escape

_RANGE = " to "
"""What `Units` writes between the ends of a range, and between P10 and P90."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Units and language of a reader; writes what `Units` writes, in that language.

    Numbers are written alike in both: in Peru, as in English, a point stands before decimals and a comma between
    thousands (Unicode CLDR, locale es-PE).

    Examples
    --------
    >>> Reader(Units.METRIC, Language.SPANISH).height_range(1642.1, 2010.2)
    '1642 a 2010 m'
    """

    units: Units = Units.METRIC
    """Units of figures that nobody printed."""

    language: Language = Language.ENGLISH
    """Language of our own words."""

    @classmethod
    def of(cls, reader: "Units | Reader") -> "Reader":
        """Reader for whom something is written; units alone mean one who reads English."""
        return reader if isinstance(reader, Reader) else cls(reader)

    def say(self, name: str, /, **gaps: object) -> str:
        """Text of the catalogue with its gaps filled."""
        return CATALOGUES[self.language].texts[name].format(**gaps)

    def listed(self, texts: Iterable[str]) -> str:
        """Texts joined by the word for "and"."""
        return self.say("and").join(texts)

    def english(self, text: str) -> str:
        """HTML of a text that exists in English only; it is marked as such for readers of another language."""
        return escape(text) if self.language is Language.ENGLISH else f'<span lang="en">{escape(text)}</span>'

    def height(self, height_m: float, *, is_exact: bool = False) -> str:
        """Write a height as `Units.height` does."""
        return self._joined(self.units.height(height_m, is_exact=is_exact))

    def height_range(self, low_m: float, high_m: float) -> str:
        """Write a range of heights as `Units.height_range` does."""
        return self._joined(self.units.height_range(low_m, high_m))

    def length(self, length_m: float) -> str:
        """Write a length as `Units.length` does."""
        return self._joined(self.units.length(length_m))

    def length_interval(self, estimate: Estimate) -> str:
        """Write P10 to P90 of a length as `Units.length_interval` does."""
        return self._joined(self.units.length_interval(estimate))

    def climb(self, estimate: Estimate) -> str:
        """Write an ascent or descent as `Units.climb` does."""
        return self._joined(self.units.climb(estimate))

    def stated(self, low: Measure, high: Measure) -> str:
        """Write a range of printed figures as `Units.stated` does."""
        return self._joined(self.units.stated(low, high))

    def _joined(self, text: str) -> str:
        return text.replace(_RANGE, self.say("range"))
