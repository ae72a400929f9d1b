"""Add heights to the points of a file, changing nothing else."""
