"""Scripts, styles and pictures of the map page, taken from installed packages and never from the network."""

import base64
import importlib.util
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from routes.errors import AssetError
from routes.render.words.markup import closed_script, compact

_PACKAGE, _MODULE = "XStatic-Leaflet", "xstatic.pkg.leaflet"
"""Package that holds Leaflet in its folder ``data``: its name on the package index, and its import name."""

_DEFAULTS = 'L.Icon.Default.imagePath = "data:,";L.Popup.mergeOptions({autoPanPaddingTopLeft: [5, 76]});'
"""Script after Leaflet: it does not look for its marker's picture beside the page (all places have inline SVG signs),
and opens popups below the buttons of the map."""

_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
_SOURCE_MAP = re.compile(r"^//[#@] sourceMappingURL=.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Assets:
    """What the map's script needs before it runs."""

    scripts: tuple[str, ...]
    """Scripts, safe between script tags."""

    styles: tuple[str, ...]
    """Style sheets whose pictures are data URIs."""


def read_assets() -> Assets:
    """Leaflet's script and style, from the installed package.

    Raises
    ------
    AssetError
        If the package is not installed, or a file of it cannot be read.
    """
    folder = _folder()
    script = closed_script(_SOURCE_MAP.sub("", _text(folder / "leaflet.js")).strip())
    return Assets((script, _DEFAULTS), (_style(folder / "leaflet.css"),))


SCRIPTS = (
    "data", "layers", "contours", "labels", "marks", "profile", "position", "downloads", "start",
)  # fmt: skip
"""Parts of the page's own script, in the order in which they run."""


def resource(name: str) -> str:
    """Text of a file that belongs to this package, by its path in it: style sheet, part of the script, licences."""
    return files("routes.render").joinpath(name).read_text(encoding="utf-8")


def own_script() -> str:
    """The page's own script, without what only its readers need: comments on lines of their own, and indents."""
    lines = (line.strip() for name in SCRIPTS for line in resource(f"page/script/{name}.js").splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return f'(function () {{\n"use strict";\n{kept}\n}}());'


def own_style() -> str:
    """The page's own style sheet without what only its readers need."""
    return _compact(resource("page/page.css"))


def _compact(style: str) -> str:
    """Style sheet without comments and needless space."""
    return compact(re.sub(r"/\*.*?\*/|^\s+|\s+$", "", style, flags=re.DOTALL | re.MULTILINE))


def _folder() -> Path:
    """Folder of Leaflet's files."""
    try:
        spec = importlib.util.find_spec(_MODULE)
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        msg = f"Leaflet is missing: install the package {_PACKAGE} (pip install {_PACKAGE})."
        raise AssetError(msg)
    return Path(spec.origin).parent / "data"


def _text(path: Path) -> str:
    return _bytes(path).decode("utf-8").replace("\r\n", "\n")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"Cannot read the asset {path}: {error.strerror}; install its package again."
        raise AssetError(msg) from error


def _style(path: Path) -> str:
    """Style sheet with its pictures as data URIs.

    Dropped: the VML behaviour of Internet Explorer, and the picture by which Leaflet finds its folder.
    """
    text = re.sub(
        r"behavior:\s*url\([^)]*\);|background-image:\s*url\(images/marker-icon\.png\);", "", _text(path)
    )
    return _CSS_URL.sub(lambda match: f'url("{_data_uri(path.parent / match[1])}")', _compact(text))


def _data_uri(path: Path) -> str:
    kinds = {".png": "image/png", ".svg": "image/svg+xml", ".gif": "image/gif"}
    if path.suffix not in kinds:
        msg = f"The style sheet asks for {path.name}, which is no picture that can be put into the page."
        raise AssetError(msg)
    return f"data:{kinds[path.suffix]};base64,{base64.b64encode(_bytes(path)).decode('ascii')}"
