"""A table as somebody fills it in: its headers, and what every cell must hold.

The declaration of the tables stands on another floor (`source/tables.yml`); `run.forms` hands it
over in this shape, so that everything a person reads about a table is written here, once.
"""

from dataclasses import dataclass

from tenglong.measure.clause import Label
from tenglong.show.words import word

FLAG = ("是", "否")  # what a flag's cell holds, in every language of the page
GEOMETRY = "geometry"


@dataclass(frozen=True)
class Field:
    """One column to fill in.

    Attributes
    ----------
    header
        What stands over it in a file: its Chinese label, with the unit.
    type
        A type of the declaration: "text", "code", "date" …
    choices
        The labels of the values that it takes, none where any value will do.
    codes
        Codes that the county's plan asks for, with what they mean; others may be given too.
    refers_to
        The table that the code must be found in.
    """

    name: str
    header: str
    label: Label
    type: str
    unit: str = ""
    is_required: bool = False
    is_planned: bool = False
    dated_by: Label | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Label, ...] = ()
    codes: tuple[tuple[str, Label], ...] = ()
    aliases: tuple[str, ...] = ()
    note: Label | None = None
    refers_to: Label | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """What a drop-down offers: the Chinese words that a file holds."""
        return FLAG if self.type == "flag" else tuple(choice.zh for choice in self.choices)


@dataclass(frozen=True)
class Form:
    """One table to fill in; `known_by` names the field that says since when a row is known."""

    name: str
    label: Label
    row: Label
    key: tuple[str, ...]
    known_by: str | None
    fields: tuple[Field, ...]

    @property
    def columns(self) -> tuple[Field, ...]:
        """The fields that a sheet can hold: all but the shape on the map."""
        return tuple(field for field in self.fields if field.type != GEOMETRY)

    @property
    def has_geometry(self) -> bool:
        """Whether a row is a place on the map."""
        return len(self.columns) < len(self.fields)

    def field(self, name: str) -> Field:
        """Give a field by its name."""
        return next(field for field in self.fields if field.name == name)


def kind(field: Field, language: str) -> str:
    """Name the type of a field.

    >>> kind(Field("usci", "代码", Label("代码", "code"), "code"), "zh")
    '代码（文本）'
    """
    return word(f"form.type.{field.type}", language)


def duty(field: Field, language: str) -> str:
    """Say whether every row must have it."""
    return word("form.required" if field.is_required else "form.optional", language)


def rules(field: Field, language: str) -> tuple[str, ...]:
    """Say what a cell must hold, a sentence a rule.

    >>> land = Field("a_mu", "面积（亩）", Label("面积", "area"), "number", "亩", minimum=0)
    >>> rules(land, "zh")
    ('数字，不带单位', '≥ 0')
    """
    rules = [word(f"form.fill.{field.type}", language)]
    if field.choices:
        rules.append(word("form.choices", language, choices=_choices(field, language)))
    if field.codes:
        codes = (f"{code} ({label[language]})" for code, label in field.codes)
        rules.append(word("form.codes", language, codes=", ".join(codes)))
    if span := _span(field):
        rules.append(span)
    if field.is_planned:
        rules.append(word("form.planned", language))
    if field.dated_by:
        rules.append(word("form.dated", language, column=field.dated_by[language]))
    if field.refers_to:
        rules.append(word("form.refers", language, table=field.refers_to[language]))
    if field.note:
        rules.append(field.note[language])
    return tuple(rules)


def known(form: Form, language: str) -> str:
    """Say since when a row of the table counts.

    >>> year = Field("year", "年度", Label("年度", "Year"), "year")
    >>> known(Form("t", Label("表", "T"), Label("行", "row"), ("year",), "year", (year,)), "zh")
    '“年度”期满后计入'
    """
    if form.known_by is None:
        return word("form.known.always", language)
    since = form.field(form.known_by)
    how = "day" if since.type == "date" else "period"
    return word(f"form.known.{how}", language, column=since.label[language])


def key(form: Form, language: str) -> str:
    """Say which fields together name a row.

    >>> year = Field("year", "年度", Label("年度", "Year"), "year")
    >>> key(Form("t", Label("表", "T"), Label("行", "row"), ("year",), "year", (year,)), "zh")
    '“年度”不得重复'
    """
    headers = [f"“{form.field(name).label[language]}”" for name in form.key]
    many = "one" if len(headers) == 1 else "many"
    return word(f"form.key.{many}", language, columns="＋".join(headers))


def _choices(field: Field, language: str) -> str:
    """List the choices: what a file holds, and in English what it means."""
    if language == "zh":
        return "、".join(choice.zh for choice in field.choices)
    return ", ".join(f"{choice.zh} ({choice.en})" for choice in field.choices)


def _span(field: Field) -> str:
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        return f"{low:g} – {high:g}"
    if low is not None:
        return f"≥ {low:g}"
    return "" if high is None else f"≤ {high:g}"
