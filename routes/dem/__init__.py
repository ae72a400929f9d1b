"""Elevation models: DEM files, public downloads, vertical datums."""
