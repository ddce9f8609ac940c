"""Dates as offices and systems write them: what a day is, what is none, what cannot be meant."""

from datetime import date, time

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import yaml
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from shapely.geometry import box

from intake import CODE, codes, of_files, only, read_sheet, read_text, write_bundle
from tenglong.errors import ConfigurationError
from tenglong.measure.clearance.standing import standings
from tenglong.measure.land.idle import idle_land
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle
from tenglong.source.cell.day_rule import day_rule_of
from tenglong.source.file.date_system import BEGINS, DATE_MODE, epoch_of
from tenglong.source.policy import load_policy

FIRMS = ["统一社会信用代码", "企业名称", "成立日期"]
PARCELS = ["宗地代码", "供地日期", "约定开工时间", "实际开工时间", "闲置原因"]
DAY = pd.Timestamp(2022, 6, 30)


def firms(read):
    return read.tables["enterprises"].frame["registered_on"]


def firm_of_text(folder, cell):
    return read_text(folder, "enterprises", f"{','.join(FIRMS)}\n{CODE}11,甲,{cell}\n")


@pytest.mark.parametrize(
    "cell",
    [
        "1899-12-30",
        "1899/12/31",
        "1900-01-00",
        "1900/1/0",
        "1900年1月1日",
        "1900-01-01 00:00:00",
        "1901-01-02",
        "19010102",
        "1970-01-01",
        "1970-01-01T08:00:00+08:00",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0001-01-01",
        "9999-12-31",
        "99991231",
        "9999-99-99",
        "2099-12-31",
        "长期",
        " 永久 ",
        "infinity",
        "0",
        "00:00:00",
    ],
)
def test_what_a_system_writes_for_no_date_is_none_and_told(tmp_path, cell):
    read = firm_of_text(tmp_path, cell)
    told = only(read, "no_date")
    assert (told.row, told.column, told.severity) == (2, "registered_on", "warning")
    assert firms(read).isna().all()


@pytest.mark.parametrize(
    "cell",
    ["1948-12-31", "1021-03-05", "2202-03-01", "1921年7月1日", "2102-05-01 09:00:00"],
)
def test_a_day_that_cannot_be_meant_is_not_taken_and_told(tmp_path, cell):
    read = read_sheet(tmp_path, "enterprises", [FIRMS, [f"{CODE}11", "甲", cell]])
    assert [problem.code for problem in of_files(read) if problem.row == 2] == ["far_date"]
    assert firms(read).isna().all()


def test_a_column_of_nothing_but_no_dates_is_no_misplaced_column(tmp_path):
    rows = [[f"{CODE}1{i}", "甲", "1900-01-01"] for i in range(8)]
    read = read_sheet(tmp_path, "enterprises", [FIRMS, *rows])
    assert codes(read) == ["no_date"] * 8
    assert len(firms(read)) == 8


def test_how_far_ahead_a_day_may_lie_is_by_what_it_means(tmp_path):
    head = ["项目编号", "项目名称", "竣工时间", "约定竣工时间"]
    rows = [["P1", "甲", "2040-05-01", "2040-05-01"]]
    read = read_sheet(tmp_path, "projects", [head, *rows])
    assert [problem.column for problem in read.problems] == ["completed_on"]
    head = ["统一社会信用代码", "宗地代码", "起始日期", "终止日期"]
    read = read_sheet(
        tmp_path, "occupancies", [head, [f"{CODE}11", "P1", "2010-01-01", "2060-01-01"]]
    )
    assert codes(read) == []


def test_a_day_that_must_be_there_and_is_none_sets_its_row_aside(tmp_path):
    head = ["里程碑代码", "名称", "日期"]
    read = read_sheet(
        tmp_path, "milestones", [head, ["m1", "获批", "1900-01-01"], ["m2", "获批", "2022-01-01"]]
    )
    assert only(read, "no_date").severity == "error"
    assert "m1" not in set(read.tables["milestones"].frame["milestone"])


def test_years_and_months_of_figures_are_judged_and_the_year_of_a_house_is_not(tmp_path):
    head = ["统一社会信用代码", "月份", "当月税收"]
    read = read_sheet(tmp_path, "enterprise_months", [head, [f"{CODE}11", "1900-01", 5]])
    assert only(read, "no_date").severity == "error"
    head = ["统一社会信用代码", "年度", "实缴税金"]
    read = read_sheet(tmp_path, "enterprise_years", [head, [f"{CODE}11", 2150, 5]])
    assert only(read, "far_date").severity == "error"
    read = read_sheet(tmp_path, "parcels", [["宗地代码", "建成年份"], ["P1", 1901]])
    assert read.tables["parcels"].frame["built_year"].tolist() == [1901]


