"""Many counties side by side."""

import csv
import io
import json
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction

import lxml.html
import pytest

from build import clause, county, page_in
from tenglong import show
from tenglong.errors import DataError, UsageError
from tenglong.measure.clause import IndicatorRef, Kind, Label
from tenglong.measure.sheet.province import FAR_OFF, IN_ORDER, province
from tenglong.run.cli import main
from tenglong.run.request import request
from tenglong.show.page import Page
from tenglong.show.pages.province import (
    province_clauses,
    province_figure,
    province_findings,
    province_standings,
)
from tenglong.source import open_counties
from tenglong.source.place import kit_root


@pytest.fixture(scope="module")
def two():
    return province(open_counties("data/sample, data/cambridge", "2022-06-30"))


def rows(piece):
    (text,) = piece.csv.values()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_county_that_needs_a_push_comes_first(two):
    assert [one.county.code for one in two.standings] == ["330328", "25017"]


def test_counts_are_those_of_each_countys_own_board(two):
    sample = two.standings[0]
    statuses = [str(one.status) for one in sample.board.quantified]
    assert sample.count(*IN_ORDER) == sum(
        one in ("achieved", "ahead", "on_track") for one in statuses
    )
    assert sample.count(*FAR_OFF) == sum(one in ("far_behind", "missed") for one in statuses)
    assert sample.share_in_order == Fraction(33, 41)


def test_there_is_no_share_where_more_than_a_fifth_is_not_known(two):
    assert len(two.standings[1].board.untold) == 54
    assert two.standings[1].share_in_order is None


def test_only_what_is_cumulative_is_added_up(two):
    totals = {row.clause.kind: row.total for row in two.rows if row.total is not None}
    assert set(totals) == {Kind.CUMULATIVE}


def test_sums_are_over_the_counties_that_are_known():
    twin = open_counties("data/sample", "2022-06-30")[0]
    other = replace(twin, code="999999")
    added = [row for row in province((twin, other)).rows if row.known == 2]
    assert added
    assert all(row.total == 2 * row.by_county[0].actual for row in added)


def test_counties_of_different_days_or_one_county_twice_are_refused():
    one, later = county("2022-06-30"), replace(county("2022-12-31"), code="1")
    with pytest.raises(DataError, match="one day"):
        province((one, later))
    with pytest.raises(DataError, match="stands twice: 330328"):
        province((one, one))


def cleared(target, unit="家", **more):
    ref = IndicatorRef("cleared_firms", {"event": "closed"})
    of = clause(Kind.CUMULATIVE, target, unit=unit, indicator=ref)
    return county(clauses=(of,), **more)


def test_clauses_of_two_plans_meet_by_indicator_and_unit_each_with_its_own_target():
    mine, other = cleared(20), cleared(10)
    other = replace(other, code="1", plan=replace(other.plan, id="other"))
    (row,) = province((mine, other)).rows
    assert {one.target for one in row.by_county.values()} == {20, 10}


def test_each_county_is_shown_with_the_target_of_its_own_plan():
    mine, other = cleared(20), cleared(10)
    other = replace(other, code="1", name=Label("乙县", "B"))
    piece = province_clauses(page_in("zh", "province"), province((mine, other)))
    seen = told(piece).replace("\N{NO-BREAK SPACE}", " ")
    assert "目标 ≥ 20 家" in seen
    assert "目标 ≥ 10 家" in seen
    (row,) = rows(piece)
    assert {row[f"{one.name.zh}：目标"] for one in (mine, other)} == {"20", "10"}


def test_what_no_indicator_measures_or_in_another_unit_shares_no_row():
    mine = county(clauses=(clause(Kind.LEVEL, 20),))
    other = replace(mine, code="1", plan=replace(mine.plan, id="other"))
    assert [list(row.by_county) for row in province((mine, other)).rows] in ([[0], [1]], [[1], [0]])
    by_item = replace(cleared(20, unit="项"), code="1")
    assert len(province((cleared(20), by_item)).rows) == 2


def test_a_county_without_a_figure_is_not_zero_in_the_total():
    events = {
        "usci": ["A", "A"],
        "event": ["listed", "closed"],
        "happened_on": ["2021-03-01", "2021-06-01"],
        "evidence": [None, "验收"],
    }
    known, unknown = cleared(20, clearance_events=events), replace(cleared(20), code="1")
    both = province((known, unknown))
    assert [(row.total, row.known) for row in both.rows] == [(1, 1)]
    html = province_clauses(page_in("zh", "province"), both).html
    assert "1\N{NO-BREAK SPACE}家（2 个县中 1 个）" in html


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_tells_every_county(two, language):
    html = "".join(
        draw(page_in(language, "province"), two).html
        for draw in (province_findings, province_standings, province_figure, province_clauses)
    )
    for one in two.standings:
        assert one.county.name[language] in html
    assert "None" not in html


