"""A fact of a clause without a quantity, in words: a day, a sum, a level, or what is lacking."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tenglong.measure.county import Strays
from tenglong.measure.judge.fact import Fact, Told
from tenglong.measure.stray import cause
from tenglong.show.lacking import codes_told, supplier_of
from tenglong.show.number import MISSING, percent, plain, quantity
from tenglong.show.page import Page

# Why nothing is known, where somebody must supply something, and how that is said.
LACKING: Mapping[str, str] = {
    "no_table": "not_supplied",
    "no_column": "not_supplied",
    "not_published": "not_published",
    "population_incomplete": "incomplete",
}


def fact_text(page: Page, fact: Fact) -> str:
    """Say what is known of a fact, or what would have to be supplied and by whom.

    >>> from tenglong.measure.clause import FactRef, IndicatorRef, Label
    >>> ref = FactRef(Label("产业基金设立", "fund"), IndicatorRef("milestone"))
    >>> fact_text(Page(example_county()), Fact(ref, Told.NO_RECORD))
    '台账没有记录'
    """
    strays = [
        one
        for one in page.place.strays
        if one.is_key and one.table in {evidence.table for evidence in fact.evidence}
    ]
    told = _told(page, fact)
    return page.clauses([told, *(_codes(page, one) for one in strays)])


def _told(page: Page, fact: Fact) -> str:
    match fact.told:
        case Told.UNKNOWN:
            return _lacking(page, fact)
        case Told.NO_RECORD | Told.NOTHING_REQUIRED:
            return page.word(f"fact.{fact.told}")
        case Told.HAPPENED:
            return _day(page, fact.on)
        case Told.COVERED:
            share = None if fact.value is None or not fact.required else fact.value / fact.required
            done, required = (
                quantity(amount, fact.unit, page.language) for amount in (fact.value, fact.required)
            )
            return page.word("fact.covered", done=done, required=required, share=percent(share))
    said = {"value": quantity(fact.value, fact.unit, page.language), "on": _day(page, fact.on)}
    if fact.value is None or fact.before is None or fact.before_on is None:
        is_of_today = fact.told is Told.LEVEL and fact.on == page.place.as_of
        return said["value"] if is_of_today else page.word(f"fact.{fact.told}", **said)
    return page.word(
        "fact.level_since",
        **said,
        day=_day(page, fact.before_on),
        before=quantity(fact.before, fact.unit, page.language),
        change=_change(page, fact),
    )


def _day(page: Page, day: date | None) -> str:
    return MISSING if day is None else page.day(day)


def _change(page: Page, fact: Fact) -> str:
    change = (fact.value or 0) - (fact.before or 0)
    said = quantity(change, fact.unit, page.language)
    return f"+{said}" if change > 0 else said


def _lacking(page: Page, fact: Fact) -> str:
    if fact.missing is not None and fact.missing[0] in page.place.unplaced:
        return page.word("fact.not_by_township")
    if fact.missing is None or fact.code not in LACKING:
        return page.word(f"reason.{fact.code}", **{k: str(v) for k, v in fact.parts.items()})
    table, column = fact.missing
    codes = cause(page.place, table, column)
    if codes is not None:
        return _codes(page, codes)
    what = page.label(table, column) if column else page.label(table)
    unit = supplier_of(page.place, table, column)
    return page.word(f"fact.{LACKING[fact.code]}", what=what, unit=unit)


def _codes(page: Page, strays: Strays) -> str:
    key, said = codes_told(page, strays)
    return page.word(f"fact.{key}", **said)


def told_facts(page: Page, facts: tuple[Fact, ...]) -> str:
    """Say all facts of a clause, each with its name."""
    return page.clauses(
        page.word("fact.named", name=page.told(fact.ref.name), told=fact_text(page, fact))
        for fact in facts
    )


def fact_record(page: Page, fact: Fact) -> dict[str, Any]:
    """Give a fact as one flat object: its exact numbers as text, and what is said of it."""
    return {
        "name": page.told(fact.ref.name),
        "state": str(fact.told),
        "value": plain(fact.value) or None,
        "required": plain(fact.required) or None,
        "unit": fact.unit,
        "on": None if fact.on is None else fact.on.isoformat(),
        "before": plain(fact.before) or None,
        "before_on": None if fact.before_on is None else fact.before_on.isoformat(),
        "indicator": fact.ref.indicator.name,
        "told": fact_text(page, fact),
    }
