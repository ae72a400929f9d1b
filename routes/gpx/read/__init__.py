"""Read GPX: bulk where it is plain, carefully where it is not."""
