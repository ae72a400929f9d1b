"""Scripts and styles of the map page, from installed packages and this one."""

import base64
import importlib.util
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from routes.errors import AssetError
from routes.render.words.markup import closed_script, compact

DROPPED = {
    "jquery": "nothing in the page uses it: popups and places are made by its own script",
    "bootstrap": "folium's own controls do not use it",
    "awesome_markers": "places have inline SVG signs",
    "bootstrap_css": "the page has its own style",
    "glyphicons_css": "places have inline SVG signs",
    "awesome_markers_font_css": "places have inline SVG signs",
    "awesome_markers_css": "places have inline SVG signs",
    "awesome_rotate_css": "places have inline SVG signs",
}
"""Links of folium that the page leaves out on purpose, by folium's key, with the reason."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """An asset from an installed package."""

    package: str
    """Package name on PyPI."""

    module: str
    """Import name; its files are in the folder ``data`` next to its ``__init__.py``."""

    file: str
    """File name in that folder."""

    version: re.Pattern[str]
    """Finds the version in folium's URL."""


PROVIDED = {
    "leaflet": Packaged("XStatic-Leaflet", "leaflet", "leaflet.js", re.compile(r"leaflet@([\d.]+)/")),
    "leaflet_css": Packaged("XStatic-Leaflet", "leaflet", "leaflet.css", re.compile(r"leaflet@([\d.]+)/")),
}
"""Assets by folium's key."""

_DEFAULTS = 'L.Icon.Default.imagePath = "data:,";L.Popup.mergeOptions({autoPanPaddingTopLeft: [5, 76]});'
"""Script after Leaflet. Leaflet does not look for its own marker picture (places have inline SVG signs), and
popups open below the map's buttons.
"""

_VERSION = re.compile(r"^VERSION = ['\"]([\d.]+)['\"]", re.MULTILINE)
_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
_SOURCE_MAP = re.compile(r"^//[#@] sourceMappingURL=.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Assets:
    """Contents that replace folium's links."""

    scripts: tuple[str, ...]
    """Scripts, safe inside script tags."""

    styles: tuple[str, ...]
    """Style sheets, their pictures embedded as data URIs."""


def read_assets(links: dict[str, str]) -> Assets:
    """Scripts and styles for the links in folium's page head, in their order.

    `links` holds URLs by folium's key, as in ``folium.Map.default_js`` and ``default_css``. Raises AssetError
    if no package provides an asset, its package is not installed, or its version differs from the linked one.
    """
    scripts: list[str] = []
    styles: list[str] = []
    for key, url in links.items():
        if key in DROPPED:
            continue
        if key not in PROVIDED:
            msg = (
                f"The map asks for the asset {key!r} ({url}), which no installed package provides; name a package "
                "for it in routes.render.assets.PROVIDED, or leave it out in DROPPED."
            )
            raise AssetError(msg)
        path = _path(PROVIDED[key], url)
        if path.suffix == ".css":
            styles.append(_style(path))
        else:
            scripts.append(closed_script(_SOURCE_MAP.sub("", _text(path)).strip()))
            if key == "leaflet":
                scripts.append(_DEFAULTS)
    return Assets(tuple(scripts), tuple(styles))


SCRIPTS = (
    "data", "layers", "contours", "labels", "marks", "profile", "position", "downloads", "start",
)  # fmt: skip
"""Parts of the page's own script, in running order."""


def resource(name: str) -> str:
    """Text of a file in this package (style sheet, script part, licences), by its path in it."""
    return files("routes.render").joinpath(name).read_text(encoding="utf-8")


def own_script() -> str:
    """The page's own script, without full-line comments and indentation."""
    lines = (line.strip() for name in SCRIPTS for line in resource(f"page/script/{name}.js").splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return f'(function () {{\n"use strict";\n{kept}\n}}());'


def own_style() -> str:
    """The page's own style sheet, without comments and unneeded whitespace."""
    return _compact(resource("page/page.css"))


def _compact(style: str) -> str:
    """Style sheet without comments and unneeded whitespace."""
    return compact(re.sub(r"/\*.*?\*/|^\s+|\s+$", "", style, flags=re.DOTALL | re.MULTILINE))


def _path(packaged: Packaged, url: str) -> Path:
    """Path of an asset; raises AssetError if its package has another version than the URL."""
    folder = _folder(packaged)
    found = _VERSION.search(_text(folder.parent / "__init__.py"))
    linked = packaged.version.search(url)
    if found is None or linked is None or found[1] != linked[1]:
        msg = (
            f"folium links {url}, but {packaged.package} holds version {found[1] if found else 'unknown'}; install the "
            f"release of {packaged.package} with version {linked[1] if linked else 'of that URL'}."
        )
        raise AssetError(msg)
    return folder / packaged.file


def _folder(packaged: Packaged) -> Path:
    try:
        spec = importlib.util.find_spec(f"xstatic.pkg.{packaged.module}")
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        msg = f"{packaged.file} is missing: install the package {packaged.package} (pip install {packaged.package})."
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

    Drops Internet Explorer's VML behaviour and the picture by which Leaflet finds its folder.
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