@pytest.mark.parametrize(
    "cell",
    [
        "2022-06-30 14:00",
        "2022-06-30 23:59:59",
        "2022-06-30T14:00:00.000",
        "2022/6/30 9:05:00",
        "2022.6.30 14:42",
        "2022年6月30日 14时30分",
        "2022年6月30日下午2:30",
        "2022-6-30 2:30:00 PM",
        "20220630 144200",
        "20220630144200",
        "44742.75",
        "2022-06-30T14:00:00+08:00",
        "2022-06-29T16:30:00Z",
        "2022-06-30T12:00:00-03:00",
    ],
)
def test_a_fact_of_a_day_is_a_fact_of_that_day(tmp_path, cell):
    read = firm_of_text(tmp_path, cell)
    assert firms(read).tolist() == [DAY]
    assert set(codes(read)) <= {"time_of_day", "zoned_moment", "excel_serial"} != set()
    (known,) = read.on("2022-06-30").tables["enterprises"]["registered_on"]
    assert known == DAY


def test_midnight_is_no_time_of_day(tmp_path):
    for cell in ("2022-06-30 00:00:00", "2022年6月30日0时", "2022/6/30 0:00"):
        assert codes(firm_of_text(tmp_path, cell)) == []


def test_hours_are_told_once_a_column(tmp_path):
    lines = "".join(f"{CODE}1{i},甲,2022-06-30 1{i}:00:00\n" for i in range(5))
    read = read_text(tmp_path, "enterprises", f"{','.join(FIRMS)}\n{lines}")
    assert "5" in only(read, "time_of_day").rule_zh


def read_book(folder, cells, epoch=None):
    """Read firms whose days are these cells, from a workbook that keeps their types."""
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    book.active.append(FIRMS)
    for number, cell in enumerate(cells):
        book.active.append([f"{CODE}1{number}", "甲", cell])
    book.save(folder / "a.xlsx")
    about = write_bundle(folder, {"enterprises": {"file": "a.xlsx"}})
    return examine_bundle(describe_bundle(about))


def test_hours_of_a_workbook_are_dropped_beside_days_and_texts(tmp_path):
    moment = pd.Timestamp(2022, 6, 30, 14, 42).to_pydatetime()
    read = read_book(tmp_path, [moment, date(2022, 6, 30), "2022-06-30 10:00:00", 44742.5])
    assert firms(read).tolist() == [DAY] * 4
    assert len(read.on("2022-06-30").tables["enterprises"]) == 4


def test_a_day_of_zero_in_a_workbook_is_none(tmp_path):
    assert codes(read_book(tmp_path, [time(0, 0), 0])) == ["no_date", "no_date"]


@pytest.mark.parametrize("number", [43280, 43280.5])
def test_a_workbook_of_1904_counts_its_days_from_then(tmp_path, number):
    read = read_book(tmp_path, [date(2022, 6, 30), number], CALENDAR_MAC_1904)
    assert firms(read).tolist() == [DAY, DAY]
    assert "2022-06-30" in only(read, "excel_serial").rule


@pytest.mark.parametrize(("mode", "begins"), [(0, "1899-12-30"), (1, "1904-01-01")])
def test_an_old_workbook_tells_its_date_system_in_a_record(mode, begins):
    globals_ = (
        BEGINS + bytes(12) + b"\x42\x00\x02\x00\xb0\x04" + bytes([DATE_MODE, 0, 2, 0, mode, 0])
    )
    assert epoch_of(b"\xd0\xcf\x11\xe0" + bytes(508) + globals_).isoformat() == begins


def test_days_typed_as_numbers_are_read(tmp_path):
    rows = [[f"{CODE}1{i}", "甲", cell] for i, cell in enumerate([20220630, 44742])]
    read = read_sheet(tmp_path, "enterprises", [FIRMS, *rows])
    assert firms(read).tolist() == [DAY, DAY]


def layer(folder, name, moments):
    frame = gpd.GeoDataFrame(
        {"宗地代码": [f"P{i}" for i in range(len(moments))], "供地日期": moments},
        geometry=[
            box(120.0 + i / 100, 27.7, 120.001 + i / 100, 27.701) for i in range(len(moments))
        ],
        crs=4490,
    )
    if name.endswith("parquet"):
        frame.to_parquet(folder / name)
    else:
        frame.to_file(folder / name)
    about = write_bundle(folder, {"parcels": {"file": name}})
    return examine_bundle(describe_bundle(about))


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb", "a.parquet"])
def test_hours_of_a_layer_are_dropped(tmp_path, name):
    read = layer(tmp_path, name, pd.to_datetime(["2022-06-30 14:00", "2022-06-30 23:30"]))
    assert read.tables["parcels"].frame["supplied_on"].tolist() == [DAY, DAY]
    assert len(read.on("2022-06-30").tables["parcels"]) == 2
    assert only(read, "time_of_day").column == "supplied_on"


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet"])
def test_a_moment_of_a_layer_becomes_a_day_of_the_county(tmp_path, name):
    read = layer(tmp_path, name, pd.to_datetime(["2022-06-29 16:00", "2022-06-30 15:59"], utc=True))
    assert read.tables["parcels"].frame["supplied_on"].tolist() == [DAY, DAY]
    assert "Asia/Shanghai" in only(read, "zoned_moment").rule


