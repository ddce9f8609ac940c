"""Codes between tables: read in one spelling, judged by their standards, found or told."""

from dataclasses import replace

import pandas as pd
import pytest

from build import opened
from drawing import drawn, read
from intake import codes, only, write_bundle, write_xlsx
from tenglong.measure.board.board import assess_plan
from tenglong.measure.county import Unavailable
from tenglong.measure.firm.places import within
from tenglong.measure.judge.assessment import Status
from tenglong.show.assessed import why_text
from tenglong.show.lacking import lacking
from tenglong.show.masthead import masthead
from tenglong.show.page import Page
from tenglong.source import describe_bundle, open_county
from tenglong.source.bundle import examine_bundle
from tenglong.source.cell.credit_code import check_character
from tenglong.source.check import links
from tenglong.source.problem import Severity
from tenglong.source.schema import Type, tables
from tenglong.source.schema import links as placing

KNOWN = {
    "enterprises": "91330328MA2E00001W",
    "parcels": "330328100005GB00001",
    "projects": "P2021-01",
    "townships": "330328100",
}
UNKNOWN = {
    "enterprises": "91330328MA2E99999X",
    "parcels": "330328100005GB99999",
    "projects": "P2021-99",
    "townships": "330328999",
}
CELLS = {
    Type.TEXT: "甲",
    Type.CODE: "K1",
    Type.NUMBER: "1",
    Type.INTEGER: "1",
    Type.DATE: "2021-03-05",
    Type.MONTH: "2021-03",
    Type.YEAR: "2021",
    Type.FLAG: "是",
}

REFERRING = [
    (table.name, column.name)
    for table in tables().values()
    for column in table.columns.values()
    if column.refers_to
]


def usci(number):
    """Give a credit identifier whose check holds."""
    body = f"91330328MA2E{number:05d}"
    return body + check_character(body)


def least(name, **given):
    """Give one row of a table with what it must have, and what is given."""
    row = {}
    for column in tables()[name].columns.values():
        value = given.get(column.name)
        if value is None and column.required:
            value = next(iter(column.choices)) if column.choices else CELLS[column.type]
        if value is not None:
            row[column.name] = value
    return row


def bundle(folder, **frames):
    """Write tables as CSV, each a list of rows, and give the folder."""
    for name, rows in frames.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    return write_bundle(folder, {name: {"file": f"{name}.csv"} for name in frames})


def examined(folder, **frames):
    return examine_bundle(describe_bundle(bundle(folder, **frames)))


def firms(*codes, **more):
    return [{"usci": code, "name": f"企业{n}", **more} for n, code in enumerate(codes)]


def years(*codes, **more):
    return [{"usci": code, "year": 2021, "tax_paid_wan": 1, **more} for code in codes]


def test_every_reference_names_a_table_with_a_key_of_one_column():
    assert len(REFERRING) == 16
    for name, column in REFERRING:
        of = tables()[tables()[name].columns[column].refers_to]
        assert len(of.key) == 1, (name, column)
        assert of.columns[of.key[0]].type is Type.CODE


def test_what_places_a_row_is_the_first_reference_of_the_data_model():
    assert {name: column for name, (column, _) in placing().items()} == {
        "enterprise_years": "usci",
        "enterprise_months": "usci",
        "occupancies": "usci",
        "clearance_events": "usci",
        "recognitions": "usci",
        "project_months": "project_id",
        "land_moves": "parcel_id",
        "land_supply": "parcel_id",
        "collateral": "parcel_id",
    }
    for name, (column, of) in placing().items():
        assert tables()[name].columns[column].refers_to == of
    assert opened("data/sample", "2022-06-30").links == placing()


