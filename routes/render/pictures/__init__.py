"""Draw static pictures: maps and profiles."""
