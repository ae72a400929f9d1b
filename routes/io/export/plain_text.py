"""Clean text of a trek file for other file formats."""

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@")


def plain_text(text: str) -> str:
    r"""Text without the characters that XML 1.0 forbids: control characters and surrogates.

    >>> plain_text("a\x00b\tc")
    'ab\tc'
    """
    return _NOT_XML.sub("", text)


def one_line(text: str) -> str:
    r"""Text on one line, without what XML forbids; each run of whitespace becomes one space.

    >>> one_line(" a\n b ")
    'a b'
    """
    return " ".join(plain_text(text).split())


def cell_text(text: str) -> str:
    """Text of a CSV cell that no spreadsheet reads as a formula.

    Formulas begin with ``= + - @``, and spreadsheets skip spaces, tabs and line breaks before them (OWASP,
    CSV injection, https://owasp.org/www-community/attacks/CSV_Injection).

    >>> cell_text("=1+1"), cell_text("Plain - text")
    ("'=1+1", 'Plain - text')
    """
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n") else text
