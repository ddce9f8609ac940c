"""The page of the league (赛马): who leads, who moved, who is lit, and what each must do next."""

from collections.abc import Callable, Iterator, Sequence
from functools import update_wrapper

from tenglong.measure.county import Unavailable
from tenglong.measure.league.rule import LeagueRule, LightRule
from tenglong.measure.league.standing import Sheet, Standing
from tenglong.measure.sheet.league import History, LeagueSheet, Loss
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import TONES, light_cell
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.figure.multiples import Panel, multiples
from tenglong.show.finding import Card, findings
from tenglong.show.lacking import lacking, supplied
from tenglong.show.listing import Draw, Field, itself, label, listing, number, text, whole
from tenglong.show.number import JOINER, MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece, remark, stacked
from tenglong.show.sentence import Sentence, Value

MOST_NAMED = 3
SCORES = (
    Field(".total", number(1)),
    Field(".score", number(1)),
    Field(".bonus", number(1)),
    Field(".deduction", number(1)),
    Field(".gap", number(1, sign=True)),
)


Drawn = Callable[[Page, History, LeagueSheet], Piece]
Bound = Callable[[Page, LeagueSheet, str], Piece]


def of_league(name: str = "", *, is_first: bool = False) -> Callable[[Drawn], Bound]:
    """Bind a piece to the leagues of a section: where one cannot be scored, this is said instead.

    A county's own league.yml may have no such league, or several, by names of its own: the first
    piece of a section without any says so.

    Parameters
    ----------
    name
        The name of its CSV, with a place for the league's. Without one nothing is drawn.
    """

    def bind(draw: Drawn) -> Bound:
        def bound(page: Page, race: LeagueSheet, league: str) -> Piece:
            there = race.sections[league]
            if not there:
                return remark(page.word(".no_league")) if is_first else Piece("")
            return stacked(
                *(supplied(name.format(one))(draw)(page, race.leagues[one], race) for one in there)
            )

        update_wrapper(bound, draw)
        return bound

    return bind


def headline(page: Page, race: LeagueSheet) -> Piece:
    """Open the page: the township looked at, then what each league finds."""
    leagues = race.leagues.values()
    standings = [history.now for history in leagues if isinstance(history, History)]
    return findings(
        *(sentence for history in leagues for sentence in _said(page, race, history)),
        cards=[card for now in standings for card in _cards(page, now)],
        name="league_findings",
    )


def _cards(page: Page, now: Standing) -> Iterator[Card]:
    name = page.told(now.rule.name)
    yield Card(page.word(".card_ranked", league=name), cell.number(len(now.ranked), 0))
    for rule, lit in _alarming(now):
        said = page.word(".card_light", league=name, light=page.told(rule.label))
        yield Card(said, cell.number(len(lit), 0), tone=TONES[rule.light])


def _alarming(now: Standing) -> Iterator[tuple[LightRule, list[Sheet]]]:
    """Give each light that warns, and the members that have it."""
    for rule in now.rule.lights:
        if TONES.get(rule.light) in ("bad", "warn"):
            yield rule, [sheet for sheet in now.sheets if sheet.light == rule.light]


def _said(page: Page, race: LeagueSheet, history: History | Unavailable) -> Iterator[Sentence]:
    if isinstance(history, Unavailable):
        yield lacking(page, history)
        return
    for sheet in history.now.sheets:
        if sheet.member == race.township:
            yield from _looked_at(page, sheet, history)
    now, ranked = history.now, history.now.ranked
    about: dict[str, Value] = {"as_of": now.as_of, "league": page.told(now.rule.name)}
    if not ranked:
        yield page.sentence(".nobody", **about)
        return
    ends = {"first": _tied(page, ranked, ranked[0]), "last": _tied(page, ranked, ranked[-1])}
    yield page.sentence(".overall", **about, count=len(ranked), **ends)
    yield from _movers(page, race, now)
    for rule, lit in _alarming(now):
        if lit:
            names, light = _names(page, lit), page.told(rule.label)
            yield page.sentence(".lit", light=light, count=len(lit), names=names)
    yield from _beyond(page, now)
    if not race.township:
        yield from _costs(page, ranked[: -MOST_NAMED - 1 : -1], history)
    yield from _left_out(page, now)


