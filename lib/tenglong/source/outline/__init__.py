"""Outlines: where they belong, and fit to be measured."""
