"""Places and days of a trek file that is being made, and their ids."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from routes.model.figures import StatedFigure
from routes.model.kinds import Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlace:
    """A place of a trek file that is being made."""

    id: str
    name: str
    kind: str
    lon: float
    lat: float
    uncertainty_m: float
    source: str
    stated: StatedFigure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDay:
    """A day of one leg of a trek file that is being made."""

    number: int
    title: str
    leg_id: str
    stops: tuple[str, ...]
    gpx: str | None = None
    provenance: Provenance | None = None
    is_transfer: bool = False


def slug(text: str, fallback: str) -> str:
    """Id made from a name: lower-case letters, digits, single hyphens.

    >>> slug("Wiñay Wayna (camp)", "place")
    'winay-wayna-camp'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or fallback


def unique(name: str, taken: Iterable[str]) -> str:
    """Return `name`, with a number behind it if it is taken."""
    number, found, used = 2, name, set(taken)
    while found in used:
        found, number = f"{name}-{number}", number + 1
    return found
