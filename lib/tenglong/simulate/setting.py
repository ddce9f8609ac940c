"""Setting: what is one county's own, read from its `county.yml`.

It is passed to whoever needs it; nothing else of the generator knows a county. Its random streams
hang on its seed, so that two counties have nothing in common but the story.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from tenglong.simulate.streams import stream

STORY_LINE = 5  # 万元 a mu: the line of low tax that the story's own figures are written for


@dataclass(frozen=True)
class Township:
    """A township: its seat in degrees, how much industry it has, how many sites.

    The schedule of projects calls it by `letter`.
    """

    code: str
    name: str
    name_en: str
    seat: tuple[float, float]
    weight: float = 0.0
    sites: int = 1
    letter: str = ""


@dataclass(frozen=True)
class Publishers:
    """Who publishes the county's figures."""

    statistics: str
    commerce: str
    science: str
    relief: str


@dataclass(frozen=True)
class Level:
    """What the firms above scale come to in a year.

    `tax` and `value_added` are 万元 a mu (tax with its add-backs), `productivity` 万元 a head
    and `rd` a share of revenue, both of manufacturers; `price` is the year's rise of producer
    prices and `intensity` the change of the same firms' energy a unit of value added at constant
    prices (`energy`).
    """

    tax: float
    value_added: float
    productivity: float
    rd: float
    price: float = 1.0
    intensity: float = 1.0
    digital: float = 0.0


@dataclass(frozen=True)
class Setting:
    """All that is one county's own; `folder` is where it was read."""

    folder: Path
    code: str
    crs: str
    seed: int
    outline: Path
    longitude_scale: float
    low_tax_wan_per_mu: float
    townships: tuple[Township, ...]
    places: tuple[str, ...]
    project_names: Mapping[str, str]
    parks: tuple[str, ...]
    creditors: tuple[str, ...]
    publishers: Publishers
    levels: Mapping[int, Level]

    def stream(self, name: str) -> np.random.Generator:
        """Open this county's stream of `name` at its beginning."""
        return stream(name, seed=self.seed)

    @property
    def low_tax_scale(self) -> float:
        """By how much the county's line of low tax differs from the story's."""
        return self.low_tax_wan_per_mu / STORY_LINE

    @property
    def weights(self) -> dict[str, float]:
        """How much industry the townships have that have any, by their codes."""
        return {town.code: town.weight for town in self.townships if town.weight}

    @property
    def letters(self) -> dict[str, str]:
        """The codes of the townships that projects stand in, by their letters."""
        return {town.letter: town.code for town in self.townships if town.letter}


def read_setting(file: Path) -> Setting:
    """Read a county's setting; the files that it names lie beside it, or where it says."""
    said: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    names = _names(file.parent / said.pop("townships_file"))
    towns = tuple(_township(entry, names) for entry in said.pop("townships"))
    lists: dict[str, Any] = {key: tuple(said.pop(key)) for key in ("places", "parks", "creditors")}
    levels = {year: Level(**level) for year, level in said.pop("levels").items()}
    return Setting(
        folder=file.parent,
        outline=file.parent / said.pop("outline"),
        townships=towns,
        publishers=Publishers(**said.pop("publishers")),
        levels=levels,
        **lists,
        **said,
    )


def _names(file: Path) -> dict[str, tuple[str, str]]:
    """Read the names of townships by their codes, in Chinese and in English."""
    with file.open(encoding="utf-8-sig") as lines:
        return {row["code"]: (row["name"], row["name_en"]) for row in csv.DictReader(lines)}


def _township(entry: dict[str, Any], names: Mapping[str, tuple[str, str]]) -> Township:
    name, name_en = names[entry["code"]]
    east, north = entry["seat"]
    return Township(**{**entry, "seat": (east, north)}, name=name, name_en=name_en)
