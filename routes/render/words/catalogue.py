"""Texts of the page by language."""

from collections.abc import Mapping
from dataclasses import dataclass

from routes.model.language import Language
from routes.render.words import english, spanish


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Texts of one language; all languages have the same keys and the same gaps."""

    texts: Mapping[str, str]
    """Texts that Python fills in; ``{name}`` marks a gap."""

    script_words: Mapping[str, str]
    """Texts that the page's script fills in; each ``{}`` is a gap, in order."""


CATALOGUES = {
    Language.ENGLISH: Catalogue(english.TEXTS, english.SCRIPT_WORDS),
    Language.SPANISH: Catalogue(spanish.TEXTS, spanish.SCRIPT_WORDS),
}
"""Texts by language."""
