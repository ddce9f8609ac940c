"""Draw: maps, figures, tables and the page they stand on.

Notebooks write `from tenglong import show` and `show.masthead(...)`.
"""

from importlib import import_module
from typing import Any

from tenglong.show.page import colophon, masthead, title
from tenglong.show.piece import Piece
from tenglong.show.scorecard import headline, scorecard, workings
from tenglong.show.unknowns import narratives, unknowns

__all__ = [
    "Piece",
    "colophon",
    "headline",
    "masthead",
    "narratives",
    "scorecard",
    "title",
    "unknowns",
    "workings",
]

# Name → module, for what brings folium or geopandas: imported when it is used. A name here
# must not be its module's own name, which the import would put in its place.
LATER = {
    "rule_sources": "rules",
    "figure_differences": "differences",
    "parcel_explorer": "parcel_page",
    "parcel_findings": "parcel_page",
    "parcel_picture": "parcel_page",
    "parcels_by_township": "parcel_page",
}


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module 'tenglong.show' has no attribute {name!r}")
    return getattr(import_module(f"tenglong.show.{LATER[name]}"), name)
