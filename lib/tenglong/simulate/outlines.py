"""Outlines: of real counties, which invented ones stand on."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Outline:
    """A county's name, code and outline (a GeoJSON geometry in degrees of CGCS2000)."""

    code: str
    name: str
    geometry: dict[str, Any]

    @cached_property
    def shape(self) -> BaseGeometry:
        """The outline as a shape."""
        return shapely.from_geojson(json.dumps(self.geometry))

    def write(self, file: Path) -> None:
        """Write the outline as a layer of one row."""
        feature = {"type": "Feature", "properties": {"name": self.name}, "geometry": self.geometry}
        layer = {"type": "FeatureCollection", "features": [feature]}
        file.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")


def read_outlines(file: Path) -> tuple[Outline, ...]:
    """Read a layer of counties with their `adcode` and `name`, in the order of their codes."""
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    found = [
        Outline(str(one["properties"]["adcode"]), one["properties"]["name"], one["geometry"])
        for one in features
    ]
    return tuple(sorted(found, key=lambda outline: outline.code))
