"""An assessment in words: its figures with their units, its reason, and its working."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from html import escape

from tenglong.measure.clause import Clause, Kind
from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.judge.assessment import Assessment, Status
from tenglong.measure.period import period_of
from tenglong.measure.reading import Part
from tenglong.show.amount import difference_text, in_unit, promise_text
from tenglong.show.awaited import awaited_text, suspects_text
from tenglong.show.cell import Cell
from tenglong.show.dates import period_text
from tenglong.show.lacking import supplier_of
from tenglong.show.number import (
    JOINER,
    MISSING,
    POINT,
    figure,
    percent,
    plain,
    unit_text,
)
from tenglong.show.page import Page

# Shapes beside the words, so that a status is told without colour.
MARKS: Mapping[Status, str] = {
    Status.ACHIEVED: "✔",
    Status.AHEAD: "▲",
    Status.ON_TRACK: "●",
    Status.BEHIND: "◐",
    Status.FAR_BEHIND: "▼",
    Status.MISSED: "✖",
}
UNKNOWN_MARK = "○"
MOST_NAMED = 5  # of what a standing duty has open; all of it stands in the CSV
TONES: Mapping[Status, str] = {
    Status.ACHIEVED: "good",
    Status.AHEAD: "good",
    Status.ON_TRACK: "good",
    Status.BEHIND: "warn",
    Status.FAR_BEHIND: "bad",
    Status.MISSED: "bad",
}

# What needs a push comes first; what cannot be told stands before what is in order.
URGENCY = (
    Status.MISSED,
    Status.FAR_BEHIND,
    Status.BEHIND,
    Status.CONTRADICTORY,
    Status.NO_DATA,
    Status.STALE,
    Status.AWAITING,
    Status.NO_BASELINE,
    Status.ON_TRACK,
    Status.AHEAD,
    Status.ACHIEVED,
    Status.NOT_DUE,
    Status.NOT_APPLICABLE,
    Status.NOT_QUANTIFIABLE,
)


def by_urgency(assessments: tuple[Assessment, ...]) -> list[Assessment]:
    """Order assessments: what needs a push first, the widest gap before the narrower."""

    def urgency(assessment: Assessment) -> tuple[int, Fraction]:
        return URGENCY.index(
            assessment.status
        ), assessment.gap if assessment.gap is not None else Fraction(0)

    return sorted(assessments, key=urgency)


def status_mark(page: Page, status: Status) -> str:
    """Give a status as shape and word."""
    return f"{MARKS.get(status, UNKNOWN_MARK)} {page.word(f'status.{status}')}"


def status_html(page: Page, status: Status) -> str:
    """Give a status as shape, word and colour."""
    mark = MARKS.get(status, UNKNOWN_MARK)
    label = escape(page.word(f"status.{status}"))
    return f'<span class="status {TONES.get(status, "none")}">{mark} {label}</span>'


def status_cell(page: Page, status: Status) -> Cell:
    """Draw a status as shape, word and colour."""
    return Cell(status_html(page, status), page.word(f"status.{status}"))


def target_cell(page: Page, assessment: Assessment) -> Cell:
    """Draw the target with its operator and unit."""
    return Cell(escape(target_text(page, assessment)), plain(assessment.target), is_number=True)


def actual_cell(page: Page, assessment: Assessment) -> Cell:
    """Draw the actual figure with its unit."""
    return Cell(escape(actual_text(page, assessment)), plain(assessment.actual), is_number=True)


def amount_cell(page: Page, value: Fraction | None, assessment: Assessment) -> Cell:
    """Draw a figure in the clause's unit."""
    return Cell(escape(in_unit(page, value, assessment)), plain(value), is_number=True)


def lead_text(page: Page, clause: Clause) -> str:
    """Name the unit that leads a clause, or say that the plan names none."""
    return clause.lead or page.word("board.no_lead")


def target_text(page: Page, assessment: Assessment) -> str:
    """Give the target with its operator and unit, e.g. `≥ 20 万元/亩`; a milestone's due day."""
    return asked_text(page, assessment.clause)


def asked_text(page: Page, clause: Clause) -> str:
    """Give what is asked for by a clause, e.g. `≥ 20 万元/亩`; of a milestone its due day."""
    if clause.kind is Kind.MILESTONE:
        return clause.due.isoformat()
    return promise_text(page, clause) or MISSING


