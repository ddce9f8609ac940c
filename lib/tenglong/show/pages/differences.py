"""Figures that are both published and computed, side by side with their difference."""

import pandas as pd

from tenglong.show import cell
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word


def figure_differences(compared: pd.DataFrame, *, language: str = "zh") -> Piece:
    """Draw the kit's yearly figures against the published ones.

    Parameters
    ----------
    compared
        What `measure.title.compare.compare` gives: a row a figure and year.
    """
    if compared.empty:
        return Piece(f'<p class="note">{word("compare.none", language)}</p>')
    columns = [
        Column(
            word("compare.figure", language),
            [cell.text(name[language]) for name in compared["name"]],
            is_header=True,
        ),
        Column(word("compare.year", language), [cell.text(year) for year in compared["year"]]),
        Column(word("compare.unit", language), [cell.text(unit) for unit in compared["unit"]]),
        *(
            Column(
                word(f"compare.{name}", language),
                [cell.number(value, sign=name == "difference") for value in compared[name]],
            )
            for name in ("computed", "published", "difference")
        ),
        Column(
            word("compare.verdict", language),
            [cell.text(word(f"compare.{reason}", language)) for reason in compared["reason"]],
        ),
    ]
    return table(columns, caption=word("compare.caption", language), name="differences")