@pytest.mark.parametrize(("name", "column"), REFERRING, ids=lambda one: one)
def test_a_code_that_the_other_table_does_not_have_is_told_by_file_and_row(tmp_path, name, column):
    declared = tables()[name].columns[column]
    of = declared.refers_to
    key = tables()[of].key[0]
    own = tables()[name].key[0]
    rows = [least(name, **{column: code}) for code in (KNOWN[of], UNKNOWN[of])]
    for number, row in enumerate(rows):
        if own != column:
            row[own] = row[own] if name == "recognitions" else f"K{number}"
        if "holder" in row:
            row["holder"] = f"企业{number}"
        for other in tables()[name].columns.values():
            if other.refers_to and other.name != column and other.required:
                row[other.name] = f"{number}"
    read = examined(tmp_path, **{of: [least(of, **{key: KNOWN[of]})], name: rows})
    told = [one for one in read.problems if one.column == column and one.table == name]
    told = [one for one in told if one.code in ("unmatched", "not_linked")]
    assert [(one.file, one.row, one.value) for one in told] == [(f"{name}.csv", 3, UNKNOWN[of])]
    assert told[0].code == ("not_linked" if declared.may_lack else "unmatched")
    assert len(read.tables[name].frame) == 2  # the row is kept


UNSEEN = ["{}\u200b", "\u202d{}\u202c", "\ufeff{}", "{}\u2060"]
SPELLINGS = [
    *UNSEEN,
    "{}\u00a0",
    "\u00ad{}",
    "'{}",
    "’{}",
    "＇{}",
    '="{}"',
    '"{}"',
    " {} ",
    "\u3000{}\t",
]


@pytest.mark.parametrize("spelling", SPELLINGS, ids=ascii)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_code_is_read_without_what_exports_leave_in_it(tmp_path, spelling, kind):
    code, plain = usci(1), usci(2)
    rows = years(spelling.format(code), plain)
    folder = bundle(tmp_path, enterprises=firms(code, plain), enterprise_years=rows)
    if kind == "xlsx" and not spelling.startswith("="):  # there it is a formula, and has a value
        cells = [["usci", "year", "tax_paid_wan"], *(list(row.values()) for row in rows)]
        write_xlsx(tmp_path / "enterprise_years.csv", cells)
    read = examine_bundle(describe_bundle(folder))
    assert read.tables["enterprise_years"].frame["usci"].tolist() == [code, plain]
    note = only(read, "unseen_text" if spelling in UNSEEN else "code_spelling")
    assert (note.severity, note.row, note.table) == (Severity.NOTE, 2, "enterprise_years")
    assert "共 1 格" in note.rule_zh
    assert code in note.rule_zh + note.value
    assert not read.tables["enterprise_years"].strays
    assert not {"unmatched", "bad_credit_code"} & set(codes(read))


def wide(code):
    return "".join(chr(ord(letter) + 0xFEE0) for letter in code)


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        ("usci", usci(1).lower(), usci(1)),
        ("usci", wide(usci(1)), usci(1)),
        ("usci", f"{usci(1)[:8]} {usci(1)[8:]}", usci(1)),
        ("usci", "internal a1", "internal a1"),
        ("township", "330328100000", "330328100"),
        ("township", "330328100201", "330328100"),
        ("township", "330328", "330328"),
        ("industry", "C3441", "3441"),
        ("industry", "c 34", "34"),
        ("industry", "３４４１", "3441"),
        ("industry", "3441", "3441"),
    ],
)
def test_a_code_takes_the_spelling_of_its_form_where_it_has_that_form(
    tmp_path, column, written, meant
):
    row = {**firms(usci(7))[0], column: written}
    read = examined(tmp_path, enterprises=[row])
    assert read.tables["enterprises"].frame[column].tolist() == [meant]
    assert ("code_spelling" in codes(read)) == (written != meant)


def test_what_is_typed_as_nothing_stays_nothing(tmp_path):
    write_bundle(tmp_path, {"enterprises": {"file": "a.xlsx"}})
    head = ["统一社会信用代码", "企业名称", "行业代码"]
    write_xlsx(tmp_path / "a.xlsx", [head, [usci(1), "甲", "……"], [usci(2), "乙", "－"]])
    read = examine_bundle(describe_bundle(tmp_path))
    assert read.tables["enterprises"].frame["industry"].isna().all()
    assert "unknown_industry" not in codes(read)


def test_the_same_code_in_two_spellings_stands_twice(tmp_path):
    read = examined(tmp_path, enterprises=firms(usci(1), f"{usci(1)}\u200b"))
    assert only(read, "duplicate_key").row == 3


