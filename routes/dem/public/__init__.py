"""Download public DEMs, by tile and block."""
