"""Text made safe for HTML, and the policy that lets a page run its own scripts and nothing else."""

import base64
import hashlib
import html
import json
import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LIVE = {ord(character): f"&#{ord(character)};" for character in "{}`$\\"}
"""Characters that HTML lets through but that run in a jinja template or a JavaScript template string."""


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


def policy(scripts: list[str]) -> str:
    """Content-Security-Policy under which exactly these inline scripts run and no request is made.

    Parameters
    ----------
    scripts : list of str
        Text of each script, exactly as it stands between its tags.

    Returns
    -------
    str
        Value for the ``content`` of a meta element.
    """
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
