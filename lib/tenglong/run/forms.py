"""The declaration of the tables, handed to the show floor as forms to fill in."""

from collections.abc import Mapping
from typing import Any

from tenglong.measure.clause import Label, Plan
from tenglong.show.form.form import Field, Form
from tenglong.source.schema import Column, Table, tables

Codes = Mapping[tuple[str, str], Mapping[str, Label]]
MILESTONE, SERIES = ("milestones", "milestone"), ("official_series", "indicator")


def plan_codes(plan: Plan, policy: Mapping[str, Any]) -> Codes:
    """Give the codes that a plan's clauses look for in the tables, by table and column.

    The published figures are those of its clauses, those that the policy compares with computed
    ones, and the others that it names.
    """
    codes: dict[tuple[str, str], dict[str, Label]] = {MILESTONE: {}, SERIES: {}}
    for clause in plan.clauses:
        options = clause.indicator.options if clause.indicator else {}
        for place, option in ((MILESTONE, "milestone"), (SERIES, "indicator")):
            if option in options:
                codes[place][str(options[option])] = clause.name
    for pair in policy["series"]["compared"]:
        codes[SERIES].setdefault(pair["official"], Label(**pair["name"]))
    for code, name in policy["series"]["names"].items():
        codes[SERIES].setdefault(code, Label(**name))
    return codes


def forms(codes: Codes | None = None) -> tuple[Form, ...]:
    """Give every table of the declaration as a form, with the codes that a plan asks for.

    >>> forms()[1].field("usci").is_required
    True
    """
    return tuple(_form(table, codes or {}) for table in tables().values())


def _form(table: Table, codes: Codes) -> Form:
    return Form(
        name=table.name,
        label=table.label,
        row=table.row,
        key=table.key,
        known_by=table.known_by,
        fields=tuple(_field(column, table, codes) for column in table.columns.values()),
    )


def _field(column: Column, table: Table, codes: Codes) -> Field:
    return Field(
        name=column.name,
        header=f"{column.label.zh}（{column.unit}）" if column.unit else column.label.zh,
        label=column.label,
        type=column.type.value,
        unit=column.unit,
        is_required=column.required,
        is_planned=column.planned,
        dated_by=table.columns[column.dated_by].label if column.dated_by else None,
        minimum=column.minimum,
        maximum=column.maximum,
        choices=tuple((column.choices or {}).values()),
        codes=tuple(codes.get((table.name, column.name), {}).items()),
        aliases=column.aliases,
        note=column.note,
        refers_to=_required(column),
    )


def _required(column: Column) -> Label | None:
    """Name the table that must hold what a code names."""
    if column.refers_to is None or column.may_lack:
        return None
    return tables()[column.refers_to].label
