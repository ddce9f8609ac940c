"""Titles won and lost, and figures that others publish."""
