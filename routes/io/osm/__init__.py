"""Paths from OpenStreetMap: from an extract or a server."""
