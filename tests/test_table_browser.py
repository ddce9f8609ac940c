"""Long tables in a real browser: sorted, filtered, put back; by keyboard; whole on paper."""

import pytest
from playwright.sync_api import expect

from build import page_in
from tenglong.run.render import document
from tenglong.show.cell import Cell, amount, number, text
from tenglong.show.figure.inline import bullet
from tenglong.show.table import Column, table

NAMES = ("丙厂", "甲厂", "<b>乙</b>", "丁厂", "戊厂", "己厂", "庚厂", "辛厂", "壬厂")
VALUES = (1000, 25, None, -3, 7, 8, 9, 10, 11)
LIMITS = ("≥ 9", "≥ 100", "≥ 20", "≥ 1", "≥ 2", "≥ 3", "≥ 4", "≥ 5", "≥ 6")


def long_table(count=9):
    rows = slice(0, count)
    progress = [
        Cell(bullet(page_in("zh"), each, None, status="ahead"), str(each)) for each in range(9)
    ]
    targets = [Cell(shown, shown.removeprefix("≥ "), is_number=True) for shown in LIMITS]
    columns = [
        Column("名称", [text(name) for name in NAMES][rows], is_header=True),
        Column("产值", [amount(value, "万元") for value in VALUES][rows]),
        Column("目标", targets[rows]),
        Column("进度", progress[::-1][rows]),
        Column("序号", [number(place, 0) for place in range(9)][rows]),
    ]
    return table(columns, caption="各厂产值", name="works").html


def page_with(*tables, language="zh"):
    body = "".join(tables)
    return document(f"<h1>题</h1>{body}", title="题", language=language)


@pytest.fixture
def visit(page_of):
    return page_of(page_with(long_table()))


def order(page, column=5):
    """Give the rows as they stand, by their numbers."""
    cells = page.locator(f"tbody tr:visible > :nth-child({column})")
    return [int(one) for one in cells.all_inner_texts()]


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_numbers_are_sorted_as_numbers_and_what_is_missing_comes_last(visit):
    press(visit.page, "产值")
    assert order(visit.page) == [3, 4, 5, 6, 7, 8, 1, 0, 2]
    press(visit.page, "产值")
    assert order(visit.page) == [0, 1, 8, 7, 6, 5, 4, 3, 2]
    assert visit.complaints == []


def test_texts_are_sorted_as_chinese_is(visit):
    press(visit.page, "名称")
    names = visit.page.locator("tbody th").all_inner_texts()
    # By pinyin: bing ding geng ji jia ren wu xin; what is not Chinese stands before.
    assert names == ["<b>乙</b>", "丙厂", "丁厂", "庚厂", "己厂", "甲厂", "壬厂", "戊厂", "辛厂"]


def test_a_column_whose_text_is_no_number_is_sorted_by_its_exact_value(visit):
    press(visit.page, "目标")
    assert order(visit.page) == [3, 4, 5, 6, 7, 8, 0, 2, 1]
    press(visit.page, "进度")
    assert order(visit.page) == [8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_a_header_says_how_its_column_is_sorted_and_the_order_comes_back(visit):
    head = visit.page.locator("thead th").nth(1)
    assert head.get_attribute("aria-sort") is None
    press(visit.page, "产值")
    assert head.get_attribute("aria-sort") == "ascending"
    press(visit.page, "产值")
    assert head.get_attribute("aria-sort") == "descending"
    visit.page.get_by_role("button", name="恢复原序 各厂产值").click()
    assert order(visit.page) == list(range(9))
    assert head.get_attribute("aria-sort") is None
    expect(visit.page.get_by_role("button", name="恢复原序 各厂产值")).to_be_hidden()


def test_the_filter_hides_rows_and_tells_how_many_are_shown(visit):
    page = visit.page
    assert page.get_by_role("status").inner_text() == "显示 9 / 9 行"
    page.get_by_role("searchbox", name="筛选 各厂产值").fill("厂 万元 1")
    assert order(page) == [0, 1, 3, 7, 8]
    assert page.get_by_role("status").inner_text() == "显示 5 / 9 行"
    press(page, "产值")
    assert order(page) == [3, 7, 8, 1, 0]
    page.get_by_role("searchbox").fill("无此厂")
    assert page.get_by_role("status").inner_text() == "显示 0 / 9 行"
    page.get_by_role("searchbox").fill("")
    assert len(order(page)) == 9


def test_all_is_reached_and_done_by_keyboard(visit):
    page = visit.page
    page.locator(".skip").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("甲厂")
    assert order(page) == [1]
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    for _ in range(3):  # the region that scrolls, the first header, the second
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert order(page)[0] == 3
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.locator("thead th").first.get_attribute("aria-sort") == "ascending"


def test_paper_shows_every_row_in_the_order_chosen_and_no_tools(visit):
    page = visit.page
    press(page, "产值")
    page.get_by_role("searchbox").fill("甲厂")
    page.emulate_media(media="print")
    assert order(page) == [3, 4, 5, 6, 7, 8, 1, 0, 2]
    assert not page.locator(".table-tools").is_visible()


def test_without_scripts_there_is_the_whole_table_and_nothing_that_would_not_work(page_of):
    page = page_of(page_with(long_table()), scripts=False).page
    assert order(page) == list(range(9))
    assert page.locator("button, input").count() == 0


def test_a_page_with_short_tables_has_no_script():
    assert "<script" not in page_with(long_table(8))
    assert page_with(long_table(), long_table().replace("各厂", "各镇")).count("<script>") == 1


def test_two_tables_are_sorted_each_by_itself(page_of):
    visit = page_of(page_with(long_table(), long_table().replace("各厂产值", "各镇产值")))
    boxes = visit.page.locator(".table")
    boxes.nth(1).get_by_role("button", name="产值", exact=True).click()
    firsts = [boxes.nth(place).locator("tbody th").first.inner_text() for place in (0, 1)]
    assert firsts == ["丙厂", "丁厂"]
    assert visit.complaints == []


def test_the_tools_speak_the_language_of_the_page(page_of):
    page = page_of(page_with(long_table(), language="en")).page
    assert page.get_by_role("status").inner_text() == "9 of 9 rows shown"
    assert page.get_by_label("Filter", exact=False).count() == 1
