"""Copies: a county many times over on the same ground, for trials of scale.

Every copy has firms, parcels and projects of its own: new identifiers, names and places, the same
figures. A copy stands in other townships than the one before it, so that industry is spread over
the county; its parcels keep their shapes and their neighbours and are put where there is room.
What is told of the county as a whole (townships, the fund, milestones, published figures) stays.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from tenglong.simulate.county import Bundle, Rows
from tenglong.simulate.identifiers import credit_identifier, firm_number, parcel_code
from tenglong.simulate.layout import in_degrees
from tenglong.simulate.packing import packed
from tenglong.simulate.setting import Setting
from tenglong.simulate.write import declared

WHOLE = frozenset({"special_fund", "milestones", "official_series"})
LAYERS = ("parcels", "control_lines")
NAMES = frozenset({"name", "holder", "item"})
MARK = "示例"
CODE = 19  # characters of a parcel's code, with which its unit's number begins
TOGETHER = 10.0  # metres: outlines at most twice as far apart keep their places to one another


@dataclass(frozen=True)
class Copy:
    """One copy: how what is named in a county is named in it.

    `firms` and `parcels` are how many numbers each copy takes.
    """

    number: int
    setting: Setting
    firms: int
    parcels: int

    def township(self, code: str) -> str:
        """Give the township in which this copy of a township's industry stands."""
        codes = [town.code for town in self.setting.townships]
        return codes[(codes.index(code) + self.number) % len(codes)]

    def firm(self, usci: str) -> str:
        """Give the identifier of the copy of a firm."""
        return credit_identifier(self.setting.code, firm_number(usci) + self.number * self.firms)

    def parcel(self, code: str) -> str:
        """Give the code of the copy of a parcel; what follows it in a unit's number stays."""
        number = int(code[14:CODE]) + self.number * self.parcels
        area = int(code[9:12])
        return parcel_code(self.township(code[:9]), number, sub_area=area) + code[CODE:]

    def named(self, name: str) -> str:
        """Give the name of the copy of a firm, a project or a place."""
        for town in self.setting.townships:
            if name.startswith(town.name):
                there = self.township(town.code)
                others = {other.code: other.name for other in self.setting.townships}
                name = others[there] + name.removeprefix(town.name)
                break
        return name.replace(MARK, f"{MARK}{self.number}", 1)

    def value(self, value: Any, name: str, column: Mapping[str, Any]) -> Any:
        """Give what stands in a cell of the copy."""
        if not isinstance(value, str):
            return value
        match column.get("form"):
            case "credit":
                return self.firm(value)
            case "parcel" | "unit":
                return self.parcel(value)
            case "township":
                return self.township(value)
        if name in NAMES:
            return self.named(value)
        return f"{value}-{self.number}" if name.endswith(("_id", "_no")) else value


def times(bundle: Bundle, count: int) -> Bundle:
    """Give the county with all that is in it `count` times; once, it is as it was.

    Raises
    ------
    NoRoomError
        If the townships are too small for it.
    """
    if count == 1:
        return bundle
    firms = 1 + max(firm_number(row["usci"]) for row in bundle.tables["enterprises"])
    parcels = 1 + max(int(code[14:]) for code in bundle.layers["parcels"]["parcel_id"])
    copies = [Copy(number, bundle.setting, firms, parcels) for number in range(count)]
    tables = {
        name: rows if name in WHOLE else _rows(name, rows, copies)
        for name, rows in bundle.tables.items()
    }
    outlines = _outlines(bundle, copies)
    layers = {
        name: _layer(name, bundle.layers[name], copies, outlines, bundle.setting.crs)
        for name in LAYERS
    }
    return replace(bundle, tables=tables, layers=bundle.layers | layers)


def _rows(table: str, rows: Rows, copies: list[Copy]) -> Rows:
    columns = declared(table)
    more = [
        {name: copy.value(row[name], name, columns[name]) for name in row}
        for copy in copies[1:]
        for row in rows
    ]
    return [*rows, *more]


