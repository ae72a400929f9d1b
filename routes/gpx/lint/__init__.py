"""Check GPX files against the standard and known app problems."""
