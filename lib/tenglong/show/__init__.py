"""Draw: maps, figures, tables and the page they stand on.

A notebook takes what every page has from here (`from tenglong import show`, `show.masthead(...)`),
and what its own page shows from its module in `show.pages`.
"""

from tenglong.show.masthead import colophon, masthead
from tenglong.show.page import Page
from tenglong.show.piece import Piece

__all__ = ["Page", "Piece", "colophon", "masthead"]
