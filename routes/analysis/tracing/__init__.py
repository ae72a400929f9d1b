"""Lines for legs: least-time paths, OpenStreetMap's ways, recordings."""
