"""Get data in: files, plans and policies become validated tables as of a day."""

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
