"""Languages of the page."""

from enum import StrEnum

from routes.errors import ModelError


class Language(StrEnum):
    """Language of the page; names, notes and sources from a trek file stay as written."""

    ENGLISH = "en"
    """English."""

    SPANISH = "es"
    """Spanish, with the decimal point of Peru (Unicode CLDR, locale es-PE)."""

    @classmethod
    def of(cls, name: str) -> "Language":
        """Return the language of a tag (or a `Language` itself).

        Raises
        ------
        ModelError
            If the page does not support it.
        """
        try:
            return cls(name)
        except ValueError as error:
            msg = f"{name!r} is no language of the page; choose {' or '.join(cls)}."
            raise ModelError(msg) from error
