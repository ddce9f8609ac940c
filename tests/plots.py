"""A tiny county of square parcels, for the maps."""

import geopandas as gpd
import pandas as pd
from shapely import Polygon, box

CRS = "EPSG:4549"
WEST, SOUTH = 500_000, 3_060_000  # within Wencheng
EVIL = "{{ 7*7 }}{% x %}<img src=x onerror=alert(1)></script>"

MEASURE = {
    "label": {"zh": "亩均税收", "en": "Tax per mu"},
    "unit": {"zh": "万元/亩", "en": "10k CNY per mu"},
    "kind": "number",
    "limits": [5, 20],
    "palette": ["#7d1714", "#e08a3c", "#b5dcec"],
    "decimals": 2,
}


def square(x, y, size=100):
    """Give a square whose south-west corner is x, y metres from the county's."""
    return box(WEST + x, SOUTH + y, WEST + x + size, SOUTH + y + size)


def parcels(*shapes, **columns):
    """Give parcels with these outlines, named P0, P1, …"""
    ids = [f"P{place}" for place in range(len(shapes))]
    return gpd.GeoDataFrame({"parcel_id": ids, **columns}, geometry=list(shapes), crs=CRS)


def tax(*values):
    return pd.Series(values, dtype="float64", name="tax")


def holed():
    """Give a square with a hole."""
    hole = square(25, 25, 50)
    return Polygon(square(0, 0).exterior, [hole.exterior])


def bow_tie():
    """Give an outline that crosses itself: invalid, as cadastres have them."""
    corners = [(0, 0), (100, 100), (100, 0), (0, 100)]
    return Polygon([(WEST + x, SOUTH + y) for x, y in corners])
