"""Check stated heights of a list of places, reading terrain once per neighbourhood."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from routes._typing import Bounds, FloatArray
from routes.analysis.heights.held_window import HeldSource
from routes.analysis.heights.source import ElevationSource
from routes.analysis.passes.ground import Ground, ground_of
from routes.analysis.verdicts.causes import Clues
from routes.analysis.verdicts.diagnose import Undulation, explained
from routes.analysis.verdicts.finding import Check, Finding, Verdict
from routes.analysis.verdicts.gazetteer import SIMILAR, Entry, Other, folded, others_of, similarity
from routes.analysis.verdicts.heights import check_place
from routes.errors import ModelError
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.uncertainty import Z90
from routes.model.figures import Quantity, StatedFigure
from routes.model.listed import ListedPlace
from routes.model.measure import METRES_PER_FOOT, Measure, Unit
from routes.model.sentence import joined, shown
from routes.model.statement import statements_on_place
from routes.model.trek import Place
from routes.model.units import Units

CHUNK = 1000
"""Rows checked together; places in one chunk are each other's gazetteer."""

HELD_MARGIN_M = 2500.0
"""Margin of terrain read around the places of a neighbourhood, metres."""

NEAREST = 2
"""Number of nearest places of the same kind whose height a figure may be: as many as a place on a route has
neighbours."""

HIGHEST_M = 9000.0
"""Higher than any land, metres; as in `StatedFigure`."""

_CLOSE_STEPS = 10.0
"""Rounding steps beyond which two heights have nothing in common."""

_SQUARE_DEG = 0.25
_MAX_SQUARE_CELLS = 1000.0


@dataclass(frozen=True, slots=True)
class ListedVerdict:
    """A row of a list with its verdict or error."""

    place: ListedPlace
    """The row."""

    number: int
    """Its number, from 1."""

    finding: Finding | None
    """The verdict; None if the row is wrong."""

    error: str = ""
    """What is wrong with the row; empty if nothing is."""

    @property
    def verdict(self) -> str:
        """The verdict, or ``"error"``."""
        return "error" if self.finding is None else self.finding.verdict.value

    @property
    def stated_m(self) -> float | None:
        """Stated height, metres; None if there is none or it cannot be read."""
        statement = None if self.finding is None else self.finding.statement
        return None if statement is None else statement.measure.value

    @property
    def suggestion_m(self) -> tuple[float, float] | None:
        """Height that the DEM supports, rounded as its interval allows, and half that interval (90 %), metres.

        The intended height if a strong cause implies one. None if the stated height stays.
        """
        found = self.finding
        if (
            found is None
            or not found.is_open
            or found.stays
            or found.estimate is None
            or found.u_unrounded is None
        ):
            return None
        half = Z90 * found.u_unrounded
        if found.meant is not None:
            return found.meant, half
        step = max(1.0, 10.0 ** math.floor(math.log10(half)))
        return step * round(found.estimate / step), half


def check_listed(
    places: Sequence[ListedPlace], source: ElevationSource | None, undulation: Undulation | None = None
) -> Iterator[ListedVerdict]:
    """Yield the verdict on each place's height, in order, or the error of a wrong row.

    Without a DEM every verdict is *undecided*. `undulation` gives the geoid's height above the ellipsoid, for the
    diagnosis. Raises DEMError if the DEM cannot be read.
    """
    for start in range(0, len(places), CHUNK):
        yield from _chunk(places[start : start + CHUNK], start + 1, source, undulation)


def _chunk(
    listed: Sequence[ListedPlace], first: int, source: ElevationSource | None, undulation: Undulation | None
) -> Iterator[ListedVerdict]:
    made: list[tuple[ListedPlace, Place]] = []
    wrong: dict[int, str] = {}
    for number, row in enumerate(listed, first):
        try:
            made.append((row, place_of(row, number)))
        except ModelError as error:
            wrong[number] = str(error)
    told = iter(_findings(made, source, undulation) if made else ())
    for number, row in enumerate(listed, first):
        is_wrong = number in wrong
        yield ListedVerdict(row, number, None if is_wrong else next(told), wrong.get(number, ""))


