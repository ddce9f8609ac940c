"""Many parcels on the map, by the kit and by folium.GeoJson, measured in Chromium.

`python tests/bench_map.py 100000`; the shapes do not repeat, and neighbours share their borders.
"""

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
    """What a reader waits for, in milliseconds: until all is drawn, and the slowest frames."""

    opened: float
    pan: float
    zoom: float


def look(html: str, folder: Path) -> Looked:
    """Open a page of the kit in Chromium, drag its map, and zoom it in and out."""
    file = folder / "map.html"
    file.write_text(html, encoding="utf-8")
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(600_000)
        page.goto(file.as_uri())
        page.wait_for_selector(f"{VIEW}:not([data-painting])", state="attached")
        opened = page.evaluate(OPENED)
        pan = max(_frames(page, lambda by=by: _drag(page, by)) for by in (-180, 220, -260))
        zoom = max(_frames(page, lambda to=to: _wheel(page, to)) for to in (-400, -400, 400, 400))
        browser.close()
    return Looked(opened, pan, zoom)


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


def _frames(page: Page, act: Callable[[], None]) -> float:
    """Give the longest time between two frames while something is done and drawn."""
    page.evaluate(WATCH)
    act()
    page.wait_for_selector(f"{VIEW}:not([data-painting])", state="attached")
    return float(page.evaluate("window.worst"))


def main() -> None:
    """Print what a number of parcels takes, by the kit and by folium."""
    counts = [int(text) for text in sys.argv[1:]] or [100_000]
    for count in counts:
        land = many_parcels(count)
        html, ours = _timed(lambda land=land: kit_page(land))
        print(
            f"{count:,} parcels: {len(html.encode()) / 1e6:.1f} MB, Python {ours:.1f} CPU s", end=""
        )
        if count <= MOST_BY_FOLIUM:
            theirs = _timed(lambda land=land: folium_page(land))[1]
            print(f" ({ours / theirs:.2f} of folium.GeoJson's {theirs:.1f} s)", end="")
        with tempfile.TemporaryDirectory() as folder:
            looked = look(html, Path(folder))
        print(
            f"; opens in {looked.opened:.0f} ms, slowest frame when dragged {looked.pan:.0f} ms,"
            f" when zoomed {looked.zoom:.0f} ms",
            flush=True,
        )


def _timed(draw: Callable[[], str]) -> tuple[str, float]:
    begun = time.process_time()
    html = draw()
    return html, time.process_time() - begun


if __name__ == "__main__":
    main()
