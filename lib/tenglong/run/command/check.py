"""`tenglong check`: everything that is wrong with a bundle's files, at once."""

from pathlib import Path

import click


@click.command()
@click.argument("bundle")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option(
    "--quarantine",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the rows that cannot be used, and why, to DIR (empty or new), a CSV a table.",
)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def check(bundle: str, *, as_json: bool, quarantine: Path | None, language: str) -> None:
    """Read every file of BUNDLE and tell all that is wrong: file, sheet, row, column, value.

    It ends with 65 when there is an error, and with 78 when the plan or a rule cannot work.
    Values of the files are printed (identity cards and
    phones masked): what it prints is internal information.

    Nothing is written but what --quarantine asks for.
    """
    from tenglong.run.check import print_problems

    print_problems(bundle, as_json=as_json, quarantine=quarantine, language=language)
