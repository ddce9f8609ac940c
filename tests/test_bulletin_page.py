"""The bulletin's page: what its first screen says, its order, both languages, sparse data."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from build import BANDS, clause, county, flow
from drawing import HOLES, drawn, read, rows
from tenglong.measure.board.change import Change
from tenglong.measure.bulletin.points import Clauses, steps
from tenglong.measure.clause import Kind, Label
from tenglong.measure.judge.kinds import assess
from tenglong.measure.period import period_of
from tenglong.show.page import Page
from tenglong.show.pages.bulletin import bulletin_title
from tenglong.show.pages.bulletin_groups import group_sentence, ordinal
from tenglong.show.pages.bulletin_next import step_sentence
from tenglong.source import describe_bundle, read_bundle
from tenglong.source.place import kit_root

JUNE = date(2022, 6, 30)
HOSTILE = "{{ 7*7 }}<img src=x onerror=alert(1)>"


def make(bundle, day, cadence, **more):
    source = read_bundle(describe_bundle(bundle))
    return drawn("bulletin", source.on(day), on=source.on, cadence=cadence, **more)


@pytest.fixture(scope="module")
def quarter():
    return make("data/sample", JUNE, "quarter")


@pytest.fixture(scope="module")
def year():
    return make("data/sample", date(2023, 12, 31), "year")


@pytest.fixture(scope="module")
def sparse():
    return make("data/cambridge", JUNE, "quarter")


@pytest.fixture(
    params=[
        pytest.param("quarter", marks=pytest.mark.long),
        pytest.param("year", marks=pytest.mark.long),
        "sparse",
    ]
)
def page(request):
    return request.getfixturevalue(request.param)


@pytest.mark.long
def test_the_first_screen_says_how_it_stands_what_got_worse_and_who_must_act(quarter):
    said = read(quarter["headline"])
    assert "截至2022年6月30日，方案时间已过 50.0 %" in said
    assert "可量化的 54 条中，已测算 41 条：已达成 8 条" in said
    worse = (
        "与2022年3月31日相比，9 条好转，4 条变差：单体10亿元以上制造业项目由“未到期”转为“严重滞后”"
    )
    assert worse in said
    assert "下步须抓紧：高耗低效企业合规检查到2021年12月31日未完成" in said
    assert said.index("下步须抓紧") < said.index("主要指标")


@pytest.mark.parametrize(
    ("period", "title"),
    [
        ("2022-06", "2022年6月制造业“腾笼换鸟、凤凰涅槃”攻坚行动监测情况"),
        ("2022Q2", "2022年第二季度制造业“腾笼换鸟、凤凰涅槃”攻坚行动情况通报"),
        ("2022", "2022年度制造业“腾笼换鸟、凤凰涅槃”攻坚行动考核情况通报"),
    ],
)
def test_it_is_titled_as_an_official_one_is(period, title):
    assert bulletin_title(Page(county(), words="bulletin"), period_of(period)) == title


def test_nothing_of_the_program_shows_and_no_cell_is_blank(page):
    for piece in page.pieces.values():
        assert not HOLES.search(read(piece)), piece
        assert not re.search(r'<td class="number"></td>', piece.html)


def test_every_count_of_a_sentence_stands_in_its_csv(page, sparse):
    for name in ("highlights", "problems", "next_steps"):
        piece = page[name]
        known = {row["value"] for row in rows(piece)} if piece.csv else set()
        counts = re.findall(r"(?<![\d.])(\d+) (?:条|家|宗|个(?!百))", read(piece))
        assert counts or page is sparse
        assert set(counts) <= known, name


@pytest.mark.long
def test_the_targets_stand_in_the_order_of_what_needs_a_push(quarter):
    shown = rows(quarter["targets"])
    assert [row["状态"] for row in shown[:3]] == ["未完成", "未完成", "严重滞后"]
    assert shown[-1]["状态"] in ("不适用", "未到期")
    fell = next(row for row in shown if row["条款"] == "淘汰落后产能企业")
    assert (fell["上期状态"], fell["状态"], fell["较上期（百分点）"]) == (
        "符合序时",
        "滞后",
        "5",
    )


@pytest.mark.long
def test_problems_name_firms_projects_land_and_the_units_that_answer(quarter):
    said = read(quarter["problems"])
    assert "整治闭环逾期 6 家，最长 181 天：巨屿镇示例泗溪兴业水泥制品有限公司，" in said
    assert "项目卡在节点 4 个，最长超时限 234 天" in said
    red = [one for each in quarter.sheet.standings for one in each.sheets if one.light == "red"]
    assert ("亮红灯" in said) == bool(red)
    assert "闲置土地 12 宗、126.35 亩" in said
    assert "牵头单位：县经信局" in said


@pytest.mark.long
def test_the_next_steps_are_numbered_and_by_unit(quarter):
    lines = read(quarter["next_steps"])
    assert re.match(r"（一）县经信局：", lines)
    assert "淘汰落后产能企业尚差 12 家，2023年12月31日前完成，余 18 个月" in lines
    assert "补报数据：县发改局提供“企业年度数据 · 是否接入能耗在线监测”" in lines


@pytest.mark.long
def test_only_the_annual_one_has_the_verdicts_of_years_and_the_score_sheets(quarter, year):
    assert quarter["yearly"].html == ""
    assert quarter["scores"].html == ""
    verdicts = rows(year["yearly"])
    green = next(row for row in verdicts if row["条款"] == "市级以上绿色工厂")
    assert (green["2021 年"], green["2022 年"]) == ("0 未完成", "1 完成")
    assert set(year["scores"].csv) == {
        "bulletin_scores_townships.csv",
        "bulletin_scores_departments.csv",
    }


def without_published_energy(county):
    """Give the county as if only the growth of value added was published, which is restated."""
    series = county.table("official_series")
    left = series[~series["indicator"].isin(["energy_intensity_change_pct", "energy_growth_pct"])]
    return replace(county, tables={**county.tables, "official_series": left})


@pytest.mark.long
def test_what_was_restated_since_the_last_one_is_told_old_and_new():
    source = read_bundle(describe_bundle("data/sample"))

    def on(day):
        return without_published_energy(source.on(day))

    page = drawn("bulletin", on(date(2023, 12, 31)), on=on, cadence="year")
    piece = page["changes"]
    restated = rows(piece, "bulletin_changes_restated")
    assert [(row["条款"], row["数据截至"]) for row in restated] == [
        ("单位工业增加值能耗", "2022-12-31")
    ]
    published = rows(piece, "bulletin_changes_published")
    assert {row["指标"] for row in published} >= {"规上工业增加值", "规上工业增加值增速（可比价）"}
    assert all(row["原数"] != row["现数"] for row in published)


def test_a_sparse_county_is_told_what_it_lacks_and_is_not_counted_as_zero(sparse):
    said = read(sparse["headline"])
    assert "54 条均不能测算或尚未到期" in said
    assert "未提供“项目”" in said
    assert "请县发改局提供" in said
    assert "<dd>0 " not in sparse["headline"].html


@pytest.mark.long
def test_before_anything_happened_there_is_a_bulletin_too():
    told = make("data/sample", date(2020, 12, 31), "year")
    said = read(told["headline"])
    assert "方案时间已过 0.0 %" in said


@pytest.mark.long
def test_a_township_has_its_rank_in_the_first_lines():
    told = make("data/sample", JUNE, "quarter", township="黄坦镇")
    said = read(told["headline"])
    assert "黄坦镇的 6 项任务中" in said
    (standing,) = told.sheet.standings
    own = next(one for one in standing.sheets if one.name.zh == "黄坦镇")
    place = (
        f"乡镇赛马参排 {len(standing.ranked)} 个，列第 {own.rank} 位，上期第 {own.rank_before} 位"
    )
    assert place in said
    assert "黄坦镇2022年第二季度" in read(told["masthead"])


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2022-12-31", "2021 年的缺口不能补回，2023年12月31日前须完成 1 家"),
        ("2023-12-31", "方案期已满，不能补回"),
    ],
)
def test_a_year_that_was_missed_is_past_remedy_only_when_the_plan_is_over(day, said):
    of = clause(Kind.ANNUAL, 1, unit="家")
    one = assess(
        of,
        flow(("2022-05-01", 1), ("2023-05-01", 1), unit="家"),
        as_of=date.fromisoformat(day),
        bands=BANDS,
    )
    group = Clauses("missed", (Change(one, one),), most=5)
    (step,) = steps((group,), date.fromisoformat(day))
    assert said in read(step_sentence(Page(county(day), "zh", "bulletin"), step))


def test_a_name_from_the_data_is_shown_as_text():
    of = clause(Kind.CUMULATIVE, 20, unit="家", name=Label(HOSTILE, HOSTILE))
    one = assess(of, flow(("2021-05-01", 1), unit="家"), as_of=JUNE, bands=BANDS)
    group = Clauses("far_behind", (Change(one, one),), most=5)
    said = group_sentence(Page(county(), "zh", "bulletin"), group)
    assert "<img" not in said.html
    assert "{{ 7*7 }}&lt;img" in said.html


def test_more_than_are_named_says_so():
    of = clause(Kind.CUMULATIVE, 20, unit="家")
    one = assess(of, flow(("2021-05-01", 1), unit="家"), as_of=JUNE, bands=BANDS)
    group = Clauses("far_behind", (Change(one, one),) * 3, most=2)
    assert group_sentence(Page(county(), "zh", "bulletin"), group).html.endswith("；另有 1 条。")


def test_numbers_of_paragraphs_are_chinese():
    assert [ordinal(number) for number in (9, 10, 11, 21)] == ["九", "十", "十一", "二十一"]


def test_the_parts_come_in_the_order_of_an_official_bulletin():
    notebook = json.loads((kit_root() / "notebooks" / "bulletin.ipynb").read_text("utf-8"))
    parts = [
        "".join(cell["source"]).splitlines()[0]
        for cell in notebook["cells"]
        if cell["metadata"].get("tags") == ["zh"]
    ]
    words = ["总体情况", "指标完成", "排名", "亮点", "问题", "下步", "附表"]
    found = [next(place for place, part in enumerate(parts) if text in part) for text in words]
    assert found == sorted(found)


@pytest.mark.long
def test_the_figure_shows_the_clauses_that_lag_most_against_their_pace(quarter):
    piece = quarter["progress_figure"]
    shown = rows(piece)
    assert shown[0]["名称"] == "高耗低效企业合规检查"
    assert (shown[1]["数值"], shown[1]["参照值"]) == ("0", "50")
    assert all(float(row["数值"]) < float(row["参照值"]) for row in shown)
    assert "短竖线为序时进度" in piece.html
