"""Lists, declared: of each column its word, where it comes from, and how it is drawn."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from operator import attrgetter
from typing import Any

import pandas as pd

from tenglong.measure.clause import Label
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import known, marked
from tenglong.show.finding import findings
from tenglong.show.number import JOINER, MISSING, POINT, figure, percent, plain, unit_text
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table

Draw = Callable[[Page, Any], Cell]
Tell = Callable[[Page, Any], str]
Rows = pd.DataFrame | Sequence[Any]


def text(page: Page, value: Any) -> Cell:
    """Draw a text; "…" where it is missing."""
    return cell.text(page.name(known(value)))


def day(page: Page, value: Any) -> Cell:
    """Draw a date as 2022-06-30."""
    del page
    return cell.date_of(value)


def number(decimals: int, *, sign: bool = False) -> Draw:
    """Draw numbers with so many decimals."""
    return lambda page, value: cell.entry(value, decimals, sign=sign)  # noqa: ARG005 - a Draw


whole = number(0)


def coded(group: str) -> Draw:
    """Draw a code by its word, `<group>.<code>`; "…" where there is none."""
    return lambda page, code: text(
        page, page.word(f"{group}.{code}") if isinstance(code, str) else None
    )


def all_coded(group: str) -> Draw:
    """Draw several codes by their words, joined."""
    return lambda page, codes: text(
        page, page.joined(page.word(f"{group}.{code}") for code in codes)
    )


def choice(table: str, column: str) -> Draw:
    """Draw a code of a column of choices by what people call it."""
    return lambda page, code: text(
        page, page.choice(table, column, code) if isinstance(code, str) else None
    )


def named(names: Mapping[str, str]) -> Draw:
    """Draw a code by its name; a code that has none stands as it is."""
    return lambda page, code: text(page, names.get(code, code))


def label(page: Page, name: Label | None) -> Cell:
    """Draw a name in the page's language; "…" where there is none."""
    return text(page, page.told(name) if name else None)


def share(page: Page, value: Any) -> Cell:
    """Draw a share as per cent; the CSV has the share itself."""
    del page
    return Cell(partial(percent, value), plain(value), is_number=True)


def state(group: str, marks: Mapping[str, tuple[str, str]]) -> Draw:
    """Draw a code by its word, with a tone and a shape where it has some."""

    def draw(page: Page, code: str) -> Cell:
        label = page.word(f"{group}.{code}")
        return marked(label, *marks[code]) if code in marks else cell.text(label)

    return draw


def noted(group: str) -> Draw:
    """Draw several codes by their words, each a clause of its own."""
    return lambda page, codes: text(
        page, page.clauses(page.word(f"{group}.{code}") for code in codes)
    )


def points(*, sign: bool = False) -> Draw:
    """Draw a share, or a difference of shares, in hundredths; the CSV has them too.

    What is not the whole is not drawn as 100.0, what is not nothing not as 0.0.
    """

    def draw(page: Page, share: Fraction | None) -> Cell:
        del page
        hundredths = None if share is None else share * 100
        shown = partial(figure, hundredths, 1, sign=sign, limits=(Fraction(0), Fraction(100)))
        return Cell(shown, plain(hundredths), is_number=True)

    return draw


def unit(page: Page, value: str | None) -> Cell:
    """Draw a unit as the page's language has it; "…" where there is none."""
    return text(page, unit_text(value, page.language) if value else MISSING)


def difference(page: Page, value: tuple[Any, str | None]) -> Cell:
    """Draw how far two figures of a unit are apart: of per cent, in percentage points."""
    apart, of = value
    drawn = number(3, sign=True)(page, apart)
    if of != "%" or drawn.html == MISSING:
        return drawn
    return replace(drawn, drawn=f"{drawn.html}{JOINER}{unit_text(POINT, page.language)}")


def pairs(name: str) -> Callable[[pd.DataFrame], list[tuple[Any, str | None]]]:
    """Take a column of differences together with the unit of each row."""
    return lambda rows: list(zip(rows[name], rows["unit"], strict=True))


def filled(page: Page, value: str | None) -> Cell:
    """Draw a text; "…" where it is missing or empty."""
    return text(page, value or MISSING)


def itself(row: Any) -> Any:
    """Give a row as it is, for what is drawn of all of it."""
    return row


@dataclass(frozen=True)
class Field:
    """One column of a list.

    Attributes
    ----------
    name
        Its word: `.column.<name>` of the page's own words, or a whole key (it has a dot).
    draw
        How an entry is drawn, or what is said of it in a text.
    of
        Where it comes from: a column of the frame, or a key or path of attributes of each row; a
        function makes it from the frame, or from each row. Where empty, what has its name, or
        the last part of it.
    label
        What it is called where no word of ours does: the name of a county, say.
    """

    name: str
    draw: Draw | Tell = text
    of: str | Callable[[Any], Any] = ""
    is_header: bool = False
    in_csv: bool = True
    in_page: bool = True
    css: str = ""
    label: str = ""

    def column(self, page: Page, rows: Rows) -> Column:
        """Draw it for these rows."""
        key = self.name if "." in self.name else f".column.{self.name}"
        drawn = [self.draw(page, value) for value in self._values(rows)]
        cells = [one if isinstance(one, Cell) else cell.text(page.name(one)) for one in drawn]
        label = self.label or page.word(key)
        return Column(label, cells, self.is_header, self.in_csv, self.in_page, css=self.css)

    def _values(self, rows: Rows) -> Iterable[Any]:
        of = self.of or self.name.rpartition(".")[2]
        if isinstance(rows, pd.DataFrame):
            values: Iterable[Any] = rows[of].tolist() if isinstance(of, str) else of(rows)
            return values
        return [_part(row, of) if isinstance(of, str) else of(row) for row in rows]


def _part(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else attrgetter(name)(row)


def listing(  # noqa: PLR0913 - the parts of a table, by name only
    page: Page,
    rows: Rows,
    fields: Iterable[Field | Column],
    *,
    caption: str,
    name: str,
    note: str = "",
    nothing: str | Piece = "",
    most_rows: int | None = None,
    row_ids: Sequence[str] = (),
) -> Piece:
    """Draw a list, see `show.table.table`.

    Parameters
    ----------
    fields
        Its columns; one that several pages draw alike may come drawn.
    nothing
        What stands in its place where there are no rows: a sentence, by its key of words, or a
        piece.
    note
        A line below it; how many rows it has in all is said where the page does not show them.

    >>> rows = pd.DataFrame({"parcel": ["A1"], "area_mu": [2.5]})
    >>> fields = [Field("parcel", is_header=True), Field("area", number(1), "area_mu")]
    >>> page = Page(example_county(), words="land")
    >>> listing(page, rows, fields, caption="宗地", name="list").csv["list.csv"].splitlines()
    ['地块,面积（亩）', 'A1,2.5']
    """
    if nothing and not len(rows):
        return nothing if isinstance(nothing, Piece) else nothing_here(page, nothing, name)
    more = ""
    if most_rows is not None and len(rows) > most_rows:
        more = page.word("table.more", rows=len(rows))
    columns = [field if isinstance(field, Column) else field.column(page, rows) for field in fields]
    return table(
        columns,
        caption=caption,
        name=name,
        note=" ".join(filter(None, (note, more))),
        row_ids=row_ids,
        most_rows=most_rows,
    )


def nothing_here(page: Page, key: str, name: str, **values: Any) -> Piece:
    """Say in the place of a piece that there is nothing to show, in a sentence of its own."""
    return findings(page.sentence(key, **values), name=name)
