"""Titles won and lost, and milestones."""
