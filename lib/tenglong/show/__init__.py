"""Draw: maps, figures, tables and the page they stand on.

A notebook takes what every page has from here (`from tenglong import show`, `show.masthead(...)`),
and what its own page shows from its module in `show.pages`.
"""

from tenglong.show.page import colophon, masthead, title
from tenglong.show.piece import Piece

__all__ = ["Piece", "colophon", "masthead", "title"]
