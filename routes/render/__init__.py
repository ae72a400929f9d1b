"""The map page, the profile drawing and the report."""
