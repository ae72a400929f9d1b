"""Text made safe for HTML, and the policy that lets a page run its own scripts and nothing else."""

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
"""Markup that would make a browser ask the network."""
_LIVE = {ord(character): f"&#{ord(character)};" for character in "{}`$\\"}
"""Characters that HTML lets through but that run in a jinja template or a JavaScript template string."""


def printable(text: str) -> str:
    r"""Replace what XML does not allow: control characters, halves of surrogate pairs, and the two that are none.

    Examples
    --------
    >>> printable("a\x00b") == "a\ufffdb"
    True
    """
    return _NO_XML.sub("\ufffd", text)


def escape(text: str) -> str:
    """Write text so that it stays text in HTML, in an attribute, and in whatever folium puts around it.

    folium compiles what it is given as a jinja template and wraps it in a JavaScript template string, so braces,
    backquotes, dollar signs and backslashes are written as character references too.

    Examples
    --------
    >>> escape("<b> {{ 7 * 7 }}")
    '&lt;b&gt; &#123;&#123; 7 * 7 &#125;&#125;'
    """
    return html.escape(_CONTROL.sub("\ufffd", text), quote=True).translate(_LIVE)


def script_value(value: object) -> str:
    r"""Write a value as a JavaScript literal that cannot end the script that it stands in.

    Examples
    --------
    >>> script_value("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def script_data(value: object) -> str:
    r"""Write a value as JSON for a data element: only what could end or nest the element is escaped.

    That is ``<!--``, ``<script`` and ``</script`` (HTML Standard, 13.1.2.1, restrictions on the contents of raw text
    and script elements).

    Examples
    --------
    >>> script_data("</Script><b>")
    '"\\u003c/Script><b>"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r"<(?=!--|/?script)", r"\\u003c", text, flags=re.IGNORECASE)


def closed_script(source: str) -> str:
    r"""Write a script so that nothing in it can end its element: ``</script`` becomes ``<\/script``."""
    return re.sub(r"</(?=script)", r"<\\/", source.replace("\r\n", "\n"), flags=re.IGNORECASE)


def policy(scripts: list[str], picture_hosts: Sequence[str] = ()) -> str:
    """Content-Security-Policy under which these inline scripts run; only pictures from named hosts are asked for.

    Parameters
    ----------
    scripts : list of str
        Text of each script, exactly as it stands between its tags; without any, none runs.
    picture_hosts : sequence of str
        Origins of pictures that the reader may ask for.

    Returns
    -------
    str
        Value for the ``content`` of a meta element.
    """
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        f"img-src {' '.join(('data:', 'blob:', *picture_hosts))}; "
        "base-uri 'none'; form-action 'none'"
    )


def asks_network(page: str) -> str:
    """Markup of a page that would make a browser ask the network; "" if there is none."""
    found = _REQUEST.search(page)
    return found[0] if found else ""


def compact(style: str) -> str:
    """Return one of our style sheets without the space that only its readers need; their strings hold no such signs."""
    return re.sub(r"\s*([{};,])\s*|(:)\s+", r"\1\2", style)


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
