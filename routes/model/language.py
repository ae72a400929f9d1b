"""Languages of the page."""

from enum import StrEnum

from routes.errors import ModelError


class Language(StrEnum):
    """Language in which the page speaks; names, notes and sources of a trek file stay as written."""

    ENGLISH = "en"
    """English."""

    SPANISH = "es"
    """Spanish, with the decimal point of Peru (Unicode CLDR, locale es-PE)."""

    @classmethod
    def of(cls, name: str) -> "Language":
        """Return the language of a tag, which may be a `Language` already.

        Raises
        ------
        ModelError
            If the page does not speak it.
        """
        try:
            return cls(name)
        except ValueError as error:
            msg = f"{name!r} is no language of the page; choose {' or '.join(cls)}."
            raise ModelError(msg) from error
