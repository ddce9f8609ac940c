"""Findings: sentences made from data, every number of them in the CSV behind."""

import csv
import io
from datetime import date
from fractions import Fraction

import pytest

from tenglong.show import cell
from tenglong.show.finding import Card, findings
from tenglong.show.sentence import sentence


def rows(piece):
    (text,) = piece.csv.values()
    return list(csv.reader(io.StringIO(text)))[1:]


def test_a_sentence_shows_a_rounded_number_and_keeps_the_exact_one():
    told = sentence("board.sentence_counts", "zh", counts=cell.number(Fraction(10, 3), 1))
    assert told.html == "其中3.3。"
    assert told.values == {"counts": "3.33333333333"}


def test_a_count_has_thousands_and_a_day_is_written_out():
    assert sentence("board.sentence_counts", "zh", counts=12345).html == "其中12,345。"
    told = sentence("board.sentence_counts", "en", counts=date(2022, 6, 30))
    assert told.html == "Of these: 30 June 2022."
    assert told.values == {"counts": "2022-06-30"}


def test_a_hostile_text_is_shown_as_that_very_text():
    told = sentence("board.sentence_counts", "zh", counts="<b>{{ 7*7 }}\0counts\0{x}")
    assert told.html == "其中&lt;b&gt;{{ 7*7 }}\0counts\0{x}。"


def test_parts_are_joined_as_the_language_joins_them_and_keep_their_values():
    parts = [sentence("board.sentence_counts", "zh", counts=n) for n in (1, 2)]
    told = sentence("board.sentence_worst", "zh", worst=parts)
    assert told.html == "最需要推动：其中1。、其中2。。"
    assert told.values == {"worst.1.counts": "1", "worst.2.counts": "2"}


def test_every_number_of_cards_and_sentences_stands_in_the_csv():
    card = Card("已测算", cell.number(48, 0), "条", "good")
    piece = findings(sentence("board.sentence_counts", "zh", counts=7), name="x", cards=[card])
    assert list(piece.csv) == ["x.csv"]
    assert rows(piece) == [["0", "已测算", "48"], ["1", "counts", "7"]]
    assert '<div class="good"><dt>已测算</dt><dd>48 <small>条</small></dd></div>' in piece.html


def test_an_unknown_word_is_named():
    with pytest.raises(ValueError, match="unknown label"):
        sentence("board.sentence_count", "zh")


def test_a_page_without_sentences_has_no_empty_box():
    assert findings(name="x").html == ""
