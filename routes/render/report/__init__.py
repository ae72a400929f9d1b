"""Write reports on a trek, its stated figures, and lists of places."""
