"""The league (赛马): townships or departments scored by a formula that is data, and ranked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor

from tenglong.measure.board.board import assess_plan
from tenglong.measure.clause import Label, Plan
from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import exact
from tenglong.measure.firm.places import places
from tenglong.measure.judge.assessment import Assessment, Status
from tenglong.measure.league.items import item_rows
from tenglong.measure.league.lights import lit
from tenglong.measure.league.rule import TOWNSHIPS, Adjustment, LeagueRule, Led, Ties
from tenglong.measure.league.rule_file import league_rule
from tenglong.measure.league.standing import NOTHING, Extra, Sheet, SheetRow, Standing
from tenglong.measure.league.tally import Tallied, tallied

Counts = Tallied | Unavailable | None


def extras(county: County, rule: LeagueRule, sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    """Give scored sheets their bonuses and deductions; total = score + bonus − deduction.

    One that cannot be reckoned, for want of a table or column, adds nothing and says so on
    every sheet.
    """
    gains = _counts(county, rule.bonuses)
    losses = _counts(county, rule.deductions)
    return tuple(_with_extras(sheet, rule, gains, losses) for sheet in sheets)


def _counts(county: County, adjustments: Mapping[str, Adjustment]) -> dict[str, Counts]:
    counts: dict[str, Counts] = {}
    for code, adjustment in adjustments.items():
        try:
            counts[code] = tallied(county, adjustment.count) if adjustment.count else None
        except Unavailable as error:
            counts[code] = error
    return counts


def _with_extras(
    sheet: Sheet, rule: LeagueRule, gains: Mapping[str, Counts], losses: Mapping[str, Counts]
) -> Sheet:
    added = tuple(_extra(sheet, code, rule.bonuses[code], gains[code]) for code in gains)
    taken = tuple(_extra(sheet, code, rule.deductions[code], losses[code]) for code in losses)
    both = replace(sheet, bonuses=added, deductions=taken)
    if both.score is None:
        return both
    return replace(both, total=both.score + both.bonus - both.deduction)


def _extra(sheet: Sheet, code: str, adjustment: Adjustment, counts: Counts) -> Extra:
    if isinstance(counts, Unavailable):
        lacking = (counts.table, counts.column or "")
        why = "no_column" if counts.column else "no_table"
        return Extra(code, adjustment.name, code=why, lacking=lacking)
    names: dict[str, Fraction | None] = _statuses(sheet)
    counted = None if counts is None else counts.amounts.get(sheet.member, NOTHING)
    undecided = 0 if counts is None else counts.undecided
    try:
        points = adjustment.points({**names, "counted": counted})
    except ZeroDivisionError:
        points = None
    if points is None:
        return Extra(code, adjustment.name, counted=counted, undecided=undecided, code="not_known")
    within = max(NOTHING, Fraction(points))
    capped = within if adjustment.most is None else min(within, adjustment.most)
    return Extra(code, adjustment.name, capped, counted, undecided)


def _statuses(sheet: Sheet) -> dict[str, Fraction | None]:
    """Count the rows of each status, those that count, and those that are not known."""
    counts = {status.value: NOTHING for status in Status}
    for row in sheet.rows:
        if row.status:
            counts[row.status] += 1
    return {
        **counts,
        "items": Fraction(len(sheet.rows)),
        "judged": Fraction(len(sheet.counting)),
        "unknown": Fraction(sum(row.is_unknown for row in sheet.rows)),
        "score": sheet.score,
    }


def unit_names(plan: Plan) -> Mapping[str, str]:
    """Give the one name of every unit that the plan calls by several: its first.

    >>> plan = replace(example_county().plan, same_unit=(("县自然资源和规划局", "县资规局"),))
    >>> unit_names(plan)
    {'县自然资源和规划局': '县自然资源和规划局', '县资规局': '县自然资源和规划局'}
    """
    return {name: names[0] for names in plan.same_unit for name in names}


def units(plan: Plan, not_units: tuple[str, ...]) -> tuple[str, ...]:
    """Name the units that answer for some clause, in the order of the plan, each once."""
    one_name = unit_names(plan)
    named = (one_name.get(unit, unit) for clause in plan.clauses for unit in clause.units)
    return tuple(unit for unit in dict.fromkeys(named) if unit not in not_units)


def unit_rows(
    county: County, rule: LeagueRule, led: Led, members: tuple[str, ...]
) -> Mapping[str, tuple[SheetRow, ...]]:
    """Give the rows of every unit, in the order of the plan: its clauses as they are judged.

    The unit that a clause names first leads it; the others are responsible together with it.

    Raises
    ------
    ConfigurationError
        If the plan's indicators do not fit its clauses, or the bands are malformed.
    """
    unit_rows: dict[str, list[SheetRow]] = {member: [] for member in members}
    one_name = unit_names(county.plan)
    for judged in assess_plan(county).assessments:
        row = _row(judged, rule, led)
        for unit, weight in _weights(judged, one_name, led):
            if unit in unit_rows:
                is_led = unit == one_name.get(judged.clause.lead, judged.clause.lead)
                unit_rows[unit].append(replace(row, weight=weight, is_led=is_led))
    return {member: tuple(rows) for member, rows in unit_rows.items()}


def _weights(
    judged: Assessment, one_name: Mapping[str, str], led: Led
) -> Iterator[tuple[str, Fraction]]:
    named = dict.fromkeys(one_name.get(unit, unit) for unit in judged.clause.units)
    for place, unit in enumerate(named):
        weight = led.together if place else led.lead
        if weight:
            yield unit, weight


def _row(judged: Assessment, rule: LeagueRule, led: Led) -> SheetRow:
    clause, status = judged.clause, judged.status
    row = SheetRow(
        clause.id,
        clause.name,
        led.lead,
        clause.unit,
        target=judged.target,
        actual=judged.actual,
        observed_on=judged.observed_on,
        status=status.value,
        code=status.value,
        is_unknown=status.is_untold,
        lacking=judged.missing,
    )
    if not status.is_known:
        return row
    paced = replace(row, progress=judged.progress, pace=None if judged.gap is None else judged.pace)
    completion = _completion(judged, rule)
    if completion is None:
        completion = led.without_progress.get(status.value)
    return replace(
        paced, completion=completion, code="" if completion is not None else "no_progress"
    )


def _completion(judged: Assessment, rule: LeagueRule) -> Fraction | None:
    if judged.progress is None:
        return None
    names = {
        "actual": judged.actual,
        "target": judged.target,
        "pace": judged.pace,
        "progress": judged.progress,
    }
    try:
        completion = rule.completion(names)
    except ZeroDivisionError:
        return None
    return None if completion is None else exact(completion)


def league(
    county: County,
    name: str,
    *,
    previous: County | None = None,
    months: Sequence[Standing] = (),
) -> Standing:
    """Score and rank the members of a league on the county's day.

    total = Σ weight · min(completion, cap) · full / Σ weight + bonuses − deductions, over the
    items that ask something of the member and are known. Source: `data/policy/league.yml`.

    Parameters
    ----------
    name
        A league of the policy, e.g. `townships` or `departments`.
    previous
        The county as it was known at the end of the period before: changes of rank are
        counted from there, by the same formula (today's policy).
    months
        The standings of the months before, oldest first: the memory of the lights.

    Returns
    -------
    Standing
        A member of whom nothing is asked, or too little, or of whom too much is not known, is
        left out, with its `code`; nobody is ranked among fewer members than the policy says.

    Raises
    ------
    Unavailable
        If the members were not supplied (no `townships`).
    ConfigurationError
        If the policy has no such league, or is malformed.
    """
    rule = league_rule(county.policy, name)
    now = _standing(county, name, rule)
    if previous is not None:
        before = _standing(previous.by(county.policy), name, rule)
        now = against(now, before)
    return now if previous is None and not months else lit((*months, now))


def against(now: Standing, before: Standing) -> Standing:
    """Give a standing the ranks of the one before; who has none there is new."""
    earlier = {sheet.member: sheet.rank for sheet in before.sheets}
    sheets = tuple(_moved(sheet, earlier.get(sheet.member)) for sheet in now.sheets)
    return replace(now, sheets=sheets, previous_on=before.as_of)


def _moved(sheet: Sheet, rank_before: int | None) -> Sheet:
    is_new = rank_before is None and sheet.rank is not None
    return replace(sheet, rank_before=rank_before, code="new" if is_new else sheet.code)


def _standing(county: County, name: str, rule: LeagueRule) -> Standing:
    return county.keep.derived.get(
        f"league {name}", lambda: lit((_worked_out(county, name, rule),))
    )


def _worked_out(county: County, name: str, rule: LeagueRule) -> Standing:
    members = _members(county, rule)
    codes = tuple(members)
    unplaced: Mapping[str, int] = {}
    if rule.clauses is not None:
        rows = unit_rows(county, rule, rule.clauses, codes)
    else:
        placed = places(county)
        rows = item_rows(placed, rule, codes)
        unplaced = placed.unplaced(frozenset(members))
    sheets = [score(Sheet(member, label, rows[member]), rule) for member, label in members.items()]
    standing = Standing(name, county.as_of, rule, extras(county, rule, sheets), unplaced=unplaced)
    return ranked(standing)


def _members(county: County, rule: LeagueRule) -> dict[str, Label]:
    chosen = rule.members.value
    if isinstance(chosen, Mapping):
        return {str(code): _label(name) for code, name in chosen.items()}
    if chosen == TOWNSHIPS:
        frame = county.table("townships", "township", "name")
        named = zip(frame["township"].astype(str), frame["name"].astype(str), strict=True)
        return {code: Label(members, members) for code, members in named}
    not_units = rule.clauses.not_units if rule.clauses else ()
    return {unit: Label(unit, unit) for unit in units(county.plan, not_units)}


def _label(name: object) -> Label:
    if isinstance(name, Mapping):
        return Label(str(name["zh"]), str(name["en"]))
    return Label(str(name), str(name))


def score(sheet: Sheet, rule: LeagueRule) -> Sheet:
    """Score a sheet: cap every completion, rescale the weights to what counts, add up.

    >>> from tenglong.measure.policy.formula import Formula
    >>> from tenglong.measure.league.rule import Free
    >>> rule = LeagueRule(Label("", ""), Free("townships"), full=Fraction(100),
    ...     cap=Fraction(6, 5), completion=Formula.parse("progress"), lights=(),
    ...     least_members=1, least_items=1, most_unknown=Fraction(1, 5))
    >>> row = SheetRow("x", Label("", ""), Fraction(3), completion=Fraction("1.396"))
    >>> asked_nothing = SheetRow("y", Label("", ""), Fraction(7), code="no_target")
    >>> scored = score(Sheet("t", Label("", ""), (row, asked_nothing)), rule)
    >>> float(scored.rows[0].completion), float(scored.score)
    (1.396, 120.0)
    """
    weight = sum((row.weight for row in sheet.counting), NOTHING)
    if not weight:
        is_unknown = any(row.is_unknown for row in sheet.rows)
        return replace(sheet, code="too_much_unknown" if is_unknown else "no_target")
    rows = tuple(_scored(row, rule, rule.full * row.weight / weight) for row in sheet.rows)
    if sheet.unknown_share > rule.most_unknown:
        return replace(sheet, rows=rows, code="too_much_unknown")
    if len(sheet.counting) < rule.least_items:
        return replace(sheet, rows=rows, code="too_few_items")
    if rule.clauses and sum(row.is_led for row in sheet.counting) < rule.clauses.least_led:
        return replace(sheet, rows=rows, code="leads_nothing")
    points = sum((row.points for row in rows if row.points is not None), NOTHING)
    return replace(sheet, rows=rows, score=points, total=points)


def _scored(row: SheetRow, rule: LeagueRule, worth: Fraction) -> SheetRow:
    if row.completion is None:
        return row
    capped = max(rule.floor, min(row.completion, rule.cap))
    return replace(row, capped=capped, points=worth * capped)


def ranked(standing: Standing) -> Standing:
    """Rank the members that have a total, the highest first; too few are not ranked at all."""
    rule = standing.rule
    totals = {s.member: _compared(s.total, rule) for s in standing.sheets if s.total is not None}
    if len(totals) < rule.least_members:
        few = tuple(
            replace(sheet, code=sheet.code or "too_few_members") for sheet in standing.sheets
        )
        return replace(standing, sheets=_ordered(few), code="too_few_members")
    ranks = {member: place(total, totals.values(), rule.ties) for member, total in totals.items()}
    sheets = tuple(replace(sheet, rank=ranks.get(sheet.member)) for sheet in standing.sheets)
    return replace(standing, sheets=_ordered(sheets))


def place(total: Fraction, totals: Iterable[Fraction], ties: Ties) -> int:
    """Give the rank of a total among all, itself included.

    >>> [place(Fraction(8), [Fraction(n) for n in (9, 9, 8, 8)], ties) for ties in Ties]
    [3, 2, 4]
    """
    better = [other for other in totals if other > total]
    match ties:
        case Ties.DENSE:
            return 1 + len(set(better))
        case Ties.WORST:
            return len([other for other in totals if other >= total])
        case Ties.BEST:
            return 1 + len(better)


def _compared(total: Fraction, rule: LeagueRule) -> Fraction:
    """Count it in steps of the last place printed, half-up, where the policy ranks by that."""
    if rule.decimals is None:
        return total
    return Fraction(floor(total * Fraction(10) ** rule.decimals + Fraction(1, 2)))


def _ordered(sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    def place_of(sheet: Sheet) -> tuple[bool, Fraction, str]:
        return (sheet.total is None, -(sheet.total or NOTHING), sheet.member)

    return tuple(sorted(sheets, key=place_of))
