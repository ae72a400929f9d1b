"""Wording in the reader's units and language."""
