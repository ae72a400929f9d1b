"""Plan days within limits, and compare treks."""
