"""Checks of GPX files: the standard, and what apps are known to get wrong."""
