"""The immutable domain model: treks, places, stated figures, lines, grids."""
