"""The maps in a real browser: they draw, they answer, and they ask for nothing."""

import re
from base64 import b64encode
from hashlib import sha256

import geopandas as gpd
import pandas as pd
import pytest
from playwright.sync_api import expect

import plots
from build import page_in
from tenglong.measure.parcel.classes import classes_of
from tenglong.show.map.parcel_layer import parcel_map
from tenglong.show.map.static import static_map

FIRMS = pd.Series([plots.EVIL, "乙公司"], name="firm")
LAND = plots.parcels(plots.square(0, 0, 400), plots.square(2000, 0, 400))
TOWNS = gpd.GeoDataFrame(
    {"name": ["大峃镇"]}, geometry=[plots.square(-800, -1400, 4000)], crs=plots.CRS
)
LINES = gpd.GeoDataFrame(geometry=[plots.square(-200, -200, 3000)], crs=plots.CRS)
VIEW = ".parcel-map-view"
# What is seen of the parcels: their canvases put together, as an array of pixels.
PICTURE = """selector => {
  const view = document.querySelector(selector);
  const box = view.getBoundingClientRect();
  const whole = document.createElement("canvas");
  whole.width = Math.round(box.width);
  whole.height = Math.round(box.height);
  const pen = whole.getContext("2d");
  view.querySelectorAll(".parcel-map-tiles canvas").forEach((canvas) => {
    const at = canvas.getBoundingClientRect();
    const place = [at.left - box.left, at.top - box.top, at.width, at.height].map(Math.round);
    pen.drawImage(canvas, ...place);
  });
  const { data } = pen.getImageData(0, 0, whole.width, whole.height);
  const hex = (at) => "#" + [0, 1, 2].map(
    (n) => data[at + n].toString(16).padStart(2, "0")).join("");
  return { data, hex, left: box.left, top: box.top, width: whole.width };
}"""


def a_map(name="parcel_map", values=(3, 30), land=LAND, **options):
    given = {
        "popup": {"企业": FIRMS, "亩均税收": pd.Series(["3.00", "30.00"])},
        "outlines": {"乡镇界": TOWNS, "控制线": LINES},
    }
    classes = classes_of(plots.tax(*values), plots.MEASURE)
    return parcel_map(
        page_in("zh"), land, classes, plots.MEASURE, name=name, **{**given, **options}
    ).html


def sealed(*pieces):
    """Put pieces on a page whose policy allows their own scripts, and nothing else."""
    body = "".join(pieces)
    found = re.findall(r"<script>(.*?)</script>", body, re.DOTALL)
    hashes = {f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in found}
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        f"script-src {' '.join(sorted(hashes))}"
    )
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>t</title>'
        f'<link rel="icon" href="data:,"></head><body>{body}</body></html>'
    )


def colours(page, selector=VIEW):
    """Give the colours of a map's parcels, each with its number of pixels."""
    return page.evaluate(
        f"""selector => {{
          const {{ data, hex }} = ({PICTURE})(selector);
          const found = {{}};
          for (let at = 0; at < data.length; at += 4) {{
            if (data[at + 3] < 255) continue;
            found[hex(at)] = (found[hex(at)] ?? 0) + 1;
          }}
          return found;
        }}""",
        selector,
    )


def drawn(visit):
    """Wait until the parcels are painted."""
    visit.page.wait_for_selector(".parcel-map-tiles canvas", state="attached")
    painted(visit.page)
    return visit.page


def painted(page):
    """Wait until everything in sight is painted, and stands on the screen."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")
    page.wait_for_selector(f"{VIEW}:not([data-painting])", state="attached")


def until(page, holds):
    """Wait, frame by frame, until something holds of the page; fail where it never does."""
    for _ in range(600):
        if holds():
            return
        page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
    pytest.fail("it never came to hold")


def middle_of(page, colour):
    """Give the middle of a colour's pixels, in coordinates of the window."""
    return page.evaluate(
        f"""([selector, colour]) => {{
          const {{ data, hex, left, top, width }} = ({PICTURE})(selector);
          let count = 0, x = 0, y = 0;
          for (let at = 0; at < data.length; at += 4) {{
            if (hex(at) !== colour || data[at + 3] < 255) continue;
            count += 1; x += (at / 4) % width; y += Math.floor(at / 4 / width);
          }}
          return [left + x / count, top + y / count];
        }}""",
        [VIEW, colour],
    )


@pytest.fixture
def visit(page_of):
    return page_of(sealed(a_map()))


def test_the_parcels_are_drawn_in_their_colours_and_nothing_is_asked_for(visit):
    found = colours(drawn(visit))
    assert found["#7d1714"] > 100
    assert found["#b5dcec"] > 100
    assert visit.requests == []
    assert visit.complaints == []


