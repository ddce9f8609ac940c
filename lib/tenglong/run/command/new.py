"""`tenglong new`: a bundle to fill in."""

import re
from pathlib import Path

import click

from tenglong.errors import UsageError

CODE = re.compile(r"[0-9]{6}")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--county", default="某县", show_default=True, help="Name of the county.")
@click.option("--code", default="000000", show_default=True, help="Its code, six digits.")
@click.option(
    "--crs",
    default="EPSG:4549",
    show_default=True,
    help="Projected system, in metres; areas are computed in it.",
)
@click.option("--plan", default="", help="A name in data/plan; default: one to be written.")
@click.option(
    "--as-of",
    metavar="DATE",
    help="The day, or today, that pages judge where none is given; default: the plan's last.",
)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def new(
    folder: Path,
    *,
    county: str,
    code: str,
    crs: str,
    plan: str,
    as_of: str | None,
    language: str,
) -> None:
    """Make in DIR a bundle to fill in: bundle.yml, Excel forms, empty layers, a dictionary.

    Without --plan it also holds a plan to be written (plan.yml, its text, a scheme of evaluation);
    `tenglong check` tells what of it is still a sample.

    DIR must be empty or new. Every table stands in bundle.yml behind a #, which is removed when
    the table is filled in. Headers are Chinese in every language; explanations follow --language.
    """
    from tenglong.run.day import day_of
    from tenglong.run.draft import OWN_PLAN, Draft, make_bundle, template
    from tenglong.show.words import word
    from tenglong.source.plan import load_plan

    if not CODE.fullmatch(code):
        raise UsageError(f"--code: {code!r} must be six digits, such as 330328")
    last = load_plan(plan or template(OWN_PLAN)).window.end
    day = last if as_of is None else day_of(as_of)
    draft = Draft(name=county, code=code, crs=crs, plan=plan or OWN_PLAN, as_of=day)
    made = make_bundle(folder, draft, language=language)
    layers = sum(form.has_geometry for form in made)
    click.echo(word("new.done", language, folder=folder, books=len(made), layers=layers))
    if not plan:
        click.echo(word("new.plan", language, folder=folder))
    click.echo(word("new.next", language, folder=folder))
