"""The target page's pieces: what a reader sees, and the CSV behind it."""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import BANDS, baseline, clause, county, opened, page_in, series
from drawing import drawn, read
from tenglong.measure.clause import IndicatorRef, Kind, Label, Operator
from tenglong.measure.judge.assessment import Assessment, Board, Reason, Status
from tenglong.measure.judge.kinds import assess
from tenglong.measure.reading import Coverage, Flow, Happened, Open, Series
from tenglong.measure.reading import Figure as Value
from tenglong.show.amount import promise_text
from tenglong.show.assessed import reason_text, target_text, working_text
from tenglong.show.figure.inline import bullet
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import headline, scorecard, workings
from tenglong.show.pages.targets import unknowns
from tenglong.show.record import record
from tenglong.show.words import catalogue, word

HOSTILE = "{{ 7*7 }}{% x %}<img src=x onerror=alert(1)></script>"
DAY = date(2022, 6, 30)
LEVEL = clause(Kind.LEVEL, 20, id="level", unit="万元/亩", baseline=baseline(12))
COUNT = clause(Kind.CUMULATIVE, 20, id="count", unit="家", name=Label("淘汰", "closed"))
MISSING = clause(
    Kind.CUMULATIVE, 5, id="none", unit="家", indicator=IndicatorRef("freed", {"what": "land_mu"})
)


def level(value: str) -> Assessment:
    reading = Series((Value(date(2021, 12, 31), Fraction(value)),), "万元/亩")
    return assess(LEVEL, reading, as_of=DAY, bands=BANDS)


def count(number: int) -> Assessment:
    reading = Flow(((date(2021, 5, 1), Fraction(number)),), "家")
    return assess(COUNT, reading, as_of=DAY, bands=BANDS)


LACKING = replace(
    Assessment(MISSING, Status.NO_DATA, Reason("no_table")), missing=("clearance_events", "")
)
BOARD = Board(DAY, Fraction(1, 2), (level("13"), count(15), LACKING))


def rows(piece, name):
    return list(csv.DictReader(io.StringIO(piece.csv[name])))


def test_the_headline_counts_what_is_measured():
    html = headline(Page(county(), "zh"), BOARD).html
    assert "可量化 3 条，已测算 2 条" in html
    assert "序时进度 50.0\xa0%" in html


def test_the_worst_is_named_with_its_gap_and_its_lead():
    html = headline(Page(county(), "zh"), BOARD).html
    assert "指标滞后，落后序时 20.8\xa0个百分点，由县经信局牵头" in html


def test_a_board_with_nothing_measured_says_so():
    board = Board(DAY, Fraction(1, 2), (LACKING,))
    assert "现有数据不足以测算任何一条" in headline(Page(county(), "zh"), board).html


def test_what_needs_a_push_comes_first():
    ids = [row["id"] for row in rows(scorecard(Page(county(), "zh"), BOARD), "targets.csv")]
    assert ids == ["level", "none", "count"]


def test_the_csv_holds_the_exact_numbers():
    first = rows(scorecard(Page(county(), "zh"), BOARD), "targets.csv")[0]
    assert (first["progress"], first["gap"], first["status"]) == (
        "0.125",
        "-0.208333333333",
        "behind",
    )


def test_missing_is_an_ellipsis_and_never_zero():
    html = scorecard(Page(county(), "zh"), Board(DAY, Fraction(1, 2), (LACKING,))).html
    assert "…" in html
    assert ">0<" not in html


def test_the_working_can_be_redone_by_hand():
    assert working_text(page_in("zh"), level("14")).replace("\xa0", " ") == (
        "进度 =（14.00 万元/亩 − 12.00 万元/亩）÷（20.00 万元/亩 − 12.00 万元/亩）= 25.0 %；"
        "2021年12月31日序时 33.3 %，差 −8.3 个百分点；"
        "已平均每月增加 0.17 万元/亩，其后每月需增加 0.25 万元/亩"
    )


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ({"y2020": 60, "y2021": 46}, "已平均每月减少 1.17 家，其后每月需减少 1.92 家"),
        ({"y2020": 60, "y2021": 60}, "已平均每月没有变动，其后每月需减少 2.50 家"),
        ({"y2020": 60, "y2021": 72}, "已平均每月增加 1 家，其后每月需减少 3 家"),
    ],
)
def test_what_falls_is_said_to_fall_and_not_to_advance_by_less_than_nothing(years, said):
    of = clause(Kind.CLEAR_OUT, 0, operator=Operator.AT_MOST, unit="家", baseline=baseline(60))
    judged = assess(of, series("家", **years), as_of=date(2021, 12, 31), bands=BANDS)
    assert said in working_text(page_in("zh"), judged).replace("\xa0", " ")
    assert "−1" not in working_text(page_in("en"), judged).split(";")[-1]


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2021", "2021年同日公布", "values of 2021 published"),
        ("2022Q2", "2022年第二季度同日公布", "Q2 2022"),
    ],
)
def test_a_period_that_was_published_twice_is_named_as_it_is_read(period, zh, en):
    reason = Reason("published_twice", {"period": period, "values": "1 / 2"})
    told = Assessment(LEVEL, Status.CONTRADICTORY, reason)
    assert reason_text(page_in("zh"), told).startswith(zh)
    assert en in reason_text(page_in("en"), told)


def test_a_target_shows_its_operator_and_unit():
    assert target_text(page_in("zh"), count(1)) == "≥ 20 家"


