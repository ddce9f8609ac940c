"""The page of innovation: what is short and by when, titles by year, published figures."""

import csv
import io
from datetime import date
from fractions import Fraction
from functools import cache

import pytest

from build import clause, county
from tenglong.measure.clause import IndicatorRef, Kind, Label
from tenglong.measure.title.innovation import innovation_sheet
from tenglong.show.pages import innovation, innovation_titles
from tenglong.source import open_county

PIECES = (
    innovation.headline,
    innovation.duties_table,
    innovation.tracks_figure,
    innovation_titles.titles_table,
    innovation_titles.lost_table,
    innovation_titles.published_table,
    innovation_titles.restated_table,
)
HOLES = ("nan", "nat<", "none<")


def titled(kind, **more):
    ref = IndicatorRef("recognitions", {"kind": "smart_factory", "count": "holders"})
    name = Label("智能工厂", "Smart factories")
    return clause(kind, 3, unit="家", indicator=ref, name=name, **more)


def won(*days, holders="甲乙丙丁", lost=(), clauses=()):
    return county(
        clauses=clauses,
        is_declared=True,
        recognitions={
            "kind": ["smart_factory"] * len(days),
            "holder": list(holders[: len(days)]),
            "recognised_on": list(days),
            "batch": [f"{day[:4]}年" for day in days],
            "item": [None] * len(days),
            "is_lost": [place in lost for place in range(len(days))],
        },
    )


def rows(piece, name):
    return list(csv.DictReader(io.StringIO(piece.csv[f"{name}.csv"])))


@cache
def sheet_of(township="", as_of="2022-06-30", bundle="data/sample"):
    return innovation_sheet(open_county(bundle, as_of), township)


def test_a_yearly_clause_asks_for_what_is_short_in_the_running_year():
    one = innovation_sheet(won("2021-05-01", "2022-03-01", clauses=(titled(Kind.ANNUAL),)))
    assert (one.tracks[0].short, one.tracks[0].due) == (Fraction(2), date(2022, 12, 31))


def test_a_total_asks_for_the_rest_by_the_end():
    one = innovation_sheet(won("2021-05-01", "2022-03-01", clauses=(titled(Kind.CUMULATIVE),)))
    assert (one.tracks[0].short, one.tracks[0].due) == (Fraction(1), date(2023, 12, 31))


def test_a_total_is_drawn_as_it_grew_from_nothing():
    one = innovation_sheet(won("2021-05-01", "2022-03-01", clauses=(titled(Kind.CUMULATIVE),)))
    assert one.tracks[0].points == (
        (date(2020, 12, 31), Fraction(0)),
        (date(2021, 12, 31), Fraction(1)),
        (date(2022, 6, 30), Fraction(2)),
    )


def test_a_clause_about_something_else_is_not_on_the_page():
    ref = IndicatorRef("freed", {"what": "land_mu"})
    other = clause(Kind.CUMULATIVE, 350, unit="亩", indicator=ref)
    assert innovation_sheet(county(clauses=(other,))).tracks == ()


def test_the_unit_that_is_behind_is_told_what_to_bring_and_by_when():
    html = innovation.headline(
        innovation_sheet(won("2022-05-01", clauses=(titled(Kind.CUMULATIVE),)))
    ).html
    assert "县经信局须于2023年12月31日前补齐“智能工厂”2\N{NO-BREAK SPACE}家" in html


def test_a_lost_title_and_one_that_stands_twice_are_listed():
    one = won("2021-05-01", "2021-05-01", "2022-03-01", holders="甲甲甲", lost=(2,))
    shown = rows(innovation_titles.lost_table(innovation_sheet(one)), "innovation_lost")
    assert [row["情况"] for row in shown] == ["已撤销", "同一批次重复，只计一次"]


def test_figures_that_contradict_one_another_are_both_shown():
    shown = rows(innovation_titles.published_table(sheet_of()), "innovation_published")
    assert sorted(float(row["数值"]) for row in shown) == [8640.0, 9980.0]
    assert "技术交易总额（2021）公布数不一致" in innovation.headline(sheet_of()).html


def test_a_township_is_shown_what_it_has_of_the_countys_clauses():
    shown = rows(innovation.duties_table(sheet_of("大峃镇")), "innovation_duties")
    assert "大峃镇" in shown[0]
    whole = rows(innovation.duties_table(sheet_of()), "innovation_duties")
    assert [row["状态"] for row in shown] == [row["状态"] for row in whole]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_every_piece_of_the_sample_is_drawn_without_a_hole(piece, language):
    html = piece(sheet_of(), language=language).html.casefold().replace("finance", "")
    assert not [hole for hole in HOLES if hole in html]


@pytest.mark.parametrize("as_of", ["2020-12-31", "2021-12-31", "2024-03-31"])
@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_every_piece_is_drawn_on_any_day(piece, as_of):
    html = piece(sheet_of(as_of=as_of)).html.casefold()
    assert not [hole for hole in HOLES if hole in html]


def test_a_bundle_of_parcels_alone_says_who_must_supply_what():
    sheet = sheet_of(bundle="data/cambridge")
    html = innovation.headline(sheet).html
    assert "请县经信局提供" in html
    assert all(piece(sheet).html is not None for piece in PIECES)
