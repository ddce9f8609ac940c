"""Speed, memory and size against what a user would otherwise run, side by side; `make bench`.

Prints ratios, never passes or fails: the machines are noisy.
"""

import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import folium
import geopandas as gpd

from build import all_of, page_in
from reading import peak_growth, readings
from tenglong.measure.sheet.parcel_map import ParcelMapSheet, parcel_map_sheet
from tenglong.show.map.parcel_layer import parcel_map
from tenglong.source import describe_bundle, open_county

ROUNDS = 3
READING_ROUNDS = 5
SIZES = (50_000, 100_000, 200_000)  # rows


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


def compare(what: str, ours: Callable[[], int], theirs: Callable[[], int]) -> None:
    """Run both in turn and print the ratios of time, peak memory and result."""
    figures = [_measure(ours, theirs, number) for number in (0, 1)]
    (time_a, peak_a, size_a), (time_b, peak_b, size_b) = figures
    print(
        f"{what}: time {time_a / time_b:.2f}, memory {peak_a / peak_b:.2f}, "
        f"size {size_a / size_b:.2f} (ours / theirs); ours {time_a:.2f} s, {size_a:,}"
    )


def _measure(
    ours: Callable[[], int], theirs: Callable[[], int], number: int
) -> tuple[float, int, int]:
    """Give the best time of some rounds, the peak memory of one more, and the result."""
    run = (ours, theirs)[number]
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        size = run()
        times.append(time.perf_counter() - begun)
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return min(times), peak, size


def compare_reading(folder: Path) -> None:
    """Print, for every kind of file, the ratio of time; and the growth of memory by rows."""
    peaks = [peak_growth(folder / str(rows), rows) for rows in SIZES]
    grown = ", ".join(
        f"{rows:,}: {peak / 1e6:.0f} MB" for rows, peak in zip(SIZES, peaks, strict=True)
    )
    print(f"memory that reading and checking months.csv takes, by rows: {grown}")
    for reading in readings(folder):
        pairs = [(_clock(reading.ours), _clock(reading.theirs)) for _ in range(READING_ROUNDS)]
        wall, cpu = (min(a[n] for a, _ in pairs) / min(b[n] for _, b in pairs) for n in (0, 1))
        ours = min(a[0] for a, _ in pairs)
        print(f"{reading.what}: time {wall:.2f}, of processors {cpu:.2f}; ours {ours:.3f} s")


def _clock(run: Callable[[], int]) -> tuple[float, float]:
    begun, worked = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - begun, time.process_time() - worked


def main() -> None:
    """Print every comparison."""
    with tempfile.TemporaryDirectory() as folder:
        compare_reading(Path(folder))
    sheet = all_of(parcel_map_sheet, open_county("data/cambridge"))
    compare(
        "13,116 parcels on a map, against folium.GeoJson",
        lambda: kit_map(sheet),
        lambda: folium_map(sheet),
    )
    compare(
        "13,116 parcels read and checked, against geopandas.read_parquet",
        lambda: kit_read("data/cambridge"),
        lambda: bare_read("data/cambridge"),
    )


if __name__ == "__main__":
    main()
