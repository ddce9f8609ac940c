"""Invented: all that a county's setting says, drawn for a real outline.

Nothing but the outline is real. Townships are as many as fit, spread evenly over it; how rich the
county is and where its line of low tax lies is drawn, and the years go on as in the sample.
"""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from tenglong.simulate.outlines import Outline
from tenglong.simulate.places import DEGREES
from tenglong.simulate.setting import Level, Publishers, Setting, Township

LETTERS = "ABCDEFGHIJK"  # the townships that the schedule puts projects into
STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午"
KM2_A_TOWNSHIP, ROOMY_KM2 = 80, 25
SITES = (4, 4, 3, 3, 2, 2)  # of the townships with most industry, where there is room
POINTS, ROUNDS = 600, 20
RICHNESS = (0.6, 2.4)  # times the sample's tax and output a mu
LOW_TAX = (1, 2, 3, 5, 8)  # 万元 a mu
DEGREES_A_ZONE, FIRST_ZONE, FIRST_MERIDIAN = 3, 4534, 75  # CGCS2000: EPSG:4534 is 75° E
PLACES = tuple(a + b for a, b in product("东南西北上下", "溪岭坪塘坞"))
NAMED = ("P2020-08", "P2021-07", "P2021-10", "P2022-08")
LEVELS = {
    2020: Level(13.1, 70.4, 14.1, 0.0171),
    2021: Level(15.2, 83.9, 17.0, 0.0196, 1.065, 0.959, 0.27),
    2022: Level(17.9, 92.7, 18.6, 0.0218, 1.035, 0.976, 0.32),
    2023: Level(20.6, 101.2, 20.4, 0.0241, 1.030, 0.9655, 0.375),
}

Floats = NDArray[np.float64]


def invented(outline: Outline, home: Path, *, seed: int, attempt: int = 0) -> Setting:
    """Draw a county's setting; its outline will lie in `home`, as reference/outline.geojson."""
    rng = np.random.default_rng([seed, int(outline.code), attempt])
    middle = outline.shape.centroid
    zone = round(middle.x / DEGREES_A_ZONE) - FIRST_MERIDIAN // DEGREES_A_ZONE
    crs = f"EPSG:{FIRST_ZONE + zone}"
    scale = float(np.cos(np.radians(middle.y)))
    rich = float(rng.uniform(*RICHNESS))
    return Setting(
        folder=home,
        code=outline.code,
        crs=crs,
        seed=int(rng.integers(2**31)),
        outline=home / "reference" / "outline.geojson",
        longitude_scale=scale,
        low_tax_wan_per_mu=int(rng.choice(LOW_TAX)),
        townships=tuple(_townships(rng, outline, crs, scale)),
        places=PLACES,
        project_names={name: PLACES[number] for number, name in enumerate(NAMED)},
        parks=tuple(f"示例{stem}园小微企业园" for stem in STEMS[:3]),
        creditors=tuple(f"示例{stem}银行" for stem in STEMS[:5]),
        publishers=Publishers("县统计中心", "县工信局", "县科技创新局", "县营商环境办"),
        levels={year: _richer(level, rich) for year, level in LEVELS.items()},
    )


def _richer(level: Level, times: float) -> Level:
    tax, value_added = round(level.tax * times, 2), round(level.value_added * times, 1)
    return replace(
        level, tax=tax, value_added=value_added, productivity=round(level.productivity * times, 2)
    )


def _townships(rng: np.random.Generator, outline: Outline, crs: str, scale: float) -> Any:
    area = float(gpd.GeoSeries([outline.shape], crs=DEGREES).to_crs(crs).area.sum()) / 1e6
    count = int(np.clip(area / KM2_A_TOWNSHIP, len(LETTERS), len(STEMS)))
    weights = np.sort(rng.lognormal(1.0, 1.0, count))[::-1]
    is_roomy = area / count > ROOMY_KM2
    for number, seat in enumerate(_seats(rng, outline.shape, count, scale)):
        yield Township(
            code=f"{outline.code}{100 + number}",
            name=f"示例{STEMS[number]}镇",
            name_en=f"Sample Town {number + 1}",
            seat=(round(float(seat[0]), 4), round(float(seat[1]), 4)),
            weight=round(float(weights[number]), 1),
            sites=SITES[number] if is_roomy and number < len(SITES) else 1,
            letter=LETTERS[number] if number < len(LETTERS) else "",
        )


def _seats(rng: np.random.Generator, shape: shapely.Geometry, count: int, scale: float) -> Floats:
    """Spread seats evenly: places of the county, gathered around as many middles (Lloyd)."""
    points = _points(rng, shape)
    metric = points * (scale, 1)
    middles = metric[:count]
    for _ in range(ROUNDS):
        nearest = np.hypot(*(metric[:, None] - middles[None]).transpose(2, 0, 1)).argmin(axis=1)
        middles = np.array([metric[nearest == one].mean(axis=0) for one in range(count)])
    away = np.hypot(*(metric[:, None] - middles[None]).transpose(2, 0, 1))
    seats: Floats = points[away.argmin(axis=0)]
    return seats


def _points(rng: np.random.Generator, shape: shapely.Geometry) -> Floats:
    west, south, east, north = shape.bounds
    found = np.zeros((0, 2))
    while len(found) < POINTS:
        drawn = rng.uniform((west, south), (east, north), (POINTS, 2))
        found = np.concatenate([found, drawn[shapely.contains_xy(shape, drawn)]])
    return found[:POINTS]
