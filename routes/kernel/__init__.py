"""NumPy formulas: arrays in, arrays out, without files, model or printing."""
