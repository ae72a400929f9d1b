"""Waypoints of a study: places with their heights, measured and stated, and the verdict on them."""

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
"""Position uncertainty from which on a place has no height of its own, metres."""


def waypoints(study: Study, place_ids: Iterable[str], units: Units) -> Iterator[GPXWaypoint]:
    """Waypoints of places: passes, peaks and camps first, each group in the order given.

    The name is the place's own, without its height: apps sort and search by it. ``ele`` is the height of the DEM at
    the position; the description has the note of the trek file, the height measured with its uncertainty, each height
    stated with its verdict, and how uncertain a vague position is.
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
    """Texts one after the other, each closed by a full stop.

    Examples
    --------
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
    """Each printed height once, with who printed it and the verdict."""
    sources: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        stated = finding.statements[0]
        sources.setdefault((stated.printed, finding.verdict.value), []).append(stated.source)
    for (printed, verdict), who in sources.items():
        more = f" and {len(who) - 1} more" if len(who) > 1 else ""
        yield f"{printed} ({who[0]}{more}): {verdict}"


def _measured(study: Study, place: Place, findings: list[Finding]) -> tuple[float | None, float | None, str]:
    """Height of a place, half of its interval (90 %), both in metres, and the DEM behind them.

    What verdicts rest on comes first: for a pass that is the saddle which may be meant.
    """
    for finding in findings:
        if finding.estimate is not None and finding.interval is not None:
            return finding.estimate, finding.interval[1] - finding.estimate, finding.basis
    if place.position_uncertainty_m >= _VAGUE_M or place.id not in study.place_u_m:
        return None, None, ""
    basis = ", ".join(product.title for product in study.products)
    return study.place_heights_m[place.id], Z90 * study.place_u_m[place.id], basis
