"""Public DEMs: tiles, blocks, downloads."""
