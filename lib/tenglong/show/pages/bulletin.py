"""The bulletin (简报): where the campaign stands, what got worse, who must do what next."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby

from tenglong.measure.board.change import Move
from tenglong.measure.clause import Label
from tenglong.measure.judge.assessment import Assessment, Board, Status
from tenglong.measure.league.standing import Sheet, Standing
from tenglong.measure.period import Period
from tenglong.measure.sheet.bulletin import BulletinSheet
from tenglong.show import cell
from tenglong.show.amount import actual_said, target_said
from tenglong.show.assessed import (
    TONES,
    URGENCY,
    actual_cell,
    by_urgency,
    gap_cell,
    led_by,
    status_cell,
    target_cell,
)
from tenglong.show.dates import period_text
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.lacking import all_lacking
from tenglong.show.listing import Field, listing, points, share
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.bulletin_next import step_sentence
from tenglong.show.pages.scorecard import CLAUSE, LEAD
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, Value
from tenglong.show.shares import shares_text

MOST_WORSE, MOST_FIRST, PODIUM = 3, 3, 3
MOST_BARS = 12
TARGETS = (
    CLAUSE,
    Field("column.target", target_cell, "now", css="verbatim"),
    Field("column.actual", actual_cell, "now"),
    Field("progress", points(), "now.progress"),
    Field("change", points(sign=True), "progress"),
    Field("gap", gap_cell, "now.gap"),
    Field("column.status", status_cell, "now.status"),
    Field("status_before", status_cell, "before.status"),
    LEAD,
)


def bulletin_title(page: Page, period: Period) -> str:
    """Name the bulletin as an official one is named.

    >>> from tenglong.measure.period import period_of
    >>> bulletin_title(Page(example_county(), words="bulletin"), period_of("2022Q2"))
    '2022年第二季度制造业“腾笼换鸟、凤凰涅槃”攻坚行动情况通报'
    """
    county = page.place
    place = county.township.name if county.township else Label("", county.name.en)
    return page.word(
        f".title.{period.grain}",
        place=page.told(place),
        period=period_text(period, page.language),
    )


def headline(page: Page, sheet: BulletinSheet) -> Piece:
    """Open the bulletin: cards, and what a reader of the first screen must know."""
    lines = [_overall(page, sheet.board), *_place(page, sheet)]
    if sheet.board.measured:
        lines += [_moves(page, sheet), *_first(page, sheet), *_leading(page, sheet)]
    lines += all_lacking(page, sheet.lacking)
    return findings(*lines, name="bulletin_findings", cards=list(_cards(page, sheet)))


def _cards(page: Page, sheet: BulletinSheet) -> Iterator[Card]:
    measured = sheet.board.measured
    tones = Counter(TONES[assessment.status] for assessment in measured)
    better, worse = (len(sheet.comparison.moved(way)) for way in (Move.BETTER, Move.WORSE))
    of_measured = page.word(".card.of_measured", measured=len(measured))
    cards: tuple[tuple[str, int, str, Tone], ...] = (
        ("good", tones["good"], of_measured, "good"),
        ("behind", tones["warn"], "", "warn"),
        ("bad", tones["bad"], "", "bad"),
        ("better", better, "", "good"),
        ("worse", worse, "", "bad" if worse else "all"),
    )
    for name, count, unit, tone in cards:
        # Where nothing is measured, nothing is known: that is not zero.
        number = cell.number(count if measured else None, 0)
        counted = unit or page.word("board.clauses", n=count)
        yield Card(page.word(f".card.{name}"), number, counted, tone if measured else "none")


def _overall(page: Page, board: Board) -> Sentence:
    township = page.place.township
    key = ".town" if township else ".overall"
    said: dict[str, Value] = {
        "day": page.place.as_of,
        "pace": share(page, board.pace),
        "quantified": len(board.quantified),
        **({"place": page.told(township.name)} if township else {}),
    }
    if not board.measured:
        return page.sentence(f"{key}_none", **said)
    counts = [
        page.sentence(f"{key}_count", status=page.word(f"status.{status}"), count=count)
        for status, count in board.counts.items()
        if count and status.is_known
    ]
    said |= {"waiting": len(board.waiting), "untold": len(board.untold)}
    return page.sentence(key, measured=len(board.measured), counts=counts, **said)


def _place(page: Page, sheet: BulletinSheet) -> Iterator[Sentence]:
    """Say where the township of the bulletin stands among all."""
    township = page.place.township
    if township is None or not sheet.standings:
        return
    standing = sheet.standings[0]
    own = standing[township.code]
    if own.rank is None:
        yield page.sentence(".town_unranked", why=page.word(f"league.code.{own.code}"))
        return
    lights = {rule.light: page.told(rule.label) for rule in standing.rule.lights}
    yield page.sentence(
        ".town_rank",
        rank=own.rank,
        of=len(standing.ranked),
        before=cell.number(own.rank_before, 0),
        total=cell.number(own.total, 1),
        light=lights.get(own.light or "", MISSING),
    )


def _leading(page: Page, sheet: BulletinSheet) -> Iterator[Sentence]:
    known = {assessment.clause.id: assessment for assessment in sheet.board.measured}
    parts = [_item(page, known[name]) for name in sheet.rule.leading if name in known]
    if parts:
        yield page.sentence(".leading", named=page.listed(parts))


def _item(page: Page, assessment: Assessment) -> Sentence:
    return page.sentence(
        ".leading_item",
        name=page.told(assessment.clause.name),
        actual=actual_said(page, assessment),
        target=target_said(page, assessment),
        progress=share(page, assessment.progress),
    )


def _moves(page: Page, sheet: BulletinSheet) -> Sentence:
    worse = sheet.comparison.moved(Move.WORSE)
    said: dict[str, Value] = {
        "before": sheet.comparison.before_on,
        "better": len(sheet.comparison.moved(Move.BETTER)),
        "worse": len(worse),
    }
    if not worse:
        key = ".moves" if said["better"] else ".moves_none"
        return page.sentence(key, **said)
    parts = [
        page.sentence(
            ".named_short",
            name=page.told(change.clause.name),
            before=page.word(f"status.{change.before.status}"),
            now=page.word(f"status.{change.now.status}"),
        )
        for change in sorted(worse, key=lambda change: URGENCY.index(change.now.status))[
            :MOST_WORSE
        ]
    ]
    rest = page.rest(len(worse) - MOST_WORSE, "条")
    return page.sentence(".moves_worse", named=page.listed(parts), more=rest, **said)


def _first(page: Page, sheet: BulletinSheet) -> Iterator[Sentence]:
    """Name the first thing to be done by each of the units with the worst problems."""
    parts = [
        page.sentence(
            ".first_of_unit",
            unit=led_by(page, unit),
            what=step_sentence(page, next(steps)),
        )
        for unit, steps in groupby(sheet.steps, key=lambda step: step.lead)
    ]
    if parts:
        yield page.sentence(".first_next", named=page.first(parts, MOST_FIRST, counted="条"))


def progress_figure(page: Page, board: Board) -> Piece:
    """Draw progress in per cent for the clauses that need a push most, with the pace as a tick."""
    paced = [
        Bar(
            page.told(assessment.clause.name),
            100 * assessment.progress,
            100 * assessment.pace,
            TONES[assessment.status],
        )
        for assessment in by_urgency(board.measured)
        if assessment.progress is not None and assessment.pace is not None and _lags(assessment)
    ]
    return bars(
        page,
        paced[:MOST_BARS],
        caption=page.word(".figure.progress", count=len(paced[:MOST_BARS])),
        described=page.word(".figure.described"),
        name="bulletin_progress",
        unit="%",
        decimals=1,
    )


def _lags(assessment: Assessment) -> bool:
    is_settled = assessment.status is Status.ACHIEVED
    return not is_settled and assessment.gap is not None and assessment.gap < 0


def targets(page: Page, sheet: BulletinSheet) -> Piece:
    """Draw every clause against the pace of time, with what it was in the bulletin before."""
    return listing(
        page,
        sorted(
            (
                change
                for change in sheet.changes
                if change.now.status is not Status.NOT_QUANTIFIABLE
            ),
            key=lambda change: (URGENCY.index(change.now.status), change.now.gap or Fraction(0)),
        ),
        TARGETS,
        caption=page.word(".table.targets"),
        name="bulletin_targets",
        note=page.word(".table.targets_note") + shares_text(page, sheet.shares),
    )


def ranking(page: Page, sheet: BulletinSheet) -> Piece:
    """Say who leads and who is last in each league."""
    lines = [line for standing in sheet.standings for line in _rank_lines(page, standing)]
    return findings(*lines, name="bulletin_ranking")


def _rank_lines(page: Page, standing: Standing) -> Iterator[Sentence]:
    league, ranked = page.told(standing.rule.name), standing.ranked
    if not ranked:
        yield page.sentence(".rank.none", league=league)
        return
    # Who shares the last of the first ranks is named, too.
    leading = [one for one in ranked if one.rank is not None and one.rank <= PODIUM]
    first = [_member(page, one) for one in leading]
    last = [_member(page, one) for one in ranked if one.rank == ranked[-1].rank]
    others = last if ranked[-1] not in leading else []
    yield page.sentence(".rank.sentence", league=league, first=first, last=others)
    counts = Counter(one.light for one in ranked)
    lamps = [
        page.sentence(".rank.lamp", light=page.told(rule.label), count=counts[rule.light])
        for rule in standing.rule.lights
        if counts[rule.light]
    ]
    left_out = len(standing.sheets) - len(ranked)
    yield page.sentence(".rank.lights", lights=lamps, left_out=left_out)


def _member(page: Page, member: Sheet) -> Sentence:
    total = cell.number(member.total, 1)
    return page.sentence(".rank.member", name=page.told(member.name), total=total)
