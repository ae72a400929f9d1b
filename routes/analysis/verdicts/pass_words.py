"""What verdicts say of passes and summits."""

from routes.analysis.passes.saddles import PassStudy
from routes.analysis.verdicts.finding import Verdict, judge
from routes.model.kinds import PlaceKind
from routes.model.measure import Measure
from routes.model.sentence import Sentence, Shown, shown
from routes.model.trek import Place
from routes.model.units import Units

COARSE_M = 60.0
"""Distance between rows from which a DEM's low bias on summits is told, metres: between the 1" and the 3" DEMs."""


SUMMIT_BIAS_M = 39.0, 17.0
"""How much lower than a summit a 3" DEM is, mean and standard deviation, metres: 93 summits of Andorra with a height in
OpenStreetMap over SRTM 3" (benchmarks/accuracy/validate.py). All errors at a summit are in the latter, those of a
slope too."""


def saddle_words(passing: PassStudy) -> tuple[str | Shown, ...]:
    """Say in a sentence at which saddle a height is."""
    saddle, *others = passing.candidates
    if passing.is_found:
        return (" at the pass of the least detour between its two places",) if others else (
            " at the only pass between its two places",
        )  # fmt: skip
    nearest = "the nearest saddle" if others else "the saddle"
    return " at ", nearest, ", ", shown(Units.length, saddle.distance_m), " from the given position"


def bias_notes(place: Place, spacing_m: float | None) -> tuple[str | Sentence, ...]:
    """Known bias of coarse DEMs on summits, which the estimate has been raised by."""
    bias_m, u_m = summit_bias_m(place, spacing_m)
    if not bias_m:
        return ()
    mean, spread = shown(Units.height, bias_m), shown(Units.height, u_m)
    return (
        Sentence((
            'A DEM this coarse cuts summits: SRTM 3" is lower than 93 of Andorra by ', mean, " ± ", spread,
            " (standard deviation). The estimate is raised by that; sharp summits lose more, flat ones less.",
        )),
    )  # fmt: skip


def summit_bias_m(place: Place, spacing_m: float | None) -> tuple[float, float]:
    """How much lower than a summit a coarse DEM is, and the standard uncertainty of that, metres; 0 elsewhere."""
    if place.kind is not PlaceKind.PEAK or spacing_m is None or spacing_m < COARSE_M:
        return 0.0, 0.0
    return SUMMIT_BIAS_M


def pass_notes(passing: PassStudy) -> tuple[str | Sentence, ...]:
    """What was found around a pass, for the reader."""
    notes: list[str | Sentence] = []
    if passing.height_m is not None and not passing.is_found:
        notes.append(
            Sentence(
                ("DEM at the given position: ", shown(Units.height, passing.height_m, is_exact=True), ".")
            )
        )
    if passing.line_top is not None:
        top = passing.line_top
        notes.append(Sentence((
            "Highest point of the line within ", shown(Units.length, passing.reach_m), ": ",
            shown(Units.height, top.height_m, is_exact=True), ", ", shown(Units.length, top.distance_m),
            f" from the position ({top.lon:.5f}, {top.lat:.5f}).",
        )))  # fmt: skip
    meant = set(map(id, passing.candidates))
    from_where = " from the one of the least detour" if passing.is_found else " from the position"
    for saddle in passing.saddles:
        line = () if saddle.line_m is None else (", ", shown(Units.length, saddle.line_m), " from the line")
        void = "" if saddle.is_certain else " A void of the DEM may join them lower."
        notes.append(Sentence((
            "Saddle that may be meant: " if id(saddle) in meant else "Other saddle: ",
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


def fit_note(passing: PassStudy, measure: Measure, u: float) -> Sentence:
    """Which of several passes that may be meant have the stated height.

    Parameters
    ----------
    passing : PassStudy
        With two candidates or more.
    measure : Measure
        The stated height.
    u : float
        Standard uncertainty of the comparison at any one of them, metres.
    """
    near = [
        saddle
        for saddle in passing.candidates
        if judge(measure.nearest(saddle.height_m), saddle.height_m, u) is Verdict.AGREES
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
