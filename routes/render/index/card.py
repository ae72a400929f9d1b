"""What an index shows of a trek: its names, its figures, and the shapes of its way and profile."""

import base64
import itertools
import json
import re
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from shapely import LineString

from routes.analysis.figures.legs import totals_of
from routes.analysis.figures.results import VariantStudy
from routes.analysis.heights.source import ElevationSource
from routes.analysis.study import MAX_TERRAIN_CELLS, Study
from routes.errors import DEMError, ModelError
from routes.model.estimate import Estimate
from routes.model.grid import Grid
from routes.model.kinds import PlaceKind
from routes.render.drawing.frame import MapFrame
from routes.render.drawing.relief import relief_thumbnail
from routes.render.page.data import shown_legs
from routes.render.page.profile_marks import Outline, outline
from routes.render.pictures.captions import credits_of, cut

CARD_FORMAT: Literal[1] = 1
"""Number of the format of a card; it grows with changes that an older program could not read."""

MAP_WIDTH, MAP_HEIGHT = 480, 300
"""Size of the map of a card; coordinates count from its upper left corner."""

PROFILE_HEIGHT = 64
"""Height of the profile of a card, as wide as its map."""

MAX_CARD_BYTES = 1_000_000
"""Largest file of a card that is read."""

_IDENTIFIER = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
_RELIEF = r"^(?:data:image/(?:jpeg|png);base64,[A-Za-z0-9+/]*={0,2})?$"
_TOLERANCE = 0.4
_EDGE = 3.0
_SUMMARY, _NAME = 600, 200
_MOST_POINTS = 4000

