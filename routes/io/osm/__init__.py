"""Ways on foot from OpenStreetMap: an extract or a server."""
