"""Compute the complete study of a trek from its lines and a height source."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from routes.analysis.figures.legs import study_day, study_leg, study_variant
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.figures.results import DayStudy, LegStudy, VariantStudy
from routes.analysis.heights.source import ElevationSource
from routes.analysis.passes.between import BetweenCandidate, study_found
from routes.analysis.passes.ground import grounds_of, heights_of
from routes.analysis.passes.saddles import PassStudy, study_pass
from routes.analysis.tracing.terrain import model_line, schematic_line
from routes.analysis.verdicts.consensus import Consensus, consensus_of
from routes.analysis.verdicts.consistency import check_consistency
from routes.analysis.verdicts.diagnose import Undulation, diagnosed, untested
from routes.analysis.verdicts.finding import Finding
from routes.analysis.verdicts.heights import check_place
from routes.analysis.verdicts.lines import check_route
from routes.analysis.walking.nights import nights_of
from routes.analysis.walking.outing import START, Outing, variant_outing
from routes.analysis.walking.time import timed_leg, timed_variant
from routes.errors import ModelError
from routes.kernel.geodesy import metres_per_degree
from routes.model.effort import EffortParameters
from routes.model.grid import Grid, Product
from routes.model.kinds import PlaceKind, Provenance
from routes.model.track import Line, osm_credit
from routes.model.trek import Trek

MAX_TERRAIN_CELLS = 10_000_000
"""Largest terrain window that a study keeps for relief."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Study:
    """All computed figures of a trek."""

    trek: Trek
    """The itinerary."""

    days: tuple[DayStudy, ...]
    """All days, add-ons included."""

    variants: tuple[VariantStudy, ...]
    """All variants; the default first."""

    outings: Mapping[str, Outing]
    """Undated timetables, nights and seasons of the variants, by id."""

    findings: tuple[Finding, ...]
    """Verdicts on stated figures, against the ground and against one another."""

    consensus: tuple[Consensus, ...]
    """All stated heights of a place combined with the DEM, for places with at least two stated heights."""
    passes: tuple[PassStudy, ...] = ()
    """Saddles around each place of kind pass; empty without a DEM."""

    place_heights_m: Mapping[str, float]
    """DEM height of each place by id, metres in the product's datum, where known: of the saddle or top for a pass or a
    summit (`routes.analysis.passes.ground`)."""

    place_u_m: Mapping[str, float] = field(default_factory=dict)
    """Standard uncertainty of those heights by id, metres, as in verdicts."""

    products: tuple[Product, ...]
    """DEM products of the heights used; empty without heights."""

    parameters: ProfileParameters
    """Parameters of profile and climb."""

    effort_parameters: EffortParameters
    """Parameters of walking time."""

    terrain: Grid | None = None
    """Heights around the walked legs that have heights, for relief; None without a DEM."""

    notes: tuple[str, ...] = ()
    """Notes for the reader: replaced lines, missing heights."""

    @property
    def default(self) -> VariantStudy:
        """The default variant."""
        return self.variants[0]

    def variant(self, variant_id: str) -> VariantStudy:
        """Return a variant by id. Raises ModelError if the trek has none of that id."""
        wanted = self.trek.variant(variant_id)
        return next(variant for variant in self.variants if variant.variant.id == wanted.id)

    def day(self, number: int, variant: VariantStudy | None = None) -> DayStudy:
        """Return a day by number, as in a variant or among all days.

        Raises ModelError if there is none of that number.
        """
        days = self.days if variant is None or variant.is_default else variant.days
        for day in days:
            if day.day.number == number:
                return day
        numbers = ", ".join(str(day.day.number) for day in days)
        msg = f"{self.trek.name} has no day {number}; its days are {numbers}."
        raise ModelError(msg)

    def timed(self, variant: VariantStudy, parameters: EffortParameters | None) -> VariantStudy:
        """Return a variant with walking times by other parameters; unchanged without any, or with the study's own."""
        if parameters is None or parameters == self.effort_parameters:
            return variant
        return timed_variant(variant, parameters)

    @property
    def credits(self) -> tuple[str, ...]:
        """Credits that the itinerary and its lines ask for; the DEM's are in `products`."""
        osm = osm_credit(leg.line for leg in self.legs)
        return tuple(dict.fromkeys(credit for credit in (self.trek.attribution, osm) if credit))

    @property
    def legs(self) -> tuple[LegStudy, ...]:
        """All legs, in order."""
        return tuple(leg for day in self.days for leg in day.legs)


