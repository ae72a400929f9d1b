"""The index page over the treks of a folder."""
