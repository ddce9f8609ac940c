"""Slips of units: values hundreds of times away from what they are held against."""
