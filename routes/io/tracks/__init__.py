"""Recorded tracks of any format as one model."""
