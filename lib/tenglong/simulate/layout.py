"""Layout: the plots' outlines, in rows along roads, inside industrial sites.

Every township has one to four sites. A site's plots stand in rows of like depth; neighbours in
a row share their corners exactly. One plot in nine stands alone. Three defects are put in
on purpose: a real overlap and two slivers, as drawn layers have them (`DEFECTS`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from tenglong.simulate.packing import NoRoomError
from tenglong.simulate.places import DEGREES
from tenglong.simulate.plots import Plot
from tenglong.simulate.setting import Setting
from tenglong.simulate.streams import chance

MU = 2000 / 3
ALONE = 1 / 9
ROAD, PASSAGE, PASSAGE_EVERY = 11.0, 7.0, 4
BORDER_MARGIN, SITE_RADIUS = 450.0, 330.0
MARGINS = BORDER_MARGIN, 0.0  # of what stands alone: the second where there is no room
# how far the right-hand edge of a plot reaches into its neighbour, in metres
DEFECTS = (3.0, 0.12, 0.05)
DECIMALS = 8  # of a degree: a millimetre

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Site:
    """A place where plots stand: its township, its middle and the direction of its roads."""

    township: str
    index: int
    x: float
    y: float
    angle: float

    def place(self, outline: BaseGeometry) -> BaseGeometry:
        """Move an outline drawn around the origin to the site."""
        turned = affinity.rotate(outline, self.angle, origin=(0, 0))
        return affinity.translate(turned, self.x, self.y)


@dataclass(frozen=True)
class Layout:
    """Where everything stands, in metres: plots by number, and the control lines."""

    outlines: dict[int, Polygon]
    site_of: dict[int, int]
    control_lines: gpd.GeoDataFrame
    defects: tuple[tuple[int, int], ...]


def lay_out(plots: list[Plot], townships: gpd.GeoDataFrame, setting: Setting) -> Layout:
    """Give every plot an outline inside its township."""
    rng = setting.stream("layout")
    areas = dict(zip(townships["township"], townships.to_crs(setting.crs).geometry, strict=True))
    members = _members(rng, plots, setting)
    outlines: dict[int, Polygon] = {}
    rows: list[list[int]] = []
    sites = _sites(areas, members, setting)
    for site in sites:
        own = members[site.township, site.index]
        for row, drawn in _rows(rng, own):
            rows.append(row)
            outlines |= {n: site.place(p) for n, p in zip(row, drawn, strict=True)}
    outlines |= _alone(rng, members, areas, outlines)
    pairs = _defects(rows, outlines)
    return Layout(
        {number: outlines[number] for number in sorted(outlines)},
        {plot.number: index for (_, index), own in members.items() for plot in own},
        _control_lines(sites, members, outlines, setting),
        pairs,
    )


def _members(
    rng: np.random.Generator, plots: list[Plot], setting: Setting
) -> dict[tuple[str, int], list[Plot]]:
    """Assign plots to sites; index 0 is for those that stand alone."""
    members: dict[tuple[str, int], list[Plot]] = defaultdict(list)
    sites = {town.code: town.sites for town in setting.townships}
    for plot in plots:
        alone, pick = chance(rng, ALONE), int(rng.integers(sites[plot.township]))
        members[plot.township, 0 if alone else pick + 1].append(plot)
    return members


def _sites(
    areas: dict[str, BaseGeometry],
    members: dict[tuple[str, int], list[Plot]],
    setting: Setting,
) -> list[Site]:
    rng = setting.stream("sites")
    where = zip(*(town.seat for town in setting.townships), strict=True)
    seats = gpd.GeoSeries.from_xy(*where, crs=DEGREES).to_crs(setting.crs)
    middle = {town.code: seat for town, seat in zip(setting.townships, seats, strict=True)}
    sites: list[Site] = []
    for township, index in sorted(key for key in members if key[1]):
        taken = shapely.MultiPoint([(s.x, s.y) for s in sites if s.township == township])
        away = taken.buffer(3 * SITE_RADIUS)
        margins = (BORDER_MARGIN + SITE_RADIUS, SITE_RADIUS, SITE_RADIUS / 2, 0.0)
        free = [areas[township].buffer(-margin).difference(away) for margin in margins]
        point = _near(rng, _first_room([*free, areas[township]]), middle[township])
        sites.append(Site(township, index, point.x, point.y, float(rng.uniform(0, 180))))
    return sites


def _first_room(areas: Iterable[BaseGeometry]) -> BaseGeometry:
    """Give the first area that is one: a small township has no wide margins."""
    for area in areas:
        if not area.is_empty:
            return area
    raise NoRoomError("a township has no room for its parcels")


def _near(rng: np.random.Generator, area: BaseGeometry, seat: shapely.Point) -> shapely.Point:
    """Draw a point of an area, rather near than far from a seat."""
    for reach in range(700, 20_000, 400):
        x, y = rng.normal((seat.x, seat.y), reach)
        point = shapely.Point(round(x), round(y))
        if area.contains(point):
            return point
    return area.representative_point()


def _rows(rng: np.random.Generator, plots: list[Plot]) -> Iterator[tuple[list[int], list[Polygon]]]:
    """Draw a site's plots in rows around the origin, large ones together."""
    order = sorted(plots, key=lambda p: -p.area_mu * float(rng.lognormal(0, 0.35)))
    length = 1.25 * float(np.sqrt(sum(p.area_mu for p in plots) * MU))
    top = length / 2
    while order:
        depth = float(np.clip(0.85 * np.sqrt(order[0].area_mu * MU), 24, 150))
        widths = [p.area_mu * MU / depth for p in order]
        count = max(1, int(np.searchsorted(np.cumsum(widths), length)))
        row, order = order[:count], order[count:]
        yield [p.number for p in row], _row(rng, np.array(widths[:count]), depth, top)
        top -= depth + ROAD


