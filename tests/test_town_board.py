"""A plan seen from one township: ratios are judged, amounts stand beside the county's."""

import csv
import io
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, baseline, clause, county, flow, series
from tenglong.errors import UsageError
from tenglong.measure.board.township import beside
from tenglong.measure.clause import Kind, Label
from tenglong.measure.county import Township
from tenglong.measure.judge.assessment import Assessment, Board, Reason, Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.league.town import Basis
from tenglong.measure.period import compared_day
from tenglong.measure.reading import Coverage, Gap, NotKnown
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import trend_cell
from tenglong.show.pages.targets import beside_county, unknowns

JUNE = date(2022, 6, 30)
COUNT = clause(Kind.CUMULATIVE, 20, id="count", unit="家")
LEVEL = clause(Kind.LEVEL, 20, id="level", unit="万元/亩", baseline=baseline(12))
COVERAGE = clause(Kind.COVERAGE, 100, id="coverage")
GROWTH = clause(Kind.GROWTH, 25, id="growth")
TOWN = Township("330328100", Label("大峃镇", "Daxue"))


def board(*pairs):
    judged = tuple(assess(of, reading, as_of=JUNE, bands=BANDS) for of, reading in pairs)
    return Board(JUNE, Fraction(1, 2), judged)


def counted(number):
    return flow(("2021-05-01", number), unit="家")


OWN = board(
    (COUNT, counted(2)),
    (LEVEL, series("万元/亩", y2020=12, y2021=21)),
    (COVERAGE, Coverage(Fraction(1), Fraction(2), "家")),
    (GROWTH, series("万元", y2020=100, y2021=150)),
)
WHOLE = board(
    (COUNT, counted(8)),
    (LEVEL, series("万元/亩", y2020=12, y2021=14)),
    (COVERAGE, Coverage(Fraction(4), Fraction(9), "家")),
    (GROWTH, series("万元", y2020=100, y2021=130)),
)


def unasked(one):
    """Take the judgement from a clause that is not broken down, as a township's board does."""
    return Assessment(
        one.clause,
        Status.NOT_APPLICABLE,
        Reason("county_target"),
        actual=one.actual,
        observed_on=one.observed_on,
    )


RATIOS = ("level", "coverage")
KEPT = (one if one.clause.id in RATIOS else unasked(one) for one in OWN.assessments)
TOWN_BOARD = replace(OWN, assessments=tuple(KEPT))


def test_a_share_of_the_county_is_told_only_where_figures_add_up():
    shares = {one.clause.id: one.share for one in beside(TOWN_BOARD, WHOLE)}
    assert shares == {"count": Fraction(1, 4), "level": None, "coverage": None, "growth": None}


def test_a_share_of_nothing_is_not_told():
    (one,) = beside(board((COUNT, counted(0))), board((COUNT, counted(0))))
    assert one.share is None


def test_a_share_is_told_of_figures_of_one_day_only():
    def known(month):
        return flow(("2021-05-01", 2), unit="家", known_until=date(2022, month, 28))

    apart = beside(board((COUNT, known(2))), board((COUNT, known(4))))
    together = beside(board((COUNT, known(2))), board((COUNT, known(2))))
    assert [one.share for one in (*apart, *together)] == [None, 1]


def test_a_narrative_and_a_clause_that_the_county_has_not_stand_beside_nothing():
    told = replace(COUNT, id="told", kind=Kind.NARRATIVE)
    nothing = NotKnown(Gap.NOT_QUANTIFIABLE, "narrative")
    own = board((COUNT, counted(2)), (told, nothing), (LEVEL, series("万元/亩", y2021=21)))
    found = beside(own, board((told, nothing), (COUNT, counted(8))))
    assert [one.clause.id for one in found] == ["count"]
    assert [one.clause.id for one in beside(TOWN_BOARD, WHOLE) if one.is_judged] == list(RATIOS)


def test_the_page_says_that_quantities_are_the_countys():
    cut = replace(county(), township=TOWN)
    piece = beside_county(Page(cut, "zh"), beside(TOWN_BOARD, WHOLE))
    assert "大峃镇的 4 条中，2 条在乡镇判定" in piece.html
    rows = list(csv.DictReader(io.StringIO(piece.csv["beside_county.csv"])))
    assert [row["本乡镇状态"] for row in rows] == ["", "已达成", "符合序时", ""]
    assert [row["本乡镇目标"] for row in rows] == ["", "20", "100", ""]
    assert rows[0]["占全县"] == "0.25"
    assert "由本工具" not in piece.html


def test_the_page_says_whose_the_shares_are_and_by_what():
    cut = replace(county(), township=TOWN)
    basis = Basis(Label("企业数", "firms"), "count(enterprises)", (Label("淘汰企业", "closed"),))
    unnamed = replace(basis, label=None)
    for one, said in ((basis, "按企业数分解的有淘汰企业"), (unnamed, "enterprises")):
        piece = beside_county(Page(cut, "zh"), beside(TOWN_BOARD, WHOLE), (one,))
        assert "由本工具按比例分解，非方案规定" in piece.html
        assert said in piece.html


def test_a_whole_county_has_no_such_table():
    assert beside_county(Page(county(), "zh"), beside(OWN, WHOLE)).html == ""


def test_what_a_township_is_not_asked_is_not_listed_as_lacking():
    piece = unknowns(Page(county(), "zh"), TOWN_BOARD)
    assert "unknowns.csv" in piece.csv
    assert len(piece.csv["unknowns.csv"].splitlines()) == 1


def test_a_count_is_drawn_from_nothing_to_today():
    drawn = trend_cell(Page(county(), "zh"), OWN["count"]).html
    assert "<svg" in drawn
    assert "2020年12月31日为 0\xa0家，2022年6月30日为 2\xa0家" in drawn


def test_one_figure_is_no_trend():
    one = board((LEVEL, series("万元/亩", y2021=14)))["level"]
    assert trend_cell(Page(county(), "zh"), one).html == "…"


def test_a_year_that_is_running_is_not_drawn_as_a_fall():
    yearly = clause(Kind.ANNUAL, 2, id="yearly", unit="家")
    one = board((yearly, flow(("2021-05-01", 3), unit="家")))["yearly"]
    assert len(one.trend) == 2
    assert trend_cell(Page(county(), "zh"), one).html == "…"


def test_the_day_compared_with_is_the_end_of_the_quarter_before():
    before = date(2022, 3, 31)
    assert compared_day(JUNE, "") == before
    assert compared_day(JUNE, "2020-12-31") == date(2020, 12, 31)
    with pytest.raises(UsageError, match="against must be a day"):
        compared_day(JUNE, "soon")
