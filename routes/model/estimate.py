"""A computed figure with its interval."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and, if known, its interval from P10 to P90."""

    value: float
    """The figure, in the unit that the field's name states."""

    p10: float | None = None
    """Lower end: the true value is lower with 10 % probability."""

    p90: float | None = None
    """Upper end: the true value is higher with 10 % probability."""

    basis: str = ""
    """Basis of the interval."""
