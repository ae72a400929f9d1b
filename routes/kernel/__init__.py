"""NumPy formulas: arrays in, arrays out; no files, no model, no printing."""
