"""The data page opens: what came in, what was found and repaired, what is wanting, in sentences."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tenglong.measure.judge.assessment import Assessment, Status
from tenglong.measure.sheet.data_quality import Account, Gap
from tenglong.measure.stray import stray_rows
from tenglong.show import cell
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.lacking import supplier_of
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, paragraph
from tenglong.show.text.problems import SEVERITIES, Told

MOST_NAMED = 3
ORDER = tuple(Status)
BAD_TONES: dict[str, Tone] = {"set_aside": "bad", "error": "bad", "warning": "warn"}


def data_findings(
    page: Page,
    accounts: Sequence[Account],
    problems: Sequence[Told],
    gaps: Sequence[Gap],
    untold: Sequence[Assessment] = (),
) -> Piece:
    """Open the page: its headline numbers, and what they mean.

    Parameters
    ----------
    accounts, gaps, untold
        See `DataQualitySheet`.
    problems
        What reading the bundle has found.
    """
    told = [
        [_came_in(page, accounts), _set_aside(page, accounts)],
        [_found(page, problems), *_totals(page, problems)],
        [*_unlinked(page)],
        [*_repaired(page)],
        [*_masked(page, problems)],
        [_wanting(page, gaps), *_otherwise_untold(page, gaps, untold)],
    ]
    said = [paragraph(*sentences, language=page.language) for sentences in told if sentences]
    return findings(*said, name="data_findings", cards=_cards(page, accounts, problems))


def _cards(page: Page, accounts: Sequence[Account], problems: Sequence[Told]) -> list[Card]:
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
            page.word(f".card.{name}"),
            cell.number(count, 0),
            page.word(f".unit.{name}", tables=len(accounts)),
            BAD_TONES.get(name, "all") if count else "good",
        )
        for name, count in numbers.items()
    ]


def _came_in(page: Page, accounts: Sequence[Account]) -> Sentence:
    read = [account for account in accounts if account.is_read]
    lost = [account for account in accounts if account.origin and not account.is_read]
    return page.sentence(
        ".came_in_lost" if lost else ".came_in",
        tables=len(accounts),
        read=len(read),
        rows=sum((account.rows or 0) + (account.set_aside or 0) for account in read),
        lost=[page.sentence(".named", name=page.label(account.table)) for account in lost],
    )


def _set_aside(page: Page, accounts: Sequence[Account]) -> Sentence:
    aside = {account.table: account.set_aside for account in accounts if account.set_aside}
    if not aside:
        return page.sentence(".all_used")
    tables = [
        page.sentence(".rows_of", name=page.label(name), rows=aside[name])
        for name in sorted(aside, key=lambda name: -aside[name])
    ]
    return page.sentence(".not_used", rows=sum(aside.values()), tables=tables)


def _found(page: Page, problems: Sequence[Told]) -> Sentence:
    if not problems:
        return page.sentence(".nothing")
    counts = Counter(str(problem.severity) for problem in problems)
    severities = {name: counts[name] for name in SEVERITIES}
    return page.sentence(".found", all=len(problems), **severities)


def _unlinked(page: Page) -> Iterator[Sentence]:
    rows = stray_rows(page.place)
    if rows:
        tables = [
            page.sentence(".rows_of", name=page.label(name), rows=count)
            for name, count in rows.items()
        ]
        yield page.sentence(".links", rows=sum(rows.values()), tables=tables)


def _repaired(page: Page) -> Iterator[Sentence]:
    made = [one for one in page.place.repairs if one.is_made]
    refused = len(page.place.repairs) - len(made)
    known = [one for one in made if one.before_mu is not None]
    if made:
        yield page.sentence(
            ".repaired",
            count=len(made),
            before=cell.number(sum(one.before_mu or 0.0 for one in known)),
            after=cell.number(sum(one.after_mu for one in known)),
        )
    if refused:
        yield page.sentence(".not_repaired", count=refused)


def _totals(page: Page, problems: Sequence[Told]) -> Iterator[Sentence]:
    codes = Counter(problem.code for problem in problems)
    agree, differ = codes["total_matches"], codes["total_differs"]
    if agree or differ:
        key = ".totals_differ" if differ else ".totals_agree"
        yield page.sentence(key, count=agree + differ, differ=differ)


def _masked(page: Page, problems: Sequence[Told]) -> Iterator[Sentence]:
    secrets = [problem for problem in problems if problem.code == "secret"]
    if secrets:
        files = len({problem.file for problem in secrets})
        yield page.sentence(".masked", places=len(secrets), files=files)


def _wanting(page: Page, gaps: Sequence[Gap]) -> Sentence:
    hurt = {clause.id for gap in gaps for clause in gap.clauses}
    if not hurt:
        return page.sentence(".nothing_wanting")
    units: Counter[str] = Counter()
    for gap in gaps:
        units[supplier_of_gap(page, gap)] += len(gap.clauses)
    named = [
        page.sentence(".unit_clauses", unit=unit, clauses=count)
        for unit, count in units.most_common(MOST_NAMED)
        if count
    ]
    return page.sentence(".wanting", clauses=len(hurt), units=named)


def _otherwise_untold(
    page: Page, gaps: Sequence[Gap], untold: Sequence[Assessment]
) -> Iterator[Sentence]:
    """Count the clauses that cannot be told for another reason than a table or a column."""
    hurt = {clause.id for gap in gaps for clause in gap.clauses}
    others = Counter(one.status for one in untold if one.clause.id not in hurt)
    if others:
        reasons = [
            page.sentence(".untold_for", status=page.word(f"status.{status}"), clauses=count)
            for status, count in sorted(others.items(), key=lambda pair: ORDER.index(pair[0]))
        ]
        yield page.sentence(".untold", clauses=others.total(), reasons=reasons)


def supplier_of_gap(page: Page, gap: Gap) -> str:
    """Name the unit that must supply what is wanting: by the policy, else who leads a clause."""
    leads = sorted({clause.lead for clause in gap.clauses if clause.lead})
    return supplier_of(page.place, gap.table, gap.column, otherwise=next(iter(leads), ""))
