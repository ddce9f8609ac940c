"""One clause of one township on one day: the same verdict on every page that tells it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from build import POLICY, baseline, clause, county
from drawing import drawn, rows
from tenglong.measure.bulletin.points import duties
from tenglong.measure.clause import IndicatorRef, Kind, Label, Operator
from tenglong.measure.firm.places import places, within
from tenglong.measure.judge.assessment import Status
from tenglong.measure.league.items import item_rows
from tenglong.measure.league.ranking import league
from tenglong.measure.league.town import (
    is_of_nobody,
    shared_by,
    town_board,
    town_rule,
    town_verdict,
)
from tenglong.measure.reading import Evidence, Gap, NotKnown
from tenglong.measure.sheet.league import league_sheet
from tenglong.show.page import Page
from tenglong.show.pages.league import headline

TAX = clause(
    Kind.LEVEL,
    20,
    id="tax_per_mu",
    unit="万元/亩",
    name=Label("规上工业亩均税收", "tax"),
    baseline=baseline(10),
    indicator=IndicatorRef(
        "firm_ratio",
        {"numerator": "tax", "denominator": "land_mu", "scope": "above_scale_industry"},
    ),
)
CLOSED = clause(
    Kind.CUMULATIVE,
    3,
    id="firms_closed",
    unit="家",
    name=Label("淘汰落后产能企业", "closed"),
    indicator=IndicatorRef("cleared_firms", {"event": "closed"}),
)
SPENT = clause(
    Kind.CUMULATIVE,
    2000,
    id="spent",
    unit="万元",
    name=Label("制造业投资", "investment"),
    indicator=IndicatorRef("investment", {}),
)
PLACED = clause(
    Kind.CUMULATIVE,
    5,
    id="unshared",
    unit="个",
    name=Label("落地项目", "landed"),
    indicator=IndicatorRef("projects_reached", {"stage": "landed_on"}),
)
CODES = ("t1", "t2", "t3")
THIRD = Fraction(1, 3)
BASIS = {"zh": "清单企业数", "en": "listed firms"}
LISTED = {"table": "clearance_events", "distinct": "usci", "where": 'event == "listed"'}


def item(of, unit, target):
    return {
        "name": {"zh": of.name.zh, "en": of.name.en},
        "weight": 1,
        "unit": unit,
        "clause": of.id,
        "target": target,
    }


def shared(of, by=LISTED):
    return {"share_of_county": {"clause": of.id, "basis": BASIS, "by": by}}


def policy(**items):
    leagues = POLICY["league"]["leagues"]
    towns = leagues["townships"]
    kept = {**towns, "least_members": 1, "least_items": 1, "bonuses": {}, "deductions": {}}
    own = {**leagues, "townships": {**kept, "items": items}}
    return {**POLICY, "league": {"source": "…", "leagues": own}}


ITEMS = {
    "tax": item(TAX, "万元/亩", {"each": 20}),
    "closed": item(CLOSED, "家", shared(CLOSED)),
    "spent": item(SPENT, "万元", {"by": {"t1": 500, "t2": 1500}}),
}


def towns(day, *, closed=("A",), tax=14.0, months=("2021-06",), items=None):
    """Three towns with a firm each; two firms of t1 and one of t2 are on the list."""
    firms = ["A", "B", "C", "D"]
    where = ["t1", "t1", "t2", "t3"]
    listed = ["A", "B", "C"]
    events = [(usci, "2021-02-01", "listed") for usci in listed]
    events += [(usci, "2021-05-01", "closed") for usci in closed]
    above = {"is_above_scale": [True] * 4, "land_mu": [1.0] * 4}
    return county(
        day,
        (TAX, CLOSED, SPENT, PLACED),
        policy=policy(**(items or ITEMS)),
        townships={"township": CODES, "name": ["甲镇", "乙镇", "丙镇"]},
        enterprises={"usci": firms, "township": where, "industry": ["3441"] * 4},
        enterprise_years={
            "usci": firms * 2,
            "year": [2020] * 4 + [2021] * 4,
            "tax_paid_wan": [10.0] * 4 + [tax] * 4,
            **{name: values * 2 for name, values in above.items()},
        },
        clearance_events={
            "usci": [usci for usci, *_ in events] + ["D"] * 2 * ("D" in closed),
            "happened_on": [on for _, on, _ in events] + ["2021-02-01"] * 2 * ("D" in closed),
            "event": [step for *_, step in events] + ["listed"] * 2 * ("D" in closed),
            "evidence": ["验收"] * (len(events) + 2 * ("D" in closed)),
        },
        projects={
            "project_id": ["P", "Q"],
            "township": ["t1", "t2"],
            "is_manufacturing": [True, True],
            "landed_on": ["2021-03-01", "2021-03-01"],
        },
        project_months={
            "project_id": ["P"] * len(months) + ["Q"],
            "month": [*months, day[:7]],
            "invested_wan": [300.0] * len(months) + [1500.0],
        },
    )


def three(known, code):
    """Give by clause its status on 目标进度, on 赛马 and in the bulletin."""
    own, standing = within(known, code), league(known, "townships")
    board, said = town_board(known, own), duties(known, standing, own.township)
    scored = {row.judged.clause.id: row.status for row in standing[code].rows if row.judged}
    return {
        name: (board[name].status.value, status, said[name].status.value)
        for name, status in scored.items()
    }


@pytest.mark.parametrize("day", ["2021-12-31", "2022-03-31", "2022-11-30", "2023-12-31"])
@pytest.mark.parametrize("tax", [2.0, 14.0, 30.0])
@pytest.mark.parametrize("code", CODES)
def test_all_three_say_the_same(day, tax, code):
    found = three(towns(day, tax=tax), code)
    assert "tax_per_mu" in found
    for name, statuses in found.items():
        assert len(set(statuses)) == 1, name


def test_a_level_is_judged_on_its_way_and_not_by_a_naive_ratio():
    """From 10 to 20, 13 is three tenths of the way and 65 % of the target."""
    found = three(towns("2022-06-30", tax=13.0), "t1")
    assert found["tax_per_mu"] == ("on_track",) * 3
    assert three(towns("2022-06-30", tax=8.0), "t1")["tax_per_mu"] == ("far_behind",) * 3


def test_what_is_shared_out_is_judged_against_the_townships_own_target():
    known = towns("2022-12-31")
    board = town_board(known, within(known, "t1"))
    one = board["firms_closed"]
    assert (one.target, one.actual, one.progress) == (2, 1, Fraction(1, 2))
    assert one.status is Status.ON_TRACK  # of two, one is due after two thirds of the time


def test_what_is_not_broken_down_keeps_its_figure_and_has_no_verdict():
    known = towns("2022-12-31")
    one = town_board(known, within(known, "t1"))["unshared"]
    assert (one.status, one.reason.code) == (Status.NOT_APPLICABLE, "county_target")
    assert (one.actual, one.progress, one.gap) == (1, None, None)


def test_a_target_of_zero_is_no_task_and_what_was_brought_is_named():
    items = {**ITEMS, "closed": item(CLOSED, "家", {"by": {"t1": 3, "t2": 0}})}
    known = towns("2022-12-31", closed=("A", "C"), items=items)
    one = town_board(known, within(known, "t2"))["firms_closed"]
    assert (one.status, one.reason.code, one.actual) == (Status.NOT_APPLICABLE, "no_task", 1)
    row = next(row for row in league(known, "townships")["t2"].rows if row.item == "closed")
    assert (row.code, row.actual, row.progress, row.completion) == ("no_task", 1, None, None)
    sheet = league_sheet(known, known, on=lambda day: replace(known, as_of=day))
    said = headline(Page(known, "zh", "league"), sheet).html
    assert "无此任务而有实绩的：乙镇（淘汰落后产能企业 1\xa0家）" in said


def test_what_nobody_asked_and_nobody_did_is_not_told():
    known = towns("2022-12-31", items={**ITEMS, "closed": item(CLOSED, "家", {"by": {"t2": 0}})})
    sheet = league_sheet(known, known, on=lambda day: replace(known, as_of=day))
    assert "无此任务而有实绩" not in headline(Page(known, "zh", "league"), sheet).html


def test_what_is_done_where_nothing_is_due_yet_is_complete():
    known = towns("2021-06-30")
    rows = {row.item: row for row in league(known, "townships")["t1"].rows}
    assert (rows["closed"].pace, rows["closed"].completion) == (0, 1)
    idle = {row.item: row for row in league(towns("2021-06-30", closed=()), "townships")["t1"].rows}
    assert (idle["closed"].code, idle["closed"].completion) == ("not_due", None)


def test_a_month_in_which_a_township_has_nothing_is_reported_all_the_same():
    """The county's table reaches to the day; that of the township ends a year before."""
    known = towns("2022-12-31", months=("2021-06", "2021-12"))
    one = town_board(known, within(known, "t1"))["spent"]
    assert (one.status, one.actual) == (Status.ON_TRACK, 600) or one.status is Status.ACHIEVED
    assert one.observed_on == date(2022, 12, 31)


