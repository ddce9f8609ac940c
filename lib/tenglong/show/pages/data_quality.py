"""The data page opens: what came in, what was found and repaired, what is wanting, in sentences."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tenglong.measure.county import County
from tenglong.measure.intake.account import Account, Gap
from tenglong.show import cell
from tenglong.show.finding import Card, Sentence, Tone, findings, paragraph, sentence
from tenglong.show.lacking import supplier_of
from tenglong.show.piece import Piece
from tenglong.show.text.problems import Told
from tenglong.show.words import word

MOST_NAMED = 3
BAD_TONES: dict[str, Tone] = {"set_aside": "bad", "error": "bad", "warning": "warn"}


def data_findings(
    county: County,
    accounts: Sequence[Account],
    problems: Sequence[Told],
    gaps: Sequence[Gap],
    *,
    language: str = "zh",
) -> Piece:
    """Open the page: its headline numbers, and what they mean.

    Parameters
    ----------
    accounts, gaps
        What `measure.intake.accounts` gives.
    problems
        What reading the bundle has found.
    """
    told = [
        [_came_in(county, accounts, language), *_set_aside(county, accounts, language)],
        [_found(problems, language), *_totals(problems, language)],
        [*_repaired(county, language)],
        [*_masked(problems, language)],
        [*_wanting(county, gaps, language)],
    ]
    said = [paragraph(*sentences, language=language) for sentences in told if sentences]
    cards = _cards(accounts, problems, language)
    return findings(*said, name="data_findings", cards=cards)


def _cards(accounts: Sequence[Account], problems: Sequence[Told], language: str) -> list[Card]:
    counts = Counter(str(one.severity) for one in problems)
    read = [one for one in accounts if one.is_read]
    numbers = {
        "read": len(read),
        "used": sum(one.rows or 0 for one in read),
        "set_aside": sum(one.set_aside or 0 for one in read),
        "error": counts["error"],
        "warning": counts["warning"],
    }
    return [
        Card(
            word(f"quality.card.{name}", language),
            cell.number(count, 0),
            word(f"quality.unit.{name}", language, tables=len(accounts)),
            BAD_TONES.get(name, "all") if count else "good",
        )
        for name, count in numbers.items()
    ]


def _came_in(county: County, accounts: Sequence[Account], language: str) -> Sentence:
    read = [one for one in accounts if one.is_read]
    lost = [one for one in accounts if one.origin and not one.is_read]
    return sentence(
        "quality.came_in_lost" if lost else "quality.came_in",
        language,
        tables=len(accounts),
        read=len(read),
        rows=sum((one.rows or 0) + (one.set_aside or 0) for one in read),
        lost=[_named(county, one.table, language) for one in lost],
    )


def _named(county: County, name: str, language: str) -> Sentence:
    return sentence("quality.named", language, name=county.label(name)[language])


def _set_aside(county: County, accounts: Sequence[Account], language: str) -> Iterator[Sentence]:
    aside = [one for one in accounts if one.set_aside]
    if not aside:
        yield sentence("quality.all_used", language)
        return
    listed = [
        sentence(
            "quality.rows_of",
            language,
            name=county.label(one.table)[language],
            rows=one.set_aside or 0,
        )
        for one in sorted(aside, key=lambda one: -(one.set_aside or 0))
    ]
    rows = sum(one.set_aside or 0 for one in aside)
    yield sentence("quality.not_used", language, rows=rows, tables=listed)


def _found(problems: Sequence[Told], language: str) -> Sentence:
    counts = Counter(str(one.severity) for one in problems)
    if not problems:
        return sentence("quality.nothing", language)
    return sentence(
        "quality.found",
        language,
        all=len(problems),
        error=counts["error"],
        warning=counts["warning"],
        note=counts["note"],
    )


def _repaired(county: County, language: str) -> Iterator[Sentence]:
    made = [one for one in county.repairs if one.is_made]
    refused = len(county.repairs) - len(made)
    known = [one for one in made if one.before_mu is not None]
    if made:
        yield sentence(
            "quality.repaired",
            language,
            count=len(made),
            before=cell.number(sum(one.before_mu or 0.0 for one in known)),
            after=cell.number(sum(one.after_mu for one in known)),
        )
    if refused:
        yield sentence("quality.not_repaired", language, count=refused)


def _totals(problems: Sequence[Told], language: str) -> Iterator[Sentence]:
    codes = Counter(one.code for one in problems)
    agree, differ = codes["total_matches"], codes["total_differs"]
    if agree or differ:
        key = "quality.totals_differ" if differ else "quality.totals_agree"
        yield sentence(key, language, count=agree + differ, differ=differ)


def _masked(problems: Sequence[Told], language: str) -> Iterator[Sentence]:
    secrets = [one for one in problems if one.code == "secret"]
    if secrets:
        files = len({one.file for one in secrets})
        yield sentence("quality.masked", language, places=len(secrets), files=files)


def _wanting(county: County, gaps: Sequence[Gap], language: str) -> Iterator[Sentence]:
    hurt = {clause.id for gap in gaps for clause in gap.clauses}
    if not hurt:
        yield sentence("quality.nothing_wanting", language)
        return
    units: Counter[str] = Counter()
    for gap in gaps:
        leads = {clause.lead for clause in gap.clauses}
        lead = next(iter(sorted(leads)), "")
        units[supplier_of(county, gap.table, gap.column, otherwise=lead)] += len(gap.clauses)
    first = [(unit, count) for unit, count in units.most_common(MOST_NAMED) if count]
    named = [
        sentence("quality.unit_clauses", language, unit=unit, clauses=count)
        for unit, count in first
    ]
    yield sentence("quality.wanting", language, clauses=len(hurt), units=named)
