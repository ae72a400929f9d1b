"""Other places whose height a figure may be: similar names, and neighbours on the route."""

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
"""Minimum `SequenceMatcher` ratio for two names to be similar: the default of `difflib.get_close_matches`."""

_NEXT = 1.0
"""Weight of a neighbour on the route; a place with a similar name has the ratio of the names."""


@dataclass(frozen=True, slots=True)
class Other:
    """A height stated for another place."""

    name: str
    """Name of that place."""

    printed: str
    """Its height as printed."""

    height_m: float
    """Its height, metres."""

    u_m: float
    """Its standard uncertainty when printed by another source, metres."""

    weight: float
    """How easily the two places are confused, relative to other places."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of a gazetteer."""

    id: str
    """Key."""

    names: tuple[str, ...]
    """All its names, folded."""

    name: str
    """Display name."""

    kind: str
    """Kind; only places of one kind are neighbours."""

    heights: tuple[Measure, ...]
    """Its stated heights."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places with stated heights, in route order."""

    entries: tuple[Entry, ...]
    """Places; successive ones of the same kind are neighbours on the route."""

    def others(self, place_id: str) -> tuple[Other, ...]:
        """Heights of places that may be confused with the given one, with their weights.

        These are places with the same or a similar name, and the previous and next of its kind.
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
    """Each stated height of a place; they share its weight.

    `u_m` is the difference between sources besides rounding, a standard uncertainty in metres; 0 for heights from one
    source.
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
    """Name without accents and case, for comparison.

    >>> folded("Pórt de RAT")
    'port de rat'
    """
    parts = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in parts if not unicodedata.combining(letter)).split())


def similarity(names: Sequence[str], others: Sequence[str]) -> float:
    """Largest `SequenceMatcher` ratio (0 to 1) between folded names; 0 if none can reach `SIMILAR`."""
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
    """Places of a trek with stated heights, in route order, then those off the route.

    Leaves out the statements in `wrong` and heights above the ellipsoid.
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
