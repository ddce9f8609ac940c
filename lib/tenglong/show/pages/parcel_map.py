"""The map page: the two maps of the same classes, and the parcels by township."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

import geopandas as gpd
import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.land.parcel_sheet import Colouring, ParcelSheet
from tenglong.show import cell
from tenglong.show.map.finder import Filter, filter_by_class, filter_of
from tenglong.show.map.legend import class_texts
from tenglong.show.map.parcel_layer import parcel_map
from tenglong.show.map.static import static_map
from tenglong.show.number import figure
from tenglong.show.page import day
from tenglong.show.pages.parcel_rows import industry_texts, tenants
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

MAP = "parcel_map"


def parcel_picture(county: County, sheet: ParcelSheet, *, language: str = "zh") -> Piece:
    """Draw the map that prints and needs no script, coloured by the chosen measure."""
    if sheet.parcels.empty:
        return nothing(language)
    label = sheet.rule["label"][language]
    return static_map(
        sheet.parcels,
        sheet.classes,
        sheet.rule,
        outlines=_outlines(county, sheet, language),
        neighbours=sheet.neighbours,
        caption=word("parcels.caption", language, place=_place(county, language), label=label),
        credit=_credit(county, language),
        language=language,
    )


def parcel_explorer(county: County, sheet: ParcelSheet, *, language: str = "zh") -> Piece:
    """Draw the map that can be moved: coloured by any measure, filtered, searched, clicked."""
    if sheet.parcels.empty:
        return nothing(language)
    popup = _popup(sheet, language)
    drawn = parcel_map(
        sheet.parcels,
        sheet.classes,
        sheet.rule,
        others=[one for one in sheet.colourings if one is not sheet.colouring],
        filters=_filters(county, sheet, language),
        tenants=tenants(county, sheet, language),
        popup=popup,
        sought=[word(f"parcels.{key}", language) for key in ("parcel", "place")],
        outlines=_outlines(county, sheet, language),
        neighbours=sheet.neighbours,
        caption=word("parcels.explorer", language, place=_place(county, language)),
        credit=_credit(county, language),
        language=language,
        name=MAP,
    )
    on_paper = escape(word("parcels.on_paper", language))
    return replace(drawn, html=f'{drawn.html}<p class="note print-only">{on_paper}</p>')


def nothing(language: str) -> Piece:
    """Say that there are no parcels to show."""
    return Piece(f'<p class="note">{escape(word("parcels.none", language))}</p>')


def _place(county: County, language: str) -> str:
    return (county.township.name if county.township else county.name)[language]


def _credit(county: County, language: str) -> str:
    return word("parcels.credit", language, day=day(county.as_of, language))


def _outlines(county: County, sheet: ParcelSheet, language: str) -> dict[str, gpd.GeoDataFrame]:
    return {county.label(name)[language]: layer for name, layer in sheet.outlines.items()}


def _filters(county: County, sheet: ParcelSheet, language: str) -> list[Filter]:
    """Filter by township and industry, by every state, and by the classes shown first."""
    told = [
        filter_of(word("parcels.township", language), sheet.townships),
        filter_of(
            word("parcels.industry", language),
            industry_texts(county, sheet.uses["industry"], language),
            is_of_uses=True,
        ),
    ]
    by_class = [
        filter_by_class(one.classes, one.rule, language=language)
        for one in sheet.colourings
        if one is sheet.colouring or one.classes.categories
    ]
    return [one for one in (*told, *by_class) if one.options]


def _popup(sheet: ParcelSheet, language: str) -> Mapping[str, pd.Series]:
    """Label → text of what a click shows; columns that nothing is known of are left out."""
    ids = sheet.parcels["parcel_id"].astype("str")
    shown = {
        word("parcels.parcel", language): ids,
        word("parcels.place", language): sheet.parcels.get("name", ids).astype("str"),
        word("parcels.occupants", language): sheet.occupants,
        word("parcels.township", language): sheet.townships,
        word("parcels.area", language): sheet.areas.map(figure).where(sheet.areas.notna()),
        **{
            one.rule["label"][language]: value_texts(one, language)
            for one in sheet.colourings
            if one.measure != "actual_mu"  # it is the area
        },
    }
    return {label: texts for label, texts in shown.items() if texts.notna().any()}


def value_texts(one: Colouring, language: str) -> pd.Series:
    """Write the value that each parcel has of a measure, with its unit; missing where unknown."""
    values, rule = one.classes.values, one.rule  # noqa: PD011 - not pandas' own
    if rule["kind"] == "category":
        labels = {entry["value"]: entry["label"][language] for entry in rule["categories"]}
        return values.map(labels).astype("str").where(values.notna())
    unit, decimals = rule["unit"][language], int(rule.get("decimals", 2))
    texts = values.map(lambda value: f"{figure(value, decimals)} {unit}".rstrip())
    if not rule.get("is_grouped", True):
        texts = texts.str.replace(",", "")
    return texts.astype("str").where(values.notna())


def parcels_by_township(sheet: ParcelSheet, *, language: str = "zh") -> Piece:
    """Count the parcels of each township by class, the most in the lowest class first."""
    if sheet.parcels.empty:
        return nothing(language)
    texts = [
        *class_texts(sheet.classes, sheet.rule, language=language),
        word("parcels.no_value", language),
    ]
    assigned = sheet.classes.assigned.fillna(len(texts) - 1).astype("int64")
    place = sheet.townships.fillna(word("parcels.nowhere", language))
    counts = pd.crosstab(place, assigned).reindex(columns=range(len(texts)), fill_value=0)
    numbers = counts.to_numpy().tolist()
    order = sorted(range(len(counts)), key=lambda row: [-n for n in numbers[row]])
    counts = counts.iloc[order]
    areas = sheet.areas.groupby(place).sum(min_count=1).reindex(counts.index)
    columns = [
        Column(
            word("parcels.township", language), [cell.text(name) for name in counts.index], True
        ),
        Column(word("parcels.count", language), [cell.number(n, 0) for n in counts.sum(axis=1)]),
        Column(word("parcels.area", language), [cell.number(area) for area in areas]),
        *(
            Column(name, [cell.number(n, 0) for n in counts[number]])
            for number, name in enumerate(texts)
        ),
    ]
    caption = word("parcels.by_township", language, label=sheet.rule["label"][language])
    return table(columns, caption=caption, name="parcels_by_township")
