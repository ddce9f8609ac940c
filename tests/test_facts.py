"""Facts of clauses without a quantity: told with their day or unit, and never judged."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from click.testing import CliRunner

from build import PLAN_WINDOW, clause, county, flow, series
from drawing import drawn, read, rows
from tenglong.errors import ConfigurationError
from tenglong.measure.board.board import assess_plan, judged_by, told_board, with_facts
from tenglong.measure.clause import FactRef, IndicatorRef, Kind, Label
from tenglong.measure.clearance.rectified import listed_firms_ended, two_high_found
from tenglong.measure.firm.places import within
from tenglong.measure.judge.assessment import Status
from tenglong.measure.judge.fact import Told, tell
from tenglong.measure.league.town import town_board
from tenglong.measure.reading import Coverage, Figure, Gap, Happened, NotKnown, Series
from tenglong.measure.sheet.facts import facts_sheet
from tenglong.run.command.explain import explain
from tenglong.run.command.targets import targets
from tenglong.show.fact import fact_record, fact_text
from tenglong.show.page import Page
from tenglong.show.record import record
from tenglong.source.plan import load_plan

FUND = FactRef(Label("基金设立", "Fund"), IndicatorRef("milestone", {"milestone": "fund"}))
AWARDS = FactRef(
    Label("质量奖", "Awards"), IndicatorRef("recognitions", {"kind": "quality_award"}), "项"
)
DAY = date(2022, 6, 30)


def story(*facts, **more):
    return clause(Kind.NARRATIVE, operator=None, unit="", facts=facts, **more)


def told(reading, ref=FUND, as_of=DAY):
    return tell(ref, reading, window=PLAN_WINDOW, baseline_year=2020, as_of=as_of)


def awarded(*days):
    return {
        "kind": ["quality_award"] * len(days),
        "holder": [f"甲{n}" for n in range(len(days))],
        "recognised_on": list(days),
        "is_lost": [None] * len(days),
    }


def known(one):
    return with_facts(one, assess_plan(one)["x"]).facts


MILESTONES = {"milestone": ["fund"], "happened_on": ["2022-03-01"]}


def test_a_clause_with_facts_has_no_status_no_progress_and_is_not_counted_among_the_judged():
    quantified = clause(
        Kind.CUMULATIVE,
        1,
        id="y",
        unit="项",
        indicator=IndicatorRef("recognitions", {"kind": "quality_award"}),
    )
    one = county(
        clauses=(story(FUND), quantified), milestones=MILESTONES, recognitions=awarded("2021-05-01")
    )
    board = told_board(one, assess_plan(one))
    assert [a.clause.id for a in board.with_facts] == ["x"]
    assert [a.clause.id for a in board.quantified] == ["y"]
    found = board["x"]
    assert (found.status, found.progress, found.pace, found.gap) == (
        Status.NOT_QUANTIFIABLE,
        None,
        None,
        None,
    )
    assert found.reason.code == "only_facts"
    assert not found.status.is_known
    assert not found.status.is_untold


def test_a_milestone_tells_its_day_or_that_nothing_is_on_record():
    page = Page(county())
    assert fact_text(page, told(Happened(date(2022, 3, 1)))) == "2022年3月1日"
    assert fact_text(page, told(Happened(None))) == "台账没有记录"


def test_titles_are_counted_inside_the_window_and_a_kind_never_entered_is_not_zero():
    (fact,) = known(
        county(clauses=(story(AWARDS),), recognitions=awarded("2019-05-01", "2022-05-01"))
    )
    assert (fact.told, fact.value, fact.unit, fact.on) == (Told.COUNTED, 1, "项", DAY)
    (before,) = known(county(clauses=(story(AWARDS),), recognitions=awarded("2019-05-01")))
    assert (before.told, before.value) == (Told.COUNTED, 0)
    rows_of_others = {**awarded("2022-05-01"), "kind": ["rd_centre"]}
    (none,) = known(county(clauses=(story(AWARDS),), recognitions=rows_of_others))
    assert (none.told, none.value) == (Told.NO_RECORD, None)


def test_a_level_stands_beside_that_of_the_baseline_year():
    figures = (
        Figure(date(2020, 12, 31), Fraction(100)),
        Figure(date(2021, 12, 31), Fraction(90)),
        Figure(date(2022, 12, 31), Fraction(80)),  # after the day
    )
    fact = told(Series(figures, "亩"))
    assert (fact.value, fact.on, fact.before) == (90, date(2021, 12, 31), 100)
    said = fact_text(Page(county()), fact).replace("\N{NO-BREAK SPACE}", " ")
    assert said == "2021年12月31日为 90.00 亩，2020年12月31日为 100.00 亩（−10.00 亩）"


@pytest.mark.parametrize(
    ("day", "as_of", "count"),
    [
        ("2020-12-31", DAY, 0),
        ("2021-01-01", DAY, 1),
        ("2022-06-30", DAY, 1),
        ("2022-07-01", DAY, 0),
        ("2023-12-31", date(2024, 5, 1), 1),
        ("2024-01-01", date(2024, 5, 1), 0),
    ],
)
def test_what_came_about_on_the_first_or_last_day_of_the_window_is_counted(day, as_of, count):
    assert told(flow((day, 1), unit="项"), as_of=as_of).value == count


@pytest.mark.parametrize(
    ("known_until", "as_of", "on"),
    [
        (None, DAY, DAY),
        (date(2022, 5, 31), DAY, date(2022, 5, 31)),
        (date(2024, 4, 30), date(2024, 5, 1), PLAN_WINDOW.end),
        (None, date(2024, 5, 1), PLAN_WINDOW.end),
    ],
)
def test_a_count_is_told_of_the_last_day_of_the_window_that_is_known(known_until, as_of, on):
    fact = told(flow(("2021-05-01", 1), unit="项", known_until=known_until), as_of=as_of)
    assert fact.on == on


def test_a_fact_is_told_in_its_own_unit_where_it_has_one():
    ref = replace(FUND, unit="平方米")
    level = told(series("亩", y2020=3, y2021=6), ref)
    assert (level.value, level.before, level.unit) == (4000, 2000, "平方米")
    covered = told(Coverage(Fraction(3), Fraction(6), "亩"), ref)
    assert (covered.value, covered.required, covered.unit) == (2000, 4000, "平方米")
    assert told(flow(("2021-05-01", 3), unit="亩"), ref).value == 2000


@pytest.mark.parametrize(("day", "value"), [("2022-12-30", 90), ("2022-12-31", 80)])
def test_a_level_is_told_from_the_day_on_which_its_period_ends(day, value):
    fact = told(series("亩", y2020=100, y2021=90, y2022=80), as_of=date.fromisoformat(day))
    assert fact.value == value


def test_the_level_of_the_baseline_year_is_found_among_others_and_a_year_without_one_is_passed():
    fact = told(series("亩", y2018=120, y2019=110, y2020=100, y2021=90), as_of=date(2022, 12, 31))
    assert (fact.value, fact.before, fact.before_on) == (90, 100, date(2020, 12, 31))
    later = told(series("亩", y2020=100, y2021=90, y2022=None), as_of=date(2023, 6, 30))
    assert (later.value, later.on) == (90, date(2021, 12, 31))
    none = told(series("亩", y2020=None))
    assert (none.told, none.code) == (Told.UNKNOWN, "no_figure")


def test_a_level_of_the_baseline_year_alone_is_compared_with_nothing():
    fact = told(Series((Figure(date(2020, 12, 31), Fraction(100)),), "亩"))
    assert (fact.value, fact.before) == (100, None)


def test_a_coverage_tells_what_is_done_of_what_is_required():
    page = Page(county())
    said = fact_text(page, told(Coverage(Fraction(1), Fraction(4), "宗")))
    assert said.replace("\N{NO-BREAK SPACE}", " ") == "4 宗中 1 宗，占 25.0 %"
    nothing = told(Coverage(Fraction(0), Fraction(0), "宗"))
    assert (nothing.told, fact_text(page, nothing)) == (Told.NOTHING_REQUIRED, "没有需要办理的")


def test_a_table_that_was_not_supplied_is_named_with_the_unit_that_must_supply_it():
    one = county(clauses=(story(FUND, AWARDS),), is_declared=True, milestones=MILESTONES)
    first, second = known(one)
    assert first.told is Told.HAPPENED
    assert second.told is Told.UNKNOWN
    unit = one.policy["suppliers"]["tables"]["recognitions"]
    assert fact_text(Page(one), second) == f"荣誉与认定未提供，请{unit}提供"
    assert fact_record(Page(one), second)["value"] is None


@pytest.mark.parametrize(
    ("code", "said"),
    [("population_incomplete", "缺失过多"), ("not_published", "未公布或未提供")],
)
def test_why_nothing_is_known_is_said(code, said):
    lacking = told(NotKnown(Gap.NO_DATA, code, "enterprise_years", "rd_wan"))
    assert said in fact_text(Page(county()), lacking)


def test_a_contradiction_is_told_and_not_taken_for_a_gap():
    parts = {"period": "2021", "values": "1 / 2"}
    why = NotKnown(Gap.CONTRADICTORY, "published_twice", "official_series", "value", parts)
    assert "1 / 2" in fact_text(Page(county()), told(why))


def test_a_fact_of_the_county_is_not_told_of_a_township():
    one = county(
        clauses=(story(FUND),),
        milestones=MILESTONES,
        townships={"township": ["330328100"], "name": ["大峃镇"]},
    )
    town = within(one, "大峃镇")
    (fact,) = with_facts(town, town_board(one, town)["x"]).facts
    assert fact_text(Page(town), fact) == "只按全县登记"


def test_the_page_of_targets_lists_facts_apart_from_what_no_table_tells():
    bare = replace(story(), id="z", name=Label("没有事实", "nothing"))
    one = county(clauses=(story(FUND), bare), milestones=MILESTONES)
    piece = drawn("targets", one)["narratives"]
    assert "有事实、方案未设数值" in read(piece)
    assert [(row["条款"], row["事实"], row["情况"]) for row in rows(piece, "facts")] == [
        ("指标", "基金设立", "2022年3月1日")
    ]
    assert [row["条款"] for row in rows(piece, "narratives")] == ["没有事实"]
    assert "2022年3月1日" in read(piece)


def test_the_record_of_a_clause_holds_its_facts():
    one = county(clauses=(story(AWARDS),), recognitions=awarded("2022-05-01"))
    made = record(Page(one), with_facts(one, assess_plan(one)["x"]))
    (fact,) = made["facts"]
    assert {key: fact[key] for key in ("name", "state", "value", "unit", "on")} == {
        "name": "质量奖",
        "state": "counted",
        "value": "1",
        "unit": "项",
        "on": "2022-06-30",
    }
    assert (made["status"], made["progress"]) == ("not_quantifiable", None)
    json.dumps(made)


def test_facts_stand_on_the_page_that_they_belong_to():
    one = county(clauses=(story(FUND, AWARDS),), milestones=MILESTONES, recognitions=awarded())
    (found,) = facts_sheet(one, one, page="innovation").told
    assert [fact.ref for fact in found.facts] == [AWARDS]
    assert facts_sheet(one, one, page="land").told == ()
    with pytest.raises(ConfigurationError, match="did you mean 'land'"):
        facts_sheet(one, one, page="lan")


def test_a_policy_file_that_a_fact_rests_on_is_named_in_its_explanation():
    one = county(clauses=(story(AWARDS),), recognitions=awarded("2022-05-01"))
    _, rules = judged_by(one, one.plan.clauses[0])
    assert "titles" in rules


def test_an_unknown_indicator_of_a_fact_is_refused_with_the_nearest():
    wrong = FactRef(Label("…", "…"), IndicatorRef("mileston"))
    with pytest.raises(ConfigurationError, match="did you mean 'milestone'"):
        known(county(clauses=(story(wrong),)))


PLAN = """
id: tiny
name: {zh: 方案, en: plan}
effective_on: 2022-02-01
window: {start: 2021-01-01, end: 2023-12-31}
baseline_year: 2020
clauses:
  - id: fund
    section: 任务7
    text: 成立产业基金
    name: {zh: 产业基金, en: Fund}
    kind: KIND
    facts:
      - {name: {zh: 基金设立, en: Fund set up}, indicator: {name: milestone, milestone: fund}}
