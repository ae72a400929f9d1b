"""Write the map page of a trek."""
