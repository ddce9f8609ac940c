"""`tenglong retain`: remove reports that are past what is kept."""

from pathlib import Path

import click


@click.command()
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    help="The folder of reports; default: reports.",
)
@click.option("--drafts-days", type=click.IntRange(0), help="In place of the policy's.")
@click.option("--superseded", type=click.IntRange(0), help="In place of the policy's.")
@click.option("--prune", is_flag=True, help="Remove publications, too, that were revised since.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def retain(
    *,
    out: Path,
    drafts_days: int | None,
    superseded: int | None,
    prune: bool,
    dry_run: bool,
    language: str,
) -> None:
    """Remove the reports of DIR that are past what is kept (policy: retention.yml).

    Drafts, reports that were never published, go after their term. A publication is removed with
    --prune alone, and only one that a revision has taken the place of: the newest of a period
    always stays.
    """
    from dataclasses import replace

    from tenglong.errors import UsageError
    from tenglong.run.day import now
    from tenglong.run.retaining import Retaining
    from tenglong.run.retention import retention_of
    from tenglong.source.policy import load_policy

    if not out.is_dir():
        raise UsageError(f"--out: there is no folder {out}")
    rule = retention_of(load_policy())
    given = {"drafts_days": drafts_days, "superseded": superseded}
    rule = replace(rule, **{name: value for name, value in given.items() if value is not None})
    retaining = Retaining(rule, now(), prunes=prune, is_dry=dry_run)
    for said in retaining.run(out, language):
        click.echo(said)