@pytest.mark.parametrize(
    ("table", "later", "earlier", "key"),
    [
        ("enterprises", "closed_on", "registered_on", {"usci": f"{CODE}11", "name": "甲"}),
        ("parcels", "completed_on", "started_on", {"parcel_id": "P1"}),
        ("parcels", "agreed_start_on", "supplied_on", {"parcel_id": "P1"}),
        ("projects", "production_on", "started_on", {"project_id": "P", "name": "甲"}),
        ("occupancies", "to_on", "from_on", {"usci": f"{CODE}11", "parcel_id": "P1"}),
        ("collateral", "released_on", "registered_on", {"collateral_id": "C", "amount_wan": 1}),
    ],
)
def test_days_of_one_row_are_held_against_one_another(tmp_path, table, later, earlier, key):
    for days, told in ((("2021-03-01", "2021-03-02"), 1), (("2021-03-02", "2021-03-02"), 0)):
        read = read_sheet(tmp_path, table, [[*key, later, earlier], [*key.values(), *days]])
        found = [problem for problem in read.problems if problem.code == "date_order"]
        assert [problem.column for problem in found] == [f"{later}+{earlier}"] * told
        assert [problem.row for problem in found] == [2] * told
        doubts = read.on("2022-06-30").doubts(table, 2)
        assert doubts == (frozenset({later, earlier}) if told else frozenset())


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (("2019-03-01", "2020-03-01", None), "idle"),
        (("2019-03-01", "1901-01-02", None), "undecided"),
        (("2021-03-01", "2020-03-01", None), "undecided"),
        (("2019-03-01", "2020-03-01", "1899-12-30"), "undecided"),
        (("2019-03-01", "2020-03-01", "约2020年"), "undecided"),
        (("2019-03-01", "2020-03-01", "2020年2月"), "undecided"),
        (("2019-03-01", "2020-03-01", "2202-03-01"), "undecided"),
        (("2019-03-01", "2020-03-01", "9999-12-31"), "undecided"),
        (("1900-01-01", "2020-03-01", None), "idle"),
    ],
)
def test_no_land_lies_idle_by_a_day_that_is_doubtful(tmp_path, days, state):
    read = read_sheet(tmp_path, "parcels", [PARCELS, ["P1", *days, "企业原因"]])
    judged = idle_land(read.on("2022-06-30"))
    assert judged["state"].tolist() == [state]
    assert judged["reasons"].tolist()[0] == (
        ("date_doubtful",) if state == "undecided" else ("not_started_in_time",)
    )


def with_policy(folder, **changes):
    policy = load_policy()["dates"]
    own = {**policy, "years_ahead": dict(policy["years_ahead"]), **changes}
    (folder / "rules").mkdir()
    (folder / "rules" / "dates.yml").write_text(
        yaml.safe_dump(dict(own), allow_unicode=True), encoding="utf-8"
    )
    (folder / "a.csv").write_text(f"{','.join(FIRMS)}\n{CODE}11,甲,1932-05-01\n", encoding="utf-8")
    about = write_bundle(folder, {"enterprises": {"file": "a.csv"}}, policy="rules")
    return examine_bundle(describe_bundle(about))


def test_what_a_date_can_mean_is_the_county_s_policy(tmp_path):
    read = with_policy(tmp_path, earliest=date(1900, 1, 1))
    assert firms(read).tolist() == [pd.Timestamp(1932, 5, 1)]
    assert codes(read) == []


@pytest.mark.parametrize(
    "changes", [{"none": ["2021-02-30", "1932-05-01"]}, {"none_years": [1932]}]
)
def test_what_stands_for_none_is_the_county_s_policy(tmp_path, changes):
    read = with_policy(tmp_path, earliest=date(1900, 1, 1), **changes)
    assert codes(read) == ["no_date"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"none": ["1900-13"]}, "year-month-day"),
        ({"none": [19000101]}, "must be a text"),
        ({"years_ahead": {"fact": 5}}, "agreed, term"),
        ({"earliest": "1949"}, "must be a date"),
    ],
)
def test_a_policy_of_dates_that_cannot_be_meant_is_refused(changes, message):
    policy = load_policy()
    with pytest.raises(ConfigurationError, match=message):
        day_rule_of({**policy, "dates": {**policy["dates"], **changes}}, as_of=date(2022, 6, 30))


def test_a_firm_with_a_record_of_no_day_is_not_told_overdue(tmp_path):
    head = ["统一社会信用代码", "日期", "环节"]
    listed = [[f"{CODE}{i}", "2021-03-01", "列入清单"] for i in range(10, 40)]
    rows = [*listed, [f"{CODE}10", "1900-01-01", "合规检查"]]
    read = read_sheet(tmp_path, "clearance_events", [head, *rows])
    found = standings(read.on("2022-06-30")).set_index("usci")
    assert found.loc[f"{CODE}10", "codes"] == ("in_doubt",)
    assert found.loc[f"{CODE}11", "codes"] == ("check_overdue",)