def _row(rng: np.random.Generator, widths: Floats, depth: float, top: float) -> list[Polygon]:
    """Draw one row: slightly crooked quadrangles, with a passage after every fourth."""
    gaps = np.where(np.arange(1, len(widths) + 1) % PASSAGE_EVERY == 0, PASSAGE, 0.0)
    left = np.concatenate([[0], np.cumsum(widths + gaps)[:-1]]) - (widths + gaps).sum() / 2
    lean = rng.uniform(-2.5, 2.5, len(widths) + 1)
    bend = rng.uniform(-1.2, 1.2, (2, len(widths) + 1))
    drawn = []
    for i, (x, width) in enumerate(zip(left, widths, strict=True)):
        upper, lower = top + bend[0], top - depth + bend[1]
        corners = (
            (x, lower[i]),
            (x + width, lower[i + 1]),
            (x + width + lean[i + 1], upper[i + 1]),
            (x + lean[i], upper[i]),
        )
        drawn.append(Polygon(corners))
    return drawn


def _alone(
    rng: np.random.Generator,
    members: dict[tuple[str, int], list[Plot]],
    areas: dict[str, BaseGeometry],
    outlines: dict[int, Polygon],
) -> dict[int, Polygon]:
    """Put the plots that stand alone anywhere in their township, away from all others."""
    taken = shapely.union_all([p.buffer(60) for p in outlines.values()])
    drawn: dict[int, Polygon] = {}
    for (township, index), own in sorted(members.items()):
        for plot in own if index == 0 else ():
            area = areas[township]
            free = _first_room(area.buffer(-margin).difference(taken) for margin in MARGINS)
            room = _first_room(free.buffer(-margin) for margin in (120, 40, 0))
            point = _near(rng, room, free.representative_point())
            depth = 0.8 * float(np.sqrt(plot.area_mu * MU))
            box = _row(rng, np.array([plot.area_mu * MU / depth]), depth, depth / 2)[0]
            site = Site(township, 0, point.x, point.y, float(rng.uniform(0, 180)))
            drawn[plot.number] = site.place(box)
            taken = taken.union(drawn[plot.number].buffer(60))
    return drawn


def _defects(rows: list[list[int]], outlines: dict[int, Polygon]) -> tuple[tuple[int, int], ...]:
    """Let three plots reach into their right-hand neighbours; name the pairs."""
    pairs = []
    wide = [row for row in rows if len(row) > len(DEFECTS)]
    for reach, row in zip(DEFECTS, wide[:: len(wide) // len(DEFECTS)], strict=False):
        number, neighbour = row[1], row[2]
        corners = shapely.get_coordinates(outlines[number])[:-1]
        along = corners[1] - corners[0]
        corners[1:3] += along / np.hypot(*along) * reach
        outlines[number] = Polygon(corners)
        pairs.append((number, neighbour))
    return tuple(pairs)


def _control_lines(
    sites: list[Site],
    members: dict[tuple[str, int], list[Plot]],
    outlines: dict[int, Polygon],
    setting: Setting,
) -> gpd.GeoDataFrame:
    """Draw a control line around every site; every fourth one leaves its last plots out."""
    rows = []
    names = {town.code: town.name for town in setting.townships}
    for number, site in enumerate(sites, start=1):
        own = [outlines[plot.number] for plot in members[site.township, site.index]]
        hull = shapely.convex_hull(shapely.MultiPolygon(own)).buffer(18, join_style="mitre")
        if number % 4 == 0:
            west, south, east, north = hull.bounds
            hull = hull.intersection(shapely.box(west, south, east - (east - west) * 0.12, north))
        name = f"{names[site.township]}示例工业区块{'一二三四'[site.index - 1]}"
        rows.append({"line_id": f"KZX{number:03d}", "name": name, "geometry": hull.simplify(0.5)})
    return gpd.GeoDataFrame(rows, crs=setting.crs)


def in_degrees(outlines: gpd.GeoSeries) -> gpd.GeoSeries:
    """Turn metres into degrees, rounded to a millimetre."""
    return outlines.to_crs(DEGREES).map(
        lambda g: shapely.transform(g, lambda xy: np.round(xy, DECIMALS))
    )
