"""Passes: their saddles, positions and views."""