def test_only_what_the_kit_shared_out_is_called_the_kits():
    (basis,) = shared_by(town_rule(towns("2022-06-30")))
    assert (basis.label.zh, [name.zh for name in basis.names]) == ("清单企业数", [CLOSED.name.zh])
    own = {**ITEMS, "closed": item(CLOSED, "家", {"by": {"t1": 3}})}
    assert shared_by(town_rule(towns("2022-06-30", items=own))) == ()


@pytest.mark.parametrize("page_id", ["targets", "league", "bulletin"])
def test_each_page_says_that_the_shares_are_the_kits(page_id):
    own = {**ITEMS, "closed": item(CLOSED, "家", {"by": {"t1": 3}})}
    said = "由本工具按比例分解，非方案规定：按清单企业数分解的有淘汰落后产能企业"
    for items, is_said in ((ITEMS, True), (own, False)):
        known = towns("2022-06-30", items=items)
        html = drawn(page_id, known, township="甲镇").html
        assert (said in html) == is_said


def test_the_pages_print_one_status():
    known = towns("2022-11-30", tax=8.0)
    found = {}
    for page_id, piece, name, head in (
        ("targets", "beside_county", "beside_county", "本乡镇状态"),
        ("league", "score_sheets townships", "league_townships_sheets", "状态"),
        ("bulletin", "targets", "bulletin_targets", "状态"),
    ):
        page = drawn(page_id, known, township="甲镇")
        listed = rows(page[piece], name)
        found[page_id] = next(
            row[head] for row in listed if TAX.name.zh in (row.get("条款"), row.get("事项"))
        )
    assert set(found.values()) == {"严重滞后"}, found


