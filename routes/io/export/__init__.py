"""Write a finished study as JSON, CSV, GPX, KML, FIT and geodata."""
