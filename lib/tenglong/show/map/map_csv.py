"""The tables behind a map: every parcel with its classes, and how many parcels each class has."""

from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np

from tenglong.measure.sheet.parcel_map import Colouring
from tenglong.show.cell import as_text, csv_of
from tenglong.show.map.legend import class_texts, title_of
from tenglong.show.map.world import Outlines
from tenglong.show.number import plain
from tenglong.show.page import Page


def map_csv(
    page: Page,
    parcels: gpd.GeoDataFrame,
    colourings: Sequence[Colouring],
    outlines: Outlines,
    *,
    moved_m: float,
    name: str,
) -> dict[str, str]:
    """Write a map's tables: one parcel a line, one class a line, and what was drawn.

    Parameters
    ----------
    moved_m
        How far from its place a corner is drawn at most, in metres.
    """
    return {
        f"{name}.csv": _by_parcel(page, parcels, colourings),
        f"{name}_classes.csv": _by_class(page, colourings),
        f"{name}_outlines.csv": _of_outlines(page, outlines, moved_m),
    }


def _of_outlines(page: Page, outlines: Outlines, moved_m: float) -> str:
    header = [page.word(f"map.{key}") for key in ("count", "drawn", "corners", "moved")]
    drawn = int(outlines.is_drawn.sum())
    line = [str(len(outlines.rings)), str(drawn), str(len(outlines.corners)), plain(moved_m)]
    return csv_of(header, [line])


def _by_parcel(page: Page, parcels: gpd.GeoDataFrame, colourings: Sequence[Colouring]) -> str:
    header = [page.word("map.parcel_id"), page.word("map.township")]
    columns = [_texts(parcels, name) for name in ("parcel_id", "township")]
    for colouring in colourings:
        title = title_of(page, colouring.rule)
        if not colouring.classes.categories:
            header.append(title)
            columns.append([plain(float(value)) for value in colouring.classes.values])
        header.append(
            title if colouring.classes.categories else f"{title} {page.word('map.class')}"
        )
        columns.append(_class_names(page, colouring))
    return csv_of(header, zip(*columns, strict=True))


def _by_class(page: Page, colourings: Sequence[Colouring]) -> str:
    header = (page.word("map.measure"), page.word("map.class"), page.word("map.count"))
    return csv_of(
        header, [line for colouring in colourings for line in _class_lines(page, colouring)]
    )


def _class_lines(page: Page, colouring: Colouring) -> Iterator[tuple[str, str, str]]:
    title = title_of(page, colouring.rule)
    counts = (*colouring.classes.counts, colouring.classes.missing)
    for text, count in zip(_all_texts(page, colouring), counts, strict=True):
        yield as_text(title), as_text(text), str(count)


def _all_texts(page: Page, colouring: Colouring) -> tuple[str, ...]:
    return (*class_texts(page, colouring.classes, colouring.rule), page.word("map.missing"))


def _class_names(page: Page, colouring: Colouring) -> list[str]:
    texts = _all_texts(page, colouring)
    numbers = colouring.classes.assigned.fillna(len(texts) - 1).to_numpy(dtype=np.int64)
    return [as_text(texts[number]) for number in numbers]


def _texts(parcels: gpd.GeoDataFrame, column: str) -> list[str]:
    if column not in parcels:
        return [""] * len(parcels)
    return [
        as_text(text) for text in parcels[column].astype("str").where(parcels[column].notna(), "")
    ]
