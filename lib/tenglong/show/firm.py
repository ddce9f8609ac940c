"""A firm at the head of a table's row: its name, with its township and industry below."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

from tenglong.measure.clause import Label
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.table import Column

Rows = Sequence[Mapping[Any, Any]]


def firm_columns(
    page: Page, rows: Rows, *, townships: Mapping[str, str], industries: Mapping[str, Label]
) -> list[Column]:
    """Name the firm of each row; in the CSV its code, township and industry have columns.

    Parameters
    ----------
    rows
        Each with `usci`, and `name`, `township` and `industry` where they are known.
    """
    places = [page.name(place_text(townships, row.get("township"))) for row in rows]
    trades = [industry_text(page, industries, row.get("industry")) for row in rows]
    names = [name_of(row) for row in rows]
    drawn = [
        named_cell(name, f"{place} · {trade}")
        for name, place, trade in zip(names, places, trades, strict=True)
    ]
    codes = [cell.text(row["usci"]) for row in rows]
    return [
        Column(page.word("firm.name"), drawn, is_header=True),
        Column(page.word("firm.usci"), codes, in_page=False),
        Column(page.word("firm.township"), list(map(cell.text, places)), in_page=False),
        Column(page.word("firm.industry"), list(map(cell.text, trades)), in_page=False),
    ]


def name_of(row: Mapping[Any, Any]) -> str:
    """Name a firm; by its code where it has no name."""
    name = row.get("name")
    return name if isinstance(name, str) else str(row["usci"])


def named_cell(name: str, where: str) -> Cell:
    """Give a name with a line below it; the CSV has the name alone."""
    return Cell(partial(_named, name, where), cell.as_text(name))


def _named(name: str, where: str) -> str:
    below = f'<span class="where">{escape(where)}</span>'
    return f'<span class="name">{escape(name)}</span>{below}'


def place_text(townships: Mapping[str, str], code: object) -> str:
    """Name a township by its code.

    >>> place_text({"330328100": "大峃镇"}, "330328100"), place_text({}, None)
    ('大峃镇', '…')
    """
    return townships.get(code, code) if isinstance(code, str) else MISSING


def industry_text(page: Page, industries: Mapping[str, Label], code: object) -> str:
    """Name an industry by its code of two to four digits.

    >>> industry_text(Page(example_county()), {"13": Label("农副食品加工业", "Food")}, "1371")
    '农副食品加工业'
    """
    if not isinstance(code, str):
        return MISSING
    label = industries.get(code[:2])
    return label[page.language] if label else code
