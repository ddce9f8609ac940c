"""Tenglong (腾笼): maps, target scorecards and bulletins from a county's own tables.

    import tenglong as tl

    county = tl.open("data/sample", "2022-06-30")
    county.clauses

What an analyst learns stands in `tenglong.place`; everything else is behind it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenglong.place import Place
    from tenglong.place import open_place as open  # noqa: A004 - tl.open

__all__ = ["Place", "open"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Give the face on first use, so that the command line starts without it."""
    if name not in __all__:
        raise AttributeError(f"module 'tenglong' has no attribute {name!r}")
    from tenglong import place  # noqa: PLC0415 - it imports everything

    return place.Place if name == "Place" else place.open_place