def test_codes_that_differ_in_case_dashes_or_blanks_only_are_the_same(tmp_path):
    projects = [least("projects", project_id=code) for code in ("P2021-01", "2101—330328 A")]
    months = [
        least("project_months", project_id=code)
        for code in ("p2021－01", "2101-330328-a", "P2021_01", "P2021-1")
    ]
    for number, row in enumerate(months):
        row["month"] = f"2021-0{number + 1}"
    read = examined(tmp_path, projects=projects, project_months=months)
    found = read.tables["project_months"].frame["project_id"].tolist()
    assert found == ["P2021-01", "2101—330328 A", "P2021-01", "P2021-1"]
    assert "共 3 格" in only(read, "code_matched").rule_zh
    assert (only(read, "unmatched").row, only(read, "unmatched").value) == (5, "P2021-1")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (usci(1)[:-1] + ("0" if usci(1)[-1] != "0" else "1"), f"应为 {usci(1)[-1]}"),
        (usci(1).replace("330328", "33O328"), "字母 O"),
        (usci(1)[:16], "有 16 位"),
        (f"{usci(1)}(1/1)", "“(1/1)”"),
        (f"{usci(1)}、{usci(2)}", "不止一个"),
        (f"{usci(1)}{usci(2)}", "不止一个"),
        ("330328000012345", "15 位的旧工商注册号"),
        ("MA2E0000-1", "组织机构代码"),
        ("91330328MA2E甲001W0", "以外的字符"),
    ],
)
def test_what_is_no_credit_identifier_is_a_warning_with_row_and_value(tmp_path, code, said):
    read = examined(tmp_path, enterprises=firms(usci(3), code))
    told = only(read, "bad_credit_code")
    assert (told.severity, told.row, told.file) == (Severity.WARNING, 3, "enterprises.csv")
    assert told.value == code
    assert said in told.rule_zh
    assert told.rule
    assert len(read.tables["enterprises"].frame) == 2


def test_a_code_that_both_tables_have_is_judged_once(tmp_path):
    bad = usci(1)[:16]
    read = examined(tmp_path, enterprises=firms(bad), enterprise_years=years(bad))
    assert only(read, "bad_credit_code").table == "enterprises"


def test_without_the_table_of_firms_their_codes_are_judged_where_they_stand_first(tmp_path):
    bad = usci(1)[:16]
    rows = [*years(usci(2), bad), *years(bad, year=2020)]
    read = examined(tmp_path, enterprise_years=rows)
    told = only(read, "bad_credit_code")
    assert (told.table, told.row) == ("enterprise_years", 3)
    assert "unmatched" not in codes(read)


def test_an_unknown_code_is_told_with_what_is_wrong_with_it_and_what_was_meant(tmp_path):
    slip = usci(1)[:-2] + ("9" if usci(1)[-2] != "9" else "8") + usci(1)[-1]
    read = examined(tmp_path, enterprises=firms(usci(5), usci(1)), enterprise_years=years(slip))
    told = only(read, "unmatched")
    assert f"第 3 行的“{usci(1)}”" in told.rule_zh
    assert "校验码" in told.rule_zh
    assert "“企业”表（enterprises.csv）" in told.rule_zh
    assert "bad_credit_code" not in codes(read)


def test_a_code_of_a_row_that_is_set_aside_is_told_as_such(tmp_path):
    firms_ = [*firms(usci(1)), {"usci": usci(2), "name": ""}]
    read = examined(tmp_path, enterprises=firms_, enterprise_years=years(usci(1), usci(2)))
    told = only(read, "unmatched_aside")
    assert (told.row, "第 3 行" in told.rule_zh) == (3, True)
    assert read.tables["enterprise_years"].strays[0].codes.tolist() == [usci(2)]


def test_of_very_many_unknown_codes_the_rest_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(links, "LISTED", 2)
    unknown = [usci(n) for n in range(10, 15)]
    read = examined(tmp_path, enterprises=firms(usci(1)), enterprise_years=years(usci(1), *unknown))
    assert [problem.code for problem in read.problems].count("unmatched") == 2
    assert "另有 3 行" in only(read, "unmatched_more").rule_zh


