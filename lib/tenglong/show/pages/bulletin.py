"""The bulletin (简报): where the campaign stands, what got worse, who must do what next."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from html import escape
from itertools import groupby

from tenglong.measure.board.change import Change, Move
from tenglong.measure.bulletin.points import Cases, Clauses, Group
from tenglong.measure.clause import Label
from tenglong.measure.judge.assessment import Status
from tenglong.measure.league.standing import Sheet, Standing
from tenglong.measure.published.period import Period
from tenglong.measure.sheet.bulletin import BulletinSheet
from tenglong.show import cell
from tenglong.show.assessed import TONES, URGENCY, actual_text, status_html, target_text
from tenglong.show.cell import Cell
from tenglong.show.dates import period_text
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.lacking import all_lacking
from tenglong.show.number import MISSING, plain
from tenglong.show.page import Page
from tenglong.show.pages.bulletin_case import cases_sentence, members_sentence
from tenglong.show.pages.bulletin_clause import (
    amount,
    clauses_sentence,
    listed,
    more,
    numbered,
    share,
)
from tenglong.show.pages.bulletin_next import step_sentence
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, Value
from tenglong.show.table import Column, table

MOST_WORSE, MOST_FIRST, PODIUM = 3, 3, 3


def bulletin_title(page: Page, period: Period) -> str:
    """Name the bulletin as an official one is named.

    >>> from tenglong.measure.published.period import period_of
    >>> bulletin_title(Page(example_county()), period_of("2022Q2"))
    '2022年第二季度制造业“腾笼换鸟、凤凰涅槃”攻坚行动情况通报'
    """
    county = page.place
    place = county.township.name if county.township else Label("", county.name.en)
    return page.word(
        f"bulletin.title.{period.grain}",
        place=page.told(place),
        period=period_text(period, page.language),
    )


def headline(page: Page, told: BulletinSheet) -> Piece:
    """Open the bulletin: cards, and what a reader of the first screen must know."""
    board = told.board
    lines = [_overall(page, told), *_place(page, told)]
    if board.measured:
        lines += [_moves(page, told), *_first(page, told), *_leading(page, told)]
    lines += all_lacking(page, told.lacking)
    return findings(*lines, name="bulletin_findings", cards=_cards(page, told))


def _cards(page: Page, told: BulletinSheet) -> list[Card]:
    tones = Counter(TONES[one.status] for one in told.board.measured)
    clauses = page.word("bulletin.card.clauses")
    of = page.word("bulletin.card.of_measured", measured=len(told.board.measured))
    moves = {way: len(told.comparison.moved(way)) for way in (Move.BETTER, Move.WORSE)}

    def card(key: str, count: int, unit: str, tone: Tone) -> Card:
        label = page.word(f"bulletin.card.{key}")
        # Where nothing is measured, nothing is known: that is not zero.
        if not told.board.measured:
            return Card(label, cell.number(None), unit, "none")
        return Card(label, cell.number(count, 0), unit, tone)

    return [
        card("good", tones["good"], of, "good"),
        card("behind", tones["warn"], clauses, "warn"),
        card("bad", tones["bad"], clauses, "bad"),
        card("better", moves[Move.BETTER], clauses, "good"),
        card("worse", moves[Move.WORSE], clauses, "bad" if moves[Move.WORSE] else "all"),
    ]


def _overall(page: Page, told: BulletinSheet) -> Sentence:
    board = told.board
    said: dict[str, Value] = {
        "day": page.place.as_of,
        "pace": share(board.pace),
        "quantified": len(board.quantified),
    }
    if page.place.township:
        said["place"] = page.place.township.name[page.language]
    key = "bulletin.town" if page.place.township else "bulletin.overall"
    if not board.measured:
        return page.sentence(f"{key}_none", **said)
    counts = [
        page.sentence(f"{key}_count", status=page.word(f"status.{status}"), count=count)
        for status, count in board.counts.items()
        if count and status.is_known
    ]
    measured = len(board.measured)
    return page.sentence(key, measured=measured, counts=counts, **said)


def _place(page: Page, told: BulletinSheet) -> list[Sentence]:
    """Say where the township of the bulletin stands among all."""
    township = page.place.township
    if township is None or not told.standings:
        return []
    standing = told.standings[0]
    sheet = standing[township.code]
    if sheet.rank is None:
        why = page.word(f"league.code.{sheet.code}")
        return [page.sentence("bulletin.town_unranked", why=why)]
    lights = {rule.light: rule.label[page.language] for rule in standing.rule.lights}
    return [
        page.sentence(
            "bulletin.town_rank",
            rank=sheet.rank,
            of=len(standing.ranked),
            before=cell.number(sheet.rank_before, 0),
            total=cell.number(sheet.total, 1),
            light=lights.get(sheet.light or "", MISSING),
        )
    ]


def _leading(page: Page, told: BulletinSheet) -> list[Sentence]:
    known = {one.clause.id: one for one in told.board.measured}
    parts = [
        page.sentence(
            "bulletin.leading_item",
            name=one.clause.name[page.language],
            actual=amount(page, one.actual, one),
            target=amount(page, one.target, one),
            progress=share(one.progress),
        )
        for one in (known[name] for name in told.rule.leading if name in known)
    ]
    return [page.sentence("bulletin.leading", named=listed(page, parts))] if parts else []


def _moves(page: Page, told: BulletinSheet) -> Sentence:
    worse = told.comparison.moved(Move.WORSE)
    said: dict[str, Value] = {
        "before": told.comparison.before_on,
        "better": len(told.comparison.moved(Move.BETTER)),
        "worse": len(worse),
    }
    if not worse:
        return page.sentence("bulletin.moves", **said)
    ordered = sorted(worse, key=lambda one: URGENCY.index(one.now.status))
    parts = [
        page.sentence(
            "bulletin.named_short",
            name=one.clause.name[page.language],
            before=page.word(f"status.{one.before.status}"),
            now=page.word(f"status.{one.now.status}"),
        )
        for one in ordered[:MOST_WORSE]
    ]
    rest = more(page, len(worse), MOST_WORSE)
    return page.sentence("bulletin.moves_worse", named=listed(page, parts), more=rest, **said)


def _first(page: Page, told: BulletinSheet) -> list[Sentence]:
    """Name the first thing to be done by each of the units with the worst problems."""
    parts = [
        page.sentence(
            "bulletin.first_of_unit",
            unit=unit or page.word("bulletin.no_lead"),
            what=step_sentence(page, next(its)),
        )
        for unit, its in groupby(told.steps, key=lambda one: one.lead)
    ]
    if not parts:
        return []
    return [page.sentence("bulletin.first_next", named=listed(page, parts[:MOST_FIRST]))]


def targets(page: Page, told: BulletinSheet) -> Piece:
    """Draw every clause against the pace of time, with what it was in the bulletin before."""
    rows = sorted(
        (one for one in told.changes if one.now.status is not Status.NOT_QUANTIFIABLE),
        key=lambda one: (URGENCY.index(one.now.status), one.now.gap or Fraction(0)),
    )
    columns = [
        Column(
            page.word("column.clause"),
            [cell.text(one.clause.name[page.language]) for one in rows],
            is_header=True,
        ),
        Column(
            page.word("column.target"),
            [_target(page, one) for one in rows],
            css="verbatim",
        ),
        Column(page.word("column.actual"), [_actual(page, one) for one in rows]),
        Column(page.word("bulletin.column.progress"), [_points(one.now.progress) for one in rows]),
        Column(
            page.word("bulletin.column.change"),
            [_points(one.progress, sign=True) for one in rows],
        ),
        Column(page.word("bulletin.column.gap"), [_points(one.now.gap, sign=True) for one in rows]),
        Column(page.word("column.status"), [_status(page, one.now.status) for one in rows]),
        Column(
            page.word("bulletin.column.status_before"),
            [_status(page, one.before.status) for one in rows],
        ),
        Column(
            page.word("column.lead"),
            [cell.text(one.clause.lead or MISSING) for one in rows],
            css="unit",
        ),
    ]
    caption = page.word("bulletin.table.targets")
    note = page.word("bulletin.table.targets_note")
    return table(columns, caption=caption, name="bulletin_targets", note=note)


def _target(page: Page, one: Change) -> Cell:
    return Cell(escape(target_text(page, one.now)), plain(one.now.target), is_number=True)


def _actual(page: Page, one: Change) -> Cell:
    return Cell(escape(actual_text(page, one.now)), plain(one.now.actual), is_number=True)


def _points(value: Fraction | None, *, sign: bool = False) -> Cell:
    return cell.number(None if value is None else value * 100, 1, sign=sign)


def _status(page: Page, status: Status) -> Cell:
    return Cell(status_html(page, status), page.word(f"status.{status}"))


def highlights(page: Page, told: BulletinSheet) -> Piece:
    """Say what went well, by the rules of the policy."""
    return _groups(page, told.highlights, "highlights")


def problems(page: Page, told: BulletinSheet) -> Piece:
    """Say what went wrong, by the rules of the policy."""
    return _groups(page, told.problems, "problems")


def _groups(page: Page, groups: Sequence[Group], name: str) -> Piece:
    lines = numbered(page, [_group(page, one) for one in groups])
    if not lines:
        lines = [page.sentence(f"bulletin.none_{name}")]
    return findings(*lines, name=f"bulletin_{name}")


def _group(page: Page, group: Group) -> Sentence:
    match group:
        case Clauses():
            return clauses_sentence(page, group)
        case Cases():
            return cases_sentence(page, group)
        case _:
            return members_sentence(page, group)


def ranking(page: Page, told: BulletinSheet) -> Piece:
    """Say who leads and who is last in each league."""
    lines = [line for one in told.standings for line in _rank_lines(page, one)]
    return findings(*lines, name="bulletin_ranking")


def _rank_lines(page: Page, standing: Standing) -> list[Sentence]:
    league, ranked = standing.rule.name[page.language], standing.ranked
    if not ranked:
        return [page.sentence("bulletin.rank.none", league=league)]
    first = [_member(page, one) for one in ranked[:PODIUM]]
    last = _member(page, ranked[-1])
    return [
        page.sentence("bulletin.rank.sentence", league=league, first=first, last=last),
        _lights(page, standing),
    ]


def _member(page: Page, sheet: Sheet) -> Sentence:
    name, total = sheet.name[page.language], cell.number(sheet.total, 1)
    return page.sentence("bulletin.rank.member", name=name, total=total)


def _lights(page: Page, standing: Standing) -> Sentence:
    counts = Counter(sheet.light for sheet in standing.ranked)
    lamps = [
        page.sentence("bulletin.rank.lamp", light=rule.label[page.language], count=count)
        for rule in standing.rule.lights
        if (count := counts[rule.light])
    ]
    left_out = len(standing.sheets) - len(standing.ranked)
    return page.sentence("bulletin.rank.lights", lights=lamps, left_out=left_out)
