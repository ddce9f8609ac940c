"""`tenglong targets`: every clause of the plan as it stands on a day."""

import click


@click.command()
@click.argument("bundle")
@click.option("--as-of", metavar="DATE", help="The day; default: the bundle's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a clause.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def targets(bundle: str, as_of: str | None, *, as_json: bool, language: str) -> None:
    """Judge every clause of BUNDLE's plan on a day."""
    from tenglong.run.targets import print_targets

    print_targets(bundle, as_of, as_json=as_json, language=language)
