"""The data page opens: what came in, what was found and repaired, what is wanting, in sentences."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tenglong.measure.sheet.data_quality import Account, Gap
from tenglong.show import cell
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.lacking import supplier_of
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, paragraph
from tenglong.show.text.problems import Told

MOST_NAMED = 3
BAD_TONES: dict[str, Tone] = {"set_aside": "bad", "error": "bad", "warning": "warn"}


def data_findings(
    page: Page, accounts: Sequence[Account], problems: Sequence[Told], gaps: Sequence[Gap]
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
        [_came_in(page, accounts), *_set_aside(page, accounts)],
        [_found(page, problems), *_totals(page, problems)],
        [*_repaired(page)],
        [*_masked(page, problems)],
        [*_wanting(page, gaps)],
    ]
    said = [paragraph(*sentences, language=page.language) for sentences in told if sentences]
    cards = _cards(page, accounts, problems)
    return findings(*said, name="data_findings", cards=cards)


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
            page.word(f"quality.card.{name}"),
            cell.number(count, 0),
            page.word(f"quality.unit.{name}", tables=len(accounts)),
            BAD_TONES.get(name, "all") if count else "good",
        )
        for name, count in numbers.items()
    ]


def _came_in(page: Page, accounts: Sequence[Account]) -> Sentence:
    read = [one for one in accounts if one.is_read]
    lost = [one for one in accounts if one.origin and not one.is_read]
    return page.sentence(
        "quality.came_in_lost" if lost else "quality.came_in",
        tables=len(accounts),
        read=len(read),
        rows=sum((one.rows or 0) + (one.set_aside or 0) for one in read),
        lost=[_named(page, one.table) for one in lost],
    )


def _named(page: Page, name: str) -> Sentence:
    return page.sentence("quality.named", name=page.label(name))


def _set_aside(page: Page, accounts: Sequence[Account]) -> Iterator[Sentence]:
    aside = [one for one in accounts if one.set_aside]
    if not aside:
        yield page.sentence("quality.all_used")
        return
    listed = [
        page.sentence("quality.rows_of", name=page.label(one.table), rows=one.set_aside or 0)
        for one in sorted(aside, key=lambda one: -(one.set_aside or 0))
    ]
    rows = sum(one.set_aside or 0 for one in aside)
    yield page.sentence("quality.not_used", rows=rows, tables=listed)


def _found(page: Page, problems: Sequence[Told]) -> Sentence:
    counts = Counter(str(one.severity) for one in problems)
    if not problems:
        return page.sentence("quality.nothing")
    return page.sentence(
        "quality.found",
        all=len(problems),
        error=counts["error"],
        warning=counts["warning"],
        note=counts["note"],
    )


def _repaired(page: Page) -> Iterator[Sentence]:
    made = [one for one in page.place.repairs if one.is_made]
    refused = len(page.place.repairs) - len(made)
    known = [one for one in made if one.before_mu is not None]
    if made:
        yield page.sentence(
            "quality.repaired",
            count=len(made),
            before=cell.number(sum(one.before_mu or 0.0 for one in known)),
            after=cell.number(sum(one.after_mu for one in known)),
        )
    if refused:
        yield page.sentence("quality.not_repaired", count=refused)


def _totals(page: Page, problems: Sequence[Told]) -> Iterator[Sentence]:
    codes = Counter(one.code for one in problems)
    agree, differ = codes["total_matches"], codes["total_differs"]
    if agree or differ:
        key = "quality.totals_differ" if differ else "quality.totals_agree"
        yield page.sentence(key, count=agree + differ, differ=differ)


def _masked(page: Page, problems: Sequence[Told]) -> Iterator[Sentence]:
    secrets = [one for one in problems if one.code == "secret"]
    if secrets:
        files = len({one.file for one in secrets})
        yield page.sentence("quality.masked", places=len(secrets), files=files)


def _wanting(page: Page, gaps: Sequence[Gap]) -> Iterator[Sentence]:
    hurt = {clause.id for gap in gaps for clause in gap.clauses}
    if not hurt:
        yield page.sentence("quality.nothing_wanting")
        return
    units: Counter[str] = Counter()
    for gap in gaps:
        leads = {clause.lead for clause in gap.clauses}
        lead = next(iter(sorted(leads)), "")
        units[supplier_of(page.place, gap.table, gap.column, otherwise=lead)] += len(gap.clauses)
    first = [(unit, count) for unit, count in units.most_common(MOST_NAMED) if count]
    named = [
        page.sentence("quality.unit_clauses", unit=unit, clauses=count) for unit, count in first
    ]
    yield page.sentence("quality.wanting", clauses=len(hurt), units=named)
