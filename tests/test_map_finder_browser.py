"""The campaign's map in a real browser: colours change, filters fade, searches lead, firms show."""

from collections import Counter

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import plots
from build import page_in
from tenglong.measure.parcel.classes import categorise, classes_of
from tenglong.measure.sheet.parcel_map import Colouring
from tenglong.show.map.finder import Tenants, filter_by_class, filter_of
from tenglong.show.map.parcel_layer import parcel_map
from test_map_browser import colours, drawn, middle_of, painted, sealed

TAX = [3, 3, 30, None]
STATES = ["idle", "in_use", "in_use", "idle"]
TOWNS = ["大峃镇", "大峃镇", "玉壶镇", "玉壶镇"]
FIRMS = {"甲公司": (0, "纺织业"), plots.EVIL: (1, "造纸业"), "丙公司": (2, "纺织业")}
STATE = {
    "label": {"zh": "用地状态", "en": "Land"},
    "unit": {"zh": "", "en": ""},
    "kind": "category",
    "categories": [
        {"value": "idle", "label": {"zh": "闲置", "en": "Idle"}},
        {"value": "in_use", "label": {"zh": "正常使用", "en": "In use"}},
    ],
    "palette": ["#50172f", "#add5c1"],
}
LAND = plots.parcels(*(plots.square(1500 * n, 0, 900) for n in range(4)))
PARCELS = pd.Series(["P0", "P1", "P2", "P3"])


def a_map(language="zh", land=LAND):
    tax = classes_of(plots.tax(*TAX), plots.MEASURE)
    states = categorise(pd.Series(STATES), ["idle", "in_use"])
    places = pd.Series([place for place, _ in FIRMS.values()])
    industry = pd.Series([industry for _, industry in FIRMS.values()])
    return parcel_map(
        page_in(language),
        land,
        tax,
        plots.MEASURE,
        others=[Colouring("land_state", STATE, states)],
        filters=[
            filter_of("乡镇", pd.Series(TOWNS)),
            filter_of("行业", industry, is_of_uses=True),
            filter_by_class(page_in(language), states, STATE),
        ],
        tenants=Tenants(
            places,
            {"企业": pd.Series(list(FIRMS)), "行业": industry},
            pd.Series(["91A", "91B", "91C"]),
            {"enterprises": pd.Series([True, False, True])},
        ),
        popup={"宗地": PARCELS, "乡镇": pd.Series(TOWNS)},
        sought=["宗地"],
        caption="作战图",
    ).html


ROWS = (
    '<details data-rows-of="parcel_map" open><summary>明细</summary><table><tbody>'
    + "".join(
        f'<tr><th scope="row"><a href="#parcel_map" data-use="{use}">{use}</a></th></tr>'
        for use in range(3)
    )
    + "</tbody></table></details>"
)


@pytest.fixture
def visit(page_of):
    found = page_of(sealed(a_map(), ROWS))
    drawn(found)
    return found


def left(page):
    """Give the column of what a filter leaves, in the legend that is shown."""
    return [
        cell.inner_text()
        for cell in page.locator("[data-legend]:not([hidden]) tbody td[data-left]").all()
    ]


def choose(page, label, option):
    page.get_by_label(label, exact=True).select_option(label=option)
    painted(page)


def count_of(page):
    return page.locator(".parcel-map-count").inner_text()


def test_another_measure_changes_the_colours_and_the_legend(visit):
    page = visit.page
    assert "#7d1714" in colours(page)
    choose(page, "着色项", "用地状态")
    found = colours(page)
    assert "#7d1714" not in found
    assert found["#50172f"] == pytest.approx(found["#add5c1"], rel=0.1)
    shown = page.locator("[data-legend]:not([hidden])")
    assert shown.count() == 1
    assert "用地状态" in shown.inner_text()


def test_a_filter_fades_the_rest_and_counts_what_it_leaves(visit):
    page = visit.page
    before = colours(page)
    choose(page, "乡镇", "玉壶镇")
    wanted = Counter(town for town in TOWNS)["玉壶镇"]
    assert count_of(page) == f"符合 {wanted} / {len(TOWNS)} 宗"
    assert left(page) == ["0", "0", "1", "1"]
    after = colours(page)
    assert "#7d1714" not in after
    assert after["#b5dcec"] == pytest.approx(before["#b5dcec"], rel=0.02)


def test_filters_combine_and_are_cleared_by_a_button(visit):
    page = visit.page
    choose(page, "乡镇", "大峃镇")
    choose(page, "用地状态", "闲置")
    both = [t == "大峃镇" and s == "idle" for t, s in zip(TOWNS, STATES, strict=True)]
    assert count_of(page) == f"符合 {sum(both)} / 4 宗"
    page.get_by_role("button", name="清除筛选").click()
    assert count_of(page) == "符合 4 / 4 宗"
    assert page.locator("tbody td[data-left]:visible").count() == 0


