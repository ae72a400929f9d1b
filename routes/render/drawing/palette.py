"""Day colours, line strokes and place symbols of maps and profiles."""

from dataclasses import dataclass

from routes.analysis.figures.results import LegStudy
from routes.model.kinds import Mode, PlaceKind, Provenance

DAY_COLOURS = ("#0072b2", "#c44a00", "#00735a", "#9b3f7f", "#7a5200", "#332288", "#a3122d", "#444444")
"""Colours of walking days in turn: hues of Okabe and Ito, darkened to a contrast of 4.5 or more on white."""

GRADIENT_EDGES_PCT = (5, 15, 25, 35)
"""Gradients at which the colour changes, per cent; the last three are those of the tables."""

GRADIENT_COLOURS = ("#6b8ba4", "#b27d00", "#d9541e", "#a3123f", "#3d0a4f")
"""Colour of each gradient class, darker where steeper, with a contrast of 3 or more on white."""

INK = "#1b1f23"
SOFT = "#4a545e"
TRANSPORT_COLOUR = "#5c5c5c"

_DASHES = {
    Provenance.RECORDED: None,
    Provenance.OSM: None,
    Provenance.MODELLED: "9 6",
    Provenance.SCHEMATIC: "1 7",
}
_TRANSPORT_DASHES = {Mode.BUS: "6 4", Mode.CAR: "6 4", Mode.TRAIN: "12 3 2 3", Mode.FLIGHT: "2 8"}


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn."""

    colour: str
    """CSS colour."""

    width_px: float
    """Width, pixels."""

    dash: str | None
    """Pattern in the form of SVG's ``stroke-dasharray``; None is solid."""


def day_colour(number: int) -> str:
    """Colour of a day by its number."""
    return DAY_COLOURS[(number - 1) % len(DAY_COLOURS)]


def stroke_of(leg: LegStudy, provenance: Provenance) -> Stroke:
    """Stroke of part of a leg: on foot by day and provenance, otherwise thin grey by mode."""
    if leg.is_on_foot:
        return Stroke(day_colour(leg.day_number), 4.0, _DASHES[provenance])
    return Stroke(TRANSPORT_COLOUR, 2.0, _TRANSPORT_DASHES[leg.leg.mode])


TECHNICAL_KINDS = frozenset({PlaceKind.JUNCTION, PlaceKind.CROSSING})
"""Kinds of places that only shape a line: tiny dots without names."""

MINOR_KINDS = frozenset({PlaceKind.BRIDGE, PlaceKind.LAKE, PlaceKind.SPRING, PlaceKind.VIEWPOINT})
"""Kinds with smaller symbols."""

_HOUSE = "M3 10 9 4l6 6v5H3z"
_SQUARE = "M5 5h8v8H5z"
SIGNS = {
    PlaceKind.PASS: "M2 6c3 0 4 6 7 6s4-6 7-6v9H2z",
    PlaceKind.PEAK: "M9 3l7 12H2z",
    PlaceKind.VILLAGE: _HOUSE,
    PlaceKind.TOWN: _HOUSE,
    PlaceKind.CITY: _HOUSE,
    PlaceKind.CAMP: "M9 3l7 12h-5l-2-5-2 5H2z",
    PlaceKind.SITE: "M3 5l6-3 6 3v2H3zm1 3h2v5H4zm4 0h2v5H8zm4 0h2v5h-2zm-9 6h12v2H3z",
    PlaceKind.MUSEUM: "M3 5l6-3 6 3v2H3zm1 3h2v5H4zm4 0h2v5H8zm4 0h2v5h-2zm-9 6h12v2H3z",
    PlaceKind.LAKE: "M9 2c3 4 5 6.500 5 9a5 5 0 0 1-10 0c0-2.500 2-5 5-9z",
    PlaceKind.SPRING: "M9 2c3 4 5 6.500 5 9a5 5 0 0 1-10 0c0-2.500 2-5 5-9z",
    PlaceKind.VIEWPOINT: "M9 2l2 5h5l-4 3.500 1.500 5.500L9 12.800 4.500 16 6 10.500 2 7h5z",
    PlaceKind.TRAILHEAD: "M4 2h2v1h9l-3 3.500L15 10H6v6H4z",
    PlaceKind.STATION: "M5 3h8v9H5zm1 2v3h6V5zM4 14h10v2H4z",
    PlaceKind.AIRPORT: "M8 2h2v5l6 4v2l-6-2v3l2 1v1H6v-1l2-1v-3l-6 2v-2l6-4z",
    PlaceKind.HOTEL: "M2 4h2v6h12v5h-2v-2H4v2H2zm4 3h9v2H6z",
    PlaceKind.BRIDGE: "M2 6h14v2h-1v7h-2c0-6-8-6-8 0H3V8H2z",
    PlaceKind.JUNCTION: _SQUARE,
    PlaceKind.CROSSING: _SQUARE,
}
"""Symbol of each kind of place: an SVG path in a square of 18."""