@pytest.mark.parametrize(
    ("kind", "target", "operator", "unit", "zh", "en"),
    [
        (Kind.CHANGE, -9, Operator.AT_MOST, "%", "下降 9 % 以上", "down by 9 % or more"),
        (Kind.CLEAR_OUT, 0, Operator.AT_MOST, "家", "全面出清", "all cleared out"),
        (Kind.SHARE, "1/3", Operator.AT_LEAST, "", "不低于三分之一", "at least 1/3"),
        (Kind.LEVEL, "2.3", Operator.MORE_THAN, "%", "> 2.3 %", "> 2.3 %"),
    ],
)
def test_a_promise_is_said_as_an_official_text_says_it(kind, target, operator, unit, zh, en):
    of = clause(kind, target, operator=operator, unit=unit)
    assert promise_text(page_in("zh"), of) == zh
    assert promise_text(page_in("en"), of) == en


def test_an_indicator_that_was_not_published_is_known_by_its_clause():
    reason = Reason("not_published", {"indicator": "technology_transactions_wan"})
    lacking = Assessment(
        replace(COUNT, name=Label("技术交易总额", "deals")), Status.NO_DATA, reason
    )
    assert reason_text(page_in("zh"), lacking) == "没有公布数据：技术交易总额"


def test_the_csv_names_all_that_is_open_of_a_duty_and_the_day_whose_pace_is_used():
    things = tuple(Open(f"项目{n}", date(2022, 5, n), date(2022, 6, n)) for n in range(1, 8))
    of = clause(Kind.COVERAGE, 100, is_standing=True)
    one = assess(
        of, Coverage(Fraction(1), Fraction(8), "个", opened=things), as_of=DAY, bands=BANDS
    )
    told = record(page_in("zh"), one)
    assert len(told["opened"]) == 7
    assert told["opened"][0] == {"name": "项目1", "since": "2022-05-01", "until": "2022-06-01"}
    assert "项目5" in working_text(page_in("zh"), one)
    assert "项目6" not in working_text(page_in("zh"), one)
    assert record(page_in("zh"), level("14"))["paced_on"] == "2021-12-31"


def test_what_is_not_broken_down_to_a_township_is_not_called_unknown():
    whole = opened("data/sample", "2022-06-30")
    said = read(drawn("targets", whole, township="大峃镇")["headline"])
    waiting, untold = map(
        int,
        re.search(r"另有 (\d+) 条未分解到乡镇、未到期或不适用，(\d+) 条暂不能判定", said).groups(),
    )
    assert waiting > untold


def test_an_unknown_names_what_is_lacking_and_who_must_supply_it():
    html = unknowns(Page(county(), "zh"), BOARD).html
    assert "clearance_events" in html
    assert "县经信局" in html


def test_a_clause_named_by_an_attacker_is_shown_as_that_very_text():
    named = replace(COUNT, name=Label(HOSTILE, HOSTILE), text=HOSTILE)
    reading = Flow(((date(2021, 5, 1), Fraction(15)),), "家")
    one = assess(named, reading, as_of=DAY, bands=BANDS)
    board = Board(DAY, Fraction(1, 2), (one,))
    for piece in (
        scorecard(Page(county(), "zh"), board),
        workings(Page(county(), "zh"), board),
        headline(Page(county(), "zh"), board),
    ):
        assert "<img" not in piece.html
        assert "49" not in piece.html
    assert "{{ 7*7 }}{% x %}&lt;img" in scorecard(Page(county(), "zh"), board).html


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_has_words(language):
    codes = [key for key in catalogue() if key.startswith("reason.")]
    assert all(catalogue()[key][language] for key in codes)
    assert reason_text(Page(county(), language), LACKING)


@pytest.mark.parametrize(
    ("progress", "mark"), [(Fraction(3, 2), "over"), (Fraction(-1, 4), "back")]
)
def test_a_bar_marks_overflow_and_regress(progress, mark):
    assert f'class="{mark}"' in bullet(page_in("zh"), progress, Fraction(1, 2), status="behind")


def test_a_bar_never_leaves_its_row():
    drawn = bullet(page_in("zh"), Fraction(50), Fraction(1), status="ahead")
    assert float(re.search(r'class="bar".*? width="([\d.]+)"', drawn)[1]) <= 160


def test_a_record_names_all_that_a_machine_needs():
    told = record(Page(county(), "zh"), level("14"))
    assert {
        "id",
        "text",
        "kind",
        "operator",
        "target",
        "unit",
        "actual",
        "progress",
        "pace",
        "gap",
        "status",
        "reason",
        "leading_unit",
        "components",
    } <= set(told)
    assert told["components"]["baseline"] == 12


def test_a_coverage_tells_its_counts():
    of = clause(Kind.COVERAGE, 100)
    one = assess(of, Coverage(Fraction(4), Fraction(9), "家"), as_of=DAY, bands=BANDS)
    assert "完成率 = 4 ÷ 9 = 44.4\xa0%" in working_text(page_in("zh"), one)


def test_a_milestone_has_no_working_to_make_up():
    of = clause(Kind.MILESTONE)
    one = assess(of, Happened(date(2022, 4, 12)), as_of=DAY, bands=BANDS)
    assert working_text(page_in("zh"), one) == ""


def test_the_clauses_of_an_english_card_follow_their_number():
    told = {n: word("board.clauses", "en", n=n) for n in (0, 1, 2)}
    assert told == {0: "clauses", 1: "clause", 2: "clauses"}
    assert word("board.clauses", "zh", n=1) == "条"
