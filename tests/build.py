"""Tiny counties, clauses and readings, written out where they are used."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache

import pandas as pd

from tenglong.measure.clause import Baseline, Clause, Kind, Label, Operator, Plan, Window
from tenglong.measure.county import County
from tenglong.measure.firm.places import within
from tenglong.measure.judge.assessment import bands_of
from tenglong.measure.reading import Figure, Flow, Series
from tenglong.show.page import Page
from tenglong.source import open_county
from tenglong.source.bound_policy import bound_policy
from tenglong.source.cell.value import parse
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy
from tenglong.source.schema import choices, labels, links, tables

PLAN_WINDOW = Window(date(2021, 1, 1), date(2023, 12, 31))
POLICY, _ = bound_policy(load_policy(), load_plan("wencheng-2021-2023"))
BANDS = bands_of(POLICY["bands"])


def clause(kind: Kind, target: object = None, **changes) -> Clause:
    """Give a clause of the plan's window; `operator` is ≥ unless told."""
    given = {
        "id": "x",
        "section": "目标1",
        "text": "原文",
        "name": Label("指标", "indicator"),
        "kind": kind,
        "window": PLAN_WINDOW,
        "due": PLAN_WINDOW.end,
        "operator": Operator.AT_LEAST,
        "target": None if target is None else Fraction(str(target)),
        "unit": "%",
        "units": ("县经信局", "县发改局"),
    }
    return Clause(**{**given, **changes})


def baseline(value: object) -> Baseline:
    """Give a baseline of 2020."""
    return Baseline(2020, Fraction(str(value)))


def series(unit: str = "%", **values: object) -> Series:
    """Give yearly figures: series(y2020=12, y2021="13.5")."""
    figures = tuple(
        Figure(date(int(year[1:]), 12, 31), None if value is None else Fraction(str(value)))
        for year, value in values.items()
    )
    return Series(figures, unit)


def flow(*amounts: tuple[str, object], unit: str = "%", **more) -> Flow:
    """Give dated amounts: flow(("2021-03-05", 1))."""
    return Flow(
        tuple((date.fromisoformat(day), Fraction(str(amount))) for day, amount in amounts),
        unit,
        **more,
    )


def county(
    as_of: str = "2022-06-30",
    clauses: tuple[Clause, ...] = (),
    *,
    policy: Mapping[str, object] | None = None,
    is_declared: bool = False,
    **given: pd.DataFrame | Mapping[str, object],
) -> County:
    """Give a county that has only these tables, and this policy over the kit's.

    A mapping's columns get the types that the tables' declaration gives them: a date may be
    written as "2021-03-05", a flag as True; what is declared nowhere stays as it is. A frame
    is taken as it stands. Where it `is_declared`, the county knows what every table may have.
    """
    plan = Plan(
        "test", Label("方案", "plan"), PLAN_WINDOW, date(2022, 2, 1), 2020, (), tuple(clauses)
    )
    return County(
        name=Label("试验县", "Test County"),
        code="330328",
        as_of=date.fromisoformat(as_of),
        plan=plan,
        policy={**POLICY, **(policy or {})},
        tables={name: typed(name, table) for name, table in given.items()},
        crs="EPSG:4549",
        labels=labels() if is_declared else {},
        choices=choices() if is_declared else {},
        links=links(),
    )


def typed(name: str, table: pd.DataFrame | Mapping[str, object]) -> pd.DataFrame:
    """Give a table the types that a file's would have."""
    if isinstance(table, pd.DataFrame):
        return table
    frame = pd.DataFrame(table)
    if name == "occupancies":  # uses without an end, unless told
        frame = frame.assign(**{day: None for day in ("from_on", "to_on") if day not in frame})
    declared = tables()[name].columns if name in tables() else {}
    for column in frame.columns.intersection(list(declared)):
        frame[column], bad = parse(frame[column], declared[column])
        assert not bad.any(), f"{name}.{column}: {table[column]}"
    return frame


def page_in(language: str = "zh", words: str = "") -> Page:
    """Give a page about a county that has nothing."""
    return Page(county(), language, words)


def all_of(sheet, whole: County, **options):
    """Measure a sheet of all of a county."""
    return sheet(whole, whole, **options)


def cut(sheet, whole: County, township: str, **options):
    """Measure a sheet of one township of a county; of all of it for an empty text."""
    return sheet(whole, within(whole, township), **options)


@cache
def opened(bundle, as_of):
    """Open a county of the repository, once for all tests of a worker; its tables stay as they are.

    >>> opened("data/sample", "2022-06-30") is opened("data/sample", "2022-06-30")
    True
    """
    return open_county(bundle, as_of)
