"""Fixtures of the mirror, built once a session for all modules."""

from tests.dem.mirror import mirror_root, plane_root

__all__ = ["mirror_root", "plane_root"]
