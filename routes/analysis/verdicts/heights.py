"""Verdicts on stated heights of places against the DEM."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from routes.analysis.heights.source import ElevationSource
from routes.analysis.heights.spot import SLOPE_K, DEMHeight, dem_at, position_sigma_m
from routes.analysis.passes.saddles import LineTop, PassStudy, Saddle, study_pass
from routes.analysis.verdicts.finding import Check, Finding, Verdict, judge
from routes.kernel.uncertainty import U_DATUM_M, Z90, combine, sigma_from_rounding
from routes.model.figures import VerticalDatum
from routes.model.kinds import PlaceKind
from routes.model.measure import Measure
from routes.model.sentence import Sentence, Shown, joined, shown
from routes.model.statement import Statement, statements_on_place
from routes.model.trek import Place, Trek
from routes.model.units import Units

MAX_DOUBT_M = 50.0
"""Own doubt (90 %) beyond which no verdict is given, metres."""

_COARSE_M = 60.0
"""Distance between rows from which a DEM's low bias on summits is told, metres: between the 1" and the 3" DEMs."""

_SUMMIT_BIAS_M = 39.0, 17.0
"""How much lower than a summit a 3" DEM is, mean and standard deviation, metres: 93 summits of Andorra with a height in
OpenStreetMap over SRTM 3" (benchmarks/accuracy/validate.py). All errors at a summit are in the latter, those of a
slope too."""


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
        is_one_of_several = self.passing is not None and self.passing.is_found and len(self.saddles) > 1
        return self.passing if is_one_of_several else None

    @property
    def bias_m(self) -> tuple[float, float]:
        """How much lower than a summit a coarse DEM is, and the standard uncertainty of that, metres; 0 elsewhere."""
        is_cut = self.place.kind is PlaceKind.PEAK and self.at is not None and self.at.spacing_m >= _COARSE_M
        return _SUMMIT_BIAS_M if is_cut else (0.0, 0.0)


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
    at = ground.at
    notes = (*(() if ground.passing is None else _pass_notes(ground.passing)), *_bias_notes(ground))
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
    estimate = at.height_m + ground.bias_m[0]
    stated_m = statement.measure.nearest(estimate)
    if Z90 * own_u > MAX_DOUBT_M:
        verdict, doubt = Verdict.UNDECIDED, _doubt(ground, Z90 * own_u)
    else:
        verdict, half = judge(stated_m, estimate, u), shown(Units.height, Z90 * u, is_exact=True)
        doubt = joined(", ± ", half, " with everything that is uncertain (90 %).")
    if ground.found is not None:
        own = combine(*(part for name, part in budget.items() if name != "position"))
        notes = (*notes, _fit_note(ground.found, statement.measure, own))
    terms = _terms(statement, ground, at)
    return replace(
        unknown, verdict=verdict, reason=joined(_told(statement, ground, at), doubt), stated=stated_m,
        estimate=estimate, u=u, own_u=own_u, budget=budget, terms={part: terms[part] for part in budget}, notes=notes,
        basis=f"{at.product.title}, {at.product.vertical_datum}",
    )  # fmt: skip