def test_the_csv_holds_each_countys_counts(two):
    table = rows(province_standings(page_in("zh", "province"), two))
    assert [row["已测算"] for row in table] == ["41", "0"]
    assert table[1]["正常推进占比"] == ""


@pytest.mark.heavy
def test_the_page_is_made_where_other_counties_are_given(tmp_path, capsys):
    asked = ["report", "data/sample", "--beside", "data/cambridge", "--page", "province"]
    assert main([*asked, "--out", str(tmp_path)]) == 0, capsys.readouterr().err
    folder = tmp_path / "sample" / "2022-06-30"
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    named = [(one["bundle"], one["county"]["zh"]) for one in about["beside"]]
    assert [(name, said[:3]) for name, said in named] == [("cambridge", "剑桥市")]
    parcels = about["inputs"]["cambridge/parcels.parquet"]
    assert (len(parcels["sha256"]), parcels["rows"]) == (64, {"parcels": 13116})
    assert about["inputs"]["parcels.gpkg"]["rows"].keys() == {"parcels"}
    assert about["pages"][0]["parameters"]["beside"] == "cambridge"
    text = (folder / "province.html").read_text(encoding="utf-8")
    assert "剑桥市" in text
    assert str(kit_root()) not in text


def test_without_other_counties_the_page_is_left_out_or_refused(tmp_path):
    options = {"out": tmp_path, "notebooks": kit_root() / "notebooks"}
    assert "province" not in [page.id for page in request("data/sample", **options).pages]
    with pytest.raises(UsageError, match="needs --beside"):
        request("data/sample", page_ids=("province",), **options)


def told(piece):
    return lxml.html.fromstring(piece.html).text_content()


@pytest.fixture(scope="module")
def beside():
    return open_counties("data/sample, data/cambridge", "2022-06-30")


def test_the_head_names_every_county_and_what_must_be_known_of_its_data(beside):
    one, other = beside
    piece = show.masthead(Page(one), title="题", beside=[other])
    head = lxml.html.fromstring(f"<div>{piece.html}</div>")
    (subject,) = head.find_class("subject")
    assert f"{one.name.zh}、{other.name.zh}" in subject.text_content()
    banners = [banner.text_content() for banner in head.find_class("banner")]
    assert [
        f"{county.name.zh}：{county.notice.zh}" in said
        for county, said in zip(beside, banners, strict=True)
    ] == [True, True]
    assert ["示例数据" in said for said in banners] == [True, False]


def test_the_plans_of_all_counties_are_named_once(beside):
    one, other = beside
    plan = replace(other.plan, name=Label("另一方案", "another plan"))
    shown = told(show.masthead(Page(one), title="题", beside=[other]))
    assert shown.count(one.plan.name.zh) == 1
    other = replace(other, plan=plan)
    shown = told(show.masthead(Page(one), title="题", beside=[other]))
    assert f"{one.plan.name.zh}、另一方案" in shown


def test_rows_that_are_not_used_are_told_of_the_county_they_are_of(beside):
    one, other = beside
    bad = replace(other, inputs=(replace(other.inputs[0], set_aside=7),))
    shown = told(show.masthead(Page(one), title="题", beside=[bad]))
    assert f"{other.name.zh}：有 7 行数据" in shown


def test_the_colophon_gives_the_sources_of_every_county(beside):
    one, other = beside
    piece = show.colophon(Page(one), parameters={}, beside=[other])
    assert list(piece.csv) == ["sources.csv", f"sources_{other.code}.csv"]
    for place, text in zip(beside, piece.csv.values(), strict=True):
        hashes = [row["sha256"] for row in csv.DictReader(io.StringIO(text))]
        assert hashes == [source.sha256 for source in place.inputs]
        assert f"{place.name.zh}：数据来源" in told(piece)
        assert f"{place.name.zh}：{place.crs}" in told(piece)


def test_a_county_without_a_table_is_named_as_such(beside):
    one, other = beside
    piece = show.colophon(Page(one), parameters={}, beside=[replace(other, inputs=())])
    assert f"{other.name.zh}：未提供任何数据表" in told(piece)
    assert list(piece.csv) == ["sources.csv"]


def test_bands_are_told_once_where_they_are_the_same_and_else_by_county(beside):
    one, other = beside
    piece = show.colophon(Page(one), parameters={}, beside=[other])
    assert told(piece).count("进度分档") == 1
    bands = deepcopy(dict(other.policy["bands"]))
    bands["bands"]["ahead"] = {"from": 25}
    policy = {**other.policy, "bands": bands}
    piece = show.colophon(Page(one), parameters={}, beside=[replace(other, policy=policy)])
    assert f"进度分档 {other.name.zh}" in told(piece)
    assert f"进度分档 {one.name.zh}" in told(piece)
    assert "不低于 +25" in told(piece)
