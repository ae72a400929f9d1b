"""What the analysis knows of heights: their source, windows of them, one spot."""
