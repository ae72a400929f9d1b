"""Days that keep limits; treks side by side."""
