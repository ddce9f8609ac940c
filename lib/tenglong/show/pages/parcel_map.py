"""The map page: the two maps of the same classes, and the parcels by township."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

import geopandas as gpd
import pandas as pd

from tenglong.measure.sheet.parcel_map import Colouring, ParcelMapSheet
from tenglong.show import cell
from tenglong.show.map.finder import Filter, filter_by_class, filter_of
from tenglong.show.map.legend import class_texts
from tenglong.show.map.parcel_layer import parcel_map
from tenglong.show.map.static import static_map
from tenglong.show.number import figure
from tenglong.show.page import Page
from tenglong.show.pages.parcel_rows import industry_texts, tenants, town_texts
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table

MAP = "parcel_map"


def parcel_picture(page: Page, sheet: ParcelMapSheet) -> Piece:
    """Draw the map that prints and needs no script, coloured by the chosen measure."""
    if sheet.parcels.empty:
        return nothing(page)
    label = sheet.rule["label"][page.language]
    return static_map(
        page,
        sheet.parcels,
        sheet.classes,
        sheet.rule,
        outlines=_outlines(page, sheet),
        neighbours=sheet.neighbours,
        caption=page.word("parcels.caption", place=_place(page), label=label),
        credit=_credit(page),
    )


def parcel_explorer(page: Page, sheet: ParcelMapSheet) -> Piece:
    """Draw the map that can be moved: coloured by any measure, filtered, searched, clicked."""
    if sheet.parcels.empty:
        return nothing(page)
    popup = _popup(page, sheet)
    drawn = parcel_map(
        page,
        sheet.parcels,
        sheet.classes,
        sheet.rule,
        others=[colouring for colouring in sheet.colourings if colouring is not sheet.colouring],
        filters=_filters(page, sheet),
        tenants=tenants(page, sheet),
        popup=popup,
        sought=[page.word(f"parcels.{key}") for key in ("parcel", "place")],
        outlines=_outlines(page, sheet),
        neighbours=sheet.neighbours,
        caption=page.word("parcels.explorer", place=_place(page)),
        credit=_credit(page),
        name=MAP,
    )
    on_paper = escape(page.word("parcels.on_paper"))
    return replace(drawn, html=f'{drawn.html}<p class="note print-only">{on_paper}</p>')


def nothing(page: Page) -> Piece:
    """Say that there are no parcels to show."""
    return Piece(f'<p class="note">{escape(page.word("parcels.none"))}</p>')


def _place(page: Page) -> str:
    return page.told(page.place.township.name if page.place.township else page.place.name)


def _credit(page: Page) -> str:
    return page.word("parcels.credit", day=page.day(page.place.as_of))


def _outlines(page: Page, sheet: ParcelMapSheet) -> dict[str, gpd.GeoDataFrame]:
    return {
        page.label(name): layer.assign(name=layer["name"].map(page.name, na_action="ignore"))
        if "name" in layer
        else layer
        for name, layer in sheet.outlines.items()
    }


def _filters(page: Page, sheet: ParcelMapSheet) -> list[Filter]:
    """Filter by township and industry, by every state, and by the classes shown first."""
    filters = [
        filter_of(page.word("parcels.township"), town_texts(page, sheet)),
        filter_of(
            page.word("parcels.industry"),
            industry_texts(page, sheet.uses["industry"]),
            is_of_uses=True,
        ),
    ]
    by_class = [
        filter_by_class(page, one.classes, one.rule)
        for one in sheet.colourings
        if one is sheet.colouring or one.classes.categories
    ]
    return [one for one in (*filters, *by_class) if one.options]


def _popup(page: Page, sheet: ParcelMapSheet) -> Mapping[str, pd.Series]:
    """Label → text of what a click shows; columns that nothing is known of are left out."""
    ids = sheet.parcels["parcel_id"].astype("str")
    shown = {
        page.word("parcels.parcel"): ids,
        page.word("parcels.place"): sheet.parcels.get("name", ids).astype("str"),
        page.word("parcels.occupants"): sheet.occupants,
        page.word("parcels.township"): town_texts(page, sheet),
        page.word("parcels.area"): sheet.areas.map(figure).where(sheet.areas.notna()),
        **{
            colouring.rule["label"][page.language]: value_texts(page, colouring)
            for colouring in sheet.colourings
            if colouring.measure != "actual_mu"  # it is the area
        },
    }
    return {label: texts for label, texts in shown.items() if texts.notna().any()}


def value_texts(page: Page, colouring: Colouring) -> pd.Series:
    """Write the value that each parcel has of a measure, with its unit; missing where unknown."""
    values, rule = colouring.classes.values, colouring.rule  # noqa: PD011 - not pandas' own
    if rule["kind"] == "category":
        labels = {entry["value"]: entry["label"][page.language] for entry in rule["categories"]}
        return values.map(labels).astype("str").where(values.notna())
    unit, decimals = rule["unit"][page.language], int(rule.get("decimals", 2))
    texts = values.map(lambda value: f"{figure(value, decimals)} {unit}".rstrip())
    if not rule.get("is_grouped", True):
        texts = texts.str.replace(",", "")
    return texts.astype("str").where(values.notna())


def parcels_by_township(page: Page, sheet: ParcelMapSheet) -> Piece:
    """Count the parcels of each township by class, the most in the lowest class first."""
    if sheet.parcels.empty:
        return nothing(page)
    texts = [
        *class_texts(page, sheet.classes, sheet.rule),
        page.word("parcels.no_value"),
    ]
    assigned = sheet.classes.assigned.fillna(len(texts) - 1).astype("int64")
    place = town_texts(page, sheet).fillna(page.word("parcels.nowhere"))
    counts = pd.crosstab(place, assigned).reindex(columns=range(len(texts)), fill_value=0)
    numbers = counts.to_numpy().tolist()
    order = sorted(range(len(counts)), key=lambda row: [-n for n in numbers[row]])
    counts = counts.iloc[order]
    areas = sheet.areas.groupby(place).sum(min_count=1).reindex(counts.index)
    columns = [
        Column(page.word("parcels.township"), [cell.text(name) for name in counts.index], True),
        Column(page.word("parcels.count"), [cell.number(n, 0) for n in counts.sum(axis=1)]),
        Column(page.word("parcels.area"), [cell.number(area) for area in areas]),
        *(
            Column(name, [cell.number(n, 0) for n in counts[number]])
            for number, name in enumerate(texts)
        ),
    ]
    caption = page.word("parcels.by_township", label=sheet.rule["label"][page.language])
    return table(columns, caption=caption, name="parcels_by_township")