def test_a_filter_of_firms_leaves_the_parcels_that_have_one(visit):
    choose(visit.page, "行业", "纺织业")
    having = {place for place, industry in FIRMS.values() if industry == "纺织业"}
    assert count_of(visit.page) == f"符合 {len(having)} / 4 宗"


def test_the_rows_of_the_page_are_filtered_along(visit):
    page = visit.page
    choose(page, "行业", "造纸业")
    assert page.locator("details tr:visible").all_inner_texts() == ["1"]
    assert "1 行" in page.locator("details p").inner_text()


def test_a_firm_is_found_by_keyboard_alone(visit):
    page = visit.page
    field = page.get_by_role("combobox", name="查找企业或地块")
    field.focus()
    page.keyboard.type("公司")
    options = page.locator("[role=option]")
    assert [one.inner_text().split("\n")[0] for one in options.all()] == ["甲公司", "丙公司"]
    page.keyboard.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content strong")).to_have_text("P2")
    assert field.get_attribute("aria-expanded") == "false"
    expect(page.locator(".parcel-map-chosen")).to_contain_text("丙公司")


@pytest.mark.parametrize(("sought", "parcel"), [("91b", "P1"), ("p3", "P3"), ("onerror", "P1")])
def test_a_parcel_is_found_by_its_code_a_firms_code_or_a_part_of_a_name(visit, sought, parcel):
    page = visit.page
    page.get_by_role("combobox").last.fill(sought)
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content strong")).to_have_text(parcel)
    assert page.locator("img").count() == 0
    assert visit.complaints == []


def test_what_is_not_found_says_so(visit):
    visit.page.get_by_role("combobox").last.fill("无此企业")
    assert visit.page.locator("[role=option]").inner_text() == "没有找到"
    visit.page.keyboard.press("Enter")
    assert visit.page.locator(".leaflet-popup").count() == 0


def test_a_click_leads_to_the_firms_of_the_parcel(visit):
    page = visit.page
    page.mouse.click(*middle_of(page, "#b5dcec"))
    page.get_by_role("button", name="查看企业明细").click()
    chosen = page.locator(".parcel-map-chosen")
    assert chosen.evaluate("node => node === document.activeElement")
    assert chosen.get_by_role("rowheader").inner_text() == "丙公司"
    assert chosen.get_by_role("columnheader").all_inner_texts() == ["企业", "行业"]
    assert page.locator(".parcel-map-said").inner_text() == "P2：使用企业 1 家"


def test_a_firm_leads_to_its_row_on_another_page_of_the_report_and_only_then(page_of):
    html = sealed(a_map(), ROWS).replace("<body>", '<body data-pages="parcel_map enterprises">')
    page = drawn(page_of(html))
    for firm, address in (("甲公司", "enterprises.html#firm-91A"), ("onerror", None)):
        page.get_by_role("combobox").last.fill(firm)
        page.keyboard.press("Enter")
        links = page.locator(".parcel-map-chosen td a")
        expect(page.locator(".parcel-map-chosen")).to_contain_text(firm)
        assert [link.get_attribute("href") for link in links.all()] == [address] * bool(address)


def test_a_hostile_firm_is_text_wherever_it_shows(visit):
    page = visit.page
    page.mouse.click(*middle_of(page, "#7d1714"))
    page.get_by_role("combobox").last.fill("onerror")
    assert plots.EVIL in page.locator("[role=option]").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".parcel-map-chosen th[scope=row]")).to_have_text(plots.EVIL)
    assert page.locator("img").count() == 0
    assert visit.complaints == []


def test_a_row_of_the_page_leads_to_the_map_by_keyboard(visit):
    page = visit.page
    page.locator("details a").nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content strong")).to_have_text("P2")


def test_another_page_leads_to_a_parcel(visit):
    visit.page.evaluate("window.location.hash = '#parcel-P1'")
    expect(visit.page.locator(".leaflet-popup-content strong")).to_have_text("P1")


def test_a_parcel_without_an_outline_shows_its_firms_and_says_so(page_of):
    land = LAND.copy()
    land.loc[2, "geometry"] = None
    page = drawn(page_of(sealed(a_map(land=land))))
    page.get_by_role("combobox").last.fill("丙公司")
    page.keyboard.press("Enter")
    expect(page.locator(".parcel-map-chosen")).to_contain_text("该宗无图形")
    expect(page.locator(".parcel-map-chosen")).to_contain_text("丙公司")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_no_fault_with_a_parcel_chosen_and_a_list_open(page_of, language):
    page = drawn(page_of(sealed("<main><h1>t</h1>", a_map(language), "</main>")))
    page.mouse.click(*middle_of(page, "#b5dcec"))
    page.get_by_role("combobox").last.fill("P")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.response["violations"] == []


def test_without_scripts_no_control_is_shown_that_would_do_nothing(page_of):
    page = page_of(sealed(a_map(), ROWS), scripts=False).page
    assert page.locator("select:visible, input:visible, button:visible").count() == 0
    assert page.locator(".map-legend:visible").count() == 1
    assert page.locator("details tr:visible").count() == 3
