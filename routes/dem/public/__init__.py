"""Public DEMs on a server: tiles, blocks, downloads."""
