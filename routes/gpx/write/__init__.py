"""Write GPX 1.1."""
