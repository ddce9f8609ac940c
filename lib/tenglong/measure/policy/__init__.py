"""Rules that a policy file writes down: read as objects, and evaluated as formulas."""
