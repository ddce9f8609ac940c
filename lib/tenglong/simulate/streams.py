"""Random numbers: one independent stream a noun, all from the county's seed.

A change in how one table is drawn leaves the draws of all others as they were. New names go to
the end of `NAMES`, because a stream is known by its place in it.
"""

import numpy as np

NAMES = (
    "townships", "sites", "clearance", "names", "firms", "projects", "investment", "plots",
    "layout", "parcels", "uses", "years", "months", "land", "titles", "collateral", "gaps",
    "carbon", "energy", "rooms",
)  # fmt: skip


def stream(name: str, *, seed: int) -> np.random.Generator:
    """Open the stream of `name` at its beginning.

    >>> bool(stream("years", seed=1).random() == stream("years", seed=1).random())
    True
    >>> bool(stream("years", seed=1).random() == stream("months", seed=1).random())
    False
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(NAMES.index(name),)))


def chance(rng: np.random.Generator, odds: float) -> bool:
    """Draw whether something happens that happens this often."""
    return bool(rng.random() < odds)
