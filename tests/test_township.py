"""A county cut to one of its townships."""

import pytest

from build import county
from tenglong.errors import UsageError
from tenglong.measure.board.board import assess_plan
from tenglong.measure.firm.places import of_township, within
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
