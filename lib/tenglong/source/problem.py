"""What is wrong with a file, said so that its owner can find and mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from tenglong.errors import DataError
from tenglong.measure.clause import Label
from tenglong.source.check.mask import mask
from tenglong.source.schema import Type, tables
from tenglong.unseen import plain, shown
from tenglong.yaml_file import parse_yaml

JOINTS = {"zh": "、", "en": ", "}


class Severity(StrEnum):
    """An error keeps a row out; a warning lets it in and is told; a note is only told."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Problem:
    """One finding: where it is, what stands there, and what must hold.

    Attributes
    ----------
    rule, rule_zh
        What must hold, in English and Chinese; the words stand in `rules.yml` by `code`.
    """

    severity: Severity
    code: str
    file: str
    table: str
    column: str = ""
    row: int | None = None
    value: str = ""
    rule: str = ""
    rule_zh: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        where = [f"{self.file}[{self.sheet}]" if self.sheet else self.file]
        if (self.column or self.row) and f"table {self.table}" not in self.rule:
            where.append(f"table {self.table}")
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column and not self.rule.startswith("table "):
            where.append(f"column {self.column}")
        value = f" {self.value!r}" if self.value else ""
        return f"{', '.join(where)}:{value} {self.rule}"


@dataclass(frozen=True)
class Spot:
    """Where problems are being looked for: a file, its sheet, and the table it should bring."""

    file: str
    sheet: str = ""
    table: str = ""

    def problem(
        self,
        code: str,
        *,
        column: str = "",
        row: int | None = None,
        value: object = "",
        severity: Severity | None = None,
        **values: Any,
    ) -> Problem:
        """Make a problem of this place, worded by `rules.yml`.

        A `Label` among the values is said in the language of each text, a list joined as it joins.

        >>> str(Spot("a.csv", table="parcels").problem("missing", column="name", row=3))
        'a.csv, table parcels, row 3, column name: must not be empty'
        """
        rule = rules()[code]
        is_code = self._is_code(column)
        told = _told(str(value), is_code=is_code)  # it is read by more people than the file
        said = {"table": self.table, **values}
        return Problem(
            severity=severity or Severity(rule["severity"]),
            code=code,
            file=self.file,
            table=self.table,
            column=column,
            row=row,
            value=told,
            rule=rule["en"].format(**_in_words(said, "en"), value=told),
            rule_zh=rule["zh"].format(**_in_words(said, "zh"), value=told),
            sheet=plain(self.sheet),
        )

    def _is_code(self, column: str) -> bool:
        """Tell whether a problem's columns, joined by `+`, hold codes alone."""
        table = tables().get(self.table)
        named = [table.columns.get(name) for name in column.split("+")] if table else [None]
        return all(one is not None and one.type is Type.CODE for one in named)


def _told(text: str, *, is_code: bool = False) -> str:
    """Give a text masked, and what cannot be seen in it made visible where it hid no secret."""
    clean = plain(text)
    masked = mask(clean, is_code=is_code)
    return shown(text) if masked == clean else masked


def _in_words(said: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Give what goes into a text of a language, masked."""
    words = {}
    for name, one in said.items():
        word = one[language] if isinstance(one, Label) else one
        if isinstance(word, list | tuple):
            word = JOINTS[language].join(map(str, word))
        words[name] = _told(word) if isinstance(word, str) else word
    return words


@dataclass(frozen=True)
class Finder:
    """Tells problems of a layer's outlines, each with the name of its row.

    Attributes
    ----------
    names
        What each row is called, by row: a parcel's number, a township's name.
    """

    spot: Spot
    names: Mapping[int, str]

    def __call__(self, code: str, row: int, **said: Any) -> Problem:
        """Make a problem of the outline in a row."""
        return self.spot.problem(code, column="geometry", row=row, value=self.names[row], **said)

    def about(self, row: int) -> tuple[str, int, str]:
        """Give the table, the row and its name."""
        return self.spot.table, row, str(self.names[row])


class RefusedError(DataError):
    """A table cannot be used at all, for the problems that it carries."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(summary(problems))
        self.problems = problems
        self.zh = summary_zh(problems)


@cache
def rules() -> Mapping[str, Mapping[str, str]]:
    """Give the words of every problem by its code.

    >>> rules()["missing"]["zh"]
    '不能为空'
    """
    text = files("tenglong.source").joinpath("rules.yml").read_text(encoding="utf-8")
    words: Mapping[str, Mapping[str, str]] = parse_yaml(text, "rules.yml")
    return words


def summary_zh(problems: Iterable[Problem], *, most: int = 10) -> str:
    """Join problems into one message in Chinese, as `summary` does in English.

    >>> summary_zh([Spot("a.csv").problem("missing", column="name", row=3)])
    'a.csv 第 3 行 name：不能为空'
    """
    told = list(problems)
    lines = [_said_zh(problem) for problem in told[:most]]
    if len(told) > most:
        lines.append(f"另有 {len(told) - most} 处")
    return "；".join(lines)


def _said_zh(problem: Problem) -> str:
    place = f"{problem.file}[{problem.sheet}]" if problem.sheet else problem.file
    row = "" if problem.row is None else f" 第 {problem.row} 行"
    column = f" {problem.column}" if problem.column else ""
    value = f"“{problem.value}” " if problem.value else ""
    return f"{place}{row}{column}：{value}{problem.rule_zh}"


def summary(problems: Iterable[Problem], *, most: int = 10) -> str:
    """Join problems into one message, the first `most` of them in full.

    >>> one = Problem(Severity.ERROR, "x", "a.csv", "parcels", "price_wan", 3, "x", "is no number")
    >>> summary([one])
    "a.csv, table parcels, row 3, column price_wan: 'x' is no number"
    """
    listed = list(problems)
    lines = [" ".join(str(problem).split()) for problem in listed[:most]]
    if len(listed) > most:
        lines.append(f"and {len(listed) - most} more")
    return "; ".join(lines)
