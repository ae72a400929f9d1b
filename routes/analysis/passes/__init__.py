"""Find saddles, and passes without a stated position."""
