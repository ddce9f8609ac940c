"""Write: tables as CSV with Chinese headers, layers as GeoPackage with English ones.

CSV opens in Excel as it is (UTF-8 with a byte order mark); flags are 是 and 否, choices their
Chinese labels. GeoPackages carry real dates and a fixed time stamp, so that the same data gives
the same bytes.
"""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import yaml

DECLARATION = Path(__file__).parents[1] / "source" / "tables.yml"
STAMP = "2024-01-01T00:00:00.000Z"
DECIMALS = 4


def declared(table: str) -> dict[str, dict[str, Any]]:
    """Read the declared columns of a table."""
    tables = yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))
    columns: dict[str, dict[str, Any]] = tables[table]["columns"]
    return columns


def write_csv(folder: Path, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a table; a column that no row fills is left out."""
    columns = {name: c for name, c in declared(table).items() if _is_filled(rows, name)}
    with (folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column["zh"] for column in columns.values())
        for row in rows:
            writer.writerow(_text(row.get(name), column) for name, column in columns.items())


def write_layer(folder: Path, table: str, layer: gpd.GeoDataFrame) -> None:
    """Write a layer, its columns as they are declared; one that no row fills is left out."""
    filled = layer.columns[layer.notna().any()]
    names = [name for name in declared(table) if name in filled]
    path = folder / f"{table}.gpkg"
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": STAMP})
    pyogrio.write_dataframe(layer[names], path, layer=table, driver="GPKG", use_arrow=True)


def _is_filled(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    return any(row.get(name) is not None for row in rows)


def _text(value: Any, column: Mapping[str, Any]) -> str:
    """Give a cell's text.

    >>> _text(True, {}), _text(12.50, {}), _text("out", {"choices": {"out": {"zh": "转出"}}})
    ('是', '12.5', '转出')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return np.format_float_positional(round(value, DECIMALS), trim="-")
    return str(column["choices"][value]["zh"]) if "choices" in column else str(value)
