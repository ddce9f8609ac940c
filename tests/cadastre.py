"""A cadastre of any size for the maps: parcels side by side, no two of one shape."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

CRS = "EPSG:4549"
WEST, SOUTH = 470_000, 3_040_000
PITCH = 60.0  # metres from one parcel to the next
MOST = 2  # corners within a side, besides its two ends

Floats = NDArray[np.float64]


def many_parcels(count: int, *, seed: int = 13) -> gpd.GeoDataFrame:
    """Make parcels of 4 to 12 corners side by side, no two of one shape.

    The nodes of a grid are moved about, and each side between two of them is bent at none, one or
    two corners, which both neighbours have.
    """
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(count)))
    nodes = _nodes(side, rng)
    across = _bent(nodes[:, :-1], nodes[:, 1:], rng)
    up = _bent(nodes[:-1], nodes[1:], rng)
    slots = np.concatenate(
        [
            nodes[:-1, :-1, None],
            across[:-1],
            nodes[:-1, 1:, None],
            up[:, 1:],
            nodes[1:, 1:, None],
            across[1:, :, ::-1],
            nodes[1:, :-1, None],
            up[:, :-1, ::-1],
        ],
        axis=2,
    ).reshape(side * side, -1, 2)[:count]
    is_corner = ~np.isnan(slots[..., 0])
    owners = np.repeat(np.arange(count), is_corner.sum(axis=1))
    shapes = shapely.polygons(shapely.linearrings(slots[is_corner], indices=owners))
    numbers = np.arange(count)
    ids = [f"3303281{n // 5000:03d}{n // 250 % 20:03d}GB{n % 250:05d}" for n in numbers.tolist()]
    return gpd.GeoDataFrame({"parcel_id": ids}, geometry=shapes, crs=CRS)


def _nodes(side: int, rng: np.random.Generator) -> Floats:
    steps = rng.uniform(0.6, 1.4, (2, side + 1)).cumsum(axis=1) * PITCH
    grid = np.stack(np.meshgrid(WEST + steps[0], SOUTH + steps[1]), axis=-1)
    return grid + rng.uniform(-0.2, 0.2, grid.shape) * PITCH


def _bent(ends: Floats, others: Floats, rng: np.random.Generator) -> Floats:
    shares = np.sort(rng.uniform(0.15, 0.85, (*ends.shape[:2], MOST)), axis=-1)[..., None]
    points = ends[:, :, None] * (1 - shares) + others[:, :, None] * shares
    points += rng.uniform(-0.04, 0.04, points.shape) * PITCH
    left_out = np.arange(MOST) >= rng.integers(0, MOST + 1, ends.shape[:2])[..., None]
    return np.where(left_out[..., None], np.nan, points)