def _looked_at(page: Page, sheet: Sheet, history: History) -> Iterator[Sentence]:
    """Say how the township stands that the page looks at."""
    name = page.told(sheet.name)
    if sheet.rank is None or sheet.total is None:
        yield page.sentence(".mine_left_out", name=name, why=page.word(f".code.{sheet.code}"))
        return
    yield page.sentence(
        ".mine",
        as_of=history.now.as_of,
        name=name,
        rank=sheet.rank,
        of=len(history.now.ranked),
        total=cell.number(sheet.total, 1),
        moved=_moved(page, sheet),
    )
    yield from _costs(page, [sheet], history)


def _moved(page: Page, sheet: Sheet) -> Sentence:
    if not sheet.change:
        return page.sentence(".moved_new" if sheet.change is None else ".moved_none")
    key = ".moved_up" if sheet.change > 0 else ".moved_down"
    return page.sentence(key, places=abs(sheet.change))


def _names(page: Page, sheets: Sequence[Sheet]) -> str:
    return page.joined(page.told(sheet.name) for sheet in sheets)


def _scored(page: Page, sheet: Sheet) -> Sentence:
    total = cell.number(sheet.total, 1)
    return page.sentence(".scored", name=page.told(sheet.name), total=total)


def _tied(page: Page, ranked: Sequence[Sheet], one: Sheet) -> Sentence:
    """Name a member with its total, and all that share its rank."""
    equals = [_scored(page, sheet) for sheet in ranked if sheet.rank == one.rank]
    if len(equals) == 1:
        return equals[0]
    return page.sentence(".tied", names=page.first(equals, MOST_NAMED))


def _movers(page: Page, race: LeagueSheet, now: Standing) -> Iterator[Sentence]:
    for key, way in ((".up", 1), (".down", -1)):
        movers = [sheet for sheet in now.ranked if (sheet.change or 0) * way > 0]
        movers.sort(key=lambda sheet: -abs(sheet.change or 0))
        if movers:
            parts = [_mover(page, sheet, key) for sheet in movers]
            names = page.first(parts, MOST_NAMED)
            yield page.sentence(key, day=race.compared_on, count=len(movers), names=names)


def _mover(page: Page, sheet: Sheet, way: str) -> Sentence:
    before, rank, name = sheet.rank_before or 0, sheet.rank or 0, page.told(sheet.name)
    return page.sentence(f".mover_{way.strip('.')}", name=name, before=before, rank=rank)


def _costs(page: Page, sheets: Sequence[Sheet], history: History) -> Iterator[Sentence]:
    """Say what costs each of these members the most, and what is short."""
    dearest = [
        (sheet, losses[0]) for sheet in sheets if (losses := history.losses.get(sheet.member))
    ]
    if dearest:
        names = page.listed([_cost(page, *pair) for pair in dearest])
        yield page.sentence(".next", names=names)


def _cost(page: Page, sheet: Sheet, loss: Loss) -> Sentence:
    given: dict[str, Value] = {
        "name": page.told(sheet.name),
        "item": page.told(loss.row.name),
        "points": cell.number(loss.points, 1),
    }
    if loss.short is None:
        return page.sentence(".cost", **given)
    short = cell.amount(loss.short, loss.row.unit, page.language)
    return page.sentence(".cost_short", **given, short=short)


def _beyond(page: Page, now: Standing) -> Iterator[Sentence]:
    """Name what members brought that nothing of it is asked of."""
    brought = [
        page.sentence(
            ".brought",
            name=page.told(sheet.name),
            item=page.told(row.name),
            actual=cell.amount(row.actual, row.unit, page.language),
        )
        for sheet in now.sheets
        for row in sheet.rows
        if row.code == "no_task" and row.actual
    ]
    if brought:
        yield page.sentence(".beyond", names=brought)


def _left_out(page: Page, now: Standing) -> Iterator[Sentence]:
    for code in sorted({sheet.code for sheet in now.left_out}):
        sheets = [sheet for sheet in now.left_out if sheet.code == code]
        names, why = _names(page, sheets), page.word(f".code.{code}")
        yield page.sentence(".left_out", count=len(sheets), names=names, why=why)


