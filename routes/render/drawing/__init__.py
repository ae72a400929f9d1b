"""Shared parts of all drawings: colours, labels, relief, scales."""
