"""Codes against what they refer to: firms, parcels, projects, townships, industries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tenglong.measure.clause import Label
from tenglong.measure.county import Input, Strays
from tenglong.measure.supply import numbered, origin_of
from tenglong.source.cell.credit_code import are_sound, fault_of
from tenglong.source.cell.strings import among, count_held
from tenglong.source.problem import Problem, Spot
from tenglong.source.schema import Column, Form, Table, tables
from tenglong.source.table import Loaded

LISTED = 1000  # rows of a column that are told one by one; of more, how many there are
LEAST_ROWS = 50  # of a column that no code of is found, to be told as a whole
NEAR = 1  # letters in which a code may differ from the one that was meant
MOST_HINTS = 200  # codes that the one meant is looked for
PARCEL = r"\d{12}[A-Z]{2}\d{5}"
INDUSTRY = r"\d{2,4}"
LOOSE = r"[\s\-‐‑‒–—―−－_]+"


def linked(
    loaded: Mapping[str, Loaded], inputs: Sequence[Input], industries: Mapping[str, Any]
) -> dict[str, Loaded]:
    """Judge the codes of all tables, and name those that refer to nothing.

    A code that is only written otherwise (case, dashes, blanks) than the one it refers to takes
    that one's spelling. A column whose table was not read is not looked up.

    Parameters
    ----------
    inputs
        Which file each table came from.
    industries
        The policy on industries.
    """
    files = {one.table: origin_of(inputs, one.table) for one in inputs}
    targets = {name: _Target(tables()[name], one, files[name]) for name, one in loaded.items()}
    linked: dict[str, Loaded] = {}
    for name, one in loaded.items():
        sheet = next((problem.sheet for problem in one.problems if problem.sheet), "")
        spot = Spot(files[name], sheet, name)
        linked[name] = _linked(one, tables()[name], targets, spot, industries)
    return linked


@dataclass(frozen=True)
class _Target:
    """A table that codes refer to: its key, its rows, its file."""

    table: Table
    loaded: Loaded
    file: str

    @property
    def key(self) -> str:
        [key] = self.table.key
        return key

    @property
    def codes(self) -> pd.Series:
        return self.loaded.frame[self.key]

    @property
    def said(self) -> dict[str, Any]:
        return {"of": self.table.label.en, "of_zh": self.table.label.zh, "file": self.file}


def _linked(
    one: Loaded,
    table: Table,
    targets: Mapping[str, _Target],
    spot: Spot,
    industries: Mapping[str, Any],
) -> Loaded:
    frame, problems, strays = one.frame, list(one.problems), []
    for column in table.columns.values():
        if column.name not in frame:
            continue
        target = targets.get(column.refers_to or "")
        codes = frame[column.name]
        if target is not None:
            missed = _missed(codes, target)
            meant = _meant(missed, target)
            if len(meant):
                codes = codes.copy()
                codes[meant.index] = meant
                frame = frame.assign(**{column.name: codes})
                problems.append(_matched(missed, meant, target, column, spot))
                missed = missed.drop(meant.index)
            if len(missed):
                is_key = column.name in table.key
                strays.append(Strays(table.name, column.name, target.table.name, missed, is_key))
                problems += _told(missed, count_held(codes), target, column, spot)
            codes = missed  # those of the target are judged there, and these are told
        problems += _judged(codes, target, column, spot, industries)
    return replace(one, frame=frame, problems=tuple(problems), strays=tuple(strays))


def _missed(codes: pd.Series, target: _Target) -> pd.Series:
    missing = codes.isna().to_numpy()
    missed: pd.Series = codes[~missing & ~among(codes, target.codes)]
    return missed


def _meant(missed: pd.Series, target: _Target) -> pd.Series:
    """Give the codes of the target that some are only written otherwise than, by their rows."""
    if missed.empty:
        return missed
    there = pd.Series(target.codes.dropna().unique(), dtype="str")
    loose = _loose(there)
    spelling = there.set_axis(loose)[~loose.duplicated(keep=False).to_numpy()]
    meant = _loose(missed).map(spelling)
    return meant[meant.notna()]


def _matched(
    missed: pd.Series, meant: pd.Series, target: _Target, column: Column, spot: Spot
) -> Problem:
    said: dict[str, Any] = {"read": meant.iloc[0], "count": len(meant), **target.said}
    row = int(meant.index[0])
    return spot.problem("code_matched", column=column.name, row=row, value=missed[row], **said)


def _loose(codes: pd.Series) -> pd.Series:
    return codes.str.replace(LOOSE, "", regex=True).str.upper()


def _told(
    missed: pd.Series, total: int, target: _Target, column: Column, spot: Spot
) -> Iterator[Problem]:
    """Tell of codes that stand in no row, one by one as far as there are not too many."""
    said, there = target.said, target.loaded
    if len(missed) == total >= LEAST_ROWS and not len(there.aside):
        first, value, code = int(missed.index[0]), missed.iloc[0], "unmatched_all"
        yield spot.problem(code, column=column.name, row=first, value=value, count=total, **said)
        return
    aside = (
        there.aside[target.key].dropna() if target.key in there.aside else pd.Series(dtype="str")
    )
    places = dict(zip(aside[::-1], aside.index[::-1], strict=True))
    hints = _hints(missed, target, column)
    for row, value in missed.head(LISTED).items():
        where: dict[str, Any] = {"column": column.name, "row": int(str(row)), "value": value}
        if value in places:
            yield spot.problem(
                "unmatched_aside", **where, **said, there=numbered(int(places[value]))
            )
        elif column.may_lack:
            yield spot.problem("not_linked", **where, **said)
        else:
            near = hints.get(str(value), Label("", ""))
            yield spot.problem("unmatched", **where, **said, hint=near.en, hint_zh=near.zh)
    more = missed.iloc[LISTED:]
    if len(more):
        yield spot.problem(
            "unmatched_more", column=column.name, count=len(more), codes=more.nunique(), **said
        )


def _hints(missed: pd.Series, target: _Target, column: Column) -> dict[str, Label]:
    """Say of codes what is wrong with them, and which one of the target may have been meant."""
    codes = missed.drop_duplicates().head(LISTED)
    near = _near(codes.head(MOST_HINTS), target.codes)
    is_wrong = ~are_sound(codes) if column.form is Form.CREDIT else np.zeros(len(codes), dtype=bool)
    hints: dict[str, Label] = {}
    for code, wrong in zip(codes, is_wrong, strict=True):
        told = [near[code]] if code in near else []
        told += [fault_of(code)] if wrong else []
        if told:
            zh, en = "；".join(one.zh for one in told), "; ".join(one.en for one in told)
            hints[code] = Label(f"（{zh}）", f" ({en})")
    return hints


def _near(codes: pd.Series, known: pd.Series) -> dict[str, Label]:
    """Name for a code the only one of its length that differs from it in one letter."""
    there = known.dropna()
    there = there[there.str.isascii().to_numpy(dtype=bool)]
    lengths = there.str.len().to_numpy()
    found: dict[str, Label] = {}
    for code in codes:
        alike = there[lengths == len(code)]
        if alike.empty or not code.isascii():
            continue
        letters = np.frombuffer("".join(alike).encode("ascii"), dtype=np.uint8)
        differs = letters.reshape(len(alike), -1) != np.frombuffer(code.encode("ascii"), np.uint8)
        near = alike[differs.sum(axis=1) <= NEAR]
        if len(near) == 1:
            row, meant = numbered(int(str(near.index[0]))), near.iloc[0]
            found[code] = Label(
                f"只差一位的有第 {row} 行的“{meant}”",
                f"row {row} has {meant!r}, one letter away",
            )
    return found


def _judged(
    codes: pd.Series,
    target: _Target | None,
    column: Column,
    spot: Spot,
    industries: Mapping[str, Any],
) -> Iterator[Problem]:
    """Judge codes by the standard of their form."""
    match column.form:
        case Form.CREDIT if target is None:
            yield from _credit_codes(codes, column, spot)
        case Form.PARCEL if target is None:
            other = codes[_fail(codes, PARCEL)]
            if len(other):
                first = int(other.index[0])
                value, count = other.iloc[0], other.nunique()
                where: dict[str, Any] = {"column": column.name, "row": first, "value": value}
                yield spot.problem("other_parcel_code", **where, count=count)
        case Form.INDUSTRY:
            yield from _industries(codes, column, spot, industries)


def _fail(codes: pd.Series, pattern: str) -> np.ndarray:
    fits = codes.str.fullmatch(pattern).fillna(value=True)
    failing: np.ndarray = ~fits.to_numpy(dtype=bool)
    return failing


def _credit_codes(codes: pd.Series, column: Column, spot: Spot) -> Iterator[Problem]:
    """Tell of each code that is none where it stands first."""
    here = codes[codes.notna().to_numpy()]
    distinct = here[~here.duplicated().to_numpy()]
    if distinct.empty:
        return
    wrong = distinct[~are_sound(distinct)]
    for row, value in wrong.head(LISTED).items():
        fault = fault_of(str(value))
        where: dict[str, Any] = {"column": column.name, "row": int(str(row)), "value": value}
        yield spot.problem("bad_credit_code", **where, fault=fault.en, fault_zh=fault.zh)
    if len(wrong) > LISTED:
        count = len(wrong) - LISTED
        yield spot.problem("bad_credit_code_more", column=column.name, count=count)


def _industries(
    codes: pd.Series, column: Column, spot: Spot, industries: Mapping[str, Any]
) -> Iterator[Problem]:
    divisions = {str(code) for code in industries["divisions"]}
    for first, last in industries["others"]:
        divisions |= {f"{number:02}" for number in range(first, last + 1)}
    is_known = codes.str[:2].isin(divisions).to_numpy() & ~_fail(codes, INDUSTRY)
    wrong = codes[codes.notna().to_numpy() & ~is_known]
    for row, value in wrong.head(LISTED).items():
        yield spot.problem("unknown_industry", column=column.name, row=int(str(row)), value=value)
    if len(wrong) > LISTED:
        count = len(wrong) - LISTED
        yield spot.problem("unknown_industry_more", column=column.name, count=count)
