"""Distance, ascent, descent and high points of legs, days and variants."""
