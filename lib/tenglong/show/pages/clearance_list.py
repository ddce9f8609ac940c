"""The list of wasteful firms: what is overdue, where each stands, who is missing from it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tenglong.measure.clearance.cleared import FREED, Clearing
from tenglong.measure.county import County, Unavailable
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.figure.funnel import Step, funnel
from tenglong.show.firm import firm_columns
from tenglong.show.lacking import not_supplied
from tenglong.show.number import MISSING
from tenglong.show.pages.clearance import overdue_of, units_for
from tenglong.show.piece import Piece, wide
from tenglong.show.table import Column, table
from tenglong.show.words import word

MOST_ROWS = 300
Rows = Sequence[Mapping[Any, Any]]


def overdue(county: County, found: Clearing, *, language: str = "zh") -> Piece:
    """List what is overdue: what is owed, since when, by whom."""
    if isinstance(found.firms, Unavailable):
        return not_supplied(language)
    rows = overdue_of(found.firms).to_dict("records")
    if not rows:
        return nothing("clearance.no_overdue", language)
    units = [cell.text(units_for(county, found, row, language)) for row in rows]
    columns = [
        *_who(found, rows, language),
        _column("state", language, [_state(row, language) for row in rows]),
        _column("owed", language, [_owed(row, language) for row in rows]),
        _column("due", language, [cell.date_of(row["due_on"]) for row in rows], css="short"),
        _column("overdue", language, [cell.entry(row["days_overdue"], 0) for row in rows]),
        _column("way", language, [_way(county, row["way"], language) for row in rows]),
        _column("units", language, units),
        _column("notes", language, [_notes(row, language) for row in rows]),
    ]
    caption = word("clearance.table.overdue", language)
    return table(columns, caption=caption, name="clearance_overdue")


def the_list(county: County, found: Clearing, *, language: str = "zh") -> Piece:
    """List every firm on the list, those that are overdue first, those that have ended last."""
    if isinstance(found.firms, Unavailable):
        return not_supplied(language)
    if found.firms.empty:
        return nothing("clearance.no_list", language)
    ranked = found.firms.assign(is_ended=found.firms["state"].isin(found.ends))
    order = ["is_ended", "days_overdue", "due_on", "usci"]
    ranked = ranked.sort_values(order, ascending=[True, False, True, True], kind="stable")
    rows = ranked.to_dict("records")
    note = word("clearance.note.list", language)
    if len(rows) > MOST_ROWS:
        note = f"{note} {word('table.more', language, rows=len(rows))}"
    columns = [
        *_who(found, rows, language),
        _column("reasons", language, [_reasons(found, row, language) for row in rows]),
        _column("state", language, [_state(row, language) for row in rows]),
        _column("since", language, [cell.date_of(row["since"]) for row in rows], css="short"),
        _column("way", language, [_way(county, row["way"], language) for row in rows]),
        _column("owed", language, [_owed(row, language) for row in rows]),
        _column("due", language, [cell.date_of(row["due_on"]) for row in rows], css="short"),
        *(
            _column(f"freed_{what}", language, _amounts(rows, f"freed_{what}"), in_page=False)
            for what in FREED
            if f"freed_{what}" in ranked
        ),
        _column("notes", language, [_notes(row, language) for row in rows]),
    ]
    ids = [f"listed-{row['usci']}" for row in rows]
    caption = word("clearance.table.list", language)
    drawn = table(
        columns,
        caption=caption,
        name="clearance_list",
        note=note,
        row_ids=ids,
        most_rows=MOST_ROWS,
    )
    return wide(drawn)


def loop_funnel(found: Clearing, *, language: str = "zh") -> Piece:
    """Draw how far the listed firms have come in the loop."""
    if isinstance(found.reached, Unavailable):
        return not_supplied(language)
    steps = [
        Step(
            word(f"clearance.state.{row['step']}", language),
            int(row["firms"]),
            tone="good" if row["step"] in found.ends else "none",
        )
        for row in found.reached.to_dict("records")
    ]
    drawn = funnel(
        steps,
        caption=word("clearance.figure.funnel", language),
        described=word("clearance.described.funnel", language),
        name="clearance_funnel",
        language=language,
    )
    note = f'<p class="note">{cell.text(word("clearance.note.funnel", language)).html}</p>'
    return Piece(drawn.html + note, drawn.csv)


def unlisted(found: Clearing, *, language: str = "zh") -> Piece:
    """List the firms that belong on the list by the rules, and are not on it."""
    if isinstance(found.unlisted, Unavailable):
        return not_supplied(language)
    rows = found.unlisted.to_dict("records")
    if not rows:
        return nothing("clearance.no_unlisted", language)
    note = word("table.more", language, rows=len(rows)) if len(rows) > MOST_ROWS else ""
    columns = [
        *_who(found, rows, language),
        _column("reasons", language, [_reasons(found, row, language) for row in rows]),
        _column("tax_per_mu", language, _amounts(rows, "tax_wan_per_mu")),
        _column("tax", language, _amounts(rows, "tax_wan")),
        _column("land", language, _amounts(rows, "land_mu")),
    ]
    return table(
        columns,
        caption=word("clearance.table.unlisted", language),
        name="clearance_unlisted",
        note=note,
        most_rows=MOST_ROWS,
    )


def ways(county: County, found: Clearing, *, language: str = "zh") -> Piece:
    """Set the ways of clearance beside what they freed."""
    if isinstance(found.ways, Unavailable):
        return not_supplied(language)
    if found.ways.empty:
        return nothing("clearance.no_list", language)
    rows = found.ways.to_dict("records")
    columns = [
        Column(
            word("clearance.column.way", language),
            [_way(county, row["way"], language) for row in rows],
            is_header=True,
        ),
        _column("firms", language, [cell.entry(row["firms"], 0) for row in rows]),
        _column("ended", language, [cell.entry(row["ended"], 0) for row in rows]),
        *(
            _column(f"freed_{what}", language, _amounts(rows, f"freed_{what}"))
            for what in FREED
            if f"freed_{what}" in found.ways
        ),
    ]
    caption, note = word("clearance.table.ways", language), word("clearance.note.ways", language)
    return table(columns, caption=caption, name="clearance_ways", note=note)


def doubtful_carbon(found: Clearing, *, language: str = "zh") -> Piece:
    """List the cleared firms whose carbon per energy is outside of the plausible range."""
    if isinstance(found.carbon_firms, Unavailable) or isinstance(found.firms, Unavailable):
        return not_supplied(language)
    doubtful = found.carbon_firms[found.carbon_firms["reason"] != "plausible"]
    about = [name for name in ("usci", "name", "township", "industry") if name in found.firms]
    rows = doubtful.merge(found.firms[about], on="usci", how="left").to_dict("records")
    if not rows:
        return nothing("clearance.no_carbon", language)
    verdicts = [cell.text(word(f"freed_carbon.{row['reason']}", language)) for row in rows]
    columns = [
        *_who(found, rows, language),
        _column("freed_energy_tce", language, _amounts(rows, "freed_energy_tce")),
        _column("freed_carbon_t", language, _amounts(rows, "freed_carbon_t")),
        _column("ratio", language, _amounts(rows, "t_per_tce")),
        _column("verdict", language, verdicts),
    ]
    caption = word("clearance.table.carbon", language)
    return table(columns, caption=caption, name="clearance_carbon")


def refused(county: County, found: Clearing, *, language: str = "zh") -> Piece:
    """List the records that the loop does not allow."""
    if isinstance(found.refused, Unavailable):
        return not_supplied(language)
    rows = found.refused.to_dict("records")
    if not rows:
        return nothing("clearance.no_refused", language)
    columns = [
        _column("row", language, [cell.entry(row["row"], 0) for row in rows]),
        Column(
            word("firm.usci", language),
            [cell.text(row["usci"] if isinstance(row["usci"], str) else MISSING) for row in rows],
            is_header=True,
        ),
        _column("event", language, [_event(county, row["event"], language) for row in rows]),
        _column("day", language, [cell.date_of(row["happened_on"]) for row in rows], css="short"),
        _column("notes", language, [_refusal(county, row, language) for row in rows]),
    ]
    return table(
        columns, caption=word("clearance.table.refused", language), name="clearance_refused"
    )


def nothing(key: str, language: str) -> Piece:
    """Say that there is nothing to list."""
    return Piece(f'<p class="note">{cell.text(word(key, language)).html}</p>')


def _column(
    key: str, language: str, cells: Sequence[Cell], *, in_page: bool = True, css: str = ""
) -> Column:
    return Column(word(f"clearance.column.{key}", language), cells, in_page=in_page, css=css)


def _who(found: Clearing, rows: Rows, language: str) -> list[Column]:
    return firm_columns(
        rows, townships=found.townships, industries=found.industries, language=language
    )


def _amounts(rows: Rows, name: str) -> list[Cell]:
    return [cell.entry(row[name]) for row in rows]


def _state(row: Mapping[Any, Any], language: str) -> Cell:
    return cell.text(word(f"clearance.state.{row['state']}", language))


def _owed(row: Mapping[Any, Any], language: str) -> Cell:
    owed = row["owed"]
    return cell.text(word(f"clearance.owed.{owed}", language) if isinstance(owed, str) else MISSING)


def _way(county: County, way: object, language: str) -> Cell:
    if not isinstance(way, str):
        return cell.text(MISSING)
    return cell.text(county.choice("clearance_events", "way", way)[language])


def _event(county: County, event: object, language: str) -> Cell:
    if not isinstance(event, str):
        return cell.text(MISSING)
    return cell.text(county.choice("clearance_events", "event", event)[language])


def _refusal(county: County, row: Mapping[Any, Any], language: str) -> Cell:
    state = row["state"] if isinstance(row["state"], str) else "not_listed"
    event = _event(county, row["event"], language).plain
    return cell.text(
        word(
            f"clearance.finding.{row['code']}",
            language,
            event=event,
            state=word(f"clearance.state.{state}", language),
        )
    )


def _notes(row: Mapping[Any, Any], language: str) -> Cell:
    told = (word(f"clearance.code.{code}", language) for code in row["codes"])
    return cell.text(("；" if language == "zh" else "; ").join(told))


def _reasons(found: Clearing, row: Mapping[Any, Any], language: str) -> Cell:
    reasons = row["reasons"]
    if not isinstance(reasons, tuple):
        return cell.text(word("clearance.not_judged", language))
    if not reasons:
        return cell.text(word("clearance.no_reason", language))
    named = [found.reasons[code][language] if code in found.reasons else code for code in reasons]
    return cell.text(("；" if language == "zh" else "; ").join(named))
