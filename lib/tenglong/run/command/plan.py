"""`tenglong plan`: the plan's clauses, tasks and units, or what its check finds."""

import click

DEFAULT_PLAN = "wencheng-2021-2023"


@click.command()
@click.argument("choice", metavar="[PLAN]", default=DEFAULT_PLAN)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, numbers exact.")
@click.option("--lint", "is_check", is_flag=True, help="Check the plan itself.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def plan(choice: str, *, as_json: bool, is_check: bool, language: str) -> None:
    """Print PLAN: a name in data/plan, or a YAML file.

    With --lint, tell what is repeated, nested, undefined, without a base or without a
    responsible unit in it. A finding is about the plan's text and no error.
    """
    from tenglong.run.plan import print_plan

    print_plan(choice, as_json=as_json, is_check=is_check, language=language)