def test_a_table_of_which_no_code_is_found_is_one_finding(tmp_path):
    unknown = [usci(n) for n in range(100, 160)]
    read = examined(tmp_path, enterprises=firms(usci(1)), enterprise_years=years(*unknown))
    assert [problem.code for problem in read.problems] == ["unmatched_all"]
    assert len(read.tables["enterprise_years"].strays[0].codes) == 60


@pytest.mark.parametrize("code", ["00", "9901", "3", "34411", "金属制品", "A"])
def test_an_industry_that_gb_4754_does_not_have_is_told(tmp_path, code):
    rows = firms(usci(1), usci(2), usci(3), industry="3441")
    rows[1]["industry"] = code
    told = only(examined(tmp_path, enterprises=rows), "unknown_industry")
    assert (told.row, told.value, told.severity) == (3, code, Severity.WARNING)


@pytest.mark.parametrize("code", ["0111", "06", "3441", "4620", "51", "9700", "013"])
def test_an_industry_of_gb_4754_is_none_to_tell(tmp_path, code):
    read = examined(tmp_path, enterprises=firms(usci(1), industry=code))
    assert codes(read) == []


def test_parcel_codes_of_another_form_are_noted_once_and_used(tmp_path):
    rows = [{"parcel_id": code} for code in (KNOWN["parcels"], "WX-12", "WX-13")]
    read = examined(tmp_path, parcels=rows)
    note = only(read, "other_parcel_code")
    assert (note.severity, note.row, "共 2 个" in note.rule_zh) == (Severity.NOTE, 3, True)
    assert len(read.tables["parcels"].frame) == 3


def test_nothing_is_told_of_the_sample():
    assert examine_bundle(describe_bundle("data/sample")).problems == ()
    assert opened("data/sample", "2022-06-30").strays == ()


def test_of_cambridge_the_other_form_of_its_parcel_codes_is_one_note():
    read = examine_bundle(describe_bundle("data/cambridge"))
    assert only(read, "other_parcel_code").severity is Severity.NOTE
    assert not {"unmatched", "code_spelling", "code_matched"} & set(codes(read))


# What hangs on them.
def county(folder, wrong, *, of=40):
    """Give a county of `of` firms, of which the year's rows of `wrong` have an unknown code."""
    codes_ = [usci(n) for n in range(of)]
    of_year = [usci(n + 500) if n < wrong else code for n, code in enumerate(codes_)]
    more = {"is_above_scale": "是", "land_mu": 10, "value_added_wan": 900, "employees": 50}
    rows = [
        {**row, "tax_paid_wan": 100, **more, "year": year}
        for year in (2020, 2021)
        for row in years(*(of_year if year == 2021 else codes_))
    ]
    townships = [{"township": "330328100", "name": "大峃镇"}]
    listed = firms(*codes_, industry="3441", township="330328100")
    return open_county(
        bundle(folder, townships=townships, enterprises=listed, enterprise_years=rows)
    )


def test_a_figure_tells_the_rows_whose_code_is_unknown(tmp_path):
    whole = county(tmp_path, 1)
    one = assess_plan(whole)["tax_per_mu"]
    assert one.actual == 10
    [blank] = [blank for blank in one.awaited if blank.of]
    assert (blank.table, blank.column, blank.of) == ("enterprise_years", "usci", "enterprises")
    assert (blank.name, blank.row) == (usci(500), 42)
    assert not [cell for cell in one.awaited if cell.table in ("enterprises", "occupancies")]
    said = why_text(Page(whole), one)
    assert "“企业年度数据”有 1 行的“统一社会信用代码”在“企业”表中找不到" in said
    assert usci(500) in said
    assert "县经信局" in said
    assert usci(500) in why_text(Page(whole, "en"), one)


def test_no_figure_for_unknown_codes_blames_them_and_no_complete_column(tmp_path):
    whole = county(tmp_path, 10)
    board = assess_plan(whole)
    for clause in ("tax_per_mu", "value_added_per_mu", "labour_productivity"):
        one = board[clause]
        assert one.status is Status.NO_DATA, clause
        assert one.reason.code == "codes_unmatched", clause
        assert one.missing == ("enterprise_years", "usci"), clause
        said = why_text(Page(whole), one)
        assert "有 10 行的“统一社会信用代码”在“企业”表中找不到" in said
        assert usci(500) in said
        assert "缺失" not in said
    low = board["low_tax_firms"]  # has a figure, of those known to be in scope
    assert sum(blank.count for blank in low.awaited if blank.of) == 10
    sheet = drawn("data_quality", whole, bundle=str(tmp_path)).sheet
    complete = {("enterprise_years", "usci"), ("occupancies", "share"), ("enterprises", "industry")}
    assert not complete & {(gap.table, gap.column) for gap in sheet.gaps}


