"""Pure functions: what a target means, and how each figure is computed."""
