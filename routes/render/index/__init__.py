"""The index of the treks of a folder."""