def test_a_clause_that_rests_on_other_tables_tells_none(tmp_path):
    board = assess_plan(county(tmp_path, 10))
    for clause in ("attracted_projects", "landing_rate", "green_factories"):
        one = next((a for a in board.assessments if a.clause.id == clause), None)
        assert one is None or not any(blank.of for blank in one.awaited), clause


def test_land_that_hangs_on_an_unknown_parcel_is_told_by_its_code(tmp_path):
    codes_ = [usci(n) for n in range(10)]
    more = {"is_above_scale": "是"}
    held = [
        {"usci": code, "parcel_id": f"330328100005GB0001{n}", "share": 1, "from_on": "2015-01-01"}
        | {"to_on": None}
        for n, code in enumerate(codes_)
    ]
    parcels = [{"parcel_id": "330328100005GB00010", "actual_mu": 10}]
    folder = bundle(
        tmp_path,
        enterprises=firms(*codes_, industry="3441"),
        enterprise_years=years(*codes_, **more),
        occupancies=held,
        parcels=parcels,
    )
    one = assess_plan(open_county(folder))["tax_per_mu"]
    assert one.status is Status.NO_DATA
    assert (one.reason.code, one.missing) == ("codes_unmatched", ("occupancies", "parcel_id"))
    assert dict(one.reason.values.items()) == {"count": 9, "of": "parcels"}  # noqa: PD011


def test_the_data_page_has_one_table_of_them(tmp_path):
    whole = county(tmp_path, 2)
    page = drawn("data_quality", whole, bundle=str(tmp_path))
    said = read(page["link_table"])
    for word in ("企业年度数据", "统一社会信用代码", "enterprise_years.csv", usci(500), usci(501)):
        assert word in said
    assert "县经信局" in said
    assert "规上工业亩均税收" in said
    assert "2 行的代码在所指的表中找不到" in read(page["data_findings"])
    english = drawn("data_quality", whole, language="en", bundle=str(tmp_path))
    assert "Codes that are not in the table they refer to" in read(english["link_table"])


def test_without_unknown_codes_the_data_page_has_no_such_table(tmp_path):
    page = drawn("data_quality", county(tmp_path, 0), bundle=str(tmp_path))
    assert page["link_table"].html == ""
    assert "找不到" not in read(page["data_findings"])


@pytest.mark.parametrize("township", ["", "大峃镇"])
def test_every_page_says_under_its_title_how_many_rows_and_which(tmp_path, township):
    place = within(county(tmp_path, 2), township)
    said = read(masthead(Page(place), title="…"))
    assert f"有 2 行的代码在所指的表中找不到（企业年度数据 2 行：{usci(500)}、{usci(501)}）" in said


def test_a_part_of_a_page_that_cannot_be_told_names_the_codes(tmp_path):
    page = Page(county(tmp_path, 40))
    said = lacking(page, Unavailable("enterprise_years", "year")).html
    assert "有 40 行的“统一社会信用代码”在“企业”表中找不到" in said
    without = Page(replace(page.place, strays=()))
    assert "没有本部分可用的记录" in lacking(without, Unavailable("enterprise_years", "year")).html
    assert "缺“" in lacking(page, Unavailable("enterprise_years", "rd_wan")).html


def test_a_code_of_a_row_that_is_not_yet_known_is_not_told_of_that_day(tmp_path):
    bundle(
        tmp_path,
        enterprises=firms(usci(1)),
        enterprise_months=[{"usci": usci(2), "month": "2022-06", "tax_wan": 1}],
    )
    read = examine_bundle(describe_bundle(tmp_path))
    assert only(read, "unmatched").row == 2
    assert read.on("2022-06-29").strays == ()
    assert read.on("2022-06-30").strays[0].codes.tolist() == [usci(2)]
