"""Many parcels on a map, by the kit and by folium: `python -m bench.parcels COUNT kit|folium`."""

import sys
import tempfile
from pathlib import Path

import bench_map
from bench.cost import Cost, clocked, told


def main():
    """Print what Python takes, how large the page is, and how the kit's opens and moves."""
    count, whose = int(sys.argv[1]), sys.argv[2]
    land = bench_map.many_parcels(count)
    draw = bench_map.kit_page if whose == "kit" else bench_map.folium_page
    with clocked() as cost:
        html = draw(land)
    print(told(Cost(cost[0].cpu, cost[0].wall, size=len(html.encode()), note=_looked(html, whose))))


def _looked(html, whose):
    if whose != "kit":
        return ""
    with tempfile.TemporaryDirectory() as folder:
        seen = bench_map.look(html, Path(folder))
    slowest = f"slowest frame dragged {seen.pan:.0f} ms, zoomed {seen.zoom:.0f} ms"
    return f"opens in {seen.opened:.0f} ms; {slowest}"


if __name__ == "__main__":
    main()
