"""Tests of heights."""
