"""The land page, parcel by parcel: what lies idle, what is late, what falls short, and why."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.land.land_sheet import LandSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import coded, known
from tenglong.show.finding import findings, sentence
from tenglong.show.lacking import lacking, supplier_of
from tenglong.show.number import MISSING
from tenglong.show.page import day
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

MOST_ROWS = 100


def idle_table(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """List what lies idle: since when, by whose fault, and what follows."""
    rows = _rows(county, sheet.parcels, "idle", language)
    if isinstance(rows, Piece):
        return rows
    rows = rows[rows["land_state"] == "idle"]
    if rows.empty:
        return findings(sentence("land.none.idle", language), name="land_idle")
    rows = rows.sort_values(["years", "since", "parcel_id"], ascending=[False, True, True])
    comma = "、" if language == "zh" else ", "
    why = [comma.join(word(f"land.reason.{r}", language) for r in rs) for rs in rows["reasons"]]
    columns = [
        *_about(rows, language),
        _column(
            "case",
            rows["case"],
            lambda code: coded("land.case", code, language),
            language,
            in_page=False,
        ),
        _column("since", rows["since"], cell.date_of, language, css="short"),
        _column("years", rows["years"], lambda n: cell.number(n, 0), language),
        _column("cause", rows["cause"], lambda code: _cause(county, code, language), language),
        _column("why", why, cell.text, language),
        _column(
            "handling",
            rows["handling"],
            lambda code: coded("land.handling", code, language),
            language,
        ),
        _column(
            "article",
            rows["handling"],
            lambda code: coded("land.article", code, language),
            language,
        ),
        _column("fee", rows["fee_wan"], lambda fee: cell.number(fee, 2), language),
    ]
    return table(
        columns,
        caption=word("land.table.idle", language),
        name="land_idle",
        note=word("land.table.idle_note", language),
        most_rows=MOST_ROWS,
    )


def late_table(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """List land not started and land not in production, with days late and the next step."""
    rows = _rows(county, sheet.late, "late", language)
    if isinstance(rows, Piece):
        return rows
    if rows.empty:
        return findings(sentence("land.none.late", language), name="land_late")
    rows = rows.sort_values(["days_late", "parcel_id"], ascending=[False, True], kind="stable")
    columns = [
        *_about(rows, language),
        _column(
            "state",
            rows["land_state"],
            lambda code: coded("land.state", code, language),
            language,
            css="short",
        ),
        _column("agreed_on", rows["agreed_on"], cell.date_of, language, css="short"),
        _column("days_late", rows["days_late"], lambda n: cell.number(n, 0), language),
        _column("next", rows["idle_on"], lambda when: _next(when, language), language),
    ]
    caption = word("land.table.late", language)
    return table(columns, caption=caption, name="land_late", most_rows=MOST_ROWS)


def unmet_table(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """List land that is used less, or produces less, than agreed: the item furthest behind."""
    rows = _rows(county, sheet.unmet, "unmet", language)
    if isinstance(rows, Piece):
        return rows
    if rows.empty:
        return findings(sentence("land.none.unmet", language), name="land_unmet")
    first = rows.drop_duplicates("parcel_id")
    comma = "、" if language == "zh" else ", "
    items = rows["actual_name"].map(lambda name: word(f"land.measure.{name}", language))
    others = items.groupby(rows["parcel_id"]).agg(lambda names: comma.join(list(names)[1:]))
    columns = [
        *_about(first, language),
        _column(
            "state",
            first["land_state"],
            lambda code: coded("land.state", code, language),
            language,
            css="short",
        ),
        _column("item", items[first.index], cell.text, language),
        _column("agreed", first["agreed"], lambda value: cell.number(value, 2), language),
        _column("actual", first["actual"], lambda value: cell.number(value, 2), language),
        _column("reached", 100 * first["reached"], lambda value: cell.number(value, 2), language),
        _column("others", first["parcel_id"].map(others), cell.text, language),
    ]
    return table(
        columns,
        caption=word("land.table.unmet", language),
        name="land_unmet",
        note=_more(first, language),
        most_rows=MOST_ROWS,
    )


def undecided_table(county: County, sheet: LandSheet, *, language: str = "zh") -> Piece:
    """List the parcels whose state cannot be told, and what would have to be supplied."""
    rows = _rows(county, sheet.parcels, "undecided", language)
    if isinstance(rows, Piece):
        return rows
    rows = rows[rows["land_state"].isna()].sort_values("parcel_id")
    if rows.empty:
        return findings(sentence("land.none.undecided", language), name="land_undecided")
    comma = "、" if language == "zh" else ", "
    needed = [
        comma.join(county.label("parcels", name)[language] for name in names)
        or comma.join(word(f"land.lacking.{code}", language) for code in codes or ("use",))
        for names, codes in zip(rows["missing"], rows["undecided"], strict=True)
    ]
    units = [
        comma.join(dict.fromkeys(supplier_of(county, "parcels", name) for name in names or ("",)))
        for names in rows["missing"]
    ]
    columns = [
        *_about(rows, language),
        _column("needed", needed, cell.text, language),
        _column("supplier", units, cell.text, language),
    ]
    return table(
        columns,
        caption=word("land.table.undecided", language),
        name="land_undecided",
        note=_more(rows, language),
        most_rows=MOST_ROWS,
    )


def _rows(
    county: County, found: pd.DataFrame | Unavailable, name: str, language: str
) -> pd.DataFrame | Piece:
    """Give the rows, or what stands in their place where they are not known."""
    if isinstance(found, Unavailable):
        return findings(lacking(county, found, language=language), name=f"land_{name}")
    return found


def _about(rows: pd.DataFrame, language: str) -> list[Column]:
    """Give the columns that every list of parcels begins with; codes stand in the CSV alone."""
    return [
        Column(
            word("land.column.parcel_id", language),
            [cell.text(one) for one in rows["parcel_id"]],
            in_page=False,
        ),
        Column(word("land.column.parcel", language), [cell.text(n) for n in rows["name"]], True),
        _column("town", rows["town"], lambda town: cell.text(known(town)), language, "short"),
        _column("area", rows["area_mu"], lambda area: cell.number(area, 2), language),
    ]


def _column(
    name: str,
    values: Iterable[Any],
    shown: Callable[[Any], Cell],
    language: str,
    css: str = "",
    *,
    in_page: bool = True,
) -> Column:
    label = word(f"land.column.{name}", language)
    return Column(label, [shown(value) for value in values], css=css, in_page=in_page)


def _cause(county: County, code: object, language: str) -> Cell:
    is_known = isinstance(code, str)
    label = county.choice("parcels", "idle_cause", str(code))[language]
    return cell.text(label if is_known else MISSING)


def _next(idle_on: Any, language: str) -> Cell:
    if pd.isna(idle_on):
        return cell.text(word("land.next.produce", language))
    return cell.text(word("land.next.start_before", language, day=day(idle_on.date(), language)))


def _more(rows: pd.DataFrame, language: str) -> str:
    if len(rows) <= MOST_ROWS:
        return ""
    return word("table.more", language, rows=len(rows))
