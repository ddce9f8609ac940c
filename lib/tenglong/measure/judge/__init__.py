"""What a clause means: its kind, the clock, the bands, and the status that follows."""
