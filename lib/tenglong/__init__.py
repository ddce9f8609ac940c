"""Tenglong (腾笼): maps, target scorecards and bulletins from a county's own tables."""

__version__ = "0.1.0"
