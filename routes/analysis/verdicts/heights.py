"""Verdicts on stated heights of places against the DEM."""

import math
from collections.abc import Mapping, Sequence

from routes.analysis.heights.source import ElevationSource
from routes.analysis.heights.spot import SLOPE_K, DEMHeight, dem_at, position_sigma_m
from routes.analysis.passes.saddles import PassStudy, study_pass
from routes.analysis.verdicts.finding import Check, Claim, Finding, Verdict, judge
from routes.analysis.verdicts.pass_words import (
    bias_notes,
    fit_note,
    pass_notes,
    saddle_words,
    summit_bias_m,
)
from routes.kernel.uncertainty import U_DATUM_M, Z90, combine, sigma_from_rounding
from routes.model.figures import StatedFigure, VerticalDatum
from routes.model.kinds import PlaceKind
from routes.model.measure import Measure
from routes.model.sentence import Sentence, Shown, shown
from routes.model.trek import Place, Trek
from routes.model.units import Units

MAX_DOUBT_M = 50.0
"""Own doubt (90 %) beyond which no verdict is given, metres."""


def check_places(
    trek: Trek, source: ElevationSource | None, passes: Sequence[PassStudy] = ()
) -> list[Finding]:
    """Verdict on every stated height of every place.

    Parameters
    ----------
    trek : Trek
        The itinerary.
    source : ElevationSource or None
        Heights; without them every verdict is *undecided*.
    passes : sequence of PassStudy
        What is known of passes; of those that it lacks, their saddles are looked for.

    Returns
    -------
    list of Finding
        One for each statement; two for a statement whose two units exclude each other.
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
    at = None
    if place.is_sought:
        missing = "Its position is not known: no pass was found between the two places that it parts."
    elif source is None:
        missing = "There is no DEM."
    else:
        missing = "The DEM at hand has no height here."
        if place.kind is PlaceKind.PASS and passing is None:
            passing = study_pass(place, source)
        if passing is not None and passing.candidates:
            at = dem_at(passing.candidates[0].lon, passing.candidates[0].lat, source)
        else:
            at = dem_at(place.lon, place.lat, source, radius_m=1.3 * place.position_uncertainty_m)
    findings = []
    for figure in place.stated:
        second = figure.second
        is_one = second is None or figure.measure.meets(second)
        for measure in (figure.measure,) if second is None or is_one else (figure.measure, second):
            printed = None if is_one else measure.printed
            findings.append(
                check_height(place, figure, measure, at, missing=missing, printed=printed, passing=passing)
            )
    return findings


def check_height(
    place: Place,
    figure: StatedFigure,
    measure: Measure,
    at: DEMHeight | None,
    *,
    missing: str,
    printed: str | None = None,
    passing: PassStudy | None = None,
) -> Finding:
    """Verdict on one stated height of a place.

    Parameters
    ----------
    place : Place
        Where.
    figure : StatedFigure
        The statement.
    measure : Measure
        Which of its values is checked.
    at : DEMHeight or None
        The DEM at the nearest candidate of `passing`, or else at the place, read with 1.3 times the position's
        uncertainty or more.
    missing : str
        The reason to give when `at` is None.
    printed : str, optional
        Text of the claim when it is not the whole statement.
    passing : PassStudy, optional
        Saddles near a pass.

    Returns
    -------
    Finding
        With its budget where the DEM knows the place.
    """
    claim = Claim(printed or figure.printed, figure.source)
    notes = (
        *(() if passing is None else pass_notes(passing)),
        *bias_notes(place, at.spacing_m if at else None),
    )

    def finding(verdict: Verdict, reason: str | Sentence, **more: object) -> Finding:
        return Finding(
            subject=place.id, name=place.name, check=Check.DEM, quantity=figure.quantity, claims=(claim,),
            verdict=verdict, reason=reason, unit="m", notes=notes, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    if at is None:
        return finding(Verdict.UNDECIDED, missing)
    if figure.datum is VerticalDatum.ELLIPSOID:
        return finding(
            Verdict.UNDECIDED,
            "The height is above the ellipsoid; comparing it needs a geoid grid, which is not at hand.",
        )
    has_saddle = passing is not None and bool(passing.candidates)
    is_same_datum = figure.datum is at.product.vertical_datum and figure.datum is not VerticalDatum.UNKNOWN
    bias_m, u_bias_m = summit_bias_m(place, at.spacing_m)
    estimate = at.height_m + bias_m
    budget = {
        "dem": at.u_dem_m,
        **({"summit": u_bias_m} if bias_m else {"slope": at.u_slope_m}),
        "position": (
            passing.spread_m
            if passing is not None and has_saddle
            else position_sigma_m(at, place.lon, place.lat, place.position_uncertainty_m)
        ),
        "rounding": sigma_from_rounding(measure.step_base),
        "datum": 0.0 if is_same_datum else U_DATUM_M,
    }
    u = combine(*budget.values())
    own_u = combine(*(part for name, part in budget.items() if name not in ("rounding", "datum")))
    doubt = Z90 * own_u
    if not math.isfinite(doubt):
        return finding(
            Verdict.UNDECIDED, "The DEM is void around this place, so its height there says little."
        )
    stated_m = measure.nearest(estimate)
    verdict = judge(stated_m, estimate, u)
    dem: tuple[str | Shown, ...] = (
        shown(Units.restated, measure), "DEM ", shown(Units.height, at.height_m, is_exact=True),
    )  # fmt: skip
    if bias_m:
        raised = shown(Units.height, estimate, is_exact=True)
        dem = (*dem, ", ", raised, " with what a DEM this coarse cuts off a summit")
    where = saddle_words(passing) if passing is not None and has_saddle else ()
    if doubt > MAX_DOUBT_M:
        verdict = Verdict.UNDECIDED
        off, half = shown(Units.height, place.position_uncertainty_m), shown(Units.height, doubt)
        at_which = where or (" at the given position",)
        if passing is not None and passing.is_found and len(passing.candidates) > 1:
            doubted: tuple[str | Shown, ...] = (f", but {len(passing.candidates)} passes may be meant",)
        else:
            doubted = (", but that is uncertain by ", off)
        rest = (*at_which, *doubted, ", and so the height by ± ", half, ".")
    else:
        half = shown(Units.height, Z90 * u, is_exact=True)
        rest = (*where, ", ± ", half, " with everything that is uncertain (90 %).")
    if passing is not None and passing.is_found and len(passing.candidates) > 1:
        own = combine(*(part for name, part in budget.items() if name != "position"))
        notes = (*notes, fit_note(passing, measure, own))
    return finding(
        verdict, Sentence((*dem, *rest)), stated=stated_m, estimate=estimate, u=u, own_u=own_u, budget=budget,
        terms={
            part: text
            for part, text in _terms(place, figure, at, passing, has_saddle=has_saddle).items()
            if part in budget
        },
        basis=f"{at.product.title}, {at.product.vertical_datum}",
    )  # fmt: skip


def _terms(
    place: Place, figure: StatedFigure, at: DEMHeight, passing: PassStudy | None, *, has_saddle: bool
) -> Mapping[str, str]:
    """Where each part of the budget comes from, in metres."""
    off = f"{place.position_uncertainty_m:,.0f} m ({place.position_source})"
    if passing is None or not has_saddle:
        position = f"heights of the DEM within the position's uncertainty, {off}"
    elif passing.is_found:
        heights = ", ".join(f"{saddle.height_m:.0f}" for saddle in passing.candidates)
        position = f"standard deviation of all passes found between its two places ({heights} m)"
        if len(passing.candidates) == 1:
            position = "one pass found between its two places"
    elif len(passing.candidates) == 1:
        position = f"one saddle within {passing.nearness_m:.0f} m of the position, uncertain by {off}"
    else:
        heights = ", ".join(f"{saddle.height_m:.0f}" for saddle in passing.candidates)
        position = (
            f"standard deviation of the {len(passing.candidates)} saddles within {passing.nearness_m:.0f} m "
        )
        position += f"of the position ({heights} m), uncertain by {off}"
    datum = f"stated {figure.datum}, DEM {at.product.vertical_datum}"
    return {
        "dem": f"LE90 {at.product.le90_m:g} m / 1.645; {at.product.le90_source}",
        "summit": 'standard deviation of SRTM 3" on 93 summits of Andorra, slope included (docs/accuracy.md)',
        "slope": f"{SLOPE_K:g} x {at.spacing_m:.0f} m between rows x tangent {at.slope_tangent:.2f}; "
        "k fitted on 15 passes in Andorra (docs/accuracy.md)",
        "position": position,
        "rounding": "step of the source / sqrt 12",
        "datum": f"{datum}; 0 where they are one, else {U_DATUM_M:g} m",
    }
