"""Escape text for HTML, and restrict a page to its own scripts."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_REQUEST = re.compile(
    r"<(?:script|link|img|iframe|source|object|embed)\b[^>]*\b(?:src|href|data)\s*=\s*['\"]?\s*(?:https?:)?//",
    re.IGNORECASE,
)
"""Markup that would make a browser send a request."""
_LIVE = {ord(character): f"&#{ord(character)};" for character in "{}`$\\"}
"""Characters that are harmless in HTML but active in jinja templates or JavaScript template strings."""


def printable(text: str) -> str:
    r"""Replace characters that XML forbids: control characters, surrogates, U+FFFE and U+FFFF.

    >>> printable("a\x00b") == "a\ufffdb"
    True
    """
    return _NO_XML.sub("\ufffd", text)


def escape(text: str) -> str:
    """Escape text for HTML, for attributes, and for the code that folium wraps around it.

    folium compiles its input as a jinja template and wraps it in a JavaScript template string. Braces,
    backquotes, dollar signs and backslashes therefore become character references too.

    >>> escape("<b> {{ 7 * 7 }}")
    '&lt;b&gt; &#123;&#123; 7 * 7 &#125;&#125;'
    """
    return html.escape(_CONTROL.sub("\ufffd", text), quote=True).translate(_LIVE)


def script_value(value: object) -> str:
    r"""Value as a JavaScript literal that cannot end its script element.

    >>> script_value("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def script_data(value: object) -> str:
    r"""Value as JSON for a data element, escaping only what could end or nest the element.

    That is ``<!--``, ``<script`` and ``</script`` (HTML Standard, 13.1.2.1, restrictions on the contents of
    raw text and script elements).

    >>> script_data("</Script><b>")
    '"\\u003c/Script><b>"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r"<(?=!--|/?script)", r"\\u003c", text, flags=re.IGNORECASE)


def closed_script(source: str) -> str:
    r"""Script in which nothing can end its element: ``</script`` becomes ``<\/script``."""
    return re.sub(r"</(?=script)", r"<\\/", source.replace("\r\n", "\n"), flags=re.IGNORECASE)


def policy(scripts: list[str], picture_hosts: Sequence[str] = ()) -> str:
    """Content-Security-Policy for a page with these inline scripts, for a meta element's ``content``.

    Each script must be exactly the text between its tags; without any, none runs. The page may request
    nothing except pictures from `picture_hosts` (origins).
    """
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        f"img-src {' '.join(('data:', 'blob:', *picture_hosts))}; "
        "base-uri 'none'; form-action 'none'"
    )


def asks_network(page: str) -> str:
    """Markup in a page that would make a browser send a request; "" if there is none."""
    found = _REQUEST.search(page)
    return found[0] if found else ""


def compact(style: str) -> str:
    """One of our style sheets without unneeded whitespace; assumes that its strings contain no ``{}:;,``."""
    return re.sub(r"\s*([{};,])\s*|(:)\s+", r"\1\2", style)


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
