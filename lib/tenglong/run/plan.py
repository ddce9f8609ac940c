"""A plan on the terminal: its clauses, tasks and units, or what its check finds."""

import json

import click

from tenglong.measure.board.declared import plan_faults
from tenglong.measure.plan.lint import lint, lint_rules
from tenglong.run.terminal import Terminal
from tenglong.show.text.plan import finding_facts, findings_text, plan_facts, plan_text
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy

PIPE_WIDTH = 100  # columns, where no terminal says how many it has


def print_plan(choice: str, *, as_json: bool, is_check: bool, language: str) -> None:
    """Print a plan, by its name in data/plan or its file, or what its check finds."""
    loaded = load_plan(choice, also=plan_faults)
    findings = lint(loaded, rules=lint_rules(load_policy()["lint"])) if is_check else ()
    if as_json:
        facts = (
            {"id": loaded.id, "findings": finding_facts(findings)}
            if is_check
            else plan_facts(loaded)
        )
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    console = Terminal(width=None if Terminal().is_terminal else PIPE_WIDTH, highlight=False)
    text = findings_text(loaded, findings, language=language) if is_check else None
    console.print(text or plan_text(loaded, language=language))