_Key = Annotated[str, StringConstraints(pattern=_IDENTIFIER, max_length=80)]
_Text = Annotated[str, StringConstraints(max_length=_SUMMARY)]
_Figure = Annotated[float, Field(ge=-500_000.0, le=1e9, allow_inf_nan=False)]
_Point = tuple[
    Annotated[float, Field(ge=-2e4, le=2e4, allow_inf_nan=False)],
    Annotated[float, Field(ge=-2e4, le=2e4, allow_inf_nan=False)],
]
_Points = Annotated[tuple[_Point, ...], Field(min_length=1, max_length=_MOST_POINTS)]
_DayNumber = Annotated[int, Field(ge=0, le=1000)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CardFigure(_Model):
    """A figure with its interval, where it has one."""

    value: _Figure
    """Metres."""

    p10: _Figure | None = None
    """One time in ten the truth is lower, metres."""

    p90: _Figure | None = None
    """One time in ten the truth is higher, metres."""

    @property
    def estimate(self) -> Estimate:
        """The same as an estimate."""
        return Estimate(self.value, self.p10, self.p90)


class CardLine(_Model):
    """A part of a way, or of a profile."""

    day: _DayNumber
    """Number of the day on foot; 0 for a ride."""

    kind: Literal["recorded", "osm", "modelled", "schematic", "stated"]
    """Where it comes from."""

    points: _Points
    """Right and down from the upper left corner."""


class CardVariant(_Model):
    """A way to do the trek."""

    id: _Key
    """Key."""

    name: _Text
    """Name."""

    days: Annotated[int, Field(ge=0, le=1000)]
    """Number of its days."""


class TrekCard(_Model):
    """All that an index shows of a trek."""

    card: Literal[1] = CARD_FORMAT
    """Format, `CARD_FORMAT`."""

    trek: _Key
    """Key, which is also the name of its folder."""

    name: _Text
    """Name."""

    region: _Text
    """Region and country."""

    summary: _Text
    """What it is."""

    variants: Annotated[tuple[CardVariant, ...], Field(min_length=1, max_length=100)]
    """Ways to do it, the default first."""

    days_on_foot: Annotated[int, Field(ge=0, le=1000)]
    """Days of the default variant on which one hikes; those with a walk where nobody hikes."""

    length_m: CardFigure
    """Length of those walks, metres."""

    is_lower_bound: bool
    """Whether some of it is straight lines, so that the way is longer."""

    ascent_m: CardFigure | None
    """Sum of rises of those walks, metres; None where unknown."""

    high_m: _Figure | None
    """Highest point of those walks, metres; None where unknown."""

    credits: Annotated[tuple[_Text, ...], Field(max_length=50)]
    """Whom to name beside its map and profile."""

    relief: Annotated[str, StringConstraints(pattern=_RELIEF, max_length=500_000)]
    """Shaded relief as a data URI; "" where no DEM knows the ground."""

    lines: tuple[CardLine, ...]
    """Ways on the map."""

    passes: tuple[_Point, ...]
    """Passes and peaks on the map."""

    profile: tuple[CardLine, ...]
    """Heights over distance; empty where none are known."""


def card_of(study: Study, source: ElevationSource | None = None) -> TrekCard:
    """Card of the default variant of a trek.

    Parameters
    ----------
    study : Study
        The trek.
    source : ElevationSource, optional
        Heights that the study rests on, for relief all over the map; without it the map has what the study knows.

    Returns
    -------
    TrekCard
        The same for the same study.
    """
    variant, trek = study.default, study.trek
    legs = shown_legs(variant)
    totals = totals_of(legs)
    frame = MapFrame(legs, MAP_WIDTH, (MAP_WIDTH / MAP_HEIGHT,) * 2) if legs else None
    terrain = None if frame is None else _terrain(study, source, frame)
    return TrekCard(
        trek=trek.id,
        name=cut(trek.name, _NAME),
        region=cut(", ".join(part for part in (trek.region, trek.country) if part), _NAME),
        summary=cut(trek.summary, _SUMMARY),
        variants=tuple(
            CardVariant(id=one.variant.id, name=cut(one.variant.name, _NAME), days=len(one.variant.days))
            for one in study.variants[:100]
        ),
        days_on_foot=len({leg.day_number for leg in legs}),
        length_m=_figure(totals.walking_m),
        is_lower_bound=totals.is_lower_bound,
        ascent_m=None if totals.ascent_m is None else _figure(totals.ascent_m),
        high_m=None if totals.high_m is None else round(totals.high_m, 1),
        credits=credits_of(study)[:50],
        relief=""
        if frame is None or terrain is None
        else relief_thumbnail(terrain, *frame.cells(terrain, MAP_WIDTH, MAP_HEIGHT)),
        lines=() if frame is None else tuple(_lines(variant, frame)),
        passes=() if frame is None else tuple(_passes(study, variant, frame)),
        profile=tuple(_profile(outline(study, variant))),
    )


def card_json(card: TrekCard) -> str:
    """Text of a card's file."""
    return json.dumps(card.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")) + "\n"


def read_card(data: bytes) -> TrekCard:
    """Card from the contents of its file.

    Raises
    ------
    ModelError
        If it is no card, or one of another format.
    """
    if len(data) > MAX_CARD_BYTES:
        msg = f"it is larger than {MAX_CARD_BYTES} bytes"
        raise ModelError(msg)
    try:
        card = TrekCard.model_validate_json(data)
        if card.relief:
            base64.b64decode(card.relief.partition(",")[2], validate=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"][:4])
        msg = f"{where}: {first['msg']}" if where else first["msg"]
        raise ModelError(re.sub(r"\s+", " ", msg)) from error
    except ValueError as error:
        msg = f"relief: {error}"
        raise ModelError(msg) from error
    return card


def _figure(estimate: Estimate) -> CardFigure:
    low, high = (None if end is None else round(end, 1) for end in (estimate.p10, estimate.p90))
    return CardFigure(value=round(estimate.value, 1), p10=low, p90=high)


def _terrain(study: Study, source: ElevationSource | None, frame: MapFrame) -> Grid | None:
    west, south, east, north = frame.bounds
    if source is not None:
        cells = (east - west) * (north - south) / source.spacing_deg**2
        try:
            found = source.window((west, south, east, north)) if cells <= MAX_TERRAIN_CELLS else None
        except DEMError:  # too near to a pole, or a file that went away: the card does without
            found = None
        if found is not None:
            return frame.seen(found)
    return None if study.terrain is None else frame.seen(study.terrain)


def _lines(variant: VariantStudy, frame: MapFrame) -> Iterator[CardLine]:
    """Lines of the legs on the map."""
    shown = shown_legs(variant)
    # rides first, so that they lie below the ways on foot
    for leg in sorted(variant.legs, key=lambda leg: leg in shown):
        for kind, segment in leg.line.stretches():
            points = frame.xy(segment.lon_deg, segment.lat_deg)
            points[:, 1] = frame.height - points[:, 1]
            if points.shape[0] < 2 or np.abs(points).max() > 1e4:  # a flight from far away
                continue
            number = leg.day_number if leg in shown else 0
            yield CardLine(day=number, kind=kind.value, points=_thinned(points))


def _passes(study: Study, variant: VariantStudy, frame: MapFrame) -> Iterator[_Point]:
    stops = {stop for leg in shown_legs(variant) for stop in leg.leg.stops}
    for place in study.trek.places:
        if place.id in stops and place.kind in (PlaceKind.PASS, PlaceKind.PEAK):
            x, y = frame.xy(np.array([place.lon]), np.array([place.lat]))[0].tolist()
            yield round(x, 1), round(frame.height - y, 1)


def _profile(shape: Outline | None) -> Iterator[CardLine]:
    """Heights over distance, those of the DEM or else the mean of what is stated at each place."""
    if shape is None or not shape.length_m > 0.0:
        return
    rows: list[tuple[int, str, np.ndarray]] = []
    for curve in shape.curves:
        known = np.isfinite(curve.height_m)
        points = np.column_stack([curve.along_m, curve.height_m])
        parts = np.split(np.arange(known.size), np.flatnonzero(np.diff(known.astype(np.int8))) + 1)
        rows.extend((curve.day_number, "recorded", points[p]) for p in parts if p.size > 1 and known[p[0]])
    if not shape.curves:
        marks = [mark for mark in shape.marks if mark.heights_m]
        for a, b in itertools.pairwise(marks):
            if a.run == b.run:
                ends = [(mark.along_m, sum(mark.heights_m) / len(mark.heights_m)) for mark in (a, b)]
                rows.append((b.day_number, "stated", np.array(ends)))
    if not rows:
        return
    heights = np.concatenate([points[:, 1] for _, _, points in rows])
    low, high = float(heights.min()), float(heights.max())
    scale = (PROFILE_HEIGHT - 2.0 * _EDGE) / max(high - low, 100.0)
    for number, kind, points in rows:
        x = points[:, 0] / shape.length_m * MAP_WIDTH
        y = PROFILE_HEIGHT - _EDGE - (points[:, 1] - low) * scale
        yield CardLine.model_validate(
            {"day": number, "kind": kind, "points": _thinned(np.column_stack([x, y]))}
        )


def _thinned(points: np.ndarray) -> tuple[_Point, ...]:
    """Points of a line that can be told apart, to a tenth."""
    simple = np.asarray(LineString(points).simplify(_TOLERANCE).coords)
    step = -(-simple.shape[0] // _MOST_POINTS)
    kept = np.vstack([simple[:-1:step], simple[-1:]]) if step > 1 else simple
    return tuple((round(x, 1) + 0.0, round(y, 1) + 0.0) for x, y in kept.tolist())
