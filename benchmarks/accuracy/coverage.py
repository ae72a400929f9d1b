"""Bias, spread and coverage of estimates with ranges, by source, with 95 % intervals."""

import math
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from scipy.stats import binomtest
from scipy.stats import t as student

from routes.model.estimate import Estimate

T = TypeVar("T")


def known(value: T | None) -> T:
    """A figure that must exist."""
    if value is None:
        msg = "a line of the truth lacks a figure that it should have"
        raise ValueError(msg)
    return value


@dataclass(frozen=True, slots=True)
class Case:
    """An estimate compared with the true value."""

    log: float
    """Logarithm of true over estimated value."""

    held: bool
    """Whether the range contains the true value."""

    source: str


@dataclass(frozen=True)
class Coverage:
    """Estimates compared with true values."""

    cases: list[Case] = field(default_factory=list)

    @property
    def logs(self) -> list[float]:
        """Logarithms of true over estimated values."""
        return [case.log for case in self.cases]

    @property
    def held(self) -> list[bool]:
        """Whether each range contains the true value."""
        return [case.held for case in self.cases]

    @property
    def sources(self) -> list[str]:
        """Sources of the cases."""
        return [case.source for case in self.cases]

    def add(self, truth: float, estimate: Estimate, source: str) -> str:
        """Add a case, and return its table cells."""
        low, high = estimate.p10 or 0.0, estimate.p90 or math.inf
        case = Case(math.log(truth / estimate.value), low <= truth <= high, source)
        self.cases.append(case)
        ours = f"{estimate.value:.0f} ({low:.0f} to {high:.0f})"
        return f"{truth:.0f} | {ours} | {case.log:+.3f} | {'yes' if case.held else 'no'}"

    def of(self, *sources: str) -> "Coverage":
        """Cases of some sources."""
        return Coverage([case for case in self.cases if case.source in sources])

    def text(self) -> str:
        """Bias with its interval (Student's t), standard deviation, coverage with its exact interval."""
        n, logs = len(self.logs), np.array(self.logs)
        spread = float(logs.std(ddof=1)) if n > 1 else math.nan
        half = float(student.ppf(0.975, n - 1)) * spread / math.sqrt(n) if n > 1 else math.nan
        mean = float(logs.mean())
        return (
            f"n {n}, {len(set(self.sources))} sources; bias {mean:+.3f} [{mean - half:+.3f}, {mean + half:+.3f}], "
            f"spread {spread:.3f}; held {held_text(self.held)}"
        )

    def print_all(self, title: str) -> None:
        """Print it for all cases and by source."""
        print(f"\n{title}: {self.text()}")
        for source in dict.fromkeys(self.sources):
            print(f"  {source}: {self.of(source).text()}")


def held_text(held: list[bool]) -> str:
    """Number of ranges that contain the true value, with the exact interval of the share."""
    low, high = binomtest(sum(held), len(held)).proportion_ci(method="exact")
    return f"{sum(held)}/{len(held)} [{low:.0%}, {high:.0%}]"
