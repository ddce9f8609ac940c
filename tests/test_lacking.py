"""What was not supplied is said with the unit that must supply it, each thing once."""

from dataclasses import replace

from build import county
from tenglong.measure.county import Unavailable
from tenglong.show.lacking import all_lacking, lacking
from tenglong.show.page import Page

COUNTY = county(is_declared=True)


def test_a_column_is_named_with_its_table_and_its_own_supplier():
    said = lacking(Page(COUNTY, "zh"), Unavailable("enterprise_years", "tax_paid_wan")).html
    assert said == "“企业年度数据”缺“实缴税金”，本部分无法测算；请县税务局提供。"


def test_each_gap_is_said_once_and_what_is_known_is_not():
    gaps = [Unavailable("parcels"), None, Unavailable("parcels"), Unavailable("projects")]
    said = [one.html for one in all_lacking(Page(COUNTY, "en"), gaps)]
    assert len(said) == 2
    assert said[0].startswith("“Industrial parcels” was not supplied")


def test_a_table_that_stands_in_no_township_is_asked_of_nobody():
    one = replace(COUNTY, unplaced=frozenset({"official_series"}))
    said = lacking(Page(one, "zh"), Unavailable("official_series")).html
    assert said == "“公布数据”不分乡镇，本部分只有全县口径。"
