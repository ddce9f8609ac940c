"""Every clause of a bundle's plan as it stands on a day, on the terminal."""

import json

import click
from rich.table import Table

from tenglong.measure.board.board import assess_plan, told_board
from tenglong.run.day import day_of
from tenglong.run.terminal import Terminal
from tenglong.show.assessed import actual_text, by_urgency, gap_text, status_mark, target_text
from tenglong.show.fact import told_facts
from tenglong.show.number import percent
from tenglong.show.page import Page
from tenglong.show.record import record
from tenglong.source import open_county


def print_targets(bundle: str, as_of: str | None, *, as_json: bool, language: str) -> None:
    """Print the clauses of a bundle's plan, what is urgent first, or one JSON object each."""
    county = open_county(bundle, day_of(as_of) if as_of else None)
    board = told_board(county, assess_plan(county))
    page = Page(county, language)
    if as_json:
        records = [record(page, assessment) for assessment in board.assessments]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    table = Table(title=f"{county.name[language]} {county.as_of}", show_edge=False, pad_edge=False)
    for name in ("clause", "target", "actual"):
        table.add_column(page.word(f"column.{name}"), overflow="fold")
    for name in ("progress_only", "gap"):
        table.add_column(page.word(f"column.{name}"), justify="right", no_wrap=True)
    table.add_column(page.word("column.status"), no_wrap=True)
    table.add_column(page.word("column.lead"), overflow="fold")
    for assessment in by_urgency(board.assessments):
        table.add_row(
            assessment.clause.name[language],
            target_text(page, assessment),
            told_facts(page, assessment.facts) or actual_text(page, assessment),
            percent(assessment.progress),
            gap_text(page, assessment.gap),
            status_mark(page, assessment.status),
            page.name(assessment.clause.lead),
        )
    Terminal(width=None if Terminal().is_terminal else 120).print(table)
