"""What parcels are found by on a map: filters, and the firms that use them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from tenglong.measure.parcel.classes import Classes
from tenglong.show.map.legend import class_texts
from tenglong.show.map.packing import Ints, Texts
from tenglong.show.number import MISSING
from tenglong.show.page import Page

NOTHING = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Filter:
    """A way to choose parcels.

    Attributes
    ----------
    options
        What can be chosen, in its order.
    numbers
        The number of its option for every parcel, or for every use; one more than the last for
        what is not known.
    is_of_uses
        Whether it asks for a firm on the parcel, not for the parcel itself.
    """

    label: str
    options: tuple[str, ...]
    numbers: Ints
    is_of_uses: bool = False


@dataclass(frozen=True, eq=False)
class Tenants:
    """The firms on the parcels, one row a use.

    Attributes
    ----------
    parcels
        The index of each row's parcel.
    columns
        Label → texts of what is shown of each firm; the first names it.
    codes
        The firm's own code, by which other pages' rows are named; missing where there is no firm.
    pages
        Page → whether the firm has a row there; a map links to it where the report has the page.
    """

    parcels: pd.Series
    columns: Mapping[str, pd.Series]
    codes: pd.Series
    pages: Mapping[str, pd.Series] = default(default_factory=dict)


def filter_of(label: str, texts: pd.Series, *, is_of_uses: bool = False) -> Filter:
    """Filter by a text; its options are the texts there are, in their order.

    >>> towns = filter_of("乡镇", pd.Series(["玉壶镇", None, "大峃镇"]))
    >>> towns.options, towns.numbers.tolist()
    (('大峃镇', '玉壶镇'), [1, 2, 0])
    """
    options = tuple(sorted(texts.dropna().astype("str").unique()))
    places = {text: place for place, text in enumerate(options)}
    numbers = texts.map(places).fillna(len(options)).to_numpy(dtype=np.int64)
    return Filter(label, options, numbers, is_of_uses)


def filter_by_class(page: Page, classes: Classes, measure: Mapping[str, Any]) -> Filter:
    """Filter by the classes of a measure."""
    texts = class_texts(page, classes, measure)
    numbers = classes.assigned.fillna(len(texts)).to_numpy(dtype=np.int64)
    return Filter(measure["label"][page.language], texts, numbers)


def column(label: str, texts: pd.Series, *, is_sought: bool = False) -> dict[str, Any]:
    """Give a column of texts for the browser; texts that come back often are given once.

    Parameters
    ----------
    is_sought
        Whether the search looks there.
    """
    full = texts.astype("str").where(texts.notna(), MISSING)
    found: dict[str, Any] = {"label": label, "sought": True} if is_sought else {"label": label}
    places, distinct = pd.factorize(full)
    if 2 * len(distinct) > len(full):
        return {**found, "texts": Texts(full)}
    return {**found, "texts": Texts(pd.Series(distinct)), "places": places.astype(np.int64)}


def filters_content(filters: Sequence[Filter]) -> list[dict[str, Any]]:
    """Give the filters for the browser."""
    return [{"numbers": facet.numbers, "ofUses": facet.is_of_uses} for facet in filters]


def tenants_content(tenants: Tenants | None, parcels: pd.Index) -> dict[str, Any]:
    """Give the firms for the browser; their parcels by their number on the map."""
    if tenants is None:
        return {"parcels": NOTHING, "columns": [], "codes": [], "pages": {}}
    places = pd.Series(range(len(parcels)), index=parcels)
    numbers = tenants.parcels.map(places).to_numpy(dtype=np.int64)
    return {
        "parcels": numbers.astype(np.int64),
        "columns": [
            column(label, texts, is_sought=place == 0)
            for place, (label, texts) in enumerate(tenants.columns.items())
        ],
        "codes": tenants.codes.fillna("").astype("str").tolist(),
        "pages": {page: has.to_numpy(dtype=np.int64) for page, has in tenants.pages.items()},
    }


def field(label: str, control: str, id_: str) -> str:
    """Draw a control below its label.

    >>> field("乡镇", '<select id="a"></select>', "a")
    '<div class="parcel-map-field"><label for="a">乡镇</label><select id="a"></select></div>'
    """
    return (
        f'<div class="parcel-map-field"><label for="{id_}">{escape(label)}</label>{control}</div>'
    )


def filter_controls(page: Page, filters: Sequence[Filter], name: str) -> str:
    """Draw a list to choose from for each filter."""
    drawn = ""
    for place, facet in enumerate(filters):
        id_ = f"{name}-filter-{place}"
        control = f'<select id="{id_}" data-filter>{_options(page, facet)}</select>'
        drawn += field(facet.label, control, id_)
    return drawn


def _options(page: Page, facet: Filter) -> str:
    has_missing = bool((facet.numbers == len(facet.options)).any())
    texts = (*facet.options, page.word("map.missing")) if has_missing else facet.options
    held = set(facet.numbers.tolist())
    drawn = "".join(
        f'<option value="{number}">{escape(text)}</option>'
        for number, text in enumerate(texts)
        if number in held
    )
    return f'<option value="">{page.word("map.all")}</option>{drawn}'


def search_control(page: Page, name: str) -> str:
    """Draw the field that firms and parcels are looked up in, with its list of what is found."""
    id_ = f"{name}-search"
    control = (
        f'<input type="search" id="{id_}" role="combobox" autocomplete="off"'
        f' aria-expanded="false" aria-autocomplete="list" aria-controls="{name}-found"'
        f' placeholder="{page.word("map.search_hint")}">'
        f'<ul id="{name}-found" role="listbox" aria-label="{page.word("map.found")}" hidden></ul>'
    )
    return field(page.word("map.search"), control, id_)
