"""What a section of a page cannot show: which table or column is wanting, and who supplies it."""

from html import escape

from tenglong.measure.county import County, Unavailable
from tenglong.show.piece import Piece
from tenglong.show.words import word


def wanting_text(county: County, lacking: Unavailable, language: str) -> str:
    """Say in a sentence what would have to be supplied, and by which unit."""
    table = county.label(lacking.table)[language]
    if lacking.table in county.unplaced:
        return word("wanting.by_township", language, table=table)
    named = table
    if lacking.column:
        column = county.label(lacking.table, lacking.column)[language]
        named = word("wanting.column", language, table=table, column=column)
    policy = county.policy["suppliers"]
    unit = policy["columns"].get(f"{lacking.table}.{lacking.column}")
    unit = unit or policy["tables"].get(lacking.table)
    if unit is None:
        return word("wanting.unit_unknown", language, named=named)
    return word("wanting.supply", language, named=named, unit=unit)


def wanting(county: County, lacking: Unavailable, *, language: str) -> Piece:
    """Draw that sentence in the place of the section."""
    text = escape(wanting_text(county, lacking, language))
    return Piece(f'<div class="finding"><p>{text}</p></div>')