def changed(known, table, column, row, value):
    """Give a county with one cell of a table changed."""
    frame = known.tables[table].copy()
    frame.loc[row, column] = value
    return replace(known, tables={**known.tables, table: frame})


def test_a_slip_stops_all_three_in_its_township_and_none_in_another():
    known = changed(towns("2022-06-30"), "enterprise_years", "tax_paid_wan", 4, 14000.0)
    assert three(known, "t1")["tax_per_mu"] == ("contradictory",) * 3
    assert "contradictory" not in three(known, "t2")["tax_per_mu"]
    one = town_board(known, within(known, "t1"))["tax_per_mu"]
    assert [(cell.column, cell.row) for cell in one.suspects] == [("tax_paid_wan", 4)]


def test_what_is_not_judged_waits_for_its_blanks_all_the_same():
    known = towns("2022-12-31")
    known = changed(known, "projects", "landed_on", 0, None)
    frame = known.tables["projects"].assign(started_on=known.tables["projects"]["landed_on"].max())
    known = replace(known, tables={**known.tables, "projects": frame})
    one = town_board(known, within(known, "t1"))["unshared"]
    assert one.reason.code == "county_target"
    assert [(blank.column, blank.row) for blank in one.awaited] == [("landed_on", 0)]
    assert (one.low, one.high) == (0, 1)


@pytest.mark.parametrize(
    ("day", "tax", "code"), [("2023-06-30", 14.0, "stale"), ("2022-11-30", None, "year_incomplete")]
)
def test_an_item_without_a_figure_or_of_one_too_old_is_not_known_and_weighs_on_the_sheet(
    day, tax, code
):
    one = towns(day, tax=tax, items={"tax": ITEMS["tax"], "spent": ITEMS["spent"]})
    rows_ = item_rows(places(one), town_rule(one), CODES)["t1"]
    row = next(row for row in rows_ if row.item == "tax")
    assert (row.code, row.is_unknown, row.actual, row.completion) == (code, True, None, None)
    sheet = league(one, "townships")["t1"]
    assert (sheet.unknown_share, sheet.code) == (Fraction(1, 2), "too_much_unknown")


