"""A county's summary: how the clauses of its plan stand, in a Parquet file of a few kilobytes.

A province is rolled up from these, and no county's data is read again. A row is a clause; what is
told of the county itself stands in the file's metadata. Numbers are exact, written as a plan does.
A summary holds what the province's page shows; the working of a figure stands in the report alone.
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tenglong.errors import ConfigurationError, DataError, Fault
from tenglong.measure.clause import (
    Clause,
    IndicatorRef,
    Kind,
    Label,
    Operator,
    Plan,
    Window,
    written,
)
from tenglong.measure.county import County, Derived, Input, Strays
from tenglong.measure.judge.assessment import Assessment, Board, Reason, Status
from tenglong.source.beside import Summary
from tenglong.source.schema import choices, labels
from tenglong.unseen import UNSEEN

Told = TypeVar("Told")
ABOUT, FORMAT, KNOWN = b"tenglong", "format", 1
BROKEN = (OSError, KeyError, ValueError, TypeError, RecursionError, pa.ArrowException)
NUMBERS = ("actual", "baseline", "progress", "pace", "gap")


@dataclass(frozen=True)
class Judged:
    """Of all that is worked out of a county, its plan judged; nothing else is known of it."""

    board: Board

    def get(self, name: str, work: Callable[[], Told]) -> Any:
        """Give the plan judged."""
        del work
        return {"assess_plan": self.board}[name]

    def within(self, part: str) -> Derived:
        """Refuse: a summary is of the whole county."""
        raise KeyError(part)


def summary_of(county: County, board: Board) -> bytes:
    """Give the summary of a county whose plan was judged."""
    rows = pa.Table.from_pylist([_row(one) for one in board.assessments], schema=_schema())
    about = json.dumps(_about(county, board), ensure_ascii=False)
    file = io.BytesIO()
    pq.write_table(rows.replace_schema_metadata({ABOUT: about.encode()}), file)
    return file.getvalue()


def read_summary(path: Path, as_of: date | None = None) -> County:
    """Give a county as its summary tells it: its plan judged, and no table.

    Raises
    ------
    ConfigurationError
        If the file is not a summary.
    DataError
        If it is of another day.
    """
    about, rows = _read(path)
    day = date.fromisoformat(about["as_of"])
    if as_of is not None and day != as_of:
        raise DataError(f"{path.name}: the summary must be of {as_of}, not {day}")
    judged = tuple(map(_assessment, rows))
    county = County(
        name=Label(**about["name"]),
        code=about["code"],
        as_of=day,
        plan=_plan(about["plan"], tuple(one.clause for one in judged)),
        policy={"bands": about["bands"]},
        tables={},
        crs=about["crs"],
        currency=Label(**about["currency"]),
        is_synthetic=about["is_synthetic"],
        notice=Label(**about["notice"]) if about["notice"] else None,
        inputs=tuple(Input(**one) for one in about["inputs"]),
        labels=labels(),
        choices=choices(),
        names={name: Label(**one) for name, one in about["names"].items()},
        strays=tuple(map(_strays, about["strays"])),
    )
    county.keep.derived = Judged(Board(day, Fraction(about["pace"]), judged))
    return county


def describe_summary(path: Path) -> Summary:
    """Describe a county by its summary.

    Raises
    ------
    ConfigurationError
        If the file is not a summary.
    """
    about, _ = _read(path)
    return Summary(
        path=path.resolve().with_suffix(""),
        name=Label(**about["name"]),
        code=about["code"],
        crs=about["crs"],
        plan=about["plan"]["id"],
        as_of=date.fromisoformat(about["as_of"]),
        sources={},
    )


def _read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    try:
        table = pq.read_table(path, schema=_schema())
        about = json.loads(pq.read_schema(path).metadata[ABOUT])
        rows = table.to_pylist()
        if UNSEEN.search(json.dumps([about, rows], ensure_ascii=False, default=str)):
            raise ValueError(path.name)
    except BROKEN as error:
        why = Fault("is not a summary of a county", "不是县域汇总文件")
        raise ConfigurationError.of(path.name, [why]) from error
    if about[FORMAT] != KNOWN:
        why = Fault("is a summary of another version of the kit", "是其他版本写出的汇总文件")
        raise ConfigurationError.of(path.name, [why])
    return about, rows


def _schema() -> pa.Schema:
    texts = ("id", "section", "text", "name_zh", "name_en", "kind", "operator", "target", "unit")
    told = ("indicator", "options", "status", "reason", *NUMBERS)
    days = ("start", "end", "due", "observed_on")
    return pa.schema(
        [*((name, pa.string()) for name in (*texts, *told)), *((d, pa.date32()) for d in days)]
    )


def _row(one: Assessment) -> dict[str, Any]:
    clause = one.clause
    ref = clause.indicator
    return {
        **{name: getattr(clause, name) for name in ("id", "section", "text", "unit", "due")},
        "name_zh": clause.name.zh,
        "name_en": clause.name.en,
        "kind": clause.kind.value,
        "start": clause.window.start,
        "end": clause.window.end,
        "operator": clause.operator.value if clause.operator else None,
        "target": _text(clause.target),
        "indicator": ref.name if ref else None,
        "options": json.dumps(ref.options, default=_coded, ensure_ascii=False) if ref else None,
        "status": one.status.value,
        "reason": one.reason.code,
        "observed_on": one.observed_on,
        **{name: _text(getattr(one, name)) for name in NUMBERS},
    }


def _text(number: Fraction | None) -> str | None:
    return None if number is None else written(number)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _coded(value: object) -> dict[str, str]:
    """Write what JSON has no form for."""
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(value)


def _decoded(value: dict[str, Any]) -> Any:
    match value:
        case {"fraction": text, **rest} if not rest:
            return Fraction(text)
        case {"date": text, **rest} if not rest:
            return date.fromisoformat(text)
        case _:
            return value


def _assessment(row: Mapping[str, Any]) -> Assessment:
    options = json.loads(row["options"], object_hook=_decoded) if row["options"] else {}
    clause = Clause(
        **{name: row[name] for name in ("id", "section", "text", "unit", "due")},
        name=Label(row["name_zh"], row["name_en"]),
        kind=Kind(row["kind"]),
        window=Window(row["start"], row["end"]),
        operator=Operator(row["operator"]) if row["operator"] else None,
        target=_number(row["target"]),
        indicator=IndicatorRef(row["indicator"], options) if row["indicator"] else None,
    )
    judged = Assessment(
        clause, Status(row["status"]), Reason(row["reason"]), observed_on=row["observed_on"]
    )
    return replace(judged, **{name: _number(row[name]) for name in NUMBERS})  # type: ignore[arg-type]


def _about(county: County, board: Board) -> dict[str, Any]:
    return {
        FORMAT: KNOWN,
        **{name: getattr(county, name) for name in ("code", "crs", "is_synthetic")},
        "name": asdict(county.name),
        "currency": asdict(county.currency),
        "notice": asdict(county.notice) if county.notice else None,
        "as_of": county.as_of.isoformat(),
        "pace": str(board.pace),
        "bands": county.policy.get("bands", {}),
        "plan": {
            "id": county.plan.id,
            "name": asdict(county.plan.name),
            "window": [county.plan.window.start.isoformat(), county.plan.window.end.isoformat()],
            "effective_on": county.plan.effective_on.isoformat(),
            "baseline_year": county.plan.baseline_year,
        },
        "inputs": [asdict(one) for one in county.inputs],
        "names": {name: asdict(one) for name, one in county.names.items()},
        "strays": [
            {
                "table": one.table,
                "column": one.column,
                "of": one.of,
                "is_key": one.is_key,
                "rows": [int(row) for row in one.codes.index],
                "codes": [str(code) for code in one.codes],
            }
            for one in county.strays
        ],
    }


def _plan(told: Mapping[str, Any], clauses: tuple[Clause, ...]) -> Plan:
    return Plan(
        id=told["id"],
        name=Label(**told["name"]),
        window=Window(*map(date.fromisoformat, told["window"])),
        effective_on=date.fromisoformat(told["effective_on"]),
        baseline_year=told["baseline_year"],
        tasks=(),
        clauses=clauses,
    )


def _strays(told: Mapping[str, Any]) -> Strays:
    codes = pd.Series(told["codes"], index=told["rows"], dtype="str")
    return Strays(told["table"], told["column"], told["of"], codes, told["is_key"])
