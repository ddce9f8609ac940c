"""The last twelve months beside the yearly figure, in words: for monthly monitoring only."""

from collections.abc import Iterator

from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.reading import Running
from tenglong.show.amount import in_unit
from tenglong.show.assessed import amount_cell
from tenglong.show.cell import Cell
from tenglong.show.page import Page

MOST_NAMED = 3


def running_text(page: Page, assessment: Assessment) -> str:
    """Give the running figure in a line, with its months and how it came about; "" for none."""
    running = assessment.running
    if running is None:
        return ""
    value = in_unit(page, running.value, assessment)
    said = page.word("running.line", months=months_text(page, running), value=value)
    return page.clauses([said, running_note(page, running)])


def running_cell(page: Page, assessment: Assessment) -> Cell:
    """Draw the running figure in the clause's unit; "…" where it is not known."""
    running = assessment.running
    return amount_cell(page, None if running is None else running.value, assessment)


def months_text(page: Page, running: Running) -> str:
    """Give the first and the last of the twelve months."""
    start, end = (f"{day:%Y-%m}" for day in (running.start, running.end))
    return page.word("running.span", start=start, end=end)


def running_note(page: Page, running: Running) -> str:
    """Say what the running figure rests on, or why there is none."""
    return page.clauses(_notes(page, running))


def _notes(page: Page, running: Running) -> Iterator[str]:
    told = {"year": str(running.year), "firms": running.firms, "lacking": running.firms_lacking}
    if running.code:
        yield page.word(f"running.code.{running.code}", end=f"{running.end:%Y-%m}", **told)
        yield from _in_doubt(page, running)
        return
    yield page.word("running.of_year", **told)
    if running.firms_lacking:
        yield page.word("running.some_lacking", **told)
    yield from _in_doubt(page, running)
    if running.without:
        yield page.word(f"running.without_{running.without}")


def _in_doubt(page: Page, running: Running) -> Iterator[str]:
    """Name the firms that are in neither sum, since it is doubtful when they were closed."""
    if running.in_doubt:
        names = running.in_doubt
        key = "running.in_doubt_more" if len(names) > MOST_NAMED else "running.in_doubt"
        said = page.joined(names[:MOST_NAMED])
        yield page.word(key, count=len(names), names=said)
