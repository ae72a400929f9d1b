"""Colours, labels, relief and scales that all drawings share."""
