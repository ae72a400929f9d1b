"""Files whose points get heights; all else in them stays as it is."""
