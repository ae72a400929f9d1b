"""Heights for the analysis: their source, windows, single positions."""
