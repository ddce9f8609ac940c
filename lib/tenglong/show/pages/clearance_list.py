"""The list of wasteful firms: what is overdue, where each stands, who is missing from it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.clearance import FREED, ClearanceSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.figure.funnel import Step, funnel
from tenglong.show.firm import firm_columns
from tenglong.show.lacking import not_supplied
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.clearance import overdue_of, units_for
from tenglong.show.piece import Piece, wide
from tenglong.show.table import Column, table

MOST_ROWS = 300
Rows = Sequence[Mapping[Any, Any]]


def overdue(page: Page, found: ClearanceSheet) -> Piece:
    """List what is overdue: what is owed, since when, by whom."""
    if isinstance(found.firms, Unavailable):
        return not_supplied(page)
    rows = overdue_of(found.firms).to_dict("records")
    if not rows:
        return nothing(page, "clearance.no_overdue")
    units = [cell.text(units_for(page, found, row)) for row in rows]
    columns = [
        *_who(page, found, rows),
        _column(page, "state", [_state(page, row) for row in rows]),
        _column(page, "owed", [_owed(page, row) for row in rows]),
        _column(page, "due", [cell.date_of(row["due_on"]) for row in rows], css="short"),
        _column(page, "overdue", [cell.entry(row["days_overdue"], 0) for row in rows]),
        _column(page, "way", [_way(page, row["way"]) for row in rows]),
        _column(page, "units", units),
        _column(page, "notes", [_notes(page, row) for row in rows]),
    ]
    caption = page.word("clearance.table.overdue")
    return table(columns, caption=caption, name="clearance_overdue")


def the_list(page: Page, found: ClearanceSheet) -> Piece:
    """List every firm on the list, those that are overdue first, those that have ended last."""
    if isinstance(found.firms, Unavailable):
        return not_supplied(page)
    if found.firms.empty:
        return nothing(page, "clearance.no_list")
    ranked = found.firms.assign(is_ended=found.firms["state"].isin(found.ends))
    order = ["is_ended", "days_overdue", "due_on", "usci"]
    ranked = ranked.sort_values(order, ascending=[True, False, True, True], kind="stable")
    rows = ranked.to_dict("records")
    note = page.word("clearance.note.list")
    if len(rows) > MOST_ROWS:
        note = f"{note} {page.word('table.more', rows=len(rows))}"
    columns = [
        *_who(page, found, rows),
        _column(page, "reasons", [_reasons(page, found, row) for row in rows]),
        _column(page, "state", [_state(page, row) for row in rows]),
        _column(page, "since", [cell.date_of(row["since"]) for row in rows], css="short"),
        _column(page, "way", [_way(page, row["way"]) for row in rows]),
        _column(page, "owed", [_owed(page, row) for row in rows]),
        _column(page, "due", [cell.date_of(row["due_on"]) for row in rows], css="short"),
        *(
            _column(page, f"freed_{what}", _amounts(rows, f"freed_{what}"), in_page=False)
            for what in FREED
            if f"freed_{what}" in ranked
        ),
        _column(page, "notes", [_notes(page, row) for row in rows]),
    ]
    ids = [f"listed-{row['usci']}" for row in rows]
    caption = page.word("clearance.table.list")
    drawn = table(
        columns,
        caption=caption,
        name="clearance_list",
        note=note,
        row_ids=ids,
        most_rows=MOST_ROWS,
    )
    return wide(drawn)


def loop_funnel(page: Page, found: ClearanceSheet) -> Piece:
    """Draw how far the listed firms have come in the loop."""
    if isinstance(found.reached, Unavailable):
        return not_supplied(page)
    steps = [
        Step(
            page.word(f"clearance.state.{row['step']}"),
            int(row["firms"]),
            tone="good" if row["step"] in found.ends else "none",
        )
        for row in found.reached.to_dict("records")
    ]
    drawn = funnel(
        page,
        steps,
        caption=page.word("clearance.figure.funnel"),
        described=page.word("clearance.described.funnel"),
        name="clearance_funnel",
    )
    note = f'<p class="note">{cell.text(page.word("clearance.note.funnel")).html}</p>'
    return Piece(drawn.html + note, drawn.csv)


def unlisted(page: Page, found: ClearanceSheet) -> Piece:
    """List the firms that belong on the list by the rules, and are not on it."""
    if isinstance(found.unlisted, Unavailable):
        return not_supplied(page)
    rows = found.unlisted.to_dict("records")
    if not rows:
        return nothing(page, "clearance.no_unlisted")
    note = page.word("table.more", rows=len(rows)) if len(rows) > MOST_ROWS else ""
    columns = [
        *_who(page, found, rows),
        _column(page, "reasons", [_reasons(page, found, row) for row in rows]),
        _column(page, "tax_per_mu", _amounts(rows, "tax_wan_per_mu")),
        _column(page, "tax", _amounts(rows, "tax_wan")),
        _column(page, "land", _amounts(rows, "land_mu")),
    ]
    return table(
        columns,
        caption=page.word("clearance.table.unlisted"),
        name="clearance_unlisted",
        note=note,
        most_rows=MOST_ROWS,
    )


def ways(page: Page, found: ClearanceSheet) -> Piece:
    """Set the ways of clearance beside what they freed."""
    if isinstance(found.ways, Unavailable):
        return not_supplied(page)
    if found.ways.empty:
        return nothing(page, "clearance.no_list")
    rows = found.ways.to_dict("records")
    columns = [
        Column(
            page.word("clearance.column.way"),
            [_way(page, row["way"]) for row in rows],
            is_header=True,
        ),
        _column(page, "firms", [cell.entry(row["firms"], 0) for row in rows]),
        _column(page, "ended", [cell.entry(row["ended"], 0) for row in rows]),
        *(
            _column(page, f"freed_{what}", _amounts(rows, f"freed_{what}"))
            for what in FREED
            if f"freed_{what}" in found.ways
        ),
    ]
    caption, note = page.word("clearance.table.ways"), page.word("clearance.note.ways")
    return table(columns, caption=caption, name="clearance_ways", note=note)


def doubtful_carbon(page: Page, found: ClearanceSheet) -> Piece:
    """List the cleared firms whose carbon per energy is outside of the plausible range."""
    if isinstance(found.carbon_firms, Unavailable) or isinstance(found.firms, Unavailable):
        return not_supplied(page)
    doubtful = found.carbon_firms[found.carbon_firms["reason"] != "plausible"]
    about = [name for name in ("usci", "name", "township", "industry") if name in found.firms]
    rows = doubtful.merge(found.firms[about], on="usci", how="left").to_dict("records")
    if not rows:
        return nothing(page, "clearance.no_carbon")
    verdicts = [cell.text(page.word(f"freed_carbon.{row['reason']}")) for row in rows]
    columns = [
        *_who(page, found, rows),
        _column(page, "freed_energy_tce", _amounts(rows, "freed_energy_tce")),
        _column(page, "freed_carbon_t", _amounts(rows, "freed_carbon_t")),
        _column(page, "ratio", _amounts(rows, "t_per_tce")),
        _column(page, "verdict", verdicts),
    ]
    caption = page.word("clearance.table.carbon")
    return table(columns, caption=caption, name="clearance_carbon")


def refused(page: Page, found: ClearanceSheet) -> Piece:
    """List the records that the loop does not allow."""
    if isinstance(found.refused, Unavailable):
        return not_supplied(page)
    rows = found.refused.to_dict("records")
    if not rows:
        return nothing(page, "clearance.no_refused")
    columns = [
        _column(page, "row", [cell.entry(row["row"], 0) for row in rows]),
        Column(
            page.word("firm.usci"),
            [cell.text(row["usci"] if isinstance(row["usci"], str) else MISSING) for row in rows],
            is_header=True,
        ),
        _column(page, "event", [_event(page, row["event"]) for row in rows]),
        _column(page, "day", [cell.date_of(row["happened_on"]) for row in rows], css="short"),
        _column(page, "notes", [_refusal(page, row) for row in rows]),
    ]
    return table(columns, caption=page.word("clearance.table.refused"), name="clearance_refused")


def nothing(page: Page, key: str) -> Piece:
    """Say that there is nothing to list."""
    return Piece(f'<p class="note">{cell.text(page.word(key)).html}</p>')


def _column(
    page: Page, key: str, cells: Sequence[Cell], *, in_page: bool = True, css: str = ""
) -> Column:
    return Column(page.word(f"clearance.column.{key}"), cells, in_page=in_page, css=css)


def _who(page: Page, found: ClearanceSheet, rows: Rows) -> list[Column]:
    return firm_columns(page, rows, townships=found.townships, industries=found.industries)


def _amounts(rows: Rows, name: str) -> list[Cell]:
    return [cell.entry(row[name]) for row in rows]


def _state(page: Page, row: Mapping[Any, Any]) -> Cell:
    return cell.text(page.word(f"clearance.state.{row['state']}"))


def _owed(page: Page, row: Mapping[Any, Any]) -> Cell:
    owed = row["owed"]
    return cell.text(page.word(f"clearance.owed.{owed}") if isinstance(owed, str) else MISSING)


def _way(page: Page, way: object) -> Cell:
    if not isinstance(way, str):
        return cell.text(MISSING)
    return cell.text(page.choice("clearance_events", "way", way))


def _event(page: Page, event: object) -> Cell:
    if not isinstance(event, str):
        return cell.text(MISSING)
    return cell.text(page.choice("clearance_events", "event", event))


def _refusal(page: Page, row: Mapping[Any, Any]) -> Cell:
    state = row["state"] if isinstance(row["state"], str) else "not_listed"
    event = _event(page, row["event"]).plain
    return cell.text(
        page.word(
            f"clearance.finding.{row['code']}",
            event=event,
            state=page.word(f"clearance.state.{state}"),
        )
    )


def _notes(page: Page, row: Mapping[Any, Any]) -> Cell:
    told = (page.word(f"clearance.code.{code}") for code in row["codes"])
    return cell.text(("；" if page.language == "zh" else "; ").join(told))


def _reasons(page: Page, found: ClearanceSheet, row: Mapping[Any, Any]) -> Cell:
    reasons = row["reasons"]
    if not isinstance(reasons, tuple):
        return cell.text(page.word("clearance.not_judged"))
    if not reasons:
        return cell.text(page.word("clearance.no_reason"))
    named = [
        found.reasons[code][page.language] if code in found.reasons else code for code in reasons
    ]
    return cell.text(("；" if page.language == "zh" else "; ").join(named))
