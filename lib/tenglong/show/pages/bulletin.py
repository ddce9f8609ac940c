"""The bulletin (简报): where the campaign stands, what got worse, who must do what next."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from html import escape
from itertools import groupby

from tenglong.measure.bulletin.bulletin import Bulletin
from tenglong.measure.bulletin.points import Cases, Clauses, Group
from tenglong.measure.clause import Label
from tenglong.measure.county import County
from tenglong.measure.league.sheet import Sheet
from tenglong.measure.league.standing import Standing
from tenglong.measure.target.assessment import Status
from tenglong.measure.target.comparison import Change, Move
from tenglong.measure.title.period import Period
from tenglong.show import cell
from tenglong.show.assessed import TONES, URGENCY, actual_text, status_html, target_text
from tenglong.show.cell import Cell
from tenglong.show.finding import Card, Sentence, Tone, Value, findings, sentence
from tenglong.show.lacking import all_lacking
from tenglong.show.number import MISSING, plain
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
from tenglong.show.period import period_text
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

MOST_WORSE, MOST_FIRST, PODIUM = 3, 3, 3


def bulletin_title(county: County, period: Period) -> Label:
    """Name the bulletin as an official one is named.

    >>> from tenglong.measure.example import example_county
    >>> from tenglong.measure.title.period import period_of
    >>> bulletin_title(example_county(), period_of("2022Q2")).zh
    '2022年第二季度制造业“腾笼换鸟、凤凰涅槃”攻坚行动情况通报'
    """
    key = f"bulletin.title.{period.grain}"
    place = county.township.name if county.township else Label("", county.name.en)
    named = (
        word(key, language, place=place[language], period=period_text(period, language))
        for language in ("zh", "en")
    )
    return Label(*named)


def headline(county: County, told: Bulletin, *, language: str = "zh") -> Piece:
    """Open the bulletin: cards, and what a reader of the first screen must know."""
    board = told.board
    lines = [_overall(county, told, language), *_place(told, language)]
    if board.measured:
        lines += [_moves(told, language), *_first(told, language), *_leading(told, language)]
    lines += all_lacking(county, told.lacking, language=language)
    return findings(*lines, name="bulletin_findings", cards=_cards(told, language))


def _cards(told: Bulletin, language: str) -> list[Card]:
    tones = Counter(TONES[one.status] for one in told.board.measured)
    clauses = word("bulletin.card.clauses", language)
    of = word("bulletin.card.of_measured", language, measured=len(told.board.measured))
    moves = {way: len(told.comparison.moved(way)) for way in (Move.BETTER, Move.WORSE)}

    def card(key: str, count: int, unit: str, tone: Tone) -> Card:
        label = word(f"bulletin.card.{key}", language)
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


def _overall(county: County, told: Bulletin, language: str) -> Sentence:
    board = told.board
    said: dict[str, Value] = {
        "day": county.as_of,
        "pace": share(board.pace),
        "quantified": len(board.quantified),
    }
    if county.township:
        said["place"] = county.township.name[language]
    key = "bulletin.town" if county.township else "bulletin.overall"
    if not board.measured:
        return sentence(f"{key}_none", language, **said)
    counts = [
        sentence(f"{key}_count", language, status=word(f"status.{status}", language), count=count)
        for status, count in board.counts.items()
        if count and status.is_known
    ]
    measured = len(board.measured)
    return sentence(key, language, measured=measured, counts=counts, **said)


def _place(told: Bulletin, language: str) -> list[Sentence]:
    """Say where the township of the bulletin stands among all."""
    township = told.county.township
    if township is None or not told.standings:
        return []
    standing = told.standings[0]
    sheet = standing[township.code]
    if sheet.rank is None:
        why = word(f"league.code.{sheet.code}", language)
        return [sentence("bulletin.town_unranked", language, why=why)]
    lights = {rule.light: rule.label[language] for rule in standing.rule.lights}
    return [
        sentence(
            "bulletin.town_rank",
            language,
            rank=sheet.rank,
            of=len(standing.ranked),
            before=cell.number(sheet.rank_before, 0),
            total=cell.number(sheet.total, 1),
            light=lights.get(sheet.light or "", MISSING),
        )
    ]


def _leading(told: Bulletin, language: str) -> list[Sentence]:
    known = {one.clause.id: one for one in told.board.measured}
    parts = [
        sentence(
            "bulletin.leading_item",
            language,
            name=one.clause.name[language],
            actual=amount(one.actual, one, language),
            target=amount(one.target, one, language),
            progress=share(one.progress),
        )
        for one in (known[name] for name in told.rule.leading if name in known)
    ]
    return [sentence("bulletin.leading", language, named=listed(parts, language))] if parts else []


def _moves(told: Bulletin, language: str) -> Sentence:
    worse = told.comparison.moved(Move.WORSE)
    said: dict[str, Value] = {
        "before": told.comparison.before_on,
        "better": len(told.comparison.moved(Move.BETTER)),
        "worse": len(worse),
    }
    if not worse:
        return sentence("bulletin.moves", language, **said)
    ordered = sorted(worse, key=lambda one: URGENCY.index(one.now.status))
    parts = [
        sentence(
            "bulletin.named_short",
            language,
            name=one.clause.name[language],
            before=word(f"status.{one.before.status}", language),
            now=word(f"status.{one.now.status}", language),
        )
        for one in ordered[:MOST_WORSE]
    ]
    rest = more(len(worse), MOST_WORSE, language)
    return sentence(
        "bulletin.moves_worse", language, named=listed(parts, language), more=rest, **said
    )


def _first(told: Bulletin, language: str) -> list[Sentence]:
    """Name the first thing to be done by each of the units with the worst problems."""
    parts = [
        sentence(
            "bulletin.first_of_unit",
            language,
            unit=unit or word("bulletin.no_lead", language),
            what=step_sentence(next(its), language),
        )
        for unit, its in groupby(told.steps, key=lambda one: one.lead)
    ]
    if not parts:
        return []
    return [sentence("bulletin.first_next", language, named=listed(parts[:MOST_FIRST], language))]


def targets(told: Bulletin, *, language: str = "zh") -> Piece:
    """Draw every clause against the pace of time, with what it was in the bulletin before."""
    rows = sorted(
        (one for one in told.changes if one.now.status is not Status.NOT_QUANTIFIABLE),
        key=lambda one: (URGENCY.index(one.now.status), one.now.gap or Fraction(0)),
    )
    columns = [
        Column(
            word("column.clause", language),
            [cell.text(one.clause.name[language]) for one in rows],
            is_header=True,
        ),
        Column(
            word("column.target", language),
            [_target(one, language) for one in rows],
            css="verbatim",
        ),
        Column(word("column.actual", language), [_actual(one, language) for one in rows]),
        Column(
            word("bulletin.column.progress", language), [_points(one.now.progress) for one in rows]
        ),
        Column(
            word("bulletin.column.change", language),
            [_points(one.progress, sign=True) for one in rows],
        ),
        Column(
            word("bulletin.column.gap", language), [_points(one.now.gap, sign=True) for one in rows]
        ),
        Column(
            word("column.status", language), [_status(one.now.status, language) for one in rows]
        ),
        Column(
            word("bulletin.column.status_before", language),
            [_status(one.before.status, language) for one in rows],
        ),
        Column(
            word("column.lead", language),
            [cell.text(one.clause.lead or MISSING) for one in rows],
            css="unit",
        ),
    ]
    caption = word("bulletin.table.targets", language)
    note = word("bulletin.table.targets_note", language)
    return table(columns, caption=caption, name="bulletin_targets", note=note)


def _target(one: Change, language: str) -> Cell:
    return Cell(escape(target_text(one.now, language)), plain(one.now.target), is_number=True)


def _actual(one: Change, language: str) -> Cell:
    return Cell(escape(actual_text(one.now, language)), plain(one.now.actual), is_number=True)


def _points(value: Fraction | None, *, sign: bool = False) -> Cell:
    return cell.number(None if value is None else value * 100, 1, sign=sign)


def _status(status: Status, language: str) -> Cell:
    return Cell(status_html(status, language), word(f"status.{status}", language))


def highlights(told: Bulletin, county: County, *, language: str = "zh") -> Piece:
    """Say what went well, by the rules of the policy."""
    return _groups(told.highlights, "highlights", county, language)


def problems(told: Bulletin, county: County, *, language: str = "zh") -> Piece:
    """Say what went wrong, by the rules of the policy."""
    return _groups(told.problems, "problems", county, language)


def _groups(groups: Sequence[Group], name: str, county: County, language: str) -> Piece:
    lines = numbered([_group(one, county, language) for one in groups], language)
    if not lines:
        lines = [sentence(f"bulletin.none_{name}", language)]
    return findings(*lines, name=f"bulletin_{name}")


def _group(group: Group, county: County, language: str) -> Sentence:
    match group:
        case Clauses():
            return clauses_sentence(group, county, language)
        case Cases():
            return cases_sentence(group, language)
        case _:
            return members_sentence(group, language)


def ranking(told: Bulletin, *, language: str = "zh") -> Piece:
    """Say who leads and who is last in each league."""
    lines = [line for one in told.standings for line in _rank_lines(one, language)]
    return findings(*lines, name="bulletin_ranking")


def _rank_lines(standing: Standing, language: str) -> list[Sentence]:
    league, ranked = standing.rule.name[language], standing.ranked
    if not ranked:
        return [sentence("bulletin.rank.none", language, league=league)]
    first = [_member(one, language) for one in ranked[:PODIUM]]
    last = _member(ranked[-1], language)
    return [
        sentence("bulletin.rank.sentence", language, league=league, first=first, last=last),
        _lights(standing, language),
    ]


def _member(sheet: Sheet, language: str) -> Sentence:
    name, total = sheet.name[language], cell.number(sheet.total, 1)
    return sentence("bulletin.rank.member", language, name=name, total=total)


def _lights(standing: Standing, language: str) -> Sentence:
    counts = Counter(sheet.light for sheet in standing.ranked)
    lamps = [
        sentence("bulletin.rank.lamp", language, light=rule.label[language], count=count)
        for rule in standing.rule.lights
        if (count := counts[rule.light])
    ]
    left_out = len(standing.sheets) - len(standing.ranked)
    return sentence("bulletin.rank.lights", language, lights=lamps, left_out=left_out)
