"""Parameters of walking time: method, pace, pack, altitude."""

from dataclasses import dataclass
from enum import StrEnum

from routes.errors import ModelError


class Method(StrEnum):
    """Published methods for walking time; formulas and sources are in `routes.kernel.effort`."""

    CAMPBELL = "campbell"
    SWISS = "swiss"
    NAISMITH = "naismith"
    TOBLER = "tobler"
    DIN = "din"
    MUNTER = "munter"

    @property
    def label(self) -> str:
        """Name for readers."""
        return _LABELS[self]


_LABELS = {
    Method.CAMPBELL: "Campbell and others (2019), walkers",
    Method.SWISS: "Swiss signposts (Schweizer Wanderwege)",
    Method.NAISMITH: "Naismith with Langmuir's corrections",
    Method.TOBLER: "Tobler's hiking function",
    Method.DIN: "DIN 33466",
    Method.MUNTER: "Munter",
}


DEFAULT_METHOD = Method.CAMPBELL
"""Method whose time is shown first: it fits the moving times of four people on 26 days to 5 % each, from towns to
5200 m (docs/accuracy.md). The Swiss polynomial is 28 % too slow on 13 of these days."""


PEOPLE = 0.16
"""Standard deviation of the logarithm of walking time between people and days. Four people differ by 0.13 on 26 days;
percentiles 5 and 25 of Campbell and others (2019) along 13 hikes give 0.18 at most. Chosen between the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortParameters:
    """Parameters of walking time besides the route; printed with every result."""

    method: Method = DEFAULT_METHOD
    """Method whose time is shown first."""

    pace: float = 1.0
    """Factor on walking time: 1.2 is 20 % slower than the method."""

    pack_kg: float = 0.0
    """Pack mass beyond what the methods assume, kilograms."""

    body_kg: float = 70.0
    """Mass of the walker, kilograms; used only with a pack."""

    is_slower_at_altitude: bool | None = None
    """Whether time grows above 1500 m, as for walkers who are not acclimatised. By default only with Campbell's
    method, which fits high walks only this way."""

    break_min_per_hour: float = 10.0
    """Breaks in a timetable, minutes per hour of walking: 5 to 10 according to
    http://www.freytagberndt.com/de/magazin/wanderung-berechnung-der-gehzeit."""

    def thins(self, method: Method) -> bool:
        """Whether time by a method grows above 1500 m."""
        if self.is_slower_at_altitude is None:
            return method is Method.CAMPBELL
        return self.is_slower_at_altitude

    def __post_init__(self) -> None:
        for name, value, low, high in (
            ("pace", self.pace, 0.2, 5.0),
            ("pack_kg", self.pack_kg, 0.0, 60.0),
            ("body_kg", self.body_kg, 20.0, 250.0),
            ("break_min_per_hour", self.break_min_per_hour, 0.0, 60.0),
        ):
            if not low <= value <= high:
                msg = f"{name} must be within {low:g} and {high:g}, not {value:g}."
                raise ModelError(msg)
