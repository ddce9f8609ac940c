"""`tenglong targets`: every clause of the plan as it stands on a day."""

import json
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from tenglong.measure.target.board import assess_plan
from tenglong.show.assessed import actual_text, by_urgency, status_mark, target_text
from tenglong.show.number import figure, percent
from tenglong.show.record import record
from tenglong.show.words import word
from tenglong.source import open_county


@click.command()
@click.argument("bundle")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day; default: the bundle's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a clause.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def targets(bundle: str, as_of: datetime | None, *, as_json: bool, language: str) -> None:
    """Judge every clause of BUNDLE's plan on a day."""
    county = open_county(bundle, as_of.date() if as_of else None)
    board = assess_plan(county)
    if as_json:
        records = [record(one, county, language) for one in board.assessments]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    table = Table(title=f"{county.name[language]} {county.as_of}", show_edge=False, pad_edge=False)
    for name in ("clause", "target", "actual"):
        table.add_column(word(f"column.{name}", language), overflow="fold")
    for name in ("progress_only", "gap"):
        table.add_column(word(f"column.{name}", language), justify="right", no_wrap=True)
    table.add_column(word("column.status", language), no_wrap=True)
    table.add_column(word("column.lead", language), overflow="fold")
    for one in by_urgency(board.assessments):
        table.add_row(
            one.clause.name[language],
            target_text(one, language),
            actual_text(one, language),
            percent(one.progress),
            figure(None if one.gap is None else one.gap * 100, 1, sign=True),
            status_mark(one.status, language),
            one.clause.lead,
        )
    Console(width=None if Console().is_terminal else 120).print(table)
