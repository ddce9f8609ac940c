"""Figures that are both published and computed, side by side with their difference."""

import pandas as pd

from tenglong.show import cell
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table


def figure_differences(page: Page, compared: pd.DataFrame) -> Piece:
    """Draw the kit's yearly figures against the published ones.

    Parameters
    ----------
    compared
        What `measure.title.compare.compare` gives: a row a figure and year.
    """
    if compared.empty:
        return Piece(f'<p class="note">{page.word("compare.none")}</p>')
    columns = [
        Column(
            page.word("compare.figure"),
            [cell.text(name[page.language]) for name in compared["name"]],
            is_header=True,
        ),
        Column(page.word("compare.year"), [cell.text(year) for year in compared["year"]]),
        Column(page.word("compare.unit"), [cell.text(unit) for unit in compared["unit"]]),
        *(
            Column(
                page.word(f"compare.{name}"),
                [cell.number(value, sign=name == "difference") for value in compared[name]],
            )
            for name in ("computed", "published", "difference")
        ),
        Column(
            page.word("compare.verdict"),
            [cell.text(page.word(f"compare.{reason}")) for reason in compared["reason"]],
        ),
    ]
    return table(columns, caption=page.word("compare.caption"), name="differences")
