"""Check stated heights of places against the DEM."""

import math
from collections.abc import Mapping
from dataclasses import replace

from routes.analysis.heights.landform import RING_CELLS
from routes.analysis.heights.spot import CELL_SHARE, FOREST_M, SHARPNESS, SLOPE_SHARE, Spot
from routes.analysis.passes.ground import TOP_REACH_M, Ground, Where
from routes.analysis.passes.saddles import LineTop, PassStudy
from routes.analysis.verdicts.causes import Clues
from routes.analysis.verdicts.finding import Check, Finding, Verdict, judge
from routes.kernel.uncertainty import U_DATUM_M, Z90, combine, sigma_from_rounding
from routes.model.figures import VerticalDatum
from routes.model.measure import Measure
from routes.model.sentence import Sentence, Shown, joined, shown
from routes.model.statement import Statement, statements_on_place
from routes.model.units import Units

_FITTED = "fitted on 186 saddles and summits of Japan (docs/accuracy.md)"


def check_place(ground: Ground) -> list[Finding]:
    """Verdict on every stated height of a place; two if a statement's units contradict each other.

    Likely causes may still soften a verdict: see `routes.analysis.verdicts.diagnose.explained`.
    """
    return [
        check_height(statement, ground)
        for whole in statements_on_place(ground.place)
        for statement in whole.apart()
    ]


def check_height(statement: Statement, ground: Ground) -> Finding:
    """Verdict on one stated height, with its uncertainty budget if the DEM covers the place."""
    spot = ground.spot
    notes = () if ground.passing is None else _pass_notes(ground.passing)
    unknown = replace(Finding.on(statement, Check.DEM, Verdict.UNDECIDED, ground.missing, "m"), notes=notes)
    if spot is None:
        return unknown
    if statement.figure.datum is VerticalDatum.ELLIPSOID:
        reason = "The height is above the ellipsoid; comparing it needs a geoid grid, which is not at hand."
        return replace(unknown, reason=reason)
    own_u, estimate, datum = ground.u_m, spot.best_m, statement.figure.datum
    if not math.isfinite(own_u):
        return replace(unknown, reason="The DEM is void around this place, so its height there says little.")
    is_same_datum = datum is spot.product.vertical_datum and datum is not VerticalDatum.UNKNOWN
    budget = {
        **ground.budget,
        "rounding": sigma_from_rounding(statement.measure.step_base),
        "datum": 0.0 if is_same_datum else U_DATUM_M,
    }
    u = combine(*budget.values())
    stated_m = statement.measure.nearest(estimate)
    if ground.is_certain:
        verdict, half = judge(stated_m, estimate, u), shown(Units.height, Z90 * u, is_exact=True)
        doubt = joined(", ± ", half, " with everything that is uncertain (90 %).")
    else:
        verdict, doubt = Verdict.UNDECIDED, _doubt(ground, Z90 * own_u)
    if ground.found is not None:
        own = combine(*(part for name, part in budget.items() if name != "position"))
        notes = (*notes, _fit_note(ground.found, statement.measure, own))
    terms = _terms(statement, ground, spot)
    return replace(
        unknown, verdict=verdict, reason=joined(_told(statement, ground, spot), doubt), stated=stated_m,
        estimate=estimate, u=u, own_u=own_u, budget=budget, terms={part: terms[part] for part in budget}, notes=notes,
        basis=f"{spot.product.title}, {spot.product.vertical_datum}", clues=Clues(ground=ground),
    )  # fmt: skip


def _told(statement: Statement, ground: Ground, spot: Spot) -> Sentence:
    """The DEM's height and where it is read: the start of the reason."""
    where = "" if ground.where is Where.POSITION else where_words(ground)
    parts: list[str | Shown] = [
        shown(Units.restated, statement.measure), "DEM ", shown(Units.height, spot.height_m, is_exact=True)
    ]  # fmt: skip
    if round(spot.best_m) == round(spot.height_m):
        return joined(*parts, where)
    return joined(*parts, where, ", corrected to ", shown(Units.height, spot.best_m, is_exact=True))


