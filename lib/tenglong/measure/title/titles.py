"""Titles won and lost, and milestones."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

import pandas as pd

from tenglong.errors import ConfigurationError, Fault
from tenglong.measure.county import County
from tenglong.measure.doubt import blanks_of
from tenglong.measure.kept import kept
from tenglong.measure.policy.file import policy_file
from tenglong.measure.reading import Evidence, Flow, Happened, Maybe, Named, Part, Reading
from tenglong.measure.row import surely
from tenglong.shape import fault_at

LEVELS = ("county", "municipal", "provincial", "national")
COUNTS = ("titles", "holders")
Amounts = Iterator[tuple[date, Fraction]]
SAME = ("kind", "holder_id", "batch", "item")


class Revoked(StrEnum):
    """What a title that was revoked (撤销) does to a count: it stays in it, or leaves it."""

    STAYS = "stays"
    LEAVES = "leaves"


@dataclass(frozen=True)
class RevokedRule:
    """What a revoked title does to what is newly won (新增) and to what is held (净)."""

    new: Revoked
    net: Revoked


@dataclass(frozen=True)
class TitleRule:
    """The file `titles.yml`.

    Attributes
    ----------
    batches
        The months of every year at whose end a kind's batches are out.
    revoked
        What a revoked title does to a count, by kind; `default` of the others.
    """

    batches: Mapping[str, tuple[int, ...]]
    revoked: Mapping[str, RevokedRule]

    def of_revoked(self, kind: str, *, net: bool) -> Revoked:
        """Say what a revoked title of a kind does to a count.

        >>> rule = TitleRule({}, {"default": RevokedRule(Revoked.STAYS, Revoked.LEAVES)})
        >>> str(rule.of_revoked("rd_centre", net=False))
        'stays'
        """
        rule = self.revoked.get(kind, self.revoked["default"])
        return rule.net if net else rule.new


def title_rule(policy: Mapping[str, Any]) -> TitleRule:
    """Read `data/policy/titles.yml`.

    Raises
    ------
    ConfigurationError
        If a key is missing, unknown or of the wrong kind, or there is no default.

    >>> title_rule(load_policy()).batches["green_factory"]
    (12,)
    """

    def faults(rule: TitleRule, raw: Any) -> Iterator[Fault]:
        if "default" not in rule.revoked:
            yield fault_at(raw, "revoked", "the key 'default' is missing", "缺少“default”这个键")

    return policy_file(TitleRule, policy, "titles", also=faults)


def recognitions(
    county: County,
    *,
    kind: str,
    count: Literal["titles", "holders"] = "titles",
    min_level: Literal["county", "municipal", "provincial", "national"] | None = None,
    min_stars: int | None = None,
    net: bool = False,
) -> Reading:
    """Count recognitions of a kind by day, in 个.

    Parameters
    ----------
    count
        `titles`: every recognition counts, one that stands twice in a batch once; `holders`:
        one firm counts once, at its first.
    min_level, min_stars
        Only those of at least this level (市级以上) or so many stars (三星级及以上); one whose
        level or stars are not told does not count, and is told among the parts.
    net
        Whether titles held are counted (净, 现有) and not those newly won (新增). By
        `data/policy/titles.yml` a revoked title counts −1 in what is held, and stays in what
        was newly won; either way it is named.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), recognitions={
    ...     "kind": ["high_tech_firm"] * 3, "holder": ["甲", "甲", "乙"],
    ...     "is_lost": [None, True, None],
    ...     "recognised_on": ["2021-03-01", "2022-03-01", "2022-03-01"]})
    >>> reading = recognitions(county, kind="high_tech_firm", count="holders")
    >>> [(str(day), int(amount)) for day, amount in reading.amounts]
    [('2021-03-01', 1), ('2022-03-01', 1)]
    >>> reading.named
    (Named(code='revoked_stays', name='甲', on=datetime.date(2022, 3, 1)),)
    """
    if count not in COUNTS:
        raise ConfigurationError(
            f"recognitions: count {count!r} must be one of {', '.join(COUNTS)}"
        )
    by_kind = _events_by_kind(county)
    every = by_kind[kind] if kind in by_kind else events(county).iloc[:0]
    parts: dict[str, Part] = {}
    rows = possible = every
    if min_level is not None:
        county.table("recognitions", "level")
        parts["level_untold"] = int(every["level"].isna().sum())
        wanted = every["level"].isin(levels_from(min_level))
        rows = _with_losses(rows, wanted, "level")
        possible = every[wanted | every["level"].isna()]
    if min_stars is not None:
        county.table("recognitions", "stars")
        parts["stars_untold"] = int(every["stars"].isna().sum())
        rows = _with_losses(rows, surely(rows["stars"] >= min_stars), "stars")
        possible = possible[surely(possible["stars"] >= min_stars) | possible["stars"].isna()]
    rule = title_rule(county.policy)
    of_revoked = rule.of_revoked(kind, net=net)
    named = tuple(_revoked(rows, of_revoked, county))
    counted = rows
    if of_revoked is Revoked.STAYS:
        counted, possible = (some[~some["is_lost"]] for some in (rows, possible))
    counting = _holders if count == "holders" else _titles
    asked = [n for n, least in (("level", min_level), ("stars", min_stars)) if least is not None]
    shown = ("recognised_on", "holder", "item", "level", "batch", "is_lost")
    evidence = Evidence("recognitions", rows[[c for c in shown if c in rows]])
    return Flow(
        tuple(counting(counted)),
        "个",
        may_fall=of_revoked is Revoked.LEAVES,
        batches=rule.batches.get(kind, ()),
        parts=parts,
        evidence=(evidence,),
        named=named,
        maybe=tuple(_maybe_won(counted, possible, counting, asked)),
    )


def _maybe_won(
    rows: pd.DataFrame,
    possible: pd.DataFrame,
    counting: Callable[[pd.DataFrame], Amounts],
    asked: Iterable[str],
) -> Iterator[Maybe]:
    """Say holder by holder what would count, too, if every blank of what is asked was enough."""
    columns = {name: ("recognitions", name) for name in asked}
    extra = possible[~possible.index.isin(rows.index)]
    if extra.empty:
        return
    by_holder = [dict(iter(some.groupby("holder_id"))) for some in (rows, possible, extra)]
    for holder in dict.fromkeys(extra["holder_id"]):
        *own, more = (some.get(holder, rows.iloc[:0]) for some in by_holder)
        without, with_ = (list(counting(some)) for some in own)
        less: list[tuple[date | None, Fraction | None]] = [(day, -one) for day, one in without]
        blanks = blanks_of(more, columns)
        yield Maybe(blanks, (*with_, *less))


def _revoked(rows: pd.DataFrame, rule: Revoked, county: County) -> Iterator[Named]:
    """Name the titles revoked inside the window, and say what that does to the count."""
    if not rows["is_lost"].any():
        return
    first = pd.Timestamp(county.plan.window.start)
    won = rows.loc[~rows["is_lost"] & (rows["recognised_on"] >= first), "holder_id"]
    lost, again = rows[rows["is_lost"] & (rows["recognised_on"] >= first)], set(won)
    for holder, name, day in zip(
        lost["holder_id"], lost["holder"], lost["recognised_on"], strict=True
    ):
        is_of_before = rule is Revoked.STAYS and holder not in again
        code = "revoked_of_before" if is_of_before else f"revoked_{rule}"
        yield Named(code, str(name), day.date())


def levels_from(least: str) -> tuple[str, ...]:
    """Give a level and those above it.

    Raises
    ------
    ConfigurationError
        If there is no such level.

    Examples
    --------
    >>> levels_from("provincial")
    ('provincial', 'national')
    """
    if least not in LEVELS:
        raise ConfigurationError(f"level {least!r} must be one of {', '.join(LEVELS)}")
    return LEVELS[LEVELS.index(least) :]


def _with_losses(rows: pd.DataFrame, wanted: pd.Series, column: str) -> pd.DataFrame:
    """Keep what is wanted, and the losses of its holders that do not repeat the column."""
    sure = surely(wanted)
    holders = set(rows.loc[sure, "holder_id"])
    untold_loss = rows["is_lost"] & rows[column].isna() & rows["holder_id"].isin(holders)
    return rows[sure | untold_loss]


@kept
def events(county: County) -> pd.DataFrame:
    """Give the recognitions by day, each with the one `holder_id` of its holder.

    A holder is known by its `usci`; where a row has none, by that of another row or of the
    firm of the same name, if there is only one; else by its name. `is_lost` is never missing.

    Raises
    ------
    Unavailable
        If there are no recognitions, or it is not told which were lost.

    Examples
    --------
    >>> county = example_county(
    ...     enterprises={"usci": ["91A"], "name": ["甲"]},
    ...     recognitions={"kind": ["rd_centre"], "holder": ["甲"], "is_lost": [None],
    ...                   "recognised_on": ["2021-03-01"]})
    >>> events(county)["holder_id"].tolist()
    ['91A']
    """
    frame = county.table("recognitions", "kind", "holder", "recognised_on", "is_lost")
    frame = frame[frame["recognised_on"].notna()].copy()
    nothing = pd.Series(None, index=frame.index, dtype="str")
    usci = frame.get("usci", nothing)
    by_name = {**_codes(county.tables.get("enterprises"), "name"), **_codes(frame, "holder")}
    named = frame["holder"].map(by_name).astype("str")
    frame["holder_id"] = usci.fillna(named).fillna(frame["holder"])
    frame["is_lost"] = surely(frame["is_lost"])
    order = [name for name in ("item", "batch") if name in frame]
    return frame.sort_values(["recognised_on", "is_lost", "holder_id", *order], kind="stable")


@kept
def _events_by_kind(county: County) -> Mapping[str, pd.DataFrame]:
    frame = events(county)
    return {str(kind): rows for kind, rows in frame.groupby(frame["kind"].astype("str"))}


def _codes(frame: pd.DataFrame | None, name: str) -> dict[str, str]:
    """Give the code of every name that has only one."""
    if frame is None or not {name, "usci"} <= set(frame.columns):
        return {}
    known = frame[[name, "usci"]].dropna().drop_duplicates()
    return dict(known[~known.duplicated(name, keep=False)].itertuples(index=False, name=None))


def _titles(rows: pd.DataFrame) -> Iterator[tuple[date, Fraction]]:
    """Count each title of a batch once, and what was lost as −1."""
    counted = rows[~stands_twice(rows)]
    for day, is_lost in zip(counted["recognised_on"], counted["is_lost"], strict=True):
        yield day.date(), Fraction(-1 if is_lost else 1)


def stands_twice(rows: pd.DataFrame) -> pd.Series:
    """Whether a title stands in an earlier row already: same kind, holder, batch and item.

    Not told of any where batches or items were not supplied.

    >>> rows = pd.DataFrame({"kind": "rd_centre", "holder_id": "91A", "batch": ["1", "1", "2"],
    ...                      "item": None, "is_lost": False})
    >>> stands_twice(rows).tolist()
    [False, True, False]
    """
    if any(name not in rows for name in SAME):
        return pd.Series(data=False, index=rows.index)
    won = rows[~rows["is_lost"] & rows["batch"].notna()]
    again = won.index[won.duplicated(list(SAME))]
    return pd.Series(rows.index.isin(again), index=rows.index)


def _holders(rows: pd.DataFrame) -> Iterator[tuple[date, Fraction]]:
    """Follow each holder: +1 when it comes to hold the title, −1 when it no longer does."""
    holds: set[str] = set()
    columns = (rows["recognised_on"], rows["holder_id"], rows["is_lost"])
    for day, holder, is_lost in zip(*columns, strict=True):
        if is_lost and holder in holds:
            holds.remove(holder)
            yield day.date(), Fraction(-1)
        elif not is_lost and holder not in holds:
            holds.add(holder)
            yield day.date(), Fraction(1)


def milestone(county: County, *, milestone: str) -> Reading:
    """Give the day of a milestone, or None while it has not happened.

    Examples
    --------
    >>> county = example_county(milestones={"milestone": ["zone"], "happened_on": ["2021-12-20"]})
    >>> milestone(county, milestone="zone").on
    datetime.date(2021, 12, 20)
    """
    frame = county.table("milestones", "milestone", "happened_on")
    rows = frame[frame["milestone"] == milestone]
    days = rows["happened_on"].dropna()
    day = None if days.empty else days.min().date()
    return Happened(day, evidence=(Evidence("milestones", rows),))