def study_trek(
    trek: Trek,
    lines: Mapping[str, Line],
    source: ElevationSource | None = None,
    parameters: ProfileParameters | None = None,
    *,
    undulation: Undulation | None = None,
    found: Mapping[str, Sequence[BetweenCandidate]] | None = None,
    effort_parameters: EffortParameters | None = None,
    on_leg: Callable[[str], None] | None = None,
) -> Study:
    """Compute all figures of a trek.

    `lines` are by leg id. A leg without one is schematic, or modelled if it is on foot and the DEM covers it. Without
    `source` there are no heights. `undulation` is the geoid height above the ellipsoid (metres) at longitude and
    latitude, to diagnose wrong heights. `found` holds the candidates for places whose position `find_positions` found.
    Verdicts use the default walking parameters, whatever `effort_parameters` says. `on_leg` is called with each leg's
    id before it is studied. Raises DEMError if a DEM covers only part of a leg on foot, or cannot be read.
    """
    parameters, effort = parameters or ProfileParameters(), effort_parameters or EffortParameters()
    notes: list[str] = []
    studied: dict[str, LegStudy] = {}
    for day, leg in trek.legs():
        if on_leg is not None:
            on_leg(leg.id)
        line = lines.get(leg.id) or schematic_line(trek, leg)
        if line.provenance is Provenance.SCHEMATIC and leg.mode.is_on_foot and source is not None:
            line, note = model_line(trek, leg, line, source)
            notes.extend([f"{leg.id}: {note}"] if note else [])
        notes.extend(f"{leg.id}: {note}" for note in line.notes)
        figures = study_leg(trek, day, leg, line, source=source, parameters=parameters)
        studied[leg.id] = timed_leg(figures)
        notes.extend(f"{leg.id}: {note}" for note in studied[leg.id].notes)
    passes = () if source is None else _passes(trek, source, list(studied.values()), found or {})
    grounds = grounds_of(trek.places, source, passes)
    used = {p.product for leg in studied.values() for p in leg.profiles if p.product is not None}
    used.update(ground.spot.product for ground in grounds.values() if ground.spot is not None)
    if not used:
        by_file = any(leg.profiles for leg in studied.values())
        lost = "heights of places" if by_file else "heights, ascent"
        notes.append(f"No DEM covers this trek: {lost} and verdicts on heights are not available.")
    checked = (
        *(finding for ground in grounds.values() for finding in check_place(ground)),
        *check_route(trek, studied, source),
        *check_consistency(trek),
    )
    findings = diagnosed(trek, checked, undulation)
    notes.extend(untested(findings))
    if effort != EffortParameters():
        studied = {key: timed_leg(leg, effort) for key, leg in studied.items()}
    variants = tuple(
        study_variant(trek, variant, studied, is_default=number == 0)
        for number, variant in enumerate(trek.variants or (trek.default_variant,))
    )
    products = tuple(sorted(used, key=lambda product: product.id))
    place_heights_m, place_u_m = heights_of(grounds)
    return Study(
        trek=trek,
        passes=passes,
        days=tuple(study_day(day, [studied[leg.id] for leg in day.legs]) for day in trek.days),
        variants=variants,
        outings={
            variant.variant.id: variant_outing(
                trek, variant, effort, nights_of(trek, variant, place_heights_m, products)
            )
            for variant in variants
        },
        findings=findings,
        consensus=consensus_of(trek, findings),
        place_heights_m=place_heights_m,
        place_u_m=place_u_m,
        products=products,
        parameters=parameters,
        effort_parameters=effort,
        terrain=None if source is None else _terrain(source, list(studied.values())),
        notes=tuple(dict.fromkeys(notes)),
    )


def outing_of(
    study: Study,
    variant: VariantStudy,
    parameters: EffortParameters | None = None,
    *,
    start: dt.time = START,
    date: dt.date | None = None,
) -> Outing:
    """Compute walking times, timetables, daylight, nights and seasons of a variant.

    Parameters
    ----------
    study : Study
        The trek.
    variant : VariantStudy
        One of its variants.
    parameters : EffortParameters, optional
        Parameters of walking time; the study's own by default.
    start : datetime.time
        Start of each day's walk, local time.
    date : datetime.date, optional
        Date of the first day; the others follow. Without it there is no daylight.

    Returns
    -------
    Outing
        Frozen.

    Raises
    ------
    ModelError
        If the time zone is unknown, or the date is outside 1900 to 2100, the years with sunrise times.
    """
    return variant_outing(
        study.trek,
        study.timed(variant, parameters),
        parameters or study.effort_parameters,
        nights_of(study.trek, variant, study.place_heights_m, study.products),
        start=start,
        date=date,
    )


def _terrain(source: ElevationSource, legs: Sequence[LegStudy]) -> Grid | None:
    """Window around the profiles with a margin of a tenth, at least as wide as high and half as high as wide.

    Pages are mostly wider than high, and a narrow strip of relief looks torn.
    """
    profiles = [profile for leg in legs for profile in leg.profiles]
    if not profiles:
        return None
    lon = np.concatenate([profile.lon_deg for profile in profiles])
    lat = np.concatenate([profile.lat_deg for profile in profiles])
    west, south, east, north = (float(edge) for edge in (lon.min(), lat.min(), lon.max(), lat.max()))
    lon_m, lat_m = metres_per_degree(0.5 * (south + north))
    wide, high = (east - west) * lon_m, (north - south) * lat_m
    spare = max(0.1 * max(wide, high), 1000.0)
    spare_x = (spare + 0.5 * max(high - wide, 0.0)) / lon_m
    spare_y = (spare + 0.5 * max(0.5 * wide - high, 0.0)) / lat_m
    bounds = (west - spare_x, south - spare_y, east + spare_x, north + spare_y)
    cells = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) / source.spacing_deg**2
    return source.window(bounds) if cells <= MAX_TERRAIN_CELLS else None


def _passes(
    trek: Trek,
    source: ElevationSource,
    legs: Sequence[LegStudy],
    found: Mapping[str, Sequence[BetweenCandidate]],
) -> tuple[PassStudy, ...]:
    profiles = [profile for leg in legs for profile in leg.profiles]
    return tuple(
        study_found(place, found[place.id], source, profiles)
        if place.id in found
        else study_pass(place, source, profiles)
        for place in trek.places
        if place.kind is PlaceKind.PASS and not place.is_sought
    )
