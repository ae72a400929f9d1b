"""Passes: saddles and missing positions."""
