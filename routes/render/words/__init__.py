"""Word figures and sentences in the reader's units and language."""
