"""Length, climb, slopes and high points of legs, days and variants."""
