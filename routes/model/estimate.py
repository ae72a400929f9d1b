"""A computed figure with its 80 % range."""

from dataclasses import dataclass


def rounded(value: float | None, digits: int = 1) -> float | None:
    """Round a figure, never to -0.0; an unknown one stays None."""
    return None if value is None else round(value, digits) + 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and, if known, its range from P10 to P90."""

    value: float
    """The figure, in the unit that the field's name states."""

    p10: float | None = None
    """Lower end: the true value is lower with 10 % probability."""

    p90: float | None = None
    """Upper end: the true value is higher with 10 % probability."""

    basis: str = ""
    """Basis of the range."""

    def rounded(self, digits: int = 1, *, divisor: float = 1.0) -> "Estimate":
        """Value and range in a unit `divisor` times as large, rounded."""
        p10, p90 = (None if end is None else round(end / divisor, digits) for end in (self.p10, self.p90))
        return Estimate(round(self.value / divisor, digits), p10, p90, self.basis)

    def columns(self, name: str, unit: str) -> dict[str, float | None]:
        """Value and range as columns of a table.

        Examples
        --------
        >>> Estimate(410.0, 380.0, 455.0).columns("ascent", "m")
        {'ascent_m': 410.0, 'ascent_p10_m': 380.0, 'ascent_p90_m': 455.0}
        """
        return dict(zip(range_columns(name, unit), (self.value, self.p10, self.p90), strict=True))

    def data(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"value": self.value, "p10": self.p10, "p90": self.p90, "basis": self.basis}


def range_columns(name: str, unit: str) -> tuple[str, str, str]:
    """Column names of a figure: its value, P10 and P90."""
    return f"{name}_{unit}", f"{name}_p10_{unit}", f"{name}_p90_{unit}"
