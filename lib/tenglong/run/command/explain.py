"""`tenglong explain`: how one figure came about, down to the rows."""

import click

MOST_ROWS = 20


@click.command()
@click.argument("bundle")
@click.argument("clause_id", metavar="CLAUSE")
@click.option("--as-of", metavar="DATE", help="The day; default: the bundle's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with all rows.")
@click.option(
    "--rows",
    type=click.IntRange(min=0),
    default=MOST_ROWS,
    show_default=True,
    help="How many rows of a table are printed.",
)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def explain(
    bundle: str, clause_id: str, as_of: str | None, *, as_json: bool, rows: int, language: str
) -> None:
    """Tell how the figure of CLAUSE (an id of `tenglong plan`) came about in BUNDLE.

    It prints the sentence, the target, the rules with their sources, the numbers and the rows.
    Firms are named: what it prints is internal information.
    """
    from tenglong.run.explain import print_explanation

    print_explanation(bundle, clause_id, as_of, as_json=as_json, rows=rows, language=language)
