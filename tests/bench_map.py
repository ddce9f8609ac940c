"""Many parcels on the map, by the kit and by folium.GeoJson, measured in Chromium.

`python tests/bench_map.py 100000`; the shapes do not repeat, and neighbours share their borders.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from playwright.sync_api import Page, sync_playwright

from build import page_in
from cadastre import many_parcels
from tenglong.measure.parcel.classes import classes_of
from tenglong.show.map.parcel_layer import parcel_map

MOST_BY_FOLIUM = 200_000  # more takes it minutes and gigabytes

RULE = {
    "label": {"zh": "亩均税收", "en": "Tax per mu"},
    "unit": {"zh": "万元/亩", "en": "10k CNY per mu"},
    "kind": "number",
    "limits": [5, 10, 20, 30],
    "palette": ["#7d1714", "#c23b22", "#e08a3c", "#7fc6a4", "#b5dcec"],
    "decimals": 2,
}
HEAD = '<!DOCTYPE html><meta charset="utf-8"><title>t</title>'
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
TASK = "ThreadControllerImpl::RunTask"  # Chromium's name for a stretch of work
VIEW = ".parcel-map-view"
# From the start of the navigation to the frame after all is painted.
OPENED = "() => new Promise((done) => requestAnimationFrame(() => done(performance.now())))"
WATCH = """() => {
  window.worst = 0;
  const number = (window.watch ?? 0) + 1;
  window.watch = number;
  let last = performance.now();
  const look = (now) => {
    window.worst = Math.max(window.worst, now - last);
    last = now;
    if (window.watch === number) requestAnimationFrame(look);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(look); });
}"""


# ---- drawing them


def kit_page(land: gpd.GeoDataFrame) -> str:
    """Draw parcels with the kit's map, in five classes, with the code as the one popup column."""
    values = pd.Series(np.random.default_rng(1).uniform(0, 50, len(land)))
    classes = classes_of(values, RULE)
    codes = {"宗地代码": land["parcel_id"]}
    drawn = parcel_map(page_in("zh"), land, classes, RULE, popup=codes, sought=list(codes))
    return HEAD + drawn.html


def folium_page(land: gpd.GeoDataFrame) -> str:
    """Draw parcels as folium's documentation does, with the code as a tooltip."""
    drawn = folium.Map(tiles=None, prefer_canvas=True)
    layer = land.to_crs(4326)
    tooltip = folium.GeoJsonTooltip(["parcel_id"])
    folium.GeoJson(layer.to_json(), tooltip=tooltip).add_to(drawn)
    return str(drawn.get_root().render())


# ---- looking at them


@dataclass(frozen=True)
class Looked:
    """What a reader waits for, in milliseconds.

    Attributes
    ----------
    opened
        From the start of the navigation until all is drawn.
    opened_work
        What of it the page itself worked, in time of the processor: other programs lengthen the
        time that passes, not this.
    pan, zoom
        The longest time between two frames.
    pan_work, zoom_work
        The longest that the page itself worked at a stretch.
    """

    opened: float
    opened_work: float
    pan: float
    pan_work: float
    zoom: float
    zoom_work: float


@dataclass(frozen=True)
class Measured:
    """What a map of many parcels takes; `folium_s` is None where folium was not asked."""

    count: int
    size_mb: float
    kit_s: float
    folium_s: float | None
    looked: Looked

    def __str__(self) -> str:
        """Say it in a line."""
        theirs = (
            f" ({self.kit_s / self.folium_s:.2f} of folium.GeoJson's {self.folium_s:.1f} s)"
            if self.folium_s
            else ""
        )
        look = self.looked
        return (
            f"{self.count:,} parcels: {self.size_mb:.1f} MB, Python {self.kit_s:.1f} CPU s{theirs};"
            f" opens in {look.opened:.0f} ms ({look.opened_work:.0f} ms of work), slowest frame"
            f" when dragged {look.pan:.0f} ms ({look.pan_work:.0f} ms of work),"
            f" when zoomed {look.zoom:.0f} ms ({look.zoom_work:.0f} ms of work)"
        )


def measure(count: int) -> Measured:
    """Draw a number of parcels by the kit and, where they are not too many, by folium; look."""
    land = many_parcels(count)
    kit_page(land[:100].copy())  # what is imported once does not count
    html, ours = _timed(lambda: kit_page(land))
    theirs = _timed(lambda: folium_page(land))[1] if count <= MOST_BY_FOLIUM else None
    with tempfile.TemporaryDirectory() as folder:
        looked = look(html, Path(folder))
    return Measured(count, len(html.encode()) / 1e6, ours, theirs, looked)


def look(html: str, folder: Path) -> Looked:
    """Open a page of the kit in Chromium, drag its map, and zoom it in and out."""
    file = folder / "map.html"
    file.write_text(html, encoding="utf-8")
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(600_000)
        browser.start_tracing(page=page, categories=["toplevel"])
        page.goto(file.as_uri())
        _wait(page)
        opened = page.evaluate(OPENED)
        worked = sum(_tasks(browser.stop_tracing()))
        pan = _watched(page, lambda: [_drag(page, by) for by in (-180, 220, -260)])
        zoom = _watched(page, lambda: [_wheel(page, to) for to in (-400, -400, 400, 400)])
        browser.close()
    return Looked(opened, worked, *pan, *zoom)


def _wait(page: Page) -> None:
    page.wait_for_selector(f"{VIEW}:not([data-painting])", state="attached")


def _watched(page: Page, act: Callable[[], object]) -> tuple[float, float]:
    """Give the longest time between two frames while something is done, and the longest work."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=["toplevel"])
    page.evaluate(WATCH)
    act()
    _wait(page)
    worst = float(page.evaluate("window.worst"))
    return worst, max(_tasks(browser.stop_tracing()))


def _tasks(trace: bytes) -> list[float]:
    """Give the processor's time of each task on the page's own thread, in milliseconds."""
    events = json.loads(trace)["traceEvents"]
    own = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return [
        event["tdur"] / 1000
        for event in events
        if (event["pid"], event["tid"]) in own and event["name"] == TASK and "tdur" in event
    ]


def _drag(page: Page, by: int) -> None:
    box = page.locator(VIEW).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y + by / 2, steps=30)
    page.mouse.up()


def _wheel(page: Page, by: int) -> None:
    box = page.locator(VIEW).bounding_box()
    page.mouse.click(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, by)
    page.wait_for_timeout(600)
    _wait(page)


def main() -> None:
    """Print what each number of parcels takes."""
    for text in sys.argv[1:] or ["100000"]:
        print(measure(int(text)), flush=True)


def _timed(draw: Callable[[], str]) -> tuple[str, float]:
    begun = time.process_time()
    html = draw()
    return html, time.process_time() - begun


if __name__ == "__main__":
    main()
