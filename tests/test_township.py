"""A county cut to one of its townships."""

import pandas as pd
import pytest

from build import county
from tenglong.errors import UsageError
from tenglong.measure.board.board import assess_plan
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.firm.places import of_township, places, township_of, within
from tenglong.measure.firm.scope import origin_of
from tenglong.show.assessed import reason_text
from tenglong.show.masthead import masthead
from tenglong.show.page import Page
from tenglong.source import open_county

TOWNS = {"township": ["330328100", "330328101"], "name": ["大峃镇", "百丈漈镇"]}
FIRMS = {"usci": ["A", "B"], "township": ["330328100", "330328101"]}


def two():
    return county(townships=TOWNS, enterprises=FIRMS, special_fund={"year": [2021]})


@pytest.mark.parametrize("said", ["330328101", "百丈漈镇"])
def test_a_township_is_found_by_code_or_name(said):
    cut = within(two(), said)
    assert cut.township.code == "330328101"
    assert cut.table("enterprises")["usci"].tolist() == ["B"]
    assert cut.unplaced == {"special_fund"}


def test_an_empty_text_is_the_whole_county():
    whole = two()
    assert within(whole, "") is whole


def test_an_unknown_township_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean '百丈漈镇'"):
        within(two(), "百丈祭镇")
    with pytest.raises(UsageError, match="no table of townships"):
        within(county(), "大峃镇")


def test_rows_that_were_ranked_in_the_county_are_cut_afterwards():
    sheet = two().table("enterprises")
    assert of_township(sheet, "330328100")["usci"].tolist() == ["A"]
    assert of_township(sheet, "") is sheet


def test_the_masthead_names_the_township():
    assert "试验县 · 百丈漈镇" in masthead(Page(within(two(), "百丈漈镇")), title="x").html


def test_a_table_that_is_not_kept_by_township_is_said_to_be_so():
    cut = within(open_county("data/sample"), "大峃镇")
    reasons = {
        reason_text(Page(cut, "zh"), one) for one in assess_plan(cut).assessments if one.missing
    }
    assert any(reason.endswith("表不分乡镇") for reason in reasons)


def test_of_a_sheet_that_does_not_say_where_its_rows_stand_a_township_has_none():
    assert of_township(pd.DataFrame({"usci": ["A", "B"]}), "330328100").empty


def test_rows_that_stand_in_no_township_are_counted_by_table():
    one = county(
        townships=TOWNS,
        enterprises={"usci": ["A", "B", "C"], "township": ["330328100", "elsewhere", None]},
        recognitions={"usci": ["A", "A"]},
    )
    assert places(one).unplaced(frozenset(TOWNS["township"])) == {"enterprises": 2}


def test_the_months_of_a_township_are_those_of_the_whole_county():
    months = {"usci": ["A", "B", "B"], "month": ["2021-03", "2021-02", "2021-05"]}
    cut = within(county(townships=TOWNS, enterprises=FIRMS, enterprise_months=months), "大峃镇")
    assert cut.table("enterprise_months").index.tolist() == [0]
    assert [str(month) for month in cut.months("enterprise_months")] == ["2021-02", "2021-05"]
    blank = county(
        townships=TOWNS, enterprises=FIRMS, enterprise_months={"usci": ["A"], "month": [None]}
    )
    assert within(blank, "大峃镇").months("enterprise_months") is None


def test_a_township_knows_the_whole_county_that_it_was_cut_from():
    one = two()
    cut = places(one).within("330328100")
    assert cut.whole is one
    assert places(cut).county.whole is one


def test_a_row_stands_where_the_first_row_of_its_firm_stands_in_whatever_order_rows_come():
    firms = {"usci": ["A", "A"], "township": ["330328101", "330328100"]}
    table = pd.DataFrame(firms, index=[7, 3])
    for frame in (table, table.iloc[::-1]):
        one = county(enterprises=frame, recognitions={"usci": ["B", "A"]})
        assert township_of(one, "recognitions").fillna("").tolist() == ["", "330328100"]


def test_a_township_s_firms_keep_the_land_that_they_use_elsewhere():
    one = county(
        townships=TOWNS,
        enterprises=FIRMS,
        enterprise_years={"usci": ["A", "B"], "year": [2021, 2021], "tax_paid_wan": [1.0, 2.0]},
        parcels={"parcel_id": ["p"], "township": ["330328101"], "actual_mu": [4.0]},
        occupancies={"usci": ["A"], "parcel_id": ["p"], "share": [0.5]},
    )
    cut, other = within(one, "大峃镇"), within(one, "百丈漈镇")
    assert cut.table("parcels").empty
    assert firm_years(cut)["land_mu"].tolist() == [2.0]
    assert firm_years(other)["land_mu"].isna().tolist() == [True]
    # What lacks has to be supplied as in the county: it was not given by year.
    assert origin_of(other, "land_mu") == ("occupancies", "share")
