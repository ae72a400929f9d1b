"""The domain model, frozen: treks, places, stated figures, lines, grids."""
