"""Waypoints of a study: places with DEM and stated heights and verdicts."""

from collections.abc import Iterable, Iterator

from routes.analysis.study import Study
from routes.analysis.verdicts.finding import Check, Finding
from routes.gpx.write.document import GPXWaypoint
from routes.kernel.uncertainty import Z90
from routes.model.kinds import PlaceKind
from routes.model.trek import Place
from routes.model.units import Units

_FIRST = (PlaceKind.PASS, PlaceKind.PEAK, PlaceKind.CAMP)

_VAGUE_M = 500.0
"""From this position uncertainty on, a place has no height of its own, metres."""


def waypoints(study: Study, place_ids: Iterable[str], units: Units) -> Iterator[GPXWaypoint]:
    """Yield waypoints: passes, peaks and camps first, each group in the given order.

    The name leaves out the height, because apps sort and search by it. ``ele`` is the DEM height at the
    position. The description holds the note of the trek file, the DEM height with its uncertainty, each
    stated height with its verdict, and the uncertainty of a vague position.
    """
    places = [study.trek.place(place_id) for place_id in place_ids]
    for place in sorted(places, key=lambda place: place.kind not in _FIRST):
        is_vague = place.position_uncertainty_m >= _VAGUE_M
        yield GPXWaypoint(
            lon=place.lon,
            lat=place.lat,
            ele_m=None if is_vague else study.place_heights_m.get(place.id),
            name=place.name,
            desc=sentences(_facts(study, place, units)),
            kind=place.kind,
        )


def sentences(parts: Iterable[str]) -> str:
    """Join texts, ending each with a full stop.

    >>> sentences(["First night", "", "Is it high?"])
    'First night. Is it high?'
    """
    kept = [part.strip() for part in parts if part.strip()]
    return " ".join(part if part[-1] in ".!?…" else f"{part}." for part in kept)


def _facts(study: Study, place: Place, units: Units) -> Iterator[str]:
    yield place.note
    findings = [f for f in study.findings if f.subject == place.id and f.check is Check.DEM]
    height, half, basis = _measured(study, place, findings)
    if height is not None and half is not None:
        texts = (units.height(value, is_exact=True) for value in (height, half))
        yield f"Measured: {' ± '.join(texts)} (90 %; {basis})"
    stated = list(_stated(findings))
    if stated:
        yield f"Stated: {'; '.join(stated)}"
    if place.position_uncertainty_m >= _VAGUE_M:
        yield f"Position uncertain by {units.length(place.position_uncertainty_m)}"


def _stated(findings: list[Finding]) -> Iterator[str]:
    """Yield each quoted height once, with its sources and verdict."""
    sources: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        stated = finding.statements[0]
        sources.setdefault((stated.printed, finding.verdict.value), []).append(stated.source)
    for (printed, verdict), who in sources.items():
        more = f" and {len(who) - 1} more" if len(who) > 1 else ""
        yield f"{printed} ({who[0]}{more}): {verdict}"


def _measured(study: Study, place: Place, findings: list[Finding]) -> tuple[float | None, float | None, str]:
    """Height of a place, half of its 90 % range (both metres), and the DEM behind them.

    The height behind the verdicts comes first: for a pass, that of the likely saddle.
    """
    for finding in findings:
        if finding.estimate is not None and finding.interval is not None:
            return finding.estimate, finding.interval[1] - finding.estimate, finding.basis
    if place.position_uncertainty_m >= _VAGUE_M or place.id not in study.place_u_m:
        return None, None, ""
    basis = ", ".join(product.title for product in study.products)
    return study.place_heights_m[place.id], Z90 * study.place_u_m[place.id], basis
