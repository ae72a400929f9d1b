"""Text of a trek file as files of other formats can hold it."""

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = ("=", "+", "-", "@")


def plain_text(text: str) -> str:
    r"""Text without the characters that XML 1.0 cannot hold: control characters, halves of surrogate pairs.

    Examples
    --------
    >>> plain_text("a\x00b\tc")
    'ab\tc'
    """
    return _NOT_XML.sub("", text)


def one_line(text: str) -> str:
    r"""Text on one line, without what XML cannot hold: line breaks and runs of blanks are one blank.

    Examples
    --------
    >>> one_line(" a\n b ")
    'a b'
    """
    return " ".join(plain_text(text).split())


def cell_text(text: str) -> str:
    """Text of a CSV cell that a spreadsheet does not take for a formula.

    Notes
    -----
    A formula begins with one of ``= + - @``; spreadsheets pass over blanks, tabs and line breaks before it:
    OWASP, CSV injection, https://owasp.org/www-community/attacks/CSV_Injection.

    Examples
    --------
    >>> cell_text("=1+1"), cell_text("Plain - text")
    ("'=1+1", 'Plain - text')
    """
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n") else text
