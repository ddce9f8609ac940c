"""Thousands of parcels on the map in a real browser: seen as they are, found, and painted once."""

import numpy as np
import pandas as pd
import pytest
import shapely
from playwright.sync_api import expect

import plots
from build import page_in
from cadastre import many_parcels
from tenglong.measure.parcel.classes import classes_of
from tenglong.show.map.finder import filter_of
from tenglong.show.map.parcel_layer import parcel_map
from test_map_browser import VIEW, colours, drawn, painted, sealed

MANY = many_parcels(20_000)
VALUES = np.random.default_rng(5).choice([1.0, 10.0, 30.0], len(MANY), p=[0.24, 0.46, 0.3])
COUNTED = """<script>
window.filled = 0;
const fill = CanvasRenderingContext2D.prototype.fill;
CanvasRenderingContext2D.prototype.fill = function (...given) {
  window.filled += 1;
  return fill.apply(this, given);
};
</script>"""


def a_map(land=MANY, values=VALUES, **options):
    return parcel_map(
        page_in("zh"),
        land,
        classes_of(plots.tax(*values), plots.MEASURE),
        plots.MEASURE,
        popup={"宗地": land["parcel_id"]},
        **options,
    ).html


@pytest.fixture(scope="module")
def many_html():
    towns = filter_of("乡镇", pd.Series(np.where(np.arange(len(MANY)) % 2, "东乡", "西镇")))
    return sealed(a_map(filters=[towns]))


def shares(found):
    """Give each class's share of the coloured pixels."""
    pixels = np.array([found.get(colour, 0) for colour in plots.MEASURE["palette"]])
    return pixels / pixels.sum()


def test_on_a_telephone_every_class_has_its_share_of_the_pixels(page_of, many_html):
    visit = page_of(many_html, viewport={"width": 390, "height": 844})
    page = drawn(visit)
    areas = pd.Series(MANY.area.to_numpy()).groupby(VALUES).sum()
    assert shares(colours(page)) == pytest.approx((areas / areas.sum()).to_numpy(), abs=0.015)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert visit.complaints == []


def test_a_click_anywhere_finds_the_parcel_that_lies_there(page_of, many_html):
    page = drawn(page_of(many_html))
    page.locator(VIEW).focus()
    for _ in range(3):
        page.keyboard.press("+")
        painted(page)
    box = page.locator(VIEW).bounding_box()
    named = []
    for across, down in ((0.3, 0.35), (0.52, 0.6), (0.7, 0.45)):
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
        named.append(page.locator(".leaflet-popup-content strong").inner_text())
        page.keyboard.press("Escape")
    rows = [int(np.flatnonzero(MANY["parcel_id"] == name)[0]) for name in named]
    assert len(set(rows)) == 3
    middles = shapely.get_coordinates(MANY.geometry.iloc[rows].centroid)
    directions = np.diff(middles, axis=0)
    assert directions[0][0] > 0 > directions[0][1]  # eastwards and southwards
    assert (directions[1] > 0).all()


def test_a_filter_paints_anew_what_is_in_sight_and_nothing_else(page_of, many_html):
    page = drawn(page_of(many_html))
    before = colours(page)
    page.get_by_label("乡镇").select_option(label="东乡")
    painted(page)
    after = colours(page)
    assert page.locator(".parcel-map-count").inner_text() == "符合 10,000 / 20,000 宗"
    for colour in plots.MEASURE["palette"]:
        assert after[colour] == pytest.approx(before[colour] / 2, rel=0.15)
    page.get_by_role("button", name="清除筛选").click()
    painted(page)
    assert colours(page) == before


def test_a_canvas_is_painted_once_and_moves_with_the_map(page_of, many_html):
    page = drawn(page_of(many_html))
    tiles = page.locator(".parcel-map-tiles canvas")
    held = tiles.count()
    page.evaluate("document.querySelectorAll('.parcel-map-tiles canvas').forEach(c => c.old = 1)")
    box = page.locator(VIEW).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 90, y - 40, steps=6)
    page.mouse.up()
    painted(page)
    assert tiles.evaluate_all("all => all.filter(one => one.old).length") == held
    page.get_by_label("放大").click()
    painted(page)
    expect(page.locator(".parcel-map-tiles > div")).to_have_count(1)
    assert tiles.evaluate_all("all => all.filter(one => one.old).length") == 0


def test_the_painting_grows_with_the_parcels_and_no_faster(page_of):
    def fills(count):
        html = sealed(COUNTED, a_map(MANY[:count], VALUES[:count]))
        return drawn(page_of(html)).evaluate("window.filled")

    few, four_times = fills(500), fills(2000)
    assert few >= 500
    assert four_times <= 1.2 * 4 * few


def test_a_map_of_nothing_but_its_ground_is_drawn_and_answers(page_of):
    visit = page_of(sealed(a_map(MANY[:0], [], outlines={"界": MANY[:1]})))
    page = visit.page
    page.wait_for_selector(f"{VIEW} path", state="attached")
    page.locator(VIEW).hover()
    page.locator(VIEW).click()
    assert page.locator(".leaflet-popup").count() == 0
    assert visit.complaints == []
