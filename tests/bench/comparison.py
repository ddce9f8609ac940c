"""Calls of the kit beside a bare reader's or folium's: `python -m bench.comparison WHICH`.

All in one process. Prints a line of JSON for each: what was compared, and what both cost.
"""

import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import folium
import geopandas as gpd

from bench.cost import Cost
from bench.reading import peak_growth, readings
from build import all_of, page_in
from tenglong.measure.sheet.parcel_map import ParcelMapSheet, parcel_map_sheet
from tenglong.show.map.parcel_layer import parcel_map
from tenglong.source import describe_bundle, open_county

ROUNDS = 3
READING_ROUNDS = 5
SIZES = (50_000, 100_000, 200_000)  # rows
CAMBRIDGE = "data/cambridge"


def kit_map(sheet: ParcelMapSheet) -> int:
    """Draw the parcels with the kit's map."""
    popup = {"宗地代码": sheet.parcels["parcel_id"].astype("str")}
    return len(
        parcel_map(page_in("zh"), sheet.parcels, sheet.classes, sheet.rule, popup=popup).html
    )


def folium_map(sheet: ParcelMapSheet) -> int:
    """Draw the parcels as folium's documentation does, with the one column that is shown."""
    frame = sheet.parcels[["parcel_id", "geometry"]].to_crs(4326)
    frame = frame[~frame.is_empty]
    drawn = folium.Map()
    tooltip = folium.GeoJsonTooltip(["parcel_id"])
    folium.GeoJson(frame.to_json(), tooltip=tooltip).add_to(drawn)
    return len(drawn.get_root().render())


def kit_read(folder: str) -> int:
    """Read and check the parcels as a bundle."""
    return len(open_county(folder).table("parcels"))


def bare_read(folder: str) -> int:
    """Read the parcels' file and bring it into the county's system, unchecked."""
    about = describe_bundle(folder)
    return len(gpd.read_parquet(about.path / about.sources["parcels"][0].file).to_crs(about.crs))


def compared(
    what: str, ours: Callable[[], int], against: str, theirs: Callable[[], int], rounds: int
) -> str:
    """Run both in turn, and tell the best of each."""
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for _ in range(rounds):
        for run, found in zip((ours, theirs), costs, strict=True):
            found.append(_clock(run))
    best = [min(found, key=lambda cost: cost.cpu) for found in costs]
    peaks = [_peak(run) for run in (ours, theirs)]
    told = [
        asdict(Cost(cost.cpu, cost.wall, peak, cost.size))
        for cost, peak in zip(best, peaks, strict=True)
    ]
    return json.dumps({"work": what, "ours": told[0], "others": {against: told[1]}})


def _clock(run: Callable[[], int]) -> Cost:
    begun, worked = time.perf_counter(), time.process_time()
    size = run()
    return Cost(time.process_time() - worked, time.perf_counter() - begun, None, size)


def _peak(run: Callable[[], int]) -> float:
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def reading() -> None:
    """Compare reading and checking for every kind of file; tell how memory grows by rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in SIZES:
            peak = peak_growth(folder / str(rows), rows) / 1e6
            what = f"memory that {rows:,} rows of months.csv take"
            print(json.dumps({"work": what, "ours": {"mb": peak}, "others": {}}), flush=True)
        for one in readings(folder):
            told = compared(one.what, one.ours, one.against, one.theirs, READING_ROUNDS)
            print(told, flush=True)
    what = "13,116 parcels read and checked"
    ours, theirs = (lambda: kit_read(CAMBRIDGE)), (lambda: bare_read(CAMBRIDGE))
    print(compared(what, ours, "geopandas.read_parquet", theirs, ROUNDS))


def cambridge() -> None:
    """Compare the map of real parcels with folium's."""
    sheet = all_of(parcel_map_sheet, open_county(CAMBRIDGE))
    ours, theirs = (lambda: kit_map(sheet)), (lambda: folium_map(sheet))
    print(compared("13,116 real parcels on a map", ours, "folium.GeoJson", theirs, ROUNDS))


if __name__ == "__main__":
    {"reading": reading, "cambridge": cambridge}[sys.argv[1]]()
