"""The bulletin: what a month, a quarter or a year is told by, chosen from the data by rules."""
