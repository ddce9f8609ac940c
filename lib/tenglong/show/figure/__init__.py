"""Figures as inline SVG: each with a title and a description, readable in grey."""
