"""The page of the league (赛马): who leads, who moved, who is lit, and what each must do next."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tenglong.measure.county import Unavailable
from tenglong.measure.league.history import History, Race
from tenglong.measure.league.sheet import Sheet
from tenglong.measure.league.standing import Standing
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.figure.multiples import Panel, multiples
from tenglong.show.finding import Card, Sentence, findings, sentence
from tenglong.show.lacking import lacking
from tenglong.show.light import TONES, light_cell
from tenglong.show.number import JOINER, MISSING
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table
from tenglong.show.words import word

MOST_NAMED = 3


def headline(race: Race, *, language: str = "zh") -> Piece:
    """Open the page: the township looked at, then what each league finds."""
    said: list[Sentence] = []
    cards: list[Card] = []
    for history in race.leagues.values():
        if isinstance(history, Unavailable):
            said.append(lacking(race.place, history, language=language))
            continue
        said += _looked_at(race, history, language)
        said += _said(race, history, language)
        cards += _cards(history.now, language)
    return findings(*said, cards=cards, name="league_findings")


def _cards(now: Standing, language: str) -> Iterator[Card]:
    name = now.rule.name[language]
    yield Card(word("league.card_ranked", language, league=name), cell.number(len(now.ranked), 0))
    for rule in now.rule.lights:
        if TONES.get(rule.light) in ("bad", "warn"):
            count = sum(sheet.light == rule.light for sheet in now.sheets)
            label = word("league.card_light", language, league=name, light=rule.label[language])
            yield Card(label, cell.number(count, 0), tone=TONES[rule.light])


def _looked_at(race: Race, history: History, language: str) -> Iterator[Sentence]:
    """Say first how the township stands that the page looks at."""
    mine = [sheet for sheet in history.now.sheets if sheet.member == race.township]
    for sheet in mine:
        if sheet.rank is None or sheet.total is None:
            reason = word(f"league.code.{sheet.code}", language)
            yield sentence(
                "league.mine_left_out", language, name=_name(sheet, language), why=reason
            )
            continue
        yield sentence(
            "league.mine",
            language,
            as_of=history.now.as_of,
            name=_name(sheet, language),
            rank=sheet.rank,
            of=len(history.now.ranked),
            total=cell.number(sheet.total, 1),
            moved=_moved(sheet, language),
        )
        yield from _costs([sheet], history, language)


def _said(race: Race, history: History, language: str) -> Iterator[Sentence]:
    now = history.now
    if not now.ranked:
        yield sentence("league.nobody", language, as_of=now.as_of, league=now.rule.name[language])
        return
    first, last = now.ranked[0], now.ranked[-1]
    yield sentence(
        "league.overall",
        language,
        as_of=now.as_of,
        league=now.rule.name[language],
        count=len(now.ranked),
        first=_scored(first, language),
        last=_scored(last, language),
    )
    yield from _movers(race, now, language)
    yield from _lit(now, language)
    if not race.township:
        yield from _costs(now.ranked[: -MOST_NAMED - 1 : -1], history, language)
    yield from _left_out(now, language)


def _scored(sheet: Sheet, language: str) -> Sentence:
    total = cell.number(sheet.total, 1)
    return sentence("league.scored", language, name=_name(sheet, language), total=total)


def _movers(race: Race, now: Standing, language: str) -> Iterator[Sentence]:
    moved = [sheet for sheet in now.ranked if sheet.change]
    if not moved:
        return
    ups = sorted((s for s in moved if (s.change or 0) > 0), key=lambda s: -(s.change or 0))
    downs = sorted((s for s in moved if (s.change or 0) < 0), key=lambda s: s.change or 0)
    for key, sheets in (("league.up", ups), ("league.down", downs)):
        if sheets:
            named = [_mover(sheet, language) for sheet in sheets[:MOST_NAMED]]
            yield sentence(key, language, day=race.compared_on, count=len(sheets), names=named)


def _mover(sheet: Sheet, language: str) -> Sentence:
    places, before, rank = abs(sheet.change or 0), sheet.rank_before or 0, sheet.rank or 0
    name = _name(sheet, language)
    return sentence("league.mover", language, name=name, places=places, before=before, rank=rank)


def _moved(sheet: Sheet, language: str) -> Sentence:
    if sheet.change is None:
        return sentence("league.moved_new", language)
    if not sheet.change:
        return sentence("league.moved_none", language)
    key = "league.moved_up" if sheet.change > 0 else "league.moved_down"
    return sentence(key, language, places=abs(sheet.change))


def _lit(now: Standing, language: str) -> Iterator[Sentence]:
    for rule in now.rule.lights:
        lit = [sheet for sheet in now.sheets if sheet.light == rule.light]
        if lit and TONES.get(rule.light) in ("bad", "warn"):
            comma = "、" if language == "zh" else ", "
            names = comma.join(_name(sheet, language) for sheet in lit)
            label = rule.label[language]
            yield sentence("league.lit", language, light=label, count=len(lit), names=names)


def _costs(sheets: Sequence[Sheet], history: History, language: str) -> Iterator[Sentence]:
    """Say what costs each of these members the most, and what is short."""
    named = [
        _cost(sheet, history, language) for sheet in sheets if history.losses.get(sheet.member)
    ]
    if named:
        yield sentence("league.next", language, names=named)


def _cost(sheet: Sheet, history: History, language: str) -> Sentence:
    loss = history.losses[sheet.member][0]
    given: dict[str, str | Cell] = {
        "name": _name(sheet, language),
        "item": loss.row.name[language],
        "points": cell.number(loss.points, 1),
    }
    if loss.short is None:
        return sentence("league.cost", language, **given)
    short = cell.amount(loss.short, loss.row.unit, language)
    return sentence("league.cost_short", language, **given, short=short)


def _left_out(now: Standing, language: str) -> Iterator[Sentence]:
    by_code: dict[str, list[str]] = {}
    for sheet in now.left_out:
        by_code.setdefault(sheet.code, []).append(_name(sheet, language))
    comma = "、" if language == "zh" else ", "
    for code, names in sorted(by_code.items()):
        why = word(f"league.code.{code}", language)
        yield sentence(
            "league.left_out", language, count=len(names), names=comma.join(names), why=why
        )


def _name(sheet: Sheet, language: str) -> str:
    return sheet.name[language]


def ranking_table(race: Race, league: str, *, language: str = "zh") -> Piece:
    """Rank the members: change, score and its parts, light, and what costs the most points."""
    history = race.leagues[league]
    if isinstance(history, Unavailable):
        return findings(lacking(race.place, history, language=language), name=f"league_{league}")
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
        Column(word("league.rank", language), cell.counts(sheet.rank for sheet in sheets)),
        Column(word("league.member", language), [_member(s, race, language) for s in sheets], True),
        Column(word("league.change", language), [_change(sheet, language) for sheet in sheets]),
        *(
            Column(word(key, language), [cell.number(x, 1) for x in xs])
            for key, xs in scores.items()
        ),
        Column(word("league.gap", language), [cell.number(s.gap, 1, sign=True) for s in sheets]),
        Column(word("league.light", language), [member_light(s, now, language) for s in sheets]),
        Column(
            word("league.dearest", language),
            cell.texts(None if one is None else one.row.name[language] for one in dearest),
        ),
        Column(
            word("league.lost", language),
            [cell.number(None if one is None else one.points, 1) for one in dearest],
        ),
    ]
    day = race.compared_on.isoformat()
    return table(
        columns,
        caption=word("league.ranking_caption", language, league=now.rule.name[language]),
        name=f"league_{league}",
        note=word("league.ranking_note", language, day=day),
    )


def _member(sheet: Sheet, race: Race, language: str) -> Cell:
    plain = cell.text(_name(sheet, language))
    return Cell(f"▶{JOINER}{plain.html}", plain.plain) if sheet.member == race.township else plain


def _change(sheet: Sheet, language: str) -> Cell:
    """Give the places won with an arrow; why there is no rank, where there is none."""
    if sheet.rank is None:
        return cell.text(word(f"league.code.{sheet.code}", language) if sheet.code else MISSING)
    if sheet.change is None:
        return cell.text(word("league.code.new", language))
    arrow = "▲" if sheet.change > 0 else "▼" if sheet.change < 0 else "—"
    shown = f"{arrow}{JOINER}{abs(sheet.change)}" if sheet.change else arrow
    return Cell(shown, str(sheet.change))


def member_light(sheet: Sheet, now: Standing, language: str) -> Cell:
    """Give the light of a member, or of nobody."""
    labels = {rule.light: rule.label[language] for rule in now.rule.lights}
    if sheet.light is None:
        return cell.text(MISSING)
    return light_cell(sheet.light, labels[sheet.light])


def totals_figure(race: Race, league: str, *, language: str = "zh") -> Piece:
    """Draw the totals as bars, held against what completing everything is worth."""
    history = race.leagues[league]
    if isinstance(history, Unavailable) or not history.now.ranked:
        return Piece("")
    now = history.now
    rows = [
        Bar(
            _name(sheet, language), sheet.total, now.rule.full, TONES.get(sheet.light or "", "none")
        )
        for sheet in now.ranked
    ]
    name = now.rule.name[language]
    return bars(
        rows,
        caption=word("league.totals_caption", language, league=name),
        described=word("league.totals_described", language, league=name),
        name=f"league_{league}_totals",
        unit=word("league.points_unit", language),
        language=language,
    )


def history_figure(race: Race, league: str, *, language: str = "zh") -> Piece:
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
            word("league.panel", language, rank=sheet.rank, name=_name(sheet, language)),
            [(each.as_of, totals.get((each.as_of, sheet.member))) for each in history.all],
            unit=word("league.points_unit", language),
        )
        for sheet in history.now.ranked
    ]
    return multiples(
        panels,
        caption=word("league.history_caption", language, league=history.now.rule.name[language]),
        described=word("league.history_described", language),
        name=f"league_{league}_history",
        language=language,
    )


def ranks_table(race: Race, league: str, *, language: str = "zh") -> Piece:
    """Set the ranks of the last quarters side by side."""
    history = race.leagues[league]
    if isinstance(history, Unavailable) or not history.now.ranked:
        return remark(word("league.no_ranks", language))
    ranks: dict[tuple[str, str], int | None] = {
        (str(each.as_of), sheet.member): sheet.rank for each in history.all for sheet in each.sheets
    }
    sheets = history.now.ranked
    columns = [
        Column(word("league.member", language), [_member(s, race, language) for s in sheets], True),
        *(
            Column(
                str(each.as_of), cell.counts(ranks.get((str(each.as_of), s.member)) for s in sheets)
            )
            for each in history.all
        ),
    ]
    return table(
        columns,
        caption=word("league.ranks_caption", language, league=history.now.rule.name[language]),
        name=f"league_{league}_ranks",
    )