@dataclass(frozen=True)
class Block:
    """Outlines that stand together, turned upright, the south-western corner at the origin.

    `outlines` are those of a layer's rows, by layer and row.
    """

    township: str
    outlines: Mapping[tuple[str, int], BaseGeometry]
    size: tuple[float, float]


def _blocks(bundle: Bundle) -> Iterator[Block]:
    layers = {name: bundle.layers[name].to_crs(bundle.setting.crs) for name in LAYERS}
    shapes = {name: layer.geometry.to_numpy() for name, layer in layers.items()}
    every = np.concatenate([shapely.buffer(shapes[name], TOGETHER) for name in LAYERS])
    for group in shapely.get_parts(shapely.union_all(every)):
        shapely.prepare(group)
        outlines = {
            (name, int(row)): shapes[name][row]
            for name in LAYERS
            for row in np.flatnonzero(shapely.contains(group, shapes[name]))
        }
        first = min(row for name, row in outlines if name == "parcels")
        upright, size = _upright(list(outlines.values()))
        yield Block(
            layers["parcels"]["township"].iloc[first],
            dict(zip(outlines, upright, strict=True)),
            size,
        )


def _upright(outlines: list[BaseGeometry]) -> tuple[list[BaseGeometry], tuple[float, float]]:
    """Turn outlines together until they are as low or as narrow as can be."""
    together = shapely.GeometryCollection(outlines)
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(together))
    across, along = corners[1] - corners[0]
    angle = float(np.degrees(np.arctan2(along, across)))
    turned = [affinity.rotate(one, -angle, origin=(0, 0)) for one in outlines]
    west, south, east, north = shapely.total_bounds(turned)
    moved = [affinity.translate(one, -west, -south) for one in turned]
    return moved, (float(east - west), float(north - south))


def _outlines(bundle: Bundle, copies: list[Copy]) -> dict[tuple[int, str, int], BaseGeometry]:
    """Put every copy of every block where there is room in its township, in metres."""
    areas = bundle.layers["townships"].to_crs(bundle.setting.crs)
    wanted: dict[str, list[tuple[Copy, Block]]] = defaultdict(list)
    for block in _blocks(bundle):
        for copy in copies:
            wanted[copy.township(block.township)].append((copy, block))
    outlines: dict[tuple[int, str, int], BaseGeometry] = {}
    for code, area in zip(areas["township"], areas.geometry, strict=True):
        corners = packed([block.size for _, block in wanted[code]], area)
        for (copy, block), (x, y) in zip(wanted[code], corners, strict=True):
            for key, outline in block.outlines.items():
                outlines[copy.number, *key] = affinity.translate(outline, x, y)
    return outlines


def _layer(
    name: str,
    layer: gpd.GeoDataFrame,
    copies: list[Copy],
    outlines: Mapping[tuple[int, str, int], BaseGeometry],
    crs: str,
) -> gpd.GeoDataFrame:
    rows = [_renamed(name, layer.drop(columns="geometry"), copy) for copy in copies]
    drawn = [outlines[copy.number, name, row] for copy in copies for row in range(len(layer))]
    shapes = in_degrees(gpd.GeoSeries(drawn, crs=crs))
    return gpd.GeoDataFrame(
        pd.concat(rows, ignore_index=True), geometry=shapes.to_numpy(), crs=layer.crs
    )


def _renamed(table: str, frame: pd.DataFrame, copy: Copy) -> pd.DataFrame:
    """Give a layer's rows without their outlines, as they are in a copy."""
    if not copy.number:
        return frame
    columns = declared(table)
    texts = [str(name) for name in frame if pd.api.types.is_string_dtype(frame[name])]
    named = {
        name: [copy.value(cell, name, columns[name]) for cell in frame[name]] for name in texts
    }
    return frame.assign(**named)
