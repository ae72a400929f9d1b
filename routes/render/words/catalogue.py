"""Texts of the page by language: whole sentences with named gaps, and the words of its script."""

from collections.abc import Mapping
from dataclasses import dataclass

from routes.model.language import Language
from routes.render.words import english, spanish


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Texts of one language; every language has the same keys, with the same gaps."""

    texts: Mapping[str, str]
    """Texts that Python writes; ``{name}`` is a gap."""

    script_words: Mapping[str, str]
    """Texts that the page's script writes; ``{}`` are gaps in the order in which it fills them."""


CATALOGUES = {
    Language.ENGLISH: Catalogue(english.TEXTS, english.SCRIPT_WORDS),
    Language.SPANISH: Catalogue(spanish.TEXTS, spanish.SCRIPT_WORDS),
}
"""All that the page speaks."""
