"""Tables of a county that note which of them were asked for: no other can change the answer."""

from collections.abc import Mapping
from dataclasses import replace


class Watched(Mapping):
    """A county's tables, with the names of those that were asked for."""

    def __init__(self, of):
        self.of = of
        self.seen = set()

    def __getitem__(self, name):
        self.seen.add(name)
        return self.of[name]

    def __iter__(self):
        self.seen.update(self.of)
        return iter(self.of)

    def __len__(self):
        return len(self.of)


def asking(function, county):
    """Give what a function says of a county, and the names of the tables that it asked for."""
    watched = Watched(county.tables)
    return function(replace(county, tables=watched)), watched.seen