def actual_text(page: Page, assessment: Assessment) -> str:
    """Give the actual figure with its unit; a milestone's day."""
    if assessment.clause.kind is Kind.MILESTONE and assessment.observed_on is not None:
        return assessment.observed_on.isoformat()
    return in_unit(page, assessment.actual, assessment)


def gap_text(page: Page, gap: Fraction | None, *, sign: bool = True) -> str:
    """Print a gap in percentage points: never on another side of a band's edge than it lies."""
    bands = page.place.policy["bands"]["bands"].values()
    floors = [exact(floor) for band in bands for floor in band.values()]
    edges = [Fraction(0), *floors, *(-floor for floor in floors)]
    return figure(None if gap is None else gap * 100, 1, sign=sign, limits=edges)


def gap_cell(page: Page, gap: Fraction | None, *, sign: bool = True) -> Cell:
    """Draw a gap in percentage points; the CSV has them too."""
    shown = gap_text(page, gap, sign=sign)
    return Cell(shown, plain(None if gap is None else gap * 100), is_number=True)


def gap_points(page: Page, gap: Fraction | None) -> str:
    """Print how far a gap is in running text: 12.5 个百分点, whichever way."""
    if gap is None:
        return MISSING
    return f"{gap_text(page, abs(gap), sign=False)}{JOINER}{unit_text(POINT, page.language)}"


def reason_text(page: Page, assessment: Assessment) -> str:
    """Say in a sentence why the status is what it is."""
    values = {
        name: _part(page, value, assessment) for name, value in assessment.reason.values.items()
    }
    if "indicator" in values:  # a code of the file; a reader knows it by the clause
        values["indicator"] = page.told(assessment.clause.name)
    if "period" in values:
        values["period"] = period_text(period_of(values["period"]), page.language)
    if "of" in values:
        values["of"] = page.label(values["of"])
    if assessment.missing is not None:
        table, column = assessment.missing
        values |= {
            "table": page.label(table),
            "column": page.label(table, column),
        }
    if assessment.missing is not None and assessment.missing[0] in page.place.unplaced:
        return page.word("reason.not_by_township", **values)
    return page.word(f"reason.{assessment.reason.code}", **values)


def why_text(page: Page, assessment: Assessment) -> str:
    """Say why a clause cannot be told, with the cells that it waits for or is stopped by."""
    tellers = (reason_text, suspects_text, awaited_text)
    return page.clauses([said for tell in tellers if (said := tell(page, assessment))])


def _part(page: Page, value: Part, assessment: Assessment) -> str:
    match value:
        case Fraction() if assessment.clause.kind is Kind.GROWTH:
            told = assessment.reason.values.values()
            return figure(value, limits=[one for one in told if isinstance(one, Fraction)])
        case Fraction():
            return in_unit(page, value, assessment)
        case date():
            return page.day(value)
        case _:
            return str(value)


def working_text(page: Page, assessment: Assessment) -> str:
    """Give the one line by which a reader recomputes the status by hand."""
    lines = [*_figures(page, assessment), *_years(page, assessment)]
    if "figure" in assessment.components:
        own = in_unit(page, _number(assessment.components["figure"]), assessment)
        on = assessment.observed_on
        lines.append(page.word("working.since", day=page.day(on) if on else MISSING, figure=own))
    if assessment.gap is not None:
        signed = gap_text(page, assessment.gap)
        gap = f"{signed}{JOINER}{unit_text(POINT, page.language)}"
        said = {"pace": percent(assessment.pace), "gap": gap}
        on = assessment.paced_on
        is_today = on is None or on == page.place.as_of
        key = "working.pace" if is_today else "working.pace_of"
        lines.append(page.word(key, **said, **({"day": page.day(on)} if on else {})))
        if "due_by_now" in assessment.components:
            due = in_unit(page, _number(assessment.components["due_by_now"]), assessment)
            lines.append(page.word("working.due", due=due))
    if assessment.rate is not None and assessment.needed_rate is not None:
        rates = {"rate": assessment.rate, "needed_rate": assessment.needed_rate}
        told = {name: _moved(page, rate, assessment.clause) for name, rate in rates.items()}
        lines.append(page.word("working.rate", **told))
    lines += named_lines(page, assessment)
    if assessment.opened:
        names = page.joined([one.name for one in assessment.opened[:MOST_NAMED]])
        count = len(assessment.opened)
        key = "working.opened_more" if count > MOST_NAMED else "working.opened"
        lines.append(page.word(key, names=names, count=count))
    lines += filter(None, (suspects_text(page, assessment), awaited_text(page, assessment)))
    return page.clauses(lines)


