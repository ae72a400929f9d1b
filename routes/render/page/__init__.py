"""The map page of a trek."""
