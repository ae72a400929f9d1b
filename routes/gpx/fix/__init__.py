"""Clean copies of GPX files."""
