"""Stated heights of other places that a figure may belong to: like-named ones, and the next on the way."""

import difflib
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from routes.kernel.uncertainty import U_DATUM_M, combine, sigma_from_rounding
from routes.model.figures import VerticalDatum
from routes.model.measure import Measure
from routes.model.statement import Statement, statements_on_place
from routes.model.trek import Place, Trek

SIMILAR = 0.6
"""Least ratio of difflib's `SequenceMatcher` for two names to be similar: that of `difflib.get_close_matches`."""

_NEXT = 1.0
"""Weight of a neighbour on the way; a like-named place has the ratio of the names."""


@dataclass(frozen=True, slots=True)
class Other:
    """A height that somebody states for another place."""

    name: str
    """Name of that place."""

    printed: str
    """Its height as printed."""

    height_m: float
    """Its height, metres."""

    u_m: float
    """Standard uncertainty of it as another source would print it, metres."""

    weight: float
    """How easily the two places are taken for one another, relative to other places."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of a gazetteer."""

    id: str
    """Key."""

    names: tuple[str, ...]
    """Name and other names, folded."""

    name: str
    """Name as shown."""

    kind: str
    """What it is: places of one kind are neighbours of one another."""

    heights: tuple[Measure, ...]
    """Its stated heights."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places with stated heights, in the order of the way."""

    entries: tuple[Entry, ...]
    """Places; neighbours of one kind are next to one another on the way."""

    def others(self, place_id: str) -> tuple[Other, ...]:
        """Heights of places that the one of an id may have been taken for, with their weights.

        Those are places of the same or a similar name, and the ones of its kind before and after it.
        """
        here = next((entry for entry in self.entries if entry.id == place_id), None)
        if here is None:
            return ()
        alike = [entry for entry in self.entries if entry.kind == here.kind]
        at = alike.index(here)
        beside = [*alike[max(at - 1, 0) : at], *alike[at + 1 : at + 2]]
        found: list[Other] = []
        for entry in self.entries:
            if entry is here:
                continue
            ratio = similarity(here.names, entry.names)
            weight = max(ratio if ratio >= SIMILAR else 0.0, _NEXT if entry in beside else 0.0)
            if weight > 0.0:
                found.extend(others_of(entry, weight, u_m=U_DATUM_M))
        return tuple(found)


def others_of(entry: Entry, weight: float, *, u_m: float) -> Iterable[Other]:
    """Each stated height of a place, which share its weight.

    `u_m` is how far sources differ beside rounding, a standard uncertainty in metres; 0 for heights of one source.
    """
    for measure in entry.heights:
        yield Other(
            entry.name,
            measure.printed,
            measure.value,
            combine(sigma_from_rounding(measure.step_base), u_m),
            weight / len(entry.heights),
        )


def folded(name: str) -> str:
    """Return a name without accents and case, as it is compared.

    Examples
    --------
    >>> folded("Pórt de RAT")
    'port de rat'
    """
    parts = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in parts if not unicodedata.combining(letter)).split())


def similarity(names: Sequence[str], others: Sequence[str]) -> float:
    """Greatest ratio (0 to 1) of difflib's `SequenceMatcher` between folded names; 0 where none can reach `SIMILAR`."""
    best = 0.0
    matcher = difflib.SequenceMatcher(autojunk=False)
    for name in names:
        matcher.set_seq2(name)
        for other in others:
            matcher.set_seq1(other)
            if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= SIMILAR:
                best = max(best, matcher.ratio())
    return best


def gazetteer_of(trek: Trek, wrong: Collection[Statement] = ()) -> Gazetteer:
    """Places of a trek with stated heights, in the order of the way, then those off it.

    Heights that are wrong themselves are left out, and those above the ellipsoid.
    """
    on_the_way = [
        place_id for _, legs in trek.itinerary(trek.default_variant) for leg in legs for place_id in leg.stops
    ]
    ids = dict.fromkeys([*on_the_way, *(place.id for place in trek.places)])
    return Gazetteer(tuple(_entry(place, wrong) for place in map(trek.place, ids) if place.stated))


def _entry(place: Place, wrong: Collection[Statement]) -> Entry:
    names = tuple(folded(name) for name in (place.name, *place.aliases))
    heights = tuple(
        statement.measure
        for statement in statements_on_place(place)
        if statement.figure.datum is not VerticalDatum.ELLIPSOID and statement.apart()[0] not in wrong
    )
    return Entry(place.id, names, place.name, place.kind.value, heights)
