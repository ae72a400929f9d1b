"""Read GPX: fast for plain points, with an XML parser for the rest."""
