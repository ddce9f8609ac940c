"""Lists of wasteful firms: what is overdue, where each stands, who is missing, what is left."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from tenglong.measure.clause import Label
from tenglong.measure.clearance.duties import Duty
from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.clearance import FREED, ClearanceSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.figure.funnel import Step, funnel
from tenglong.show.firm import firm_columns, industry_text, name_of, place_text
from tenglong.show.lacking import not_supplied, supplied
from tenglong.show.listing import Draw, Field, choice, coded, day, listing, noted, number, whole
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.clearance import Row, line_of, overdue_of, units_for
from tenglong.show.piece import Piece, remark, wide

MOST_ROWS = 300
MOST_LEFT = 200


def _reasons(labels: Mapping[str, Label]) -> Draw:
    def draw(page: Page, reasons: Any) -> Cell:
        if not isinstance(reasons, tuple):
            return cell.text(page.word(".not_judged"))
        names = (page.told(labels[code]) if code in labels else code for code in reasons)
        return cell.text(page.clauses(names) or page.word(".no_reason"))

    return draw


def _freed(firms: pd.DataFrame, *, in_page: bool = True) -> list[Field]:
    """Give a field for each amount that is told of what was freed."""
    names = [f"freed_{what}" for what in FREED if f"freed_{what}" in firms]
    return [Field(name, number(2), in_page=in_page) for name in names]


def _state(row: Row) -> str:
    state = row.get("state")
    return state if isinstance(state, str) else "not_listed"


def _refusal(page: Page, record: Row) -> Cell:
    event = choice("clearance_events", "event")(page, record["event"]).plain
    state = page.word(f".state.{_state(record)}")
    return cell.text(page.word(f".finding.{record['code']}", event=event, state=state))


def _open(page: Page, duty: Duty) -> str:
    """Name every firm of which it is still to be done."""
    return page.joined(map(name_of, duty.open.to_dict("records"))) or page.word(".none_open")


def _place(page: Page, name: str) -> Cell:
    return cell.text(page.word(".nowhere") if name == MISSING else name)


STATE = Field("state", coded("clearance.state"))
SINCE = Field("since", day, css="short")
OWED = Field("owed", coded("clearance.owed"))
DUE = Field("due", day, "due_on", css="short")
OVERDUE = Field("overdue", whole, "days_overdue")
WAY = Field("way", choice("clearance_events", "way"))
NOTES = Field("notes", noted("clearance.code"), "codes")
EVENT = Field("event", choice("clearance_events", "event"))
TAXED = (
    Field("tax_per_mu", number(2), "tax_wan_per_mu"),
    Field("tax", number(2), "tax_wan"),
    Field("land", number(2), "land_mu"),
)
LEFT = (
    *TAXED,
    Field("state", coded("clearance.state"), _state),
    Field("since", day, lambda firm: firm.get("since"), css="short"),
)
LEFT_BY = (
    Field("firms", whole),
    Field("land", number(2), "land_mu"),
    Field("tax", number(2), "tax_wan"),
    Field("not_listed", whole),
)
CARBON = (
    Field("freed_energy_tce", number(2)),
    Field("freed_carbon_t", number(2)),
    Field("ratio", number(2), "t_per_tce"),
    Field("verdict", coded("freed_carbon"), "reason"),
)
TASKS = (
    Field("task", coded("clearance.task"), lambda pair: pair[0].name, is_header=True),
    Field("required", whole, lambda pair: pair[0].required),
    Field("done", whole, lambda pair: pair[0].done),
    Field("open_firms", _open, lambda pair: pair[0]),
    Field("later", whole, lambda pair: pair[1].required),
    Field("later_done", whole, lambda pair: pair[1].done),
    Field("later_open", _open, lambda pair: pair[1]),
)
REFUSED = (
    Field("row", whole),
    Field("firm.usci", of="usci", is_header=True),
    EVENT,
    Field("day", day, "happened_on", css="short"),
    Field("notes", _refusal, lambda record: record),
)


def firm_list(  # noqa: PLR0913 - the parts of a list, by name only
    page: Page,
    sheet: ClearanceSheet,
    firms: pd.DataFrame,
    fields: Iterable[Field],
    *,
    name: str,
    note: str = "",
    most_rows: int | None = None,
    row_ids: Sequence[str] = (),
) -> Piece:
    """List firms, see `listing`: who each is, then these fields of its row.

    Caption and what stands in its place go by the last part of its name: `.table.…`, `.no_…`.
    """
    rows, what = firms.to_dict("records"), name.rpartition("_")[2]
    who = firm_columns(page, rows, townships=sheet.townships, industries=sheet.industries)
    return listing(
        page,
        rows,
        [*who, *fields],
        caption=page.word(f".table.{what}", line=line_of(sheet).html),
        name=name,
        note=note,
        nothing=remark(page.word(f".no_{what}")),
        most_rows=most_rows,
        row_ids=row_ids,
    )


@supplied(instead=not_supplied)
def overdue(page: Page, firms: pd.DataFrame, sheet: ClearanceSheet) -> Piece:
    """List what is overdue: what is owed, since when, by whom."""
    units = Field("units", of=lambda firm: units_for(page, sheet, firm))
    fields = (STATE, OWED, DUE, OVERDUE, WAY, units, NOTES)
    return firm_list(page, sheet, overdue_of(firms), fields, name="clearance_overdue")


@supplied(instead=not_supplied)
def tasks(page: Page, pairs: Sequence[tuple[Duty, Duty]]) -> Piece:
    """Set check, plan and classified rectification side by side, with all that are still open."""
    return listing(
        page,
        pairs if any(duty.required for pair in pairs for duty in pair) else (),
        TASKS,
        caption=page.word(".table.tasks"),
        name="clearance_tasks",
        note=page.word(".note.tasks"),
        nothing=remark(page.word(".no_list")),
    )


@supplied(instead=not_supplied)
def the_list(page: Page, firms: pd.DataFrame, sheet: ClearanceSheet) -> Piece:
    """List every firm on the list, those that are overdue first, those that have ended last."""
    ranked = firms.assign(is_ended=firms["state"].isin(sheet.ends)).sort_values(
        ["is_ended", "days_overdue", "due_on", "usci"],
        ascending=[True, False, True, True],
        kind="stable",
    )
    reasons, freed = Field("reasons", _reasons(sheet.reasons)), _freed(firms, in_page=False)
    drawn = firm_list(
        page,
        sheet,
        ranked,
        (reasons, STATE, SINCE, WAY, OWED, DUE, *freed, NOTES),
        name="clearance_list",
        note=page.word(".note.list"),
        most_rows=MOST_ROWS,
        row_ids=[f"listed-{usci}" for usci in ranked["usci"]],
    )
    return drawn if firms.empty else wide(drawn)


@supplied(instead=not_supplied)
def loop_funnel(page: Page, reached: pd.DataFrame, ends: Iterable[str]) -> Piece:
    """Draw how far the listed firms have come in the loop."""
    drawn = funnel(
        page,
        [
            Step(page.word(f".state.{step}"), int(firms), tone="good" if step in ends else "none")
            for step, firms in zip(reached["step"], reached["firms"], strict=True)
        ],
        caption=page.word(".figure.funnel"),
        described=page.word(".described.funnel"),
        name="clearance_funnel",
    )
    return Piece(drawn.html + remark(page.word(".note.funnel")).html, drawn.csv)


@supplied(instead=not_supplied)
def unlisted(page: Page, firms: pd.DataFrame, sheet: ClearanceSheet) -> Piece:
    """List the firms that belong on the list by the rules, and are not on it."""
    fields, name = (Field("reasons", _reasons(sheet.reasons)), *TAXED), "clearance_unlisted"
    return firm_list(page, sheet, firms, fields, name=name, most_rows=MOST_ROWS)


def _way(page: Page, way: Any) -> str:
    """Draw a way of clearance; firms on the list may have none yet."""
    unset = pd.isna(way)
    return page.word(".way_unset") if unset else page.choice("clearance_events", "way", way)


WAYS = Field("way", _way, is_header=True)


@supplied(instead=not_supplied)
def ways(page: Page, sums: pd.DataFrame) -> Piece:
    """Set the ways of clearance beside what they freed."""
    return listing(
        page,
        sums,
        (WAYS, Field("firms", whole), Field("ended", whole), *_freed(sums)),
        caption=page.word(".table.ways"),
        name="clearance_ways",
        note=page.word(".note.ways"),
        nothing=remark(page.word(".no_list")),
    )


@supplied(instead=not_supplied)
def doubtful_carbon(page: Page, freed: pd.DataFrame, sheet: ClearanceSheet) -> Piece:
    """List the cleared firms whose carbon per energy is outside of the plausible range."""
    if isinstance(sheet.firms, Unavailable):
        return not_supplied(page)
    about = [name for name in ("usci", "name", "township", "industry") if name in sheet.firms]
    doubtful = freed[freed["reason"] != "plausible"]
    firms = doubtful.merge(sheet.firms[about], on="usci", how="left")
    return firm_list(page, sheet, firms, CARBON, name="clearance_carbon")


@supplied(instead=not_supplied)
def refused(page: Page, records: pd.DataFrame) -> Piece:
    """List the records that the loop does not allow."""
    return listing(
        page,
        records.to_dict("records"),
        REFUSED,
        caption=page.word(".table.refused"),
        name="clearance_refused",
        nothing=remark(page.word(".no_refused")),
    )


@supplied(instead=not_supplied)
def left_by_township(page: Page, sums: pd.DataFrame, sheet: ClearanceSheet) -> Piece:
    """Count what is left below the line by township, the most land first."""
    names = [page.name(place_text(sheet.townships, code)) for code in sums["of"]]
    head = Field("firm.township", _place, lambda _: names, is_header=True)
    return _left_by(page, sheet, sums, head, "left_townships")


@supplied(instead=not_supplied)
def left_by_industry(page: Page, sums: pd.DataFrame, sheet: ClearanceSheet) -> Piece:
    """Count what is left below the line by industry, the most land first."""
    names = [industry_text(page, sheet.industries, code) for code in sums["of"]]
    head = Field("firm.industry", _place, lambda _: names, is_header=True)
    return _left_by(page, sheet, sums, head, "left_industries")


def _left_by(
    page: Page, sheet: ClearanceSheet, sums: pd.DataFrame, head: Field, name: str
) -> Piece:
    return listing(
        page,
        sums,
        (head, *LEFT_BY),
        caption=page.word(f".table.{name}", line=line_of(sheet).html),
        name=f"clearance_{name}",
        nothing=remark(page.word(".no_left")),
    )


@supplied(instead=not_supplied)
def left_firms(page: Page, firms: pd.DataFrame, sheet: ClearanceSheet) -> Piece:
    """List the firms below the line, the lowest first, with where they stand in the loop."""
    note = page.word(".note.left")
    return firm_list(
        page, sheet, firms, LEFT, name="clearance_left", note=note, most_rows=MOST_LEFT
    )
