"""Read lists of named places, and write their verdicts."""
