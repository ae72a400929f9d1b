"""Trace lines for legs: over the terrain, along OpenStreetMap, or from a recording."""
