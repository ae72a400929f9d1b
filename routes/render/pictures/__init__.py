"""Static pictures: maps and profiles."""
