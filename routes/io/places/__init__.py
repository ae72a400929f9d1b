"""Lists of named places: read them, and write their verdicts."""