def named_lines(page: Page, assessment: Assessment) -> list[str]:
    """Say of those who stand beside a figure by name what they are, each kind once."""
    kinds = dict.fromkeys(one.code for one in assessment.named)
    lines = []
    for code in kinds:
        found = [one for one in assessment.named if one.code == code]
        names = [page.word("named.on", name=one.name, day=str(one.on)) for one in found]
        shown = page.joined(names[:MOST_NAMED])
        lines.append(page.word(f"named.{code}", count=len(found), names=shown))
    return lines


PROGRESS = {
    Kind.LEVEL: "level",
    Kind.CHANGE: "level",
    Kind.CLEAR_OUT: "clear_out",
    Kind.CUMULATIVE: "cumulative",
    Kind.ANNUAL: "cumulative",
    Kind.COVERAGE: "coverage",
    Kind.GROWTH: "growth",
}


def _figures(page: Page, assessment: Assessment) -> list[str]:
    """Fill in the formula of the clause's kind; without a progress, the margin."""
    is_paced = assessment.progress is not None and assessment.clause.kind in PROGRESS
    if not is_paced and assessment.margin is None:
        return []
    key = PROGRESS[assessment.clause.kind] if is_paced else "margin"
    return [page.word(f"working.{key}", **_values(page, assessment))]


def _values(page: Page, assessment: Assessment) -> dict[str, str]:
    """Print every number that a formula may name."""
    parts = assessment.components
    values = {
        name: figure(_number(parts[name]), 0)
        for name in ("done", "required", "years")
        if name in parts
    }
    # One is judged by the other: they are never printed as equal if they are not.
    for name, other in (("latest", "path"), ("path", "latest")):
        if name in parts and other in parts:
            values[name] = figure(_number(parts[name]), limits=[_number(parts[other])])
    if "compound_rate_pct" in parts:
        limits = () if assessment.target is None else (assessment.target / 100,)
        rate = _number(parts["compound_rate_pct"]) / 100
        values["rate"] = percent(rate, 2, limits=limits)
    is_growth = assessment.clause.kind is Kind.GROWTH
    return {
        **values,
        "actual": in_unit(page, assessment.actual, assessment),
        "baseline": figure(assessment.baseline)
        if is_growth
        else in_unit(page, assessment.baseline, assessment),
        "target": in_unit(page, assessment.target, assessment),
        "progress": percent(assessment.progress),
        "margin": difference_text(page, assessment.margin, assessment.clause),
    }


def _years(page: Page, assessment: Assessment) -> list[str]:
    if not assessment.years:
        return []
    years = [
        " ".join(
            (
                str(year.year),
                in_unit(page, year.actual, assessment),
                page.word(f"verdict.{year.verdict}"),
            )
        )
        for year in assessment.years
        if year.verdict != "not_due"
    ]
    return [page.word("working.years", years=page.joined(years))] if years else []


def _number(part: Part) -> Fraction:
    if isinstance(part, Fraction | int):
        return Fraction(part)
    raise TypeError(f"{part!r} is not a number")


def supply(page: Page, assessment: Assessment) -> str:
    """Name the table and column that would have to be supplied, "" where none is wanting."""
    if assessment.missing is None:
        return MISSING
    name, column = assessment.missing
    table_label = page.label(name)
    return f"{table_label} · {page.label(name, column)}" if column else table_label


def _moved(page: Page, rate: Fraction, clause: Clause) -> str:
    """Say which way a figure goes in a month, and how far."""
    if not rate:
        return page.word("working.unmoved")
    key = "working.up" if rate > 0 else "working.down"
    return page.word(key, amount=difference_text(page, abs(rate), clause))


def led_by(page: Page, lead: str) -> str:
    """Say who leads, in a sentence of its own clause; that the plan names nobody where it does not.

    >>> led_by(Page(example_county()), "县甲局"), led_by(Page(example_county()), "")
    ('由县甲局牵头', '未列责任单位')
    """
    return page.word("board.led", lead=lead) if lead else page.word("board.no_lead")


def supplier(assessment: Assessment, county: County) -> str:
    """Name the unit that must supply what is wanting: by the policy, else the leading unit."""
    if assessment.missing is not None:
        return supplier_of(county, *assessment.missing, otherwise=assessment.clause.lead)
    return assessment.clause.lead or MISSING
