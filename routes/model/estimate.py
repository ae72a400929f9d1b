"""A figure of ours, with what it may be off by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and, where one is known, the interval from P10 to P90."""

    value: float
    """The figure, in the unit that the name of the field gives."""

    p10: float | None = None
    """One time in ten the truth is lower."""

    p90: float | None = None
    """One time in ten the truth is higher."""

    basis: str = ""
    """What the interval rests on."""
