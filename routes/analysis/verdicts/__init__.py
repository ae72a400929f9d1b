"""Verdicts on stated figures, and why a figure may differ."""
