"""Parameters of walking time: method, pace, pack, altitude."""

from dataclasses import dataclass
from enum import StrEnum

from routes.errors import ModelError


class Method(StrEnum):
    """Published methods for walking time; formulas and sources are in `routes.kernel.effort`."""

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
    Method.SWISS: "Swiss signposts (Schweizer Wanderwege)",
    Method.NAISMITH: "Naismith with Langmuir's corrections",
    Method.TOBLER: "Tobler's hiking function",
    Method.DIN: "DIN 33466",
    Method.MUNTER: "Munter",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortParameters:
    """Parameters of walking time besides the route; printed with every result."""

    method: Method = Method.SWISS
    """Method whose time is shown first. The Swiss polynomial is fitted to walked sections and used on
    signposts; unlike DIN 33466, its time for a section does not depend on where the route is split."""

    pace: float = 1.0
    """Factor on walking time: 1.2 is 20 % slower than the method says."""

    pack_kg: float = 0.0
    """Pack mass beyond what the methods assume, kilograms."""

    body_kg: float = 70.0
    """Mass of the walker, kilograms; matters only with a pack."""

    is_slower_at_altitude: bool = False
    """Walk slower above 1500 m, as walkers who are not acclimatised."""

    break_min_per_hour: float = 10.0
    """Breaks in a timetable, minutes per hour of walking: 5 to 10 according to
    http://www.freytagberndt.com/de/magazin/wanderung-berechnung-der-gehzeit."""

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
