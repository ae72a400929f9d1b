"""How walking time is told: by which method, for whom."""

from dataclasses import dataclass
from enum import StrEnum

from routes.errors import ModelError


class Method(StrEnum):
    """Published ways to tell walking time; formulas and sources in `routes.kernel.effort`."""

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
    """What walking time depends on beside the way; printed with every result."""

    method: Method = Method.SWISS
    """Method whose time is shown first. The Swiss polynomial: fitted to walked stretches, in use on signposts, and the
    time of a stretch does not depend on where the way is cut, as it does with DIN 33466."""

    pace: float = 1.0
    """Factor on walking time: 1.2 is a fifth slower than the method says."""

    pack_kg: float = 0.0
    """Mass of a pack beyond what the methods take for granted, kilograms."""

    body_kg: float = 70.0
    """Mass of the walker, kilograms; matters with a pack only."""

    is_slower_at_altitude: bool = False
    """Whether time grows above 1500 m, as for walkers who are not acclimatised."""

    break_min_per_hour: float = 10.0
    """Breaks in a timetable, minutes an hour of walking: 5 to 10 by
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
