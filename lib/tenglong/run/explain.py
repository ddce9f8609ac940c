"""How one figure came about, on the terminal."""

import json

import click

from tenglong.errors import UsageError, did_you_mean
from tenglong.measure.board.board import judged_by
from tenglong.measure.clause import Clause
from tenglong.measure.county import County
from tenglong.run.day import day_of
from tenglong.run.terminal import Terminal
from tenglong.show.page import Page
from tenglong.show.text.explanation import explanation_facts, explanation_text
from tenglong.source import open_county

LEAST_WIDTH = 100  # columns: what a pipe gets, and what a row of a table needs


def print_explanation(
    bundle: str, clause_id: str, as_of: str | None, *, as_json: bool, rows: int, language: str
) -> None:
    """Print how a clause's figure came about in a bundle, down to so many rows of each table."""
    county = open_county(bundle, day_of(as_of) if as_of else None)
    one, rules = judged_by(county, _clause(county, clause_id))
    page = Page(county, language)
    if as_json:
        facts = explanation_facts(page, one, rules=rules)
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    screen = Terminal()
    width = max(screen.width, LEAST_WIDTH) if screen.is_terminal else LEAST_WIDTH
    console = Terminal(width=width, highlight=False)
    console.print(explanation_text(page, one, rules=rules, most_rows=rows))


def _clause(county: County, clause_id: str) -> Clause:
    ids = [clause.id for clause in county.plan.clauses]
    if clause_id in ids:
        return county.plan.clause(clause_id)
    hint = did_you_mean(clause_id, ids, otherwise="; `tenglong plan` lists them")
    raise UsageError(f"the plan {county.plan.id} has no clause {clause_id!r}{hint}")