def test_the_policy_of_the_page_is_in_force(visit):
    page = drawn(visit)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p onclick=\"alert(1)\">x</p>')")
    page.locator("p", has_text="x").last.click()
    assert any("Content Security Policy" in said for said in visit.complaints)
    assert not any("dialog" in said for said in visit.complaints)


def test_a_click_on_a_parcel_shows_its_facts_and_a_hostile_name_as_text(visit):
    page = drawn(visit)
    page.mouse.click(*middle_of(page, "#7d1714"))
    card = page.locator(".leaflet-popup-content")
    assert card.locator("strong").inner_text() == plots.EVIL
    assert card.locator("dl").inner_text().split() == ["亩均税收", "3.00"]
    assert page.locator("img").count() == 0
    assert visit.complaints == []
    assert visit.requests == []


def test_escape_closes_the_popup(visit):
    page = drawn(visit)
    page.mouse.click(*middle_of(page, "#b5dcec"))
    assert page.locator(".leaflet-popup-close-button").get_attribute("aria-label") == "关闭"
    page.keyboard.press("Escape")
    page.wait_for_selector(".leaflet-popup", state="detached")


def test_a_finger_opens_the_popup_too(page_of):
    visit = page_of(sealed(a_map()), has_touch=True, viewport={"width": 400, "height": 800})
    page = drawn(visit)
    page.locator(".parcel-map-view").scroll_into_view_if_needed()
    page.touchscreen.tap(*middle_of(page, "#b5dcec"))
    assert page.locator(".leaflet-popup-content strong").inner_text() == "乙公司"


def test_two_fingers_zoom_and_all_is_painted_at_their_end(page_of):
    visit = page_of(sealed(a_map(outlines={})), has_touch=True)
    page = drawn(visit)
    before = colours(page)
    page.locator(VIEW).scroll_into_view_if_needed()
    x, y = middle_of(page, "#b5dcec")
    session = page.context.new_cdp_session(page)
    pinch = {"x": x, "y": y, "scaleFactor": 1.6, "gestureSourceType": "touch"}
    session.send("Input.synthesizePinchGesture", pinch)
    until(page, lambda: colours(page)["#b5dcec"] > 2 * before["#b5dcec"])
    painted(page)
    expect(page.locator(".parcel-map-tiles > div")).to_have_count(1)
    assert visit.complaints == []


def test_the_mouse_over_a_parcel_names_it(visit):
    page = drawn(visit)
    page.mouse.move(*middle_of(page, "#b5dcec"))
    page.wait_for_selector(".leaflet-tooltip:has-text('乙公司')")


def test_a_map_without_chosen_columns_has_no_popup(page_of):
    page = drawn(page_of(sealed(a_map(popup={}))))
    page.mouse.click(*middle_of(page, "#b5dcec"))
    assert page.locator(".leaflet-popup").count() == 0


def test_outlines_and_their_names_can_be_taken_off_and_put_back(visit):
    page = drawn(visit)
    name = page.locator(".parcel-map-name")
    assert name.inner_text() == "大峃镇"
    page.get_by_label("乡镇界").uncheck()
    expect(name).to_have_count(0)
    page.get_by_label("乡镇界").check()
    expect(name).to_have_count(1)
    assert visit.complaints == []


def test_a_speck_of_a_parcel_is_drawn_as_a_dot_that_can_be_clicked(page_of):
    land = plots.parcels(plots.square(0, 0, 10), plots.square(30_000, 0, 10))
    visit = page_of(sealed(a_map(land=land, outlines={})))
    page = drawn(visit)
    assert colours(page)["#7d1714"] > 20
    page.mouse.click(*middle_of(page, "#7d1714"))
    assert page.locator(".leaflet-popup-content strong").inner_text() == plots.EVIL


def test_what_is_not_known_is_hatched_in_grey(page_of):
    found = colours(drawn(page_of(sealed(a_map(values=(3, None))))))
    assert "#b5dcec" not in found
    assert found["#ffffff"] > 100


def test_a_hole_is_not_filled(page_of):
    whole = plots.parcels(plots.square(0, 0), plots.square(400, 0))
    holed = plots.parcels(plots.holed(), plots.square(400, 0))
    filled, open_ = (
        colours(drawn(page_of(sealed(a_map(land=land, outlines={}))))) for land in (whole, holed)
    )
    assert open_["#7d1714"] / filled["#7d1714"] == pytest.approx(0.75, abs=0.02)


def test_a_place_in_a_hole_is_not_the_parcel(page_of):
    land = plots.parcels(plots.holed(), plots.square(150, 0))
    page = drawn(page_of(sealed(a_map(land=land, outlines={}))))
    page.mouse.click(*middle_of(page, "#7d1714"))  # the middle of the ring around the hole
    assert page.locator(".leaflet-popup").count() == 0


