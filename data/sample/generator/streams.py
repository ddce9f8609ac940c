"""Random numbers: one independent stream a noun, all from one seed.

A change in how one table is drawn leaves the draws of all others as they were. New names go to
the end of `NAMES`, because a stream is known by its place in it.
"""

import numpy as np

SEED = 330328
NAMES = (
    "townships", "sites", "clearance", "names", "firms", "projects", "investment", "plots",
    "layout", "parcels", "uses", "years", "months", "land", "titles", "collateral", "gaps",
    "carbon", "energy", "rooms",
)  # fmt: skip


def stream(name: str, *, seed: int = SEED) -> np.random.Generator:
    """Open the stream of `name` at its beginning.

    >>> bool(stream("years").random() == stream("years").random())
    True
    >>> bool(stream("years").random() == stream("months").random())
    False
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(NAMES.index(name),)))


def chance(rng: np.random.Generator, odds: float) -> bool:
    """Draw whether something happens that happens this often."""
    return bool(rng.random() < odds)
