"""Write an index page over the treks of a folder."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from routes.errors import ModelError, OutputError
from routes.files import INDEX_MANIFEST, read_regular, shown, write_folder, written_files
from routes.model.units import Units
from routes.render.index.card import MAX_CARD_BYTES, TrekCard, read_card
from routes.render.index.page import Listed, index_html

CARD = "card.json"
"""Name of a trek's card file, in its folder."""

PAGE = "index.html"
"""Name of the index page and of a trek's page."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexResult:
    """Result of an index."""

    page: Path
    """The index."""

    treks: tuple[str, ...]
    """Ids of the treks in it, in order."""


def write_index(folder: Path | str, *, units: Units | str = Units.METRIC) -> IndexResult | None:
    """Write an index page over all treks built in a folder.

    Parameters
    ----------
    folder : Path or str
        The ``out`` of `build`. A trek is a folder in it with files that a build lists as its own, including the
        card. Other folders are ignored; unreadable cards are logged.
    units : Units or str
        Units of the index.

    Returns
    -------
    IndexResult or None
        None, with a log message, if the folder has no trek, or if it has an ``index.html`` from elsewhere, which
        stays.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    ModelError
        If the units are unknown.
    """
    units, folder = Units.of(units), Path(folder)
    page = folder / PAGE
    if os.path.lexists(page) and PAGE not in written_files(folder, INDEX_MANIFEST):
        _LOG.warning(
            "%s was not written by this command: it stays as it is, and no index is written.", shown(page)
        )
        return None
    listed = sorted(_listed(folder), key=lambda one: (one.card.name.casefold(), one.card.trek))
    if not listed:
        return None
    write_folder(folder, {PAGE: index_html(listed, units)}, manifest=INDEX_MANIFEST)
    return IndexResult(page=page, treks=tuple(one.card.trek for one in listed))


def _listed(folder: Path) -> Iterator[Listed]:
    try:
        inner = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError as error:
        msg = f"Cannot read {shown(folder)}: {error.strerror}."
        raise OutputError(msg) from error
    for path in inner:
        files = written_files(path)
        if CARD not in files or PAGE not in files or not (path / PAGE).is_file():
            continue
        try:
            card = read_card(read_regular(path / CARD, MAX_CARD_BYTES))
            if card.trek != path.name:
                msg = f"it is that of {card.trek!r}"
                raise ModelError(msg)  # noqa: TRY301 - reported like the other faults
        except (OSError, ModelError) as error:
            why = getattr(error, "strerror", None) or error
            _LOG.warning("%s is left out of the index: %s. Build the trek again.", shown(path / CARD), why)
            continue
        yield Listed(card=card, pages=_pages(path, card), gpx=_gpx(path, card, files))


def _pages(path: Path, card: TrekCard) -> dict[str, str]:
    """Page of each variant: its own if one was built, otherwise the trek's."""
    pages = {}
    for variant in card.variants:
        own = path / variant.id
        if own.is_dir() and PAGE in written_files(own) and (own / PAGE).is_file():
            pages[variant.id] = f"{card.trek}/{variant.id}/{PAGE}"
        else:
            pages[variant.id] = f"{card.trek}/{PAGE}#{variant.id}"
    return pages | {card.variants[0].id: f"{card.trek}/{PAGE}"}


def _gpx(path: Path, card: TrekCard, files: frozenset[str]) -> dict[str, str]:
    found = {}
    for i, variant in enumerate(card.variants):
        name = f"{card.trek}-{variant.id}.gpx" if i else f"{card.trek}.gpx"
        if name in files and (path / name).is_file():
            found[variant.id] = f"{card.trek}/{name}"
    return found
