"""Frozen values of the domain: treks, places, stated figures, lines, grids."""
