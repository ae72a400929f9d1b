"""Verdicts on stated heights of places against the DEM."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from routes.analysis.heights.source import ElevationSource
from routes.analysis.heights.spot import SLOPE_K, DEMHeight, dem_at, position_sigma_m
from routes.analysis.passes.saddles import PassStudy, Saddle, study_pass
from routes.analysis.verdicts.finding import Check, Finding, Verdict, judge
from routes.analysis.verdicts.pass_words import bias_notes, fit_note, pass_notes, saddle_words, summit_bias_m
from routes.kernel.uncertainty import U_DATUM_M, Z90, combine, sigma_from_rounding
from routes.model.figures import VerticalDatum
from routes.model.kinds import PlaceKind
from routes.model.sentence import Sentence, Shown, joined, shown
from routes.model.statement import Statement, statements_on_place
from routes.model.trek import Place, Trek
from routes.model.units import Units

MAX_DOUBT_M = 50.0
"""Own doubt (90 %) beyond which no verdict is given, metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is known of the ground at a place."""

    place: Place
    """The place."""

    at: DEMHeight | None
    """The DEM at the nearest saddle that may be meant, or else at the place, read with 1.3 times the position's
    uncertainty or more; None where no height is known."""

    passing: PassStudy | None = None
    """Saddles near a pass."""

    missing: str = "The DEM at hand has no height here."
    """Why `at` is None."""

    @property
    def saddles(self) -> tuple[Saddle, ...]:
        """Saddles that may be meant."""
        return () if self.passing is None else self.passing.candidates

    @property
    def found(self) -> PassStudy | None:
        """The passes found between two places where they are several; None elsewhere."""
        return (
            self.passing
            if self.passing is not None and self.passing.is_found and len(self.saddles) > 1
            else None
        )


def check_places(
    trek: Trek, source: ElevationSource | None, passes: Sequence[PassStudy] = ()
) -> list[Finding]:
    """Verdict on every stated height of every place; two on a statement whose two units exclude each other.

    Without heights every verdict is *undecided*. The saddles of passes that `passes` lacks are looked for.
    """
    known = {passing.place_id: passing for passing in passes}
    return [finding for place in trek.places for finding in check_place(place, source, known.get(place.id))]


def check_place(
    place: Place, source: ElevationSource | None, passing: PassStudy | None = None
) -> list[Finding]:
    """Verdict on every stated height of one place, as `check_places` gives them.

    The height of a pass is that of the saddle that may be meant by its position, and of the nearest one where there
    are several; other places, and passes without a saddle there, have the height at their coordinate.
    """
    if not place.stated:
        return []
    ground = _ground(place, source, passing)
    return [
        check_height(statement, ground) for whole in statements_on_place(place) for statement in whole.apart()
    ]


def _ground(place: Place, source: ElevationSource | None, passing: PassStudy | None) -> Ground:
    if place.is_sought:
        missing = "Its position is not known: no pass was found between the two places that it parts."
        return Ground(place=place, at=None, passing=passing, missing=missing)
    if source is None:
        return Ground(place=place, at=None, passing=passing, missing="There is no DEM.")
    if place.kind is PlaceKind.PASS and passing is None:
        passing = study_pass(place, source)
    if passing is not None and passing.candidates:
        at = dem_at(passing.candidates[0].lon, passing.candidates[0].lat, source)
    else:
        at = dem_at(place.lon, place.lat, source, radius_m=1.3 * place.position_uncertainty_m)
    return Ground(place=place, at=at, passing=passing)


def check_height(statement: Statement, ground: Ground) -> Finding:
    """Verdict on one stated height, with its budget where the DEM knows the ground."""
    place, at = ground.place, ground.at
    notes = (
        *(() if ground.passing is None else pass_notes(ground.passing)),
        *bias_notes(place, at.spacing_m if at else None),
    )
    unknown = replace(Finding.on(statement, Check.DEM, Verdict.UNDECIDED, ground.missing, "m"), notes=notes)
    if at is None:
        return unknown
    if statement.figure.datum is VerticalDatum.ELLIPSOID:
        reason = "The height is above the ellipsoid; comparing it needs a geoid grid, which is not at hand."
        return replace(unknown, reason=reason)
    budget = _budget(statement, ground, at)
    own_u = combine(*(part for name, part in budget.items() if name not in ("rounding", "datum")))
    if not math.isfinite(own_u):
        return replace(unknown, reason="The DEM is void around this place, so its height there says little.")
    u = combine(*budget.values())
    estimate = at.height_m + summit_bias_m(place, at.spacing_m)[0]
    stated_m = statement.measure.nearest(estimate)
    if Z90 * own_u > MAX_DOUBT_M:
        verdict, doubt = Verdict.UNDECIDED, _doubt(ground, Z90 * own_u)
    else:
        verdict, half = judge(stated_m, estimate, u), shown(Units.height, Z90 * u, is_exact=True)
        doubt = joined(", ± ", half, " with everything that is uncertain (90 %).")
    if ground.found is not None:
        own = combine(*(part for name, part in budget.items() if name != "position"))
        notes = (*notes, fit_note(ground.found, statement.measure, own))
    terms = _terms(statement, ground, at)
    return replace(
        unknown, verdict=verdict, reason=joined(_told(statement, ground, at), doubt), stated=stated_m,
        estimate=estimate, u=u, own_u=own_u, budget=budget, terms={part: terms[part] for part in budget}, notes=notes,
        basis=f"{at.product.title}, {at.product.vertical_datum}",
    )  # fmt: skip


def _budget(statement: Statement, ground: Ground, at: DEMHeight) -> dict[str, float]:
    """Standard uncertainties of the comparison by where they come from, metres."""
    place, datum = ground.place, statement.figure.datum
    bias_m, u_bias_m = summit_bias_m(place, at.spacing_m)
    if ground.passing is not None and ground.saddles:
        position = ground.passing.spread_m
    else:
        position = position_sigma_m(at, place.lon, place.lat, place.position_uncertainty_m)
    is_same_datum = datum is at.product.vertical_datum and datum is not VerticalDatum.UNKNOWN
    return {
        "dem": at.u_dem_m,
        **({"summit": u_bias_m} if bias_m else {"slope": at.u_slope_m}),
        "position": position,
        "rounding": sigma_from_rounding(statement.measure.step_base),
        "datum": 0.0 if is_same_datum else U_DATUM_M,
    }


def _told(statement: Statement, ground: Ground, at: DEMHeight) -> Sentence:
    """Say what the DEM has, and where: the start of the reason."""
    bias_m, _ = summit_bias_m(ground.place, at.spacing_m)
    parts: list[str | Shown] = [
        shown(Units.restated, statement.measure), "DEM ", shown(Units.height, at.height_m, is_exact=True)
    ]  # fmt: skip
    if bias_m:
        raised = shown(Units.height, at.height_m + bias_m, is_exact=True)
        parts += [", ", raised, " with what a DEM this coarse cuts off a summit"]
    return joined(
        *parts, *(saddle_words(ground.passing) if ground.passing is not None and ground.saddles else ())
    )


def _doubt(ground: Ground, half_m: float) -> Sentence:
    """Say what makes the height too uncertain for a verdict: the end of the reason."""
    off = shown(Units.height, ground.place.position_uncertainty_m)
    why: tuple[str | Shown, ...] = (", but that is uncertain by ", off)
    if ground.found is not None:
        why = (f", but {len(ground.saddles)} passes may be meant",)
    where = "" if ground.saddles else " at the given position"
    return joined(where, *why, ", and so the height by ± ", shown(Units.height, half_m), ".")


def _terms(statement: Statement, ground: Ground, at: DEMHeight) -> Mapping[str, str]:
    """Where each part of the budget comes from, in metres."""
    place, passing, saddles = ground.place, ground.passing, ground.saddles
    off = f"{place.position_uncertainty_m:,.0f} m ({place.position_source})"
    heights = ", ".join(f"{saddle.height_m:.0f}" for saddle in saddles)
    if passing is None or not saddles:
        position = f"heights of the DEM within the position's uncertainty, {off}"
    elif passing.is_found and len(saddles) == 1:
        position = "one pass found between its two places"
    elif passing.is_found:
        position = f"standard deviation of all passes found between its two places ({heights} m)"
    elif len(saddles) == 1:
        position = f"one saddle within {passing.nearness_m:.0f} m of the position, uncertain by {off}"
    else:
        position = (
            f"standard deviation of the {len(saddles)} saddles within {passing.nearness_m:.0f} m of the position "
            f"({heights} m), uncertain by {off}"
        )
    datum = f"stated {statement.figure.datum}, DEM {at.product.vertical_datum}"
    return {
        "dem": f"LE90 {at.product.le90_m:g} m / 1.645; {at.product.le90_source}",
        "summit": 'standard deviation of SRTM 3" on 93 summits of Andorra, slope included (docs/accuracy.md)',
        "slope": f"{SLOPE_K:g} x {at.spacing_m:.0f} m between rows x tangent {at.slope_tangent:.2f}; "
        "k fitted on 15 passes in Andorra (docs/accuracy.md)",
        "position": position,
        "rounding": "step of the source / sqrt 12",
        "datum": f"{datum}; 0 where they are one, else {U_DATUM_M:g} m",
    }
