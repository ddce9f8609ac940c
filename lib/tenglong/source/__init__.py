"""Get data in: files, plans and policies become validated tables as of a day."""

from tenglong.source.bundle import Bundle, describe_bundle, open_county, read_bundle

__all__ = ["Bundle", "describe_bundle", "open_county", "read_bundle"]
