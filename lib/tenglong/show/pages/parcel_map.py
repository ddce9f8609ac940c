"""The map page: what it finds, the two maps of the same classes, and the parcels by township."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

import geopandas as gpd
import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.land.parcel_sheet import ParcelSheet
from tenglong.show import cell
from tenglong.show.map.legend import class_texts
from tenglong.show.map.parcel_layer import parcel_map
from tenglong.show.map.static import static_map
from tenglong.show.number import MISSING, figure, quantity
from tenglong.show.page import day
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

# Layers over the parcels, and what of them is drawn: only townships bring their names.
OUTLINES = {"townships": ("name", "geometry"), "control_lines": ("geometry",)}


def parcel_findings(county: County, sheet: ParcelSheet, *, language: str = "zh") -> Piece:
    """Say how many parcels there are, how they fall into the classes, and what is not known."""
    comma = "、" if language == "zh" else ", "
    lines = _told(sheet, language) if len(sheet.parcels) else [word("parcels.none", language)]
    lacking = [_lacking(county, name, sheet, language) for name in sheet.lacking]
    if lacking:
        lines.append(word("parcels.lacking", language, measures=comma.join(lacking)))
    drawn = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return Piece(f'<div class="finding">{drawn}</div>')


def _told(sheet: ParcelSheet, language: str) -> list[str]:
    comma = "、" if language == "zh" else ", "
    label, texts = (
        sheet.rule["label"][language],
        class_texts(sheet.classes, sheet.rule, language=language),
    )
    counts = sheet.classes.counts
    told = comma.join(
        word("parcels.class_count", language, name=name, count=figure(count, 0))
        for name, count in zip(texts, counts, strict=True)
        if count
    )
    area = (
        quantity(sheet.areas.sum(), "亩") if language == "zh" else f"{figure(sheet.areas.sum())} mu"
    )
    lines = [
        word("parcels.overall", language, count=figure(len(sheet.parcels), 0), area=area),
        word("parcels.classes", language, label=label, told=told or MISSING),
    ]
    if sheet.classes.missing:
        lines.append(word("parcels.missing", language, count=figure(sheet.classes.missing, 0)))
    return lines


def _lacking(county: County, name: str, sheet: ParcelSheet, language: str) -> str:
    label: str = county.policy["parcel_measures"]["measures"][name]["label"][language]
    wanting = sheet.lacking[name]
    if wanting is None:
        return label
    table_label = county.label(wanting.table)[language]
    if not wanting.column:
        return word("parcels.lacks", language, label=label, what=table_label)
    what = f"{table_label} · {county.label(wanting.table, wanting.column)[language]}"
    return word("parcels.lacks", language, label=label, what=what)


def parcel_picture(county: County, sheet: ParcelSheet, *, language: str = "zh") -> Piece:
    """Draw the map that prints and needs no script."""
    if sheet.parcels.empty:
        return _nothing(language)
    return static_map(
        sheet.parcels,
        sheet.classes,
        sheet.rule,
        outlines=outlines(county, language),
        caption=_caption(county, sheet, language),
        credit=word("parcels.credit", language, day=day(county.as_of, language)),
        language=language,
    )


def parcel_explorer(county: County, sheet: ParcelSheet, *, language: str = "zh") -> Piece:
    """Draw the map that can be moved; a click shows the chosen facts of a parcel, no others."""
    if sheet.parcels.empty:
        return _nothing(language)
    drawn = parcel_map(
        sheet.parcels,
        sheet.classes,
        sheet.rule,
        popup=_popup(sheet, language),
        outlines=outlines(county, language),
        caption=_caption(county, sheet, language),
        language=language,
    )
    on_paper = escape(word("parcels.on_paper", language))
    return replace(drawn, html=f'{drawn.html}<p class="note print-only">{on_paper}</p>')


def _nothing(language: str) -> Piece:
    return Piece(f'<p class="note">{escape(word("parcels.none", language))}</p>')


def _caption(county: County, sheet: ParcelSheet, language: str) -> str:
    label = sheet.rule["label"][language]
    return word("parcels.caption", language, county=county.name[language], label=label)


def _popup(sheet: ParcelSheet, language: str) -> Mapping[str, pd.Series]:
    """Label → text of what a click shows; columns that nothing is known of are left out."""
    rule, decimals = sheet.rule, int(sheet.rule.get("decimals", 2))
    unit = rule["unit"][language]
    ids = sheet.parcels["parcel_id"].astype("str")
    values = sheet.classes.values  # noqa: PD011 - not pandas' own
    if rule["kind"] == "number":
        texts = values.map(lambda value: f"{figure(value, decimals)} {unit}".rstrip())
        if not rule.get("is_grouped", True):
            texts = texts.str.replace(",", "")
    else:
        labels = {entry["value"]: entry["label"][language] for entry in rule["categories"]}
        texts = values.map(labels)
    shown = {
        word("parcels.parcel", language): ids.fillna(MISSING),
        word("parcels.place", language): sheet.parcels.get("name", ids).astype("str"),
        word("parcels.occupants", language): sheet.occupants,
        word("parcels.township", language): sheet.townships,
        word("parcels.area", language): sheet.areas.map(figure),
        rule["label"][language]: texts.astype("str").where(values.notna()),
    }
    return {label: texts for label, texts in shown.items() if texts.notna().any()}


def outlines(county: County, language: str) -> dict[str, gpd.GeoDataFrame]:
    """Give the layers that lie over the parcels: townships, and the control line."""
    layers = {}
    for name, columns in OUTLINES.items():
        frame = county.tables.get(name)
        if frame is not None and "geometry" in frame:
            kept = [column for column in columns if column in frame]
            layers[county.label(name)[language]] = gpd.GeoDataFrame(frame[kept])
    return layers


def parcels_by_township(sheet: ParcelSheet, *, language: str = "zh") -> Piece:
    """Count the parcels of each township by class, the most in the lowest class first."""
    if sheet.parcels.empty:
        return _nothing(language)
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
