"""Least-time paths over a grid of heights."""