def _findings(
    made: Sequence[tuple[ListedPlace, Place]], source: ElevationSource | None, undulation: Undulation | None
) -> Iterator[Finding]:
    """Verdicts on places that are each other's gazetteer, with likely causes."""
    lon, lat = (np.array([getattr(place, name) for _, place in made]) for name in ("lon", "lat"))
    radii = [place.position_uncertainty_m for _, place in made]
    checked: dict[int, Finding] = {}
    for bounds, members in _neighbourhoods(lon, lat, radii, source):
        held = None if source is None else HeldSource(source, bounds)
        checked.update((member, _checked(*made[member], held)) for member in members)
    findings = [checked[member] for member in range(len(made))]
    names = _Names(made, findings, lon, lat)
    for member, ((_, place), finding) in enumerate(zip(made, findings, strict=True)):
        if finding.verdict is not Verdict.AGREES:
            geoid = None if undulation is None else undulation(place.lon, place.lat)
            yield explained(finding, geoid, names.others(member))
        else:
            yield finding


def place_of(row: ListedPlace, number: int) -> Place:
    """Place for a row and its number, with its stated height unless that is above all land.

    Raises ModelError if the row has an error, its position is not on Earth, or its height cannot be read.
    """
    if row.error or row.lon is None or row.lat is None:
        raise ModelError(row.error or "It has no position.")
    figures: tuple[StatedFigure, ...] = ()
    if row.printed:
        value = _as_feet(row.printed) or row.printed
        figures = (StatedFigure(quantity=Quantity.ELEVATION, value=value, source=row.where),)
    return Place(
        id=f"row-{number}", name=row.name.strip() or row.where, kind=row.kind,
        lon=-180.0 if row.lon == 180.0 else row.lon, lat=row.lat,
        position_uncertainty_m=row.uncertainty_m, position_source=row.where, stated=figures,
    )  # fmt: skip


def _as_feet(printed: str) -> str | None:
    """Height in metres above all land, read as feet; None if possible in metres, or impossible even in feet."""
    measure = Measure.parse(printed)
    if measure.unit is not Unit.METRE or measure.is_range or measure.low < HIGHEST_M:
        return None
    return f"{measure.low:.12g} ft" if measure.low * METRES_PER_FOOT < HIGHEST_M else None


def _checked(row: ListedPlace, place: Place, source: ElevationSource | None) -> Finding:
    ground = ground_of(place, source)
    if not place.stated:
        return _unstated(place, ground)
    (finding, *_) = check_place(ground)
    if _as_feet(row.printed) is None:
        return finding
    feet = place.stated[0].measure
    start = f"No land is {row.printed} high; {feet.printed} would be "
    text = joined(start, shown(Units.height, feet.value), ". ", finding.reason)
    (statement,) = statements_on_place(place)
    as_printed = replace(statement, measure=Measure.parse(row.printed), printed=row.printed)
    return replace(finding, statements=(as_printed,), verdict=Verdict.DIFFERS, reason=text)


def _unstated(place: Place, ground: Ground) -> Finding:
    """What we know of a place whose height nobody states."""
    found = Finding(
        subject=place.id, name=place.name, check=Check.DEM, quantity=Quantity.ELEVATION, statements=(),
        verdict=Verdict.UNDECIDED, reason="No height is stated.", unit="m",
    )  # fmt: skip
    if ground.spot is None or not ground.is_certain:
        return found
    spot, u = ground.spot, ground.u_m
    basis = f"{spot.product.title}, {spot.product.vertical_datum}"
    return replace(found, estimate=spot.best_m, u=u, own_u=u, basis=basis, clues=Clues(ground=ground))


