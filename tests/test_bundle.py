"""Reading a bundle: formats, headers, types, and one clear line for what is wrong."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import xlsxwriter
from shapely.geometry import box

from build import opened
from tenglong.errors import ConfigurationError, DataError
from tenglong.measure.county import Unavailable
from tenglong.source import describe_bundle, open_county, read_bundle

FIRMS = "统一社会信用代码,企业名称,行业代码,成立日期\n91330328XXXX000011,甲,3312,2015-03-05\n"


def test_chinese_headers_become_canonical_columns(bundle):
    county = open_county(bundle({"enterprises": {"file": "a.csv"}}, {"a.csv": FIRMS}))
    frame = county.table("enterprises", "usci", "name", "industry")
    assert frame.loc[2, "name"] == "甲"
    assert frame.loc[2, "registered_on"] == pd.Timestamp(2015, 3, 5)


def test_the_index_is_the_row_that_a_person_sees_in_the_file(bundle):
    text = FIRMS + "91330328XXXX00002X,乙,3312,2016-01-01\n"
    county = open_county(bundle({"enterprises": {"file": "a.csv"}}, {"a.csv": text}))
    assert county.table("enterprises").index.tolist() == [2, 3]


def test_a_gb18030_file_keeps_its_rare_characters(bundle):
    files = {"a.csv": "乡镇代码,乡镇名称\n330328108,峃口镇\n330328101,百丈漈镇\n".encode("gb18030")}
    tables = {"townships": {"file": "a.csv", "encoding": "gb18030"}}
    names = open_county(bundle(tables, files)).table("townships")["name"].tolist()
    assert names == ["峃口镇", "百丈漈镇"]


def test_the_wrong_encoding_is_named(bundle):
    files = {"a.csv": "乡镇代码,乡镇名称\n330328108,峃口镇\n".encode("gb18030")}
    tables = {"townships": {"file": "a.csv", "encoding": "utf-8-sig"}}
    with pytest.raises(DataError, match=r"a\.csv: byte 0 is not utf-8-sig"):
        open_county(bundle(tables, files))


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"enterprises": {"file": "no.csv"}}, "no.csv: there is no such file"),
        (
            {"enterprises": {"file": "a.csv", "columns": {"name": "企业全称"}}},
            (
                "column name: bundle.yml takes it from '企业全称', which the file does not have; "
                "did you mean '企业名称'"
            ),
        ),
    ],
)
def test_what_is_missing_is_named_in_one_line(bundle, tables, message):
    with pytest.raises(DataError) as caught:
        open_county(bundle(tables, {"a.csv": FIRMS}))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_column_names_file_table_and_column(bundle):
    files = {"a.csv": FIRMS.replace("企业名称", "单位")}
    with pytest.raises(
        DataError, match=r"a\.csv: table enterprises needs the column name \(Firm\)"
    ):
        open_county(bundle({"enterprises": {"file": "a.csv"}}, files))


def test_two_headers_for_one_column_are_refused(bundle):
    text = "统一社会信用代码,统一信用代码,企业名称\n91330328XXXX000011,9133,甲\n"
    with pytest.raises(DataError, match="both mean it"):
        open_county(bundle({"enterprises": {"file": "a.csv"}}, {"a.csv": text}))


def test_an_unreadable_number_is_missing_and_told_with_its_row(bundle):
    text = "统一社会信用代码,年度,实缴税金\n91330328XXXX000011,2021,约300\n"
    folder = bundle({"enterprise_years": {"file": "a.csv"}}, {"a.csv": text})
    read = read_bundle(describe_bundle(folder))
    assert read.tables["enterprise_years"].frame["tax_paid_wan"].isna().all()
    problem = read.problems[0]
    assert (problem.row, problem.column, problem.value) == (2, "tax_paid_wan", "约300")


def test_a_row_without_its_key_is_set_aside_and_kept(bundle):
    rows = "".join(f"91330328XXXX{i:04d}11,2021,1\n" for i in range(30))
    text = f"统一社会信用代码,年度,实缴税金\n{rows},2021,99\n"
    folder = bundle({"enterprise_years": {"file": "a.csv"}}, {"a.csv": text})
    loaded = read_bundle(describe_bundle(folder)).tables["enterprise_years"]
    assert len(loaded.frame) == 30
    assert loaded.quarantined["实缴税金"].tolist() == ["99"]


def test_a_table_of_mostly_bad_rows_stops_the_run(bundle):
    text = "统一社会信用代码,年度,实缴税金\n,2021,1\n91330328XXXX000011,2021,1\n"
    with pytest.raises(DataError, match="1 of 2 rows cannot be used"):
        open_county(bundle({"enterprise_years": {"file": "a.csv"}}, {"a.csv": text}))


def test_a_table_that_was_not_supplied_is_unavailable(bundle):
    county = open_county(bundle({"enterprises": {"file": "a.csv"}}, {"a.csv": FIRMS}))
    with pytest.raises(Unavailable):
        county.table("parcels")
    with pytest.raises(Unavailable):
        county.table("enterprises", "chain")


def test_a_workbook_is_read_by_its_sheet(bundle, tmp_path):
    folder = bundle({"enterprises": {"file": "a.xlsx", "sheet": "企业"}})
    _write_xlsx(
        tmp_path / "a.xlsx",
        "企业",
        [["统一社会信用代码", "企业名称"], ["91330328XXXX000011", "甲"]],
    )
    assert open_county(folder).table("enterprises")["name"].tolist() == ["甲"]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(bundle, tmp_path):
    folder = bundle({"enterprises": {"file": "a.xlsx", "sheet": "名单"}})
    _write_xlsx(tmp_path / "a.xlsx", "企业", [["统一社会信用代码", "企业名称"]])
    with pytest.raises(DataError, match="there is no sheet '名单'; it has 企业"):
        open_county(folder)


def _write_xlsx(path: Path, sheet: str, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.parquet"])
def test_layers_come_into_the_county_s_projected_system(bundle, tmp_path, name):
    square = gpd.GeoDataFrame(
        {"parcel_id": ["p"]}, geometry=[box(120.0, 27.8, 120.001, 27.801)], crs="EPSG:4490"
    )
    if name.endswith("parquet"):
        square.to_parquet(tmp_path / name)
    else:
        square.to_file(tmp_path / name)
    parcels = open_county(bundle({"parcels": {"file": name}})).table("parcels", "geometry")
    assert parcels.crs.to_epsg() == 4549
    assert parcels.area.sum() == pytest.approx(98.5 * 110.8, rel=0.01)


def test_areas_are_projected_and_never_web_mercator(bundle):
    with pytest.raises(ConfigurationError, match="must be a projected system in metres"):
        describe_bundle(bundle({}, crs="EPSG:3857"))


def test_a_layer_without_a_reference_system_must_be_declared(bundle, tmp_path):
    gpd.GeoDataFrame({"parcel_id": ["p"]}, geometry=[box(0, 0, 1, 1)]).to_parquet(
        tmp_path / "a.parquet"
    )
    with pytest.raises(DataError, match=r"declare `crs:` in bundle\.yml"):
        open_county(bundle({"parcels": {"file": "a.parquet"}}))


def test_units_are_converted_only_by_an_explicit_rule(bundle):
    files = {"a.csv": "编号,面积\np,2000\n"}
    rule = {"parcel_id": "编号", "registered_mu": {"column": "面积", "unit": "平方米"}}
    frame = open_county(bundle({"parcels": {"file": "a.csv", "columns": rule}}, files)).table(
        "parcels"
    )
    assert frame["registered_mu"].tolist() == [3.0]


def test_an_unknown_unit_is_refused(bundle):
    files = {"a.csv": "编号,面积\np,2000\n"}
    rule = {"parcel_id": "编号", "registered_mu": {"column": "面积", "unit": "顷"}}
    with pytest.raises(DataError, match="no conversion from '顷' to 'mu'"):
        open_county(bundle({"parcels": {"file": "a.csv", "columns": rule}}, files))


def test_every_fault_of_bundle_yml_is_told_at_once(bundle):
    folder = bundle(
        {"enterprise": {"file": "a.csv"}, "parcels": {}}, curency={"zh": "元", "en": "CNY"}
    )
    with pytest.raises(ConfigurationError) as caught:
        describe_bundle(folder)
    message = str(caught.value)
    assert "unknown key 'curency' (did you mean 'currency'?)" in message
    assert "unknown table 'enterprise' (did you mean 'enterprises'?)" in message
    assert "tables.parcels: must name its `file`" in message


def test_a_year_is_known_when_it_is_over(bundle):
    text = "统一社会信用代码,年度,实缴税金\n91330328XXXX000011,2021,1\n91330328XXXX000011,2022,2\n"
    folder = bundle({"enterprise_years": {"file": "a.csv"}}, {"a.csv": text})
    assert open_county(folder, "2022-12-30").table("enterprise_years")["year"].tolist() == [2021]
    assert len(open_county(folder, "2022-12-31").table("enterprise_years")) == 2


def test_a_published_figure_is_known_since_its_publication(bundle):
    text = "指标,时期,数值,发布日期\nx,2021,1,2022-03-01\n"
    folder = bundle({"official_series": {"file": "a.csv"}}, {"a.csv": text})
    assert open_county(folder, "2022-02-28").table("official_series").empty
    assert len(open_county(folder, "2022-03-01").table("official_series")) == 1


def test_a_date_after_the_day_is_not_yet_a_fact_but_a_planned_one_is(bundle):
    text = "宗地代码,供地日期,约定开工时间,实际开工时间\np,2021-01-01,2022-09-01,2022-10-01\n"
    folder = bundle({"parcels": {"file": "a.csv"}}, {"a.csv": text})
    row = open_county(folder, "2022-06-30").table("parcels").iloc[0]
    assert row["agreed_start_on"] == pd.Timestamp(2022, 9, 1)
    assert pd.isna(row["started_on"])


def test_the_real_parcels_come_in_whole_with_their_defects_told():
    read = read_bundle(describe_bundle("data/cambridge"))
    parcels = read.tables["parcels"].frame
    assert len(parcels) == 13116
    assert len([one for one in read.tables["parcels"].repairs if one.is_made]) == 34
    assert int(parcels.geometry.isna().sum()) == 1
    assert parcels.geometry.dropna().is_valid.all()
    assert sum(problem.code == "duplicate_key" for problem in read.problems) == 80
    assert int(parcels["registered_mu"].isna().sum()) == 134


def test_a_year_of_building_that_is_to_come_is_not_known_yet():
    county = opened("data/sample", "2022-06-30")
    assert county.table("parcels")["built_year"].max() <= 2022
    assert opened("data/sample", "2023-12-31").table("parcels")["built_year"].max() == 2023


def test_a_mu_is_two_thousand_thirds_of_a_square_metre():
    read = read_bundle(describe_bundle("data/cambridge"))
    raw = gpd.read_parquet(describe_bundle("data/cambridge").path / "parcels.parquet")
    parcels = read.tables["parcels"].frame
    square_metres = raw["land_sqft"] * 0.09290304
    assert (parcels["registered_mu"] * 2000 / 3).to_numpy() == pytest.approx(
        square_metres.to_numpy(), nan_ok=True
    )
