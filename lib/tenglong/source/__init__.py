"""Get data in: files, plans and policies become validated tables as of a day."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenglong.source.bundle import (
        Bundle,
        examine_bundle,
        open_counties,
        open_county,
        read_bundle,
    )
    from tenglong.source.description import describe_bundle

__all__ = [
    "Bundle",
    "describe_bundle",
    "examine_bundle",
    "open_counties",
    "open_county",
    "read_bundle",
]


def __getattr__(name: str) -> Any:
    """Give a name on first use: who asks where the kit stands alone imports no tables."""
    if name not in __all__:
        raise AttributeError(f"module 'tenglong.source' has no attribute {name!r}")
    room = "description" if name == "describe_bundle" else "bundle"
    return getattr(import_module(f"tenglong.source.{room}"), name)
