"""Tables: rows that a link can lead to, and long tables of which the page shows the first rows."""

import csv

import pandas as pd
import pytest

from build import county
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.listing import Field, listing, number
from tenglong.show.page import Page
from tenglong.show.table import Column, table

FIRMS = [Column("企业", [cell.text("甲"), cell.text("乙")], is_header=True)]


def test_a_row_can_be_led_to_by_its_id_and_the_id_is_escaped():
    html = table(FIRMS, caption="企业", name="firms", row_ids=['firm-a"b', "firm-c"]).html
    assert '<tr id="firm-a&quot;b"><th scope="row">甲</th></tr>' in html
    assert '<tr id="firm-c">' in html


def test_a_table_without_ids_has_plain_rows():
    assert html_of(most_rows=None).count("<tr><th scope") == 3


def test_a_long_table_shows_its_first_rows_and_keeps_all_in_the_csv():
    piece = table(FIRMS, caption="企业", name="firms", most_rows=1)
    assert "甲" in piece.html
    assert "乙" not in piece.html
    assert piece.csv["firms.csv"] == "企业\r\n甲\r\n乙\r\n"


@pytest.mark.parametrize(("rows", "shown"), [(30, 20), (3000, 20), (30, 30)])
def test_of_a_long_table_only_the_rows_that_are_shown_are_drawn_and_each_once(rows, shown):
    drawn = []
    cells = [Cell(lambda row=row: f"<b>{drawn.append(row)}</b>", str(row)) for row in range(rows)]
    piece = table([Column("行", cells)], caption="表", name="t", most_rows=shown)
    assert drawn == list(range(shown))
    assert len(piece.csv["t.csv"].splitlines()) == 1 + rows


def test_numbers_of_rows_that_are_not_shown_are_not_printed(monkeypatch):
    printed = []
    monkeypatch.setattr(cell, "figure", lambda value, *_, **__: str(printed.append(value)))
    rows = pd.DataFrame({"area": [0.5 + row for row in range(500)]})
    page = Page(county(), words="land")
    fields = [Field("area", number(1))]
    piece = listing(page, rows, fields, caption="宗地", name="list", most_rows=10)
    assert printed == rows["area"].tolist()[:10]
    assert [row["面积（亩）"] for row in csv.DictReader(piece.csv["list.csv"].splitlines())] == [
        f"{0.5 + row}" for row in range(500)
    ]


class Walked(list):
    """A column that counts how often it is walked."""

    walks = 0

    def __iter__(self):
        self.walks += 1
        return super().__iter__()


def test_a_column_is_walked_as_often_however_many_rows_there_are():
    columns = [Walked([cell.number(row) for row in range(rows)]) for rows in (9, 900)]
    for one in columns:
        table([Column("数", one)], caption="表", name="t")
    few, many = (one.walks for one in columns)
    assert few == many <= 3  # for the CSV, for the page, and whether all are numbers


def test_ids_that_do_not_fit_the_rows_are_refused():
    with pytest.raises(ValueError, match="1 ids for"):
        table(FIRMS, caption="企业", name="firms", row_ids=["a"])


def html_of(**more) -> str:
    return table(FIRMS, caption="企业", name="firms", **more).html
