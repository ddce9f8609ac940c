"""Files of many rows for the benchmark of reading: what an analyst would read them with."""

import os
import resource
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from intake import write_bundle
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle

ROWS = 100_000
WEST, SOUTH = 479_900, 3_078_000  # by EPSG:4549; 12 km by 7.5 km from there lie in the county
# Codes keep their zeros only where a CSV is read as text; read otherwise they are lost.
CSV, TEXT = "pandas.read_csv", "pandas.read_csv as text"
EXCEL, PARQUET = "pandas.read_excel by calamine", "pandas.read_parquet"
LAYER, GEOPARQUET = "geopandas.read_file", "geopandas.read_parquet"
BARE: dict[str, Callable[[Path], pd.DataFrame]] = {
    CSV: pd.read_csv,
    TEXT: partial(pd.read_csv, dtype=str),
    EXCEL: partial(pd.read_excel, engine="calamine"),
    PARQUET: pd.read_parquet,
    LAYER: gpd.read_file,
    GEOPARQUET: gpd.read_parquet,
}


@dataclass(frozen=True)
class Reading:
    """A file of `ROWS` rows, read and checked by the kit and read by the bare reader."""

    what: str
    against: str
    ours: Callable[[], int]
    theirs: Callable[[], int]


def months(rows: int) -> pd.DataFrame:
    """Firms by month: a code, a month, five figures."""
    chance, places = np.random.default_rng(1), np.arange(rows)
    firms = np.array([f"91330328MA{firm:07d}K" for firm in range(rows // 36 + 1)])
    names = np.array(pd.period_range("2021-01", periods=36, freq="M").astype(str))
    figures = ["当月税收", "当月增加值", "当月营业收入", "当月用电量", "当月综合能耗"]
    keys = {"统一社会信用代码": firms[places // 36], "月份": names[places % 36]}
    return pd.DataFrame(keys | {name: chance.gamma(2, 40, rows).round(2) for name in figures})


def projects(rows: int) -> pd.DataFrame:
    """Projects: codes, names, a choice, flags, a figure, two dates."""
    chance, places = np.random.default_rng(2), range(rows)
    first = pd.Timestamp("2018-01-01")
    days = [
        (first + pd.to_timedelta(chance.integers(0, 1500, rows), "D")).strftime("%Y-%m-%d")
        for _ in range(2)
    ]
    return pd.DataFrame(
        {
            "项目编号": [f"P{number:06d}" for number in places],
            "项目名称": [f"示例第{number}号智能水泵项目" for number in places],
            "统一社会信用代码": [f"91330328MA{number:07d}K" for number in places],
            "项目类型": chance.choice(["新建", "技术改造", "其他"], rows),
            "是否招引项目": chance.choice(["是", "否", ""], rows),
            "是否制造业": chance.choice(["是", "否"], rows),
            "计划总投资": chance.gamma(2, 4000, rows).round(0),
            "签约时间": days[0],
            "开工时间": days[1],
        }
    )


def parcels(rows: int) -> gpd.GeoDataFrame:
    """Parcels: outlines of thirteen points, a code, a name, an area, a date, a flag."""
    chance, places = np.random.default_rng(3), np.arange(rows)
    points = shapely.points(WEST + places % 400 * 30, SOUTH + places // 400 * 30)
    day = pd.Timestamp("2018-01-01") + pd.to_timedelta(chance.integers(0, 1500, rows), "D")
    columns = {
        "宗地代码": [f"330328100004GB{number:05d}" for number in places],
        "地块名称": [f"示例第{number}号地块" for number in places],
        "登记面积": chance.gamma(2, 4, rows).round(2),
        "供地日期": day.strftime("%Y-%m-%d"),
        "是否标准地": chance.choice(["是", "否"], rows),
    }
    shapes = shapely.buffer(points, 14, quad_segs=3)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4549)


def readings(folder: Path) -> list[Reading]:
    """Write the files, and give what is to be compared."""
    sheet, text, layer = months(ROWS), projects(ROWS), parcels(ROWS)
    csv = (TEXT, CSV)
    files: dict[str, tuple[str, Callable[[Path], object], tuple[str, ...]]] = {
        "months.csv": ("enterprise_months", lambda path: sheet.to_csv(path, index=False), csv),
        "projects.csv": ("projects", lambda path: text.to_csv(path, index=False), csv),
        "months.xlsx": ("enterprise_months", lambda path: _to_excel(sheet, path), (EXCEL,)),
        "projects.xlsx": ("projects", lambda path: _to_excel(text, path), (EXCEL,)),
        "months.parquet": ("enterprise_months", sheet.to_parquet, (PARQUET,)),
        "parcels.gpkg": ("parcels", layer.to_file, (LAYER,)),
        "parcels.parquet": ("parcels", layer.to_parquet, (GEOPARQUET,)),
    }
    found = []
    for name, (table, write, readers) in files.items():
        place = folder / name.replace(".", "_")
        place.mkdir()
        write(place / name)
        about = describe_bundle(write_bundle(place, {table: {"file": name}}))
        found += [
            Reading(
                f"{ROWS:,} rows of {name} read and checked",
                bare,
                lambda about=about: len(examine_bundle(about).problems),
                lambda bare=bare, path=place / name: len(BARE[bare](path)),
            )
            for bare in readers
        ]
    return found


def _to_excel(frame: pd.DataFrame, path: Path) -> None:
    frame.to_excel(path, index=False, engine="xlsxwriter")


def peak_growth(folder: Path, rows: int) -> int:
    """Give by how many bytes a fresh process grows at most while it reads so many rows."""
    folder.mkdir()
    months(rows).to_csv(folder / "a.csv", index=False)
    about = describe_bundle(write_bundle(folder, {"enterprise_months": {"file": "a.csv"}}))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        examine_bundle(about)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        os.write(writer, str(grown * 1024).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        return int(told.read() or 0)
