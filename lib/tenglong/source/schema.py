"""The declaration of the tables (`tables.yml`) as objects."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from tenglong.measure.clause import Label
from tenglong.yaml_file import parse_yaml


class Type(StrEnum):
    """What a column's cells hold."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    FLAG = "flag"
    CHOICE = "choice"
    GEOMETRY = "geometry"


class Horizon(StrEnum):
    """How far ahead a day may lie: what has happened, was agreed, or is the end of a term."""

    FACT = "fact"
    AGREED = "agreed"
    TERM = "term"


class Form(StrEnum):
    """What a code looks like by its standard."""

    CREDIT = "credit"
    PARCEL = "parcel"
    UNIT = "unit"
    TOWNSHIP = "township"
    INDUSTRY = "industry"


@dataclass(frozen=True)
class Column:
    """One column of a table; see the head of `tables.yml` for what each key means."""

    name: str
    type: Type
    label: Label
    unit: str = ""
    required: bool = False
    planned: bool = False
    ends_term: bool = False
    not_before: tuple[str, ...] = ()
    dated_by: str | None = None
    digits_of: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[str, Label] | None = None
    aliases: tuple[str, ...] = ()
    note: Label | None = None
    form: Form | None = None
    refers_to: str | None = None
    may_lack: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header under which a file may bring this column."""
        with_unit = (f"{self.label.zh}（{self.unit}）",) if self.unit else ()
        return (self.name, self.label.zh, *with_unit, *self.aliases)

    @property
    def horizon(self) -> Horizon:
        """How far ahead its days may lie."""
        if self.ends_term:
            return Horizon.TERM
        return Horizon.AGREED if self.planned else Horizon.FACT


@dataclass(frozen=True)
class Table:
    """One table of a bundle."""

    name: str
    label: Label
    row: Label
    key: tuple[str, ...]
    known_by: str | None
    columns: Mapping[str, Column]
    latest_by: str | None = None

    @property
    def has_geometry(self) -> bool:
        """Whether a row is a place on the map."""
        return "geometry" in self.columns


def _column(name: str, raw: Mapping[str, Any]) -> Column:
    choices = raw.get("choices")
    note = raw.get("note")
    return Column(
        name=name,
        type=Type(raw["type"]),
        label=Label(raw["zh"], raw["en"]),
        unit=raw.get("unit", ""),
        required=raw.get("required", False),
        planned=raw.get("planned", False),
        ends_term=raw.get("ends_term", False),
        not_before=tuple(raw.get("not_before", ())),
        dated_by=raw.get("dated_by"),
        digits_of=raw.get("digits_of"),
        minimum=raw.get("min"),
        maximum=raw.get("max"),
        choices={key: Label(**label) for key, label in choices.items()} if choices else None,
        aliases=tuple(raw.get("aliases", ())),
        note=Label(**note) if note else None,
        form=Form(raw["form"]) if "form" in raw else None,
        refers_to=raw.get("refers_to"),
        may_lack=raw.get("may_lack", False),
    )


@cache
def tables() -> Mapping[str, Table]:
    """Give the tables of the data model by name, in their order.

    >>> tables()["parcels"].columns["registered_mu"].unit
    '亩'
    """
    text = files("tenglong.source").joinpath("tables.yml").read_text(encoding="utf-8")
    return {
        name: Table(
            name=name,
            label=Label(raw["zh"], raw["en"]),
            row=Label(**raw["row"]),
            key=tuple(raw["key"]),
            known_by=raw.get("known_by"),
            columns={key: _column(key, column) for key, column in raw["columns"].items()},
            latest_by=raw.get("latest_by"),
        )
        for name, raw in parse_yaml(text, "tables.yml").items()
    }


@cache
def labels() -> Mapping[tuple[str, str], Label]:
    """Name every table and column for people.

    >>> labels()["parcels", "registered_mu"].zh
    '登记面积'
    """
    names = {(table.name, ""): table.label for table in tables().values()}
    for table in tables().values():
        names |= {(table.name, column.name): column.label for column in table.columns.values()}
    return names


@cache
def links() -> Mapping[str, tuple[str, str]]:
    """Say of each table whose rows have no township by which column they stand in one, and where.

    A row stands where the thing stands that it names: by the first of the references that the
    table declares (`refers_to`).

    >>> links()["occupancies"], links()["project_months"], "projects" in links()
    (('usci', 'enterprises'), ('project_id', 'projects'), False)
    """
    found: dict[str, tuple[str, str]] = {}
    for table in tables().values():
        if "township" not in table.columns:
            for column in table.columns.values():
                if column.refers_to:
                    found.setdefault(table.name, (column.name, column.refers_to))
    return found


def choices() -> Mapping[tuple[str, str, str], Label]:
    """Name for people what every code in a column of choices stands for.

    >>> choices()["recognitions", "level", "national"].zh
    '国家级'
    """
    return {
        (table.name, column.name, code): label
        for table in tables().values()
        for column in table.columns.values()
        for code, label in (column.choices or {}).items()
    }
