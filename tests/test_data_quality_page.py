"""The data page: what came in, what was refused and why, what was repaired, what is wanting."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

import build
from drawing import drawn, read, rows
from intake import CODE, read_text, write_bundle
from tenglong.measure.board.board import assess_plan
from tenglong.measure.clause import Kind, Label
from tenglong.measure.county import Input, LeftOut, Repair
from tenglong.measure.sheet.data_quality import Account, Gap, accounts, gaps
from tenglong.run.cli import main
from tenglong.show.page import Page
from tenglong.show.pages.data_quality import data_findings
from tenglong.show.pages.data_quality_left_out import left_out_table
from tenglong.show.pages.data_quality_tables import (
    account_table,
    gap_table,
    problem_groups,
    problem_table,
    repair_table,
    total_table,
)
from tenglong.source import describe_bundle, examine_bundle
from tenglong.source.problem import Spot

PARCELS = Spot("a.gpkg", table="parcels")
FIRMS = Spot("b.csv", table="enterprises")


def said_by(piece):
    return " ".join(read(piece).split())


def county(**given):
    return build.county(is_declared=True, **given)


def page_of(given=None, language="zh"):
    return Page(given or county(), language, "quality")


# --- accounts


def test_every_table_that_may_be_supplied_has_an_account():
    found = accounts(county())
    assert len(found) == 17
    assert not any(one.is_read or one.origin for one in found)


def test_an_account_tells_rows_columns_and_the_time_covered():
    table = {"usci": ["1", "1", "2"], "year": [2020, 2021, 2021], "tax_paid_wan": [1, 2, 3]}
    given = replace(
        county(enterprise_years=table), inputs=(Input("enterprise_years", "y.xlsx", "", 5, 2),)
    )
    (one,) = [each for each in accounts(given) if each.is_read]
    assert (one.origin, one.rows, one.set_aside, one.known) == ("y.xlsx", 5, 2, 3)
    assert one.present == ("usci", "year", "tax_paid_wan")
    assert "revenue_wan" in one.absent
    assert one.covers == (date(2020, 1, 1), date(2021, 12, 31))


def test_dates_agreed_for_later_do_not_count_as_covered():
    table = {"parcel_id": ["p"], "supplied_on": ["2021-03-05"], "agreed_start_on": ["2030-01-01"]}
    given = replace(county(parcels=table), inputs=(Input("parcels", "a.gpkg", "", 1),))
    (one,) = [each for each in accounts(given) if each.is_read]
    assert one.covers == (date(2021, 3, 5), date(2021, 3, 5))


def test_a_table_that_could_not_be_read_keeps_its_file():
    (one,) = [each for each in accounts(county(), {"projects": "no.xlsx"}) if each.origin]
    assert (one.table, one.origin, one.is_read) == ("projects", "no.xlsx", False)


def test_what_most_clauses_wait_for_comes_first(tmp_path):
    read_text(tmp_path, "enterprises", f"统一社会信用代码,企业名称\n{CODE}11,甲\n")
    given = examine_bundle(describe_bundle(tmp_path)).on("2022-06-30")
    found = gaps(given, assess_plan(given))
    assert [len(gap.clauses) for gap in found] == sorted(
        (len(gap.clauses) for gap in found), reverse=True
    )
    assert ("recognitions", "") in [(gap.table, gap.column) for gap in found]
    assert "enterprises" not in [gap.table for gap in found if not gap.column]


# --- the headline


def headline(problems=(), *, language="zh", wanting=(), came_in=None, **changes):
    given = replace(county(), **changes)
    came_in = came_in or (Account("parcels", "a.gpkg", 9, 1, 9), Account("projects"))
    return data_findings(page_of(given, language), came_in, problems, wanting)


def test_the_headline_counts_tables_rows_and_problems():
    problems = [
        FIRMS.problem("missing_key", row=2),
        FIRMS.problem("near_header", label="成立日期", name="registered_on"),
    ]
    said = said_by(headline(problems))
    assert "应收 2 张数据表，收到 1 张，共 10 行。" in said
    assert "1 行因有错误未采用，不计入任何一页的数字：工业地块 1 行。" in said
    assert "共查出问题 2 处：错误 1 处、警告 1 处" in said


def test_the_headline_in_english_and_its_numbers_in_the_csv():
    piece = headline(language="en")
    assert "Of 2 tables 1 came in, with 10 rows." in said_by(piece)
    values = {row["name"]: row["value"] for row in rows(piece, "data_findings")}
    assert values["Rows not used"] == "1"


def test_a_table_that_could_not_be_read_is_named():
    lost = (Account("projects", "no.xlsx"), Account("parcels", "a.gpkg", 1, 0, 1))
    assert "“项目”已提供但未能读入，须改正后重报" in said_by(headline(came_in=lost))


def test_repairs_are_summed_and_refused_ones_counted():
    repairs = (
        Repair("parcels", 1, "a", "crossing", 10.0, 10.5, is_made=True),
        Repair("parcels", 2, "b", "unclosed", None, 3.0, is_made=True),
        Repair("parcels", 3, "c", "crossing", 0.0, 7.5, is_made=False),
    )
    said = said_by(headline(repairs=repairs))
    assert "2 个图形有瑕疵，已修复，面积合计由 10.00 亩变为 10.50 亩；登记面积不变。" in said
    assert "1 个图形修复会使面积变化过大，未修复" in said


def test_totals_and_secrets_are_counted():
    secret = {"what": "a phone", "what_zh": "手机号"}
    problems = [
        FIRMS.problem("total_matches", row=9, value="6", sum="6"),
        FIRMS.problem("total_differs", row=9, value="7", sum="6"),
        FIRMS.problem("secret", row=2, **secret),
    ]
    said = said_by(headline(problems))
    assert "文件中的 2 个合计数，有 1 个与各行之和不符。" in said
    assert "1 个文件含个人信息（1 处），读入时已遮盖" in said


def test_the_headline_says_how_many_clauses_wait_for_whom():
    clause = build.clause(Kind.LEVEL, 20)
    said = said_by(headline(wanting=(Gap("parcels", "", (clause,)),)))
    assert "因缺数据不能判定的条款有 1 条，待提供数据的单位主要是县资规局，涉及 1 条。" in said


# --- the tables


def test_the_accounts_name_file_and_missing_columns_and_say_what_was_not_supplied():
    came_in = (
        Account("townships", "a.gpkg", 17, 0, 17, ("township",), ("geometry",)),
        Account("projects"),
        Account("land_moves", "x.xlsx"),
    )
    piece = account_table(page_of(), came_in)
    first, second, third = rows(piece, "data_tables")
    assert (first["文件"], first["采用行数"], first["缺少的列"]) == ("a.gpkg", "17", "范围")
    assert second["文件"] == "未提供"
    assert third["文件"] == "x.xlsx（未能读入）"
    assert said_by(piece).count("…") >= 8


def test_problems_are_grouped_by_kind_the_gravest_and_most_frequent_first():
    problems = [
        FIRMS.problem("unused_headers", headers="备注"),
        *(PARCELS.problem("no_geometry", column="geometry", row=row) for row in (2, 3)),
        FIRMS.problem("missing_key", column="usci", row=4),
    ]
    found = rows(problem_groups(page_of(), problems), "data_problem_kinds")
    assert [(one["等级"], one["列"], one["处数"]) for one in found] == [
        ("错误", "统一社会信用代码", "1"),
        ("警告", "范围", "2"),
        ("提示", "…", "1"),
    ]


def test_a_long_list_is_cut_on_the_page_and_whole_in_the_csv():
    problems = [PARCELS.problem("no_geometry", column="geometry", row=row) for row in range(500)]
    problems.append(FIRMS.problem("missing_key", column="usci", row=4))
    piece = problem_table(page_of(), problems)
    assert piece.html.count("<tr>") == 1 + 11
    assert "共 501 处，此处按严重程度列出，每类只列前几处" in said_by(piece)
    found = rows(piece, "data_problems")
    assert len(found) == 501
    assert (found[0]["等级"], found[0]["代码"]) == ("错误", "missing_key")


def test_hostile_values_stay_text():
    hostile = "=cmd()<script>{{ 1 }}</script>"
    problems = [FIRMS.problem("unreadable", row=2, value=hostile, must="x", must_zh="x")]
    piece = problem_table(page_of(), problems)
    assert "<script>" not in piece.html
    assert rows(piece, "data_problems")[0]["现值"] == f"'{hostile}"


def test_repairs_are_listed_with_both_areas_and_their_difference():
    repairs = (
        Repair("parcels", 1, "a", "crossing", 10.0, 10.5, is_made=True),
        Repair("parcels", 2, "b", "unclosed", None, 3.0, is_made=True),
    )
    piece = repair_table(page_of(replace(county(), repairs=repairs)))
    first, second = rows(piece, "data_repairs")
    assert (first["编号"], first["修复前"], first["修复后"], first["变化"]) == (
        "a", "10", "10.5", "0.5",
    )  # fmt: skip
    assert (second["修复前"], second["问题"], second["处理"]) == ("", "边界未闭合", "已修复")


def test_what_is_wanting_names_supplier_and_clauses():
    clause = build.clause(Kind.LEVEL, 20)
    wanting = (Gap("enterprise_years", "tax_paid_wan", (clause,)), Gap("townships"))
    first, second = rows(gap_table(page_of(), wanting), "data_gaps")
    assert (first["列"], first["应提供单位"], first["受影响条款数"]) == (
        "实缴税金",
        "县税务局",
        "1",
    )
    assert (second["列"], second["不能判定的条款"]) == ("整张表", "…")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_found_is_said(language):
    given = county()
    for piece in (
        problem_groups(page_of(given, language), ()),
        total_table(page_of(given, language), ()),
        repair_table(page_of(given, language)),
        gap_table(page_of(given, language), ()),
    ):
        assert said_by(piece)
        assert not piece.csv
    assert problem_table(page_of(given, language), ()).html == "", "said by the kinds already"


@pytest.mark.long
@pytest.mark.parametrize("day", ["2021-12-31", "2022-11-30", "2023-12-31"])
def test_the_clauses_that_cannot_be_told_are_as_many_as_elsewhere(day):
    whole = build.opened("data/sample", day)
    board = assess_plan(whole)
    said = read(drawn("data_quality", whole, bundle="data/sample")["data_findings"])
    lacking = re.search(r"因缺数据不能判定的条款有 (\d+) 条", said)
    others = re.search(r"另有 (\d+) 条因其他原因暂不能判定：(.*?)，见“目标进度”", said)
    counts = [int(found[1]) if found else 0 for found in (lacking, others)]
    assert sum(counts) == len(board.untold)
    parts = [int(count) for count in re.findall(r"(\d+) 条", others[2])] if others else []
    assert sum(parts) == counts[1]


def test_no_sentence_stands_twice_on_the_page_of_a_sound_county():
    page = drawn("data_quality", build.opened("data/sample", "2023-12-31"), bundle="data/sample")
    said = Counter(
        line
        for piece in page.pieces.values()
        for line in re.findall(r"(?s)<p[^>]*>(.*?)</p>", piece.html)
    )
    # The headline and its own section may say the same, no more.
    assert {line: count for line, count in said.items() if count > 2} == {}


# --- the page


@pytest.mark.heavy
def test_the_page_is_made_of_data_that_all_others_refuse(tmp_path):
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "a.csv").write_text(f"统一社会信用代码,企业名称\n{CODE}11,甲\n,乙\n", "utf-8")
    (folder / "b.csv").write_text("甲,乙\n1,2\n", "utf-8")
    tables = {"enterprises": {"file": "a.csv"}, "projects": {"file": "b.csv"}}
    write_bundle(folder, tables)
    out = ["--out", str(tmp_path / "out")]
    assert main(["report", str(folder), *out]) == 65
    assert main(["report", str(folder), *out, "--page", "data_quality"]) == 0
    page = tmp_path / "out" / "bad" / "2022-06-30" / "data_quality.html"
    said = " ".join(unescape(re.sub(r"<[^>]*>", " ", page.read_text("utf-8"))).split())
    assert "“项目”已提供但未能读入" in said
    assert "1/2 行不能用，超过 5%" in said
    assert "b.csv （未能读入）" in said


def test_the_accounts_of_the_real_parcels_add_up():
    read = examine_bundle(describe_bundle("data/cambridge"))
    given = read.on("2022-06-30")
    (one,) = [each for each in accounts(given, read.unread) if each.is_read]
    assert (one.rows, one.set_aside, one.known) == (13116, 0, 13116)
    assert len(rows(repair_table(page_of(given)), "data_repairs")) == 34


# --- rules that the plan has no clause for


LEFT_OUT = (
    LeftOut("league", ("leagues", "t", "items", "x"), Label("<b>甲项", "Item <b>"), "“差别电价”"),
    LeftOut("league", ("leagues", "t"), Label("乙赛马", "League B"), ""),
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_rules_that_the_plan_has_no_clause_for_are_named(language):
    piece = left_out_table(page_of(replace(county(), left_out=LEFT_OUT), language))
    first, second = (list(row.values()) for row in rows(piece, "data_left_out"))
    colon = "：" if language == "zh" else ": "
    names = ("<b>甲项", "乙赛马") if language == "zh" else ("Item <b>", "League B")
    assert first == [names[0], f"league.yml{colon}leagues.t.items.x", "“差别电价”"]
    none = "各项都已省去" if language == "zh" else "none of its parts is left"
    assert second == [names[1], f"league.yml{colon}leagues.t", none]
    assert "<b>甲项" not in piece.html
    assert "Item <b>" not in piece.html
    title = "方案没有、因此省去的规则" if language == "zh" else "Left out, since the plan has no"
    assert title in said_by(piece)


def test_where_the_plan_has_every_clause_nothing_is_drawn():
    piece = left_out_table(page_of())
    assert (piece.html, piece.csv) == ("", {})