@pytest.mark.parametrize(
    ("table", "evidence", "is_nobody"),
    [
        ("firms", (), False),
        ("nobody", (), True),
        ("unknown", (), False),
        ("firms", (0,), True),
        ("nobody", (1,), False),
        ("nobody", (0, 1), False),
        ("firms", (0, 0), True),
    ],
)
def test_there_is_nobody_where_neither_the_table_nor_the_evidence_has_a_row(
    table, evidence, is_nobody
):
    tables = {"firms": pd.DataFrame({"usci": ["A"]}), "nobody": pd.DataFrame({"usci": []})}
    seen = tuple(Evidence("firms", pd.DataFrame({"usci": ["A"] * rows})) for rows in evidence)
    reading = NotKnown(Gap.NO_DATA, "year_incomplete", table, evidence=seen)
    assert is_of_nobody(reading, county(**tables)) is is_nobody


def test_a_target_of_one_is_a_task_and_one_of_zero_is_none():
    for target, status in ((1, Status.ACHIEVED), (0, Status.NOT_APPLICABLE)):
        known = towns("2022-12-31", items={"closed": item(CLOSED, "家", {"by": {"t1": target}})})
        one = town_board(known, within(known, "t1"))["firms_closed"]
        assert (one.status, one.actual) == (status, 1)


@pytest.mark.parametrize(("tax", "progress"), [(14.0, 1), (2.0, 0)])
def test_what_is_to_be_cleared_out_is_judged_though_its_target_is_zero(tax, progress):
    of = clause(
        Kind.CLEAR_OUT,
        0,
        operator=Operator.AT_MOST,
        unit="家",
        baseline=baseline(2),
        indicator=IndicatorRef("low_tax_firms", {"below_wan_per_mu": 5}),
    )
    one = town_verdict(within(towns("2022-11-30", closed=(), tax=tax), "t1"), of)
    assert (one.progress, one.status is Status.ACHIEVED) == (progress, progress == 1)


def test_where_there_is_nobody_a_target_of_zero_asks_nothing_either():
    known = towns("2022-11-30")
    known = replace(known, tables={**known.tables, "enterprises": known.tables["enterprises"][:3]})
    for target in (20, 0):
        one = town_verdict(within(known, "t3"), replace(TAX, target=Fraction(target)))
        assert (one.status, one.reason.code) == (Status.NOT_APPLICABLE, "nothing_required")


def test_without_a_league_only_ratios_are_judged_in_a_township():
    known = towns("2022-12-31")
    bare = {name: rules for name, rules in known.policy.items() if name != "league"}
    known = replace(known, policy=bare)
    assert town_rule(known) is None
    assert shared_by(None) == ()
    board = town_board(known, within(known, "t1"))
    codes = {one.clause.id: one.reason.code for one in board.assessments}
    assert {name for name, code in codes.items() if code == "county_target"} == {
        *("firms_closed", "spent", "unshared")
    }


def test_the_whole_county_has_no_township_s_targets():
    known = towns("2022-12-31")
    board = town_board(known, known)
    assert board["firms_closed"].reason.code == "county_target"


def test_targets_are_broken_down_by_the_league_of_townships_wherever_it_stands():
    known = towns("2022-12-31")
    leagues = known.policy["league"]["leagues"]
    assert list(leagues) == ["townships", "departments"]
    turned = {"source": "…", "leagues": dict(reversed(leagues.items()))}
    known = replace(known, policy={**known.policy, "league": turned})
    assert list(town_rule(known).items) == ["tax", "closed", "spent"]
    alone = {"source": "…", "leagues": {"departments": leagues["departments"]}}
    assert town_rule(replace(known, policy={**known.policy, "league": alone})) is None


def test_a_clause_without_a_number_keeps_its_verdict_in_a_township():
    known = towns("2022-12-31")
    words = clause(Kind.NARRATIVE, id="words")
    known = replace(known, plan=replace(known.plan, clauses=(words, *known.plan.clauses)))
    one = town_board(known, within(known, "t1"))["words"]
    assert (one.status, one.reason.code) == (Status.NOT_QUANTIFIABLE, "narrative")


def test_an_item_of_a_clause_may_have_a_formula_of_its_own():
    own = {"closed": {**ITEMS["closed"], "completion": "progress"}, "spent": ITEMS["spent"]}
    rows_ = league(towns("2022-12-31", items=own), "townships")["t1"].rows
    # One of two firms is closed after two thirds of the time, when one is due; 300 of 500 are
    # spent, and two thirds of them are due.
    assert [one.completion for one in rows_] == [Fraction(1, 2), Fraction(300, 500) / (2 * THIRD)]