@of_league("league_{}", is_first=True)
def ranking_table(page: Page, history: History, race: LeagueSheet) -> Piece:
    """Rank the members: change, score and its parts, light, and what costs the most points."""
    now = history.now

    def dearest(sheet: Sheet) -> Loss | None:
        return None if sheet.rank is None else next(iter(history.losses[sheet.member]), None)

    return listing(
        page,
        now.sheets,
        (
            Field(".rank", whole),
            _member(race),
            Field(".change", _change, itself),
            *SCORES,
            Field(".light", lamp(now.rule)),
            Field(".dearest", label, lambda sheet: (one := dearest(sheet)) and one.row.name),
            Field(".lost", number(1), lambda sheet: (one := dearest(sheet)) and one.points),
        ),
        caption=page.word(".ranking_caption", league=page.told(now.rule.name)),
        name=f"league_{now.league}",
        note=page.word(".ranking_note", day=race.compared_on.isoformat()),
    )


def _member(race: LeagueSheet) -> Field:
    """Name each member; the township that is looked at has a mark."""

    def marked(page: Page, sheet: Sheet) -> Cell:
        name = label(page, sheet.name)
        is_mine = sheet.member == race.township
        return Cell(f"▶{JOINER}{name.html}", name.plain) if is_mine else name

    return Field(".member", marked, itself, is_header=True)


def _change(page: Page, sheet: Sheet) -> Cell:
    """Give the places won with an arrow; why there is no rank, where there is none."""
    if sheet.rank is None:
        return text(page, page.word(f".code.{sheet.code}") if sheet.code else None)
    if sheet.change is None:
        return cell.text(page.word(".code.new"))
    arrow = "▲" if sheet.change > 0 else "▼" if sheet.change < 0 else "—"
    shown = f"{arrow}{JOINER}{abs(sheet.change)}" if sheet.change else arrow
    return Cell(shown, str(sheet.change))


def why(page: Page, code: str) -> str:
    """Say why a row does not count, or a member is not ranked; nothing where it does, or is."""
    return page.word(f"league.code.{code}") if code else ""


def lamp(rule: LeagueRule, *, unlit: str = MISSING) -> Draw:
    """Draw a light by its name in the league; "…" where there is none, `unlit` in the CSV."""
    labels = {one.light: one.label for one in rule.lights}
    return lambda page, light: (
        light_cell(light, page.told(labels[light])) if light else Cell(MISSING, unlit)
    )


@of_league()
def totals_figure(page: Page, history: History, _: LeagueSheet) -> Piece:
    """Draw the totals as bars, held against what completing everything is worth."""
    now, league = history.now, page.told(history.now.rule.name)
    if not now.ranked:
        return Piece("")
    return bars(
        page,
        [
            Bar(
                page.told(sheet.name),
                sheet.total,
                now.rule.full,
                TONES.get(sheet.light or "", "none"),
            )
            for sheet in now.ranked
        ],
        caption=page.word(".totals_caption", league=league),
        described=page.word(".totals_described", league=league),
        name=f"league_{now.league}_totals",
        unit=page.word(".points_unit"),
        decimals=1,
    )


@of_league()
def history_figure(page: Page, history: History, _: LeagueSheet) -> Piece:
    """Draw each member's total over the last quarters, in the order of the ranks of today."""
    now = history.now
    if not now.ranked:
        return Piece("")
    totals = {
        (standing.as_of, sheet.member): sheet.total
        for standing in history.all
        for sheet in standing.sheets
    }
    return multiples(
        page,
        [
            Panel(
                page.word(".panel", rank=sheet.rank, name=page.told(sheet.name)),
                [(each.as_of, totals.get((each.as_of, sheet.member))) for each in history.all],
                unit=page.word(".points_unit"),
                decimals=1,
            )
            for sheet in now.ranked
        ],
        caption=page.word(".history_caption", league=page.told(now.rule.name)),
        described=page.word(".history_described"),
        name=f"league_{now.league}_history",
    )


def ranks_table(page: Page, race: LeagueSheet, league: str) -> Piece:
    """Set the ranks of the last quarters side by side."""
    return stacked(*(_ranks(page, race, one) for one in race.sections[league]))


def _ranks(page: Page, race: LeagueSheet, league: str) -> Piece:
    history = race.leagues[league]
    if isinstance(history, Unavailable) or not history.now.ranked:
        return remark(page.word(".no_ranks"))

    def ranks(standing: Standing) -> Field:
        known = {sheet.member: sheet.rank for sheet in standing.sheets}
        return Field("", whole, lambda sheet: known.get(sheet.member), label=str(standing.as_of))

    return listing(
        page,
        history.now.ranked,
        (_member(race), *map(ranks, history.all)),
        caption=page.word(".ranks_caption", league=page.told(history.now.rule.name)),
        name=f"league_{league}_ranks",
    )