"""


def test_a_plan_gives_facts_to_narratives_only(tmp_path):
    file = tmp_path / "tiny.yml"
    file.write_text(PLAN.replace("KIND", "narrative"), encoding="utf-8")
    (ref,) = load_plan(file).clause("fund").facts
    assert (ref.name.zh, ref.indicator.options) == ("基金设立", {"milestone": "fund"})
    file.write_text(PLAN.replace("KIND", "milestone"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="facts are for kind narrative, not milestone"):
        load_plan(file)


def test_the_terminal_tells_facts_in_the_list_and_down_to_the_rows():
    run = CliRunner()
    listed = run.invoke(targets, ["data/sample", "--as-of", "2022-11-30", "--json"])
    found = {one["id"]: one for one in json.loads(listed.output)}
    assert found["county_industry_fund"]["facts"][0]["state"] == "happened"
    asked = ["data/sample", "county_industry_fund", "--as-of", "2022-11-30"]
    explained = run.invoke(explain, asked)
    assert "县政府产业基金设立：2022年9月7日" in explained.output
    assert "industry_fund" in explained.output


def test_listed_firms_that_break_the_law_are_told_apart_from_the_others():
    one = county(
        clearance_events={
            "usci": ["A", "A", "B", "C", "C"],
            "event": ["listed", "closed", "listed", "listed", "passed"],
            "happened_on": ["2021-03-01", "2021-06-01", "2021-03-01", "2021-03-01", "2021-06-01"],
            "is_illegal": [True, None, True, None, None],
            "evidence": [None, "关停验收1号", None, None, None],
        }
    )
    illegal, others = (listed_firms_ended(one, is_illegal=flag) for flag in (True, False))
    assert (illegal.done, illegal.required) == (1, 2)
    assert (others.done, others.required) == (0, 1)  # C did not check, and brings no evidence


@pytest.mark.parametrize(
    ("what", "count"), [("rectify", 1), ("remove", 1), ("unapproved", 2), ("proposed", 1)]
)
def test_two_high_projects_are_counted_by_what_was_found(what, count):
    one = county(
        projects={
            "project_id": ["R", "V", "gone", "new", "plain"],
            "is_two_high": [True, True, True, True, False],
            "energy_tce": [2000.0] * 5,
            "started_on": ["2022-01-05", "2022-01-05", "2022-01-05", None, "2022-01-05"],
            "assessed_on": ["2022-05-05"] * 3 + [None] * 2,
            "assessment": ["rectify", "remove", "remove", None, None],
            "terminated_on": [None, None, "2022-06-01", None, None],
            "eia_on": ["2022-02-01", None, None, None, None],
            "energy_review_on": ["2021-02-01"] * 5,
        }
    )
    assert two_high_found(one, what=what).figures[0].value == count


def test_a_finding_of_two_high_projects_that_there_is_not_is_refused():
    projects = {"project_id": ["R"], "is_two_high": [True], "energy_tce": [1.0]}
    one = county(projects={**projects, "started_on": ["2022-01-05"]})
    with pytest.raises(ConfigurationError, match="nothing is called 'x'"):
        two_high_found(one, what="x")