def _doubt(ground: Ground, half_m: float) -> Sentence:
    """Why the height is too uncertain for a verdict: the end of the reason."""
    off = shown(Units.height, ground.place.position_uncertainty_m)
    why: tuple[str | Shown, ...] = (", but that is uncertain by ", off)
    if ground.found is not None:
        why = (f", but {len(ground.saddles)} passes may be meant",)
    where = "" if ground.saddles else " at the given position"
    return joined(where, *why, ", and so the height by ± ", shown(Units.height, half_m), ".")


def _terms(statement: Statement, ground: Ground, spot: Spot) -> Mapping[str, str]:
    """Origin of each component of the budget, in metres."""
    place, passing, saddles = ground.place, ground.passing, ground.saddles
    off = f"{place.position_uncertainty_m:,.0f} m ({place.position_source})"
    heights = ", ".join(f"{saddle.height_m:.0f}" for saddle in saddles)
    if ground.where is Where.TOP:
        position = f"0: the top was found within {TOP_REACH_M:.0f} m of the position"
    elif passing is None or not saddles:
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
    datum = f"stated {statement.figure.datum}, DEM {spot.product.vertical_datum}"
    sharpness = "unknown beside a void"
    if spot.sharpness_m is not None and math.isfinite(spot.sharpness_m):
        sharpness = (
            f"a quarter of the correction of {spot.raised_m:+.1f} m: {SHARPNESS:g} x {spot.sharpness_m:+.1f} m, the "
            f"height above the ground {RING_CELLS:g} cells around"
        )
    return {
        "dem": f"LE90 {spot.product.le90_m:g} m / 1.645 and {CELL_SHARE:.3f} x {spot.row_m:.0f} m between rows; "
        f"{spot.product.le90_source}",
        "sharpness": f"{sharpness}; {_FITTED}",
        "forest": f"half of the {spot.forest_m:.1f} m taken off for trees: {FOREST_M:g} m x {spot.forest_share:.2f}, "
        f"the share of forest by height and latitude; {_FITTED}",
        "slope": f"{SLOPE_SHARE:g} x {spot.row_m:.0f} m between rows x tangent {spot.slope_tangent or 0.0:.2f}",
        "position": position,
        "rounding": "step of the source / sqrt 12",
        "datum": f"{datum}; 0 where they are one, else {U_DATUM_M:g} m",
    }


def where_words(ground: Ground) -> Sentence:
    """Where a place's height is read."""
    if ground.passing is not None and ground.where is Where.SADDLE:
        return saddle_words(ground.passing)
    return Sentence((" at the top" if ground.where is Where.TOP else " at the given position",))


def saddle_words(passing: PassStudy) -> Sentence:
    """Which of one or more likely saddles a height belongs to."""
    saddle, *others = passing.candidates
    if passing.is_found:
        which = "the pass of the least detour" if others else "the only pass"
        return Sentence((f" at {which} between its two places",))
    nearest = "the nearest saddle" if others else "the saddle"
    return Sentence((f" at {nearest}, ", shown(Units.length, saddle.distance_m), " from the given position"))


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
    """Where the line is highest within reach (metres) of a pass."""
    return Sentence((
        "Highest point of the line within ", shown(Units.length, reach_m), ": ",
        shown(Units.height, top.height_m, is_exact=True), ", ", shown(Units.length, top.distance_m),
        f" from the position ({top.lon:.5f}, {top.lat:.5f}).",
    ))  # fmt: skip


def _fit_note(passing: PassStudy, measure: Measure, u_m: float) -> Sentence:
    """Which of several likely passes have the stated height; `u_m` is the uncertainty at each of them."""
    near = [
        saddle
        for saddle in passing.candidates
        for best_m in [passing.spot(saddle).best_m]
        if judge(measure.nearest(best_m), best_m, u_m) is Verdict.AGREES
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