def _neighbourhoods(
    lon: FloatArray, lat: FloatArray, uncertainty_m: Sequence[float], source: ElevationSource | None
) -> Iterator[tuple[Bounds, list[int]]]:
    """Places grouped by square, with the bounds of the terrain read for each group."""
    side = _SQUARE_DEG if source is None else min(_SQUARE_DEG, _MAX_SQUARE_CELLS * source.spacing_deg)
    squares: dict[tuple[int, int], list[int]] = {}
    for member, (x, y) in enumerate(zip(np.floor(lon / side), np.floor(lat / side), strict=True)):
        squares.setdefault((int(x), int(y)), []).append(member)
    for members in squares.values():
        west, east = float(lon[members].min()), float(lon[members].max())
        south, north = float(lat[members].min()), float(lat[members].max())
        lon_m, lat_m = metres_per_degree(max(abs(south), abs(north)))
        # beyond a few kilometres, a place with a vague position gets a window of its own
        reach = HELD_MARGIN_M + min(2.0 * max(uncertainty_m[member] for member in members), HELD_MARGIN_M)
        x, y = reach / max(lon_m, 1.0), reach / lat_m
        yield (west - x, max(south - y, -90.0), east + x, min(north + y, 90.0)), members


class _Names:
    """Places of a chunk as each other's gazetteer."""

    def __init__(
        self,
        places: Sequence[tuple[ListedPlace, Place]],
        findings: Sequence[Finding],
        lon: FloatArray,
        lat: FloatArray,
    ) -> None:
        self.entries = [
            Entry(
                place.id,
                (folded(row.name),) if row.name.strip() else (),
                place.name,
                place.kind.value,
                ()
                if finding.verdict is Verdict.DIFFERS
                else tuple(figure.measure for figure in place.stated),
            )
            for (row, place), finding in zip(places, findings, strict=True)
        ]
        self.kinds = np.array([entry.kind for entry in self.entries])
        self.has_height = np.array([bool(entry.heights) for entry in self.entries])
        self.lon, self.lat = lon, lat
        measures = [place.stated[0].measure if place.stated else None for _, place in places]
        self.height_m = np.array([np.nan if m is None else m.value for m in measures])
        self.step_m = np.array([0.0 if m is None else m.step_base for m in measures])
        names = ["".join(entry.names) for entry in self.entries]
        letters = {letter: index for index, letter in enumerate(sorted(set("".join(names))))}
        self.bags = np.zeros((len(names), max(len(letters), 1)), dtype=np.int64)
        for row, name in zip(self.bags, names, strict=True):
            np.add.at(row, [letters[letter] for letter in name], 1)
        self.lengths = self.bags.sum(axis=1)

    def others(self, member: int) -> tuple[Other, ...]:
        """Heights of places with the same or a similar name, and of the nearest of the same kind.

        Names are compared letter by letter if the heights are close enough to have been confused. All others are
        weighted by their common letters, an upper bound of the ratio: it only makes a mix-up less likely.
        """
        here = self.entries[member]
        can_be = self.has_height.copy()
        can_be[member] = False
        lon_m, lat_m = metres_per_degree(float(self.lat[member]))
        away = np.hypot((self.lon - self.lon[member]) * lon_m, (self.lat - self.lat[member]) * lat_m)
        near = np.where(can_be & (self.kinds == here.kind), away, np.inf)
        beside = {int(i) for i in np.argsort(near)[:NEAREST] if np.isfinite(near[i])}
        shared = np.minimum(self.bags, self.bags[member]).sum(axis=1)
        ratios = 2.0 * shared / np.maximum(self.lengths + self.lengths[member], 1)
        off = np.abs(self.height_m - self.height_m[member])
        is_close = off <= _CLOSE_STEPS * (self.step_m + self.step_m[member])
        for i in np.flatnonzero(can_be & is_close & (ratios >= SIMILAR)):
            ratios[i] = similarity(here.names, self.entries[i].names)
        weights = np.where(can_be & (ratios >= SIMILAR), ratios, 0.0)
        weights[list(beside)] = 1.0
        return tuple(
            other
            for i in np.flatnonzero(weights)
            for other in others_of(self.entries[i], float(weights[i]), u_m=0.0)
        )