def _budget(statement: Statement, ground: Ground, at: DEMHeight) -> dict[str, float]:
    """Standard uncertainties of the comparison by where they come from, metres."""
    place, datum = ground.place, statement.figure.datum
    bias_m, u_bias_m = ground.bias_m
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
    bias_m, _ = ground.bias_m
    parts: list[str | Shown] = [
        shown(Units.restated, statement.measure), "DEM ", shown(Units.height, at.height_m, is_exact=True)
    ]  # fmt: skip
    if bias_m:
        raised = shown(Units.height, at.height_m + bias_m, is_exact=True)
        parts += [", ", raised, " with what a DEM this coarse cuts off a summit"]
    return joined(
        *parts, saddle_words(ground.passing) if ground.passing is not None and ground.saddles else ""
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


def saddle_words(passing: PassStudy) -> Sentence:
    """Say at which of the saddles that may be meant, of one or more, a height is."""
    saddle, *others = passing.candidates
    if passing.is_found:
        which = "the pass of the least detour" if others else "the only pass"
        return Sentence((f" at {which} between its two places",))
    nearest = "the nearest saddle" if others else "the saddle"
    return Sentence((f" at {nearest}, ", shown(Units.length, saddle.distance_m), " from the given position"))


def _bias_notes(ground: Ground) -> tuple[Sentence, ...]:
    """Known bias of coarse DEMs on summits, which the estimate has been raised by."""
    bias_m, u_m = ground.bias_m
    if not bias_m:
        return ()
    mean, spread = shown(Units.height, bias_m), shown(Units.height, u_m)
    return (
        Sentence((
            'A DEM this coarse cuts summits: SRTM 3" is lower than 93 of Andorra by ', mean, " ± ", spread,
            " (standard deviation). The estimate is raised by that; sharp summits lose more, flat ones less.",
        )),
    )  # fmt: skip


def _pass_notes(passing: PassStudy) -> tuple[str | Sentence, ...]:
    """What was found around a pass, for the reader."""
    notes: list[str | Sentence] = []
    if passing.height_m is not None and not passing.is_found:
        notes.append(
            Sentence(
                ("DEM at the given position: ", shown(Units.height, passing.height_m, is_exact=True), ".")
            )
        )
    if passing.line_top is not None:
        notes.append(line_top_words(passing.line_top, passing.reach_m))
    from_where = " from the one of the least detour" if passing.is_found else " from the position"
    for saddle in passing.saddles:
        line = () if saddle.line_m is None else (", ", shown(Units.length, saddle.line_m), " from the line")
        void = "" if saddle.is_certain else " A void of the DEM may join them lower."
        notes.append(Sentence((
            "Saddle that may be meant: " if saddle.is_meant else "Other saddle: ",
            shown(Units.height, saddle.height_m, is_exact=True), ", ", shown(Units.length, saddle.distance_m),
            from_where, *line, f" ({saddle.lon:.5f}, {saddle.lat:.5f}); its sides fall ",
            shown(Units.height, saddle.depths_m[0]), " and ", shown(Units.height, saddle.depths_m[1]), ".", void,
        )))  # fmt: skip
    is_void = any(s.distance_m < passing.nearness_m and not s.is_certain for s in passing.saddles)
    if is_void:
        notes.append("A saddle that may be meant is not certain; the height at the position counts.")
    elif passing.saddles and not passing.nearness_m:
        notes.append(
            "The position is too uncertain to mean one of the saddles; the height at the position counts."
        )
    elif passing.height_m is not None and not passing.candidates:
        far = passing.nearness_m if passing.saddles else passing.reach_m
        near = shown(Units.length, far)
        notes.append(
            Sentence(("No saddle within ", near, " of the position; the height at the position counts."))
        )
    return tuple(notes)


def line_top_words(top: LineTop, reach_m: float) -> Sentence:
    """Say in a sentence where within reach (metres) of a pass the line is highest."""
    return Sentence((
        "Highest point of the line within ", shown(Units.length, reach_m), ": ",
        shown(Units.height, top.height_m, is_exact=True), ", ", shown(Units.length, top.distance_m),
        f" from the position ({top.lon:.5f}, {top.lat:.5f}).",
    ))  # fmt: skip


def _fit_note(passing: PassStudy, measure: Measure, u_m: float) -> Sentence:
    """Which of several passes that may be meant have the stated height; `u_m` is the uncertainty at any one of them."""
    near = [
        saddle
        for saddle in passing.candidates
        if judge(measure.nearest(saddle.height_m), saddle.height_m, u_m) is Verdict.AGREES
    ]
    if not near:
        return Sentence(
            (f"None of the {len(passing.candidates)} passes that may be meant has the stated height.",)
        )
    parts: list[str | Shown] = []
    for saddle in near:
        parts += [", " if parts else "", shown(Units.height, saddle.height_m, is_exact=True)]
        parts.append(f" ({saddle.lon:.5f}, {saddle.lat:.5f})")
    which = f"Of the {len(passing.candidates)} passes that may be meant, the stated height fits {len(near)}: "
    return Sentence((which, *parts, ". That it fits is no proof that it is meant: give its position."))