def test_of_parcels_on_one_another_the_one_that_is_seen_is_clicked(page_of):
    land = plots.parcels(plots.square(0, 0, 100), plots.square(20, 20, 60))
    page = drawn(page_of(sealed(a_map(land=land, outlines={}))))
    page.mouse.click(*middle_of(page, "#b5dcec"))
    assert page.locator(".leaflet-popup-content strong").inner_text() == "乙公司"


def test_a_line_marks_the_parcel_under_the_mouse_and_the_chosen_one(visit):
    page = drawn(visit)
    view, marks = page.locator(VIEW), page.locator(".leaflet-marks-pane path")
    x, y = middle_of(page, "#b5dcec")
    page.mouse.move(x, y)
    expect(marks).to_have_count(1)
    expect(view).to_have_class(re.compile("is-over-parcel"))
    page.mouse.click(x, y)
    page.mouse.move(*middle_of(page, "#7d1714"))
    expect(marks).to_have_count(2)
    page.mouse.move(x, y - 200)
    expect(marks).to_have_count(1)
    expect(view).not_to_have_class(re.compile("is-over-parcel"))


def test_a_browser_that_cannot_inflate_draws_the_same(page_of, visit):
    old = page_of(sealed("<script>delete window.DecompressionStream;</script>", a_map()))
    assert colours(drawn(old)) == colours(drawn(visit))
    assert old.complaints == []


def test_a_screen_of_small_pixels_has_finer_canvases(page_of, visit):
    fine = drawn(page_of(sealed(a_map()), device_scale_factor=2))
    coarse = drawn(visit)
    wide, narrow = (
        page.locator(".parcel-map-tiles canvas").first.evaluate(
            "canvas => canvas.width / parseFloat(canvas.style.width)"
        )
        for page in (fine, coarse)
    )
    assert (wide, narrow) == (2, 1)
    fine.mouse.click(*middle_of(fine, "#b5dcec"))
    assert fine.locator(".leaflet-popup-content strong").inner_text() == "乙公司"


def test_the_wheel_scrolls_the_page_until_the_map_is_clicked(visit):
    page = drawn(visit)
    x, y = middle_of(page, "#b5dcec")
    page.mouse.move(x, y + 60)
    before = colours(page)["#b5dcec"]
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(400)  # long enough for a zoom, if there were one
    assert colours(page)["#b5dcec"] == before
    page.mouse.click(x, y + 60)
    page.mouse.wheel(0, -300)
    until(page, lambda: colours(page).get("#b5dcec", 0) > before)


def test_the_whole_map_comes_back_at_the_press_of_a_button(visit):
    page = drawn(visit)
    before = colours(page)
    page.get_by_label("放大").click()
    until(page, lambda: colours(page) != before)
    page.get_by_role("button", name="全图").click()
    whole = pytest.approx(before["#b5dcec"], rel=0.02)
    until(page, lambda: colours(page).get("#b5dcec", 0) == whole)


def test_two_maps_on_a_page_are_two_maps(page_of):
    visit = page_of(sealed(a_map("first"), a_map("second", values=(None, 8))))
    page = drawn(visit)
    assert "#7d1714" in colours(page, f"#first {VIEW}")
    assert "#e08a3c" in colours(page, f"#second {VIEW}")
    assert visit.complaints == []


def test_the_only_globals_are_leaflet_and_our_initialiser(page_of):
    plain, ours = (
        set(page_of(sealed(*pieces)).page.evaluate("Object.keys(window)"))
        for pieces in ([], [a_map()])
    )
    assert ours - plain == {"L", "leaflet", "_leaflet_events", "tenglongParcelMap"}


def test_without_scripts_the_note_the_legend_and_the_picture_are_read(page_of):
    picture = static_map(
        page_in("zh"), LAND, classes_of(plots.tax(3, 30), plots.MEASURE), plots.MEASURE
    ).html
    page = page_of(sealed(picture, a_map()), scripts=False).page
    assert page.locator("noscript p").is_visible()
    assert page.locator(".map-legend").is_visible()
    assert page.locator(".static-map svg").is_visible()
    assert not page.locator(".parcel-map-view").is_visible()
    assert not page.get_by_role("button").count()


def test_on_paper_the_picture_stands_for_the_map(page_of):
    picture = static_map(
        page_in("zh"), LAND, classes_of(plots.tax(3, 30), plots.MEASURE), plots.MEASURE
    ).html
    page = drawn(page_of(sealed(picture, a_map())))
    page.emulate_media(media="print")
    assert page.locator(".static-map svg").is_visible()
    assert not page.locator(".parcel-map").is_visible()
