"""Parcels with the firms on them: their measures in classes, and what needs action."""
