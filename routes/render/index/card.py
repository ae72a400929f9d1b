"""A trek's card for the index: names, figures, map and profile."""

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
"""Version of the card format; it increases with changes that older programs cannot read."""

MAP_WIDTH, MAP_HEIGHT = 480, 300
"""Map size; coordinates start at its upper left corner."""

PROFILE_HEIGHT = 64
"""Height of the profile, which is as wide as the map."""

MAX_CARD_BYTES = 1_000_000
"""Largest card file that is read."""

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
    """A figure with its interval, if any."""

    value: _Figure
    """Metres."""

    p10: _Figure | None = None
    """Lower end of the 80 % interval, metres."""

    p90: _Figure | None = None
    """Upper end of the 80 % interval, metres."""

    @property
    def estimate(self) -> Estimate:
        """The same as an estimate."""
        return Estimate(self.value, self.p10, self.p90)


class CardLine(_Model):
    """Part of a route or profile."""

    day: _DayNumber
    """Number of the walking day; 0 for a ride."""

    kind: Literal["recorded", "osm", "modelled", "schematic", "stated"]
    """Provenance."""

    points: _Points
    """Right and down from the upper left corner."""


class CardVariant(_Model):
    """A variant of the trek."""

    id: _Key
    """Key."""

    name: _Text
    """Name."""

    days: Annotated[int, Field(ge=0, le=1000)]
    """Number of its days."""


class TrekCard(_Model):
    """Everything that the index shows of a trek."""

    card: Literal[1] = CARD_FORMAT
    """Format, `CARD_FORMAT`."""

    trek: _Key
    """Key, and name of its folder."""

    name: _Text
    """Name."""

    region: _Text
    """Region and country."""

    summary: _Text
    """Short description."""

    variants: Annotated[tuple[CardVariant, ...], Field(min_length=1, max_length=100)]
    """Variants, the default first."""

    days_on_foot: Annotated[int, Field(ge=0, le=1000)]
    """Days of the default variant with a hike or, if there is none, with a walk."""

    length_m: CardFigure
    """Length of those walks, metres."""

    is_lower_bound: bool
    """Whether some of it is straight-line, so that the trail is longer."""

    ascent_m: CardFigure | None
    """Sum of rises of those walks, metres; None where unknown."""

    high_m: _Figure | None
    """Highest point of those walks, metres; None where unknown."""

    credits: Annotated[tuple[_Text, ...], Field(max_length=50)]
    """Credits for its map and profile."""

    relief: Annotated[str, StringConstraints(pattern=_RELIEF, max_length=500_000)]
    """Shaded relief as a data URI; empty if no DEM covers the area."""

    lines: tuple[CardLine, ...]
    """Lines on the map."""

    passes: tuple[_Point, ...]
    """Passes and peaks on the map."""

    profile: tuple[CardLine, ...]
    """Heights over distance; empty if none are known."""


def card_of(study: Study, source: ElevationSource | None = None) -> TrekCard:
    """Card of the default variant of a trek.

    With `source` the relief covers the whole map, otherwise only the heights that the study holds.
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
    """Text of a card file."""
    return json.dumps(card.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")) + "\n"


def read_card(data: bytes) -> TrekCard:
    """Card from the contents of its file. Raises ModelError if it is not a card, or has another format."""
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
    shown = estimate.rounded()
    return CardFigure(value=shown.value, p10=shown.p10, p90=shown.p90)


def _terrain(study: Study, source: ElevationSource | None, frame: MapFrame) -> Grid | None:
    west, south, east, north = frame.bounds
    if source is not None:
        cells = (east - west) * (north - south) / source.spacing_deg**2
        try:
            found = source.window((west, south, east, north)) if cells <= MAX_TERRAIN_CELLS else None
        except DEMError:  # too near a pole, or a missing file: the card does without
            found = None
        if found is not None:
            return frame.seen(found)
    return None if study.terrain is None else frame.seen(study.terrain)


def _lines(variant: VariantStudy, frame: MapFrame) -> Iterator[CardLine]:
    """Lines of the legs on the map."""
    shown = shown_legs(variant)
    # rides first, so that they are below the walks
    for leg in sorted(variant.legs, key=lambda leg: leg in shown):
        for kind, segment in leg.line.stretches():
            points = frame.xy(segment.lon_deg, segment.lat_deg)
            points[:, 1] = frame.height - points[:, 1]
            if points.shape[0] < 2 or np.abs(points).max() > 1e4:  # a long-distance flight
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
    """Heights over distance, from the DEM or else the mean of each place's stated heights."""
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
    """Distinguishable points of a line, to a tenth."""
    simple = np.asarray(LineString(points).simplify(_TOLERANCE).coords)
    step = -(-simple.shape[0] // _MOST_POINTS)
    kept = np.vstack([simple[:-1:step], simple[-1:]]) if step > 1 else simple
    return tuple((round(x, 1) + 0.0, round(y, 1) + 0.0) for x, y in kept.tolist())
