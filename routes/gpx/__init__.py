"""GPX of anybody: read, check, fix and write it; values, no treks."""
