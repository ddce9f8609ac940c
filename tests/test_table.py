"""Tables: rows that a link can lead to, and long tables of which the page shows the first rows."""

import pytest

from tenglong.show import cell
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


def test_ids_that_do_not_fit_the_rows_are_refused():
    with pytest.raises(ValueError, match="1 ids for"):
        table(FIRMS, caption="企业", name="firms", row_ids=["a"])


def html_of(**more) -> str:
    return table(FIRMS, caption="企业", name="firms", **more).html
