"""Read recorded tracks of any format into one model."""
