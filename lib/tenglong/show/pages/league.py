"""The page of the league (赛马): who leads, who moved, who is lit, and what each must do next."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tenglong.measure.county import Unavailable
from tenglong.measure.league.standing import Sheet, Standing
from tenglong.measure.sheet.league import History, LeagueSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import TONES, light_cell
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.figure.multiples import Panel, multiples
from tenglong.show.finding import Card, findings
from tenglong.show.lacking import lacking
from tenglong.show.number import JOINER, MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece, remark
from tenglong.show.sentence import Sentence
from tenglong.show.table import Column, table

MOST_NAMED = 3


def headline(page: Page, race: LeagueSheet) -> Piece:
    """Open the page: the township looked at, then what each league finds."""
    said: list[Sentence] = []
    cards: list[Card] = []
    for history in race.leagues.values():
        if isinstance(history, Unavailable):
            said.append(lacking(page, history))
            continue
        said += _looked_at(page, race, history)
        said += _said(page, race, history)
        cards += _cards(page, history.now)
    return findings(*said, cards=cards, name="league_findings")


def _cards(page: Page, now: Standing) -> Iterator[Card]:
    name = now.rule.name[page.language]
    yield Card(page.word("league.card_ranked", league=name), cell.number(len(now.ranked), 0))
    for rule in now.rule.lights:
        if TONES.get(rule.light) in ("bad", "warn"):
            count = sum(sheet.light == rule.light for sheet in now.sheets)
            label = page.word("league.card_light", league=name, light=rule.label[page.language])
            yield Card(label, cell.number(count, 0), tone=TONES[rule.light])


def _looked_at(page: Page, race: LeagueSheet, history: History) -> Iterator[Sentence]:
    """Say first how the township stands that the page looks at."""
    mine = [sheet for sheet in history.now.sheets if sheet.member == race.township]
    for sheet in mine:
        if sheet.rank is None or sheet.total is None:
            reason = page.word(f"league.code.{sheet.code}")
            yield page.sentence("league.mine_left_out", name=_name(page, sheet), why=reason)
            continue
        yield page.sentence(
            "league.mine",
            as_of=history.now.as_of,
            name=_name(page, sheet),
            rank=sheet.rank,
            of=len(history.now.ranked),
            total=cell.number(sheet.total, 1),
            moved=_moved(page, sheet),
        )
        yield from _costs(page, [sheet], history)


def _said(page: Page, race: LeagueSheet, history: History) -> Iterator[Sentence]:
    now = history.now
    if not now.ranked:
        yield page.sentence("league.nobody", as_of=now.as_of, league=now.rule.name[page.language])
        return
    first, last = now.ranked[0], now.ranked[-1]
    yield page.sentence(
        "league.overall",
        as_of=now.as_of,
        league=now.rule.name[page.language],
        count=len(now.ranked),
        first=_scored(page, first),
        last=_scored(page, last),
    )
    yield from _movers(page, race, now)
    yield from _lit(page, now)
    if not race.township:
        yield from _costs(page, now.ranked[: -MOST_NAMED - 1 : -1], history)
    yield from _left_out(page, now)


def _scored(page: Page, sheet: Sheet) -> Sentence:
    total = cell.number(sheet.total, 1)
    return page.sentence("league.scored", name=_name(page, sheet), total=total)


def _movers(page: Page, race: LeagueSheet, now: Standing) -> Iterator[Sentence]:
    moved = [sheet for sheet in now.ranked if sheet.change]
    if not moved:
        return
    ups = sorted((s for s in moved if (s.change or 0) > 0), key=lambda s: -(s.change or 0))
    downs = sorted((s for s in moved if (s.change or 0) < 0), key=lambda s: s.change or 0)
    for key, sheets in (("league.up", ups), ("league.down", downs)):
        if sheets:
            named = [_mover(page, sheet) for sheet in sheets[:MOST_NAMED]]
            yield page.sentence(key, day=race.compared_on, count=len(sheets), names=named)


def _mover(page: Page, sheet: Sheet) -> Sentence:
    places, before, rank = abs(sheet.change or 0), sheet.rank_before or 0, sheet.rank or 0
    name = _name(page, sheet)
    return page.sentence("league.mover", name=name, places=places, before=before, rank=rank)


def _moved(page: Page, sheet: Sheet) -> Sentence:
    if sheet.change is None:
        return page.sentence("league.moved_new")
    if not sheet.change:
        return page.sentence("league.moved_none")
    key = "league.moved_up" if sheet.change > 0 else "league.moved_down"
    return page.sentence(key, places=abs(sheet.change))


def _lit(page: Page, now: Standing) -> Iterator[Sentence]:
    for rule in now.rule.lights:
        lit = [sheet for sheet in now.sheets if sheet.light == rule.light]
        if lit and TONES.get(rule.light) in ("bad", "warn"):
            comma = "、" if page.language == "zh" else ", "
            names = comma.join(_name(page, sheet) for sheet in lit)
            label = rule.label[page.language]
            yield page.sentence("league.lit", light=label, count=len(lit), names=names)


def _costs(page: Page, sheets: Sequence[Sheet], history: History) -> Iterator[Sentence]:
    """Say what costs each of these members the most, and what is short."""
    named = [_cost(page, sheet, history) for sheet in sheets if history.losses.get(sheet.member)]
    if named:
        yield page.sentence("league.next", names=named)


def _cost(page: Page, sheet: Sheet, history: History) -> Sentence:
    loss = history.losses[sheet.member][0]
    given: dict[str, str | Cell] = {
        "name": _name(page, sheet),
        "item": loss.row.name[page.language],
        "points": cell.number(loss.points, 1),
    }
    if loss.short is None:
        return page.sentence("league.cost", **given)
    short = cell.amount(loss.short, loss.row.unit, page.language)
    return page.sentence("league.cost_short", **given, short=short)


def _left_out(page: Page, now: Standing) -> Iterator[Sentence]:
    by_code: dict[str, list[str]] = {}
    for sheet in now.left_out:
        by_code.setdefault(sheet.code, []).append(_name(page, sheet))
    comma = "、" if page.language == "zh" else ", "
    for code, names in sorted(by_code.items()):
        why = page.word(f"league.code.{code}")
        yield page.sentence("league.left_out", count=len(names), names=comma.join(names), why=why)


def _name(page: Page, sheet: Sheet) -> str:
    return sheet.name[page.language]


def ranking_table(page: Page, race: LeagueSheet, league: str) -> Piece:
    """Rank the members: change, score and its parts, light, and what costs the most points."""
    history = race.leagues[league]
    if isinstance(history, Unavailable):
        return findings(lacking(page, history), name=f"league_{league}")
    now = history.now
    sheets = now.sheets
    dearest = [
        None if sheet.rank is None else next(iter(history.losses[sheet.member]), None)
        for sheet in sheets
    ]
    scores: dict[str, list[Fraction | None]] = {
        "league.total": [sheet.total for sheet in sheets],
        "league.score": [sheet.score for sheet in sheets],
        "league.bonus": [sheet.bonus for sheet in sheets],
        "league.deduction": [sheet.deduction for sheet in sheets],
    }
    columns = [
        Column(page.word("league.rank"), cell.counts(sheet.rank for sheet in sheets)),
        Column(page.word("league.member"), [_member(page, s, race) for s in sheets], True),
        Column(page.word("league.change"), [_change(page, sheet) for sheet in sheets]),
        *(Column(page.word(key), [cell.number(x, 1) for x in xs]) for key, xs in scores.items()),
        Column(page.word("league.gap"), [cell.number(s.gap, 1, sign=True) for s in sheets]),
        Column(page.word("league.light"), [member_light(page, s, now) for s in sheets]),
        Column(
            page.word("league.dearest"),
            cell.texts(None if one is None else one.row.name[page.language] for one in dearest),
        ),
        Column(
            page.word("league.lost"),
            [cell.number(None if one is None else one.points, 1) for one in dearest],
        ),
    ]
    day = race.compared_on.isoformat()
    return table(
        columns,
        caption=page.word("league.ranking_caption", league=now.rule.name[page.language]),
        name=f"league_{league}",
        note=page.word("league.ranking_note", day=day),
    )


def _member(page: Page, sheet: Sheet, race: LeagueSheet) -> Cell:
    plain = cell.text(_name(page, sheet))
    return Cell(f"▶{JOINER}{plain.html}", plain.plain) if sheet.member == race.township else plain


def _change(page: Page, sheet: Sheet) -> Cell:
    """Give the places won with an arrow; why there is no rank, where there is none."""
    if sheet.rank is None:
        return cell.text(page.word(f"league.code.{sheet.code}") if sheet.code else MISSING)
    if sheet.change is None:
        return cell.text(page.word("league.code.new"))
    arrow = "▲" if sheet.change > 0 else "▼" if sheet.change < 0 else "—"
    shown = f"{arrow}{JOINER}{abs(sheet.change)}" if sheet.change else arrow
    return Cell(shown, str(sheet.change))


def member_light(page: Page, sheet: Sheet, now: Standing) -> Cell:
    """Give the light of a member, or of nobody."""
    labels = {rule.light: rule.label[page.language] for rule in now.rule.lights}
    if sheet.light is None:
        return cell.text(MISSING)
    return light_cell(sheet.light, labels[sheet.light])


def totals_figure(page: Page, race: LeagueSheet, league: str) -> Piece:
    """Draw the totals as bars, held against what completing everything is worth."""
    history = race.leagues[league]
    if isinstance(history, Unavailable) or not history.now.ranked:
        return Piece("")
    now = history.now
    rows = [
        Bar(_name(page, sheet), sheet.total, now.rule.full, TONES.get(sheet.light or "", "none"))
        for sheet in now.ranked
    ]
    name = now.rule.name[page.language]
    return bars(
        page,
        rows,
        caption=page.word("league.totals_caption", league=name),
        described=page.word("league.totals_described", league=name),
        name=f"league_{league}_totals",
        unit=page.word("league.points_unit"),
    )


def history_figure(page: Page, race: LeagueSheet, league: str) -> Piece:
    """Draw each member's total over the last quarters, in the order of the ranks of today."""
    history = race.leagues[league]
    if isinstance(history, Unavailable) or not history.now.ranked:
        return Piece("")
    totals = {
        (standing.as_of, sheet.member): sheet.total
        for standing in history.all
        for sheet in standing.sheets
    }
    panels = [
        Panel(
            page.word("league.panel", rank=sheet.rank, name=_name(page, sheet)),
            [(each.as_of, totals.get((each.as_of, sheet.member))) for each in history.all],
            unit=page.word("league.points_unit"),
        )
        for sheet in history.now.ranked
    ]
    return multiples(
        page,
        panels,
        caption=page.word("league.history_caption", league=history.now.rule.name[page.language]),
        described=page.word("league.history_described"),
        name=f"league_{league}_history",
    )


def ranks_table(page: Page, race: LeagueSheet, league: str) -> Piece:
    """Set the ranks of the last quarters side by side."""
    history = race.leagues[league]
    if isinstance(history, Unavailable) or not history.now.ranked:
        return remark(page.word("league.no_ranks"))
    ranks: dict[tuple[str, str], int | None] = {
        (str(each.as_of), sheet.member): sheet.rank for each in history.all for sheet in each.sheets
    }
    sheets = history.now.ranked
    columns = [
        Column(page.word("league.member"), [_member(page, s, race) for s in sheets], True),
        *(
            Column(
                str(each.as_of), cell.counts(ranks.get((str(each.as_of), s.member)) for s in sheets)
            )
            for each in history.all
        ),
    ]
    return table(
        columns,
        caption=page.word("league.ranks_caption", league=history.now.rule.name[page.language]),
        name=f"league_{league}_ranks",
    )
