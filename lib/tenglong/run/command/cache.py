"""`tenglong cache`: what is kept between reports, where, and how to be rid of it."""

import click

from tenglong.run.cache.folder import MB
from tenglong.run.cache.store import Store, stores
from tenglong.show.words import word


@click.command()
@click.option("--clear", is_flag=True, help="Remove all that is kept; reports stay as they are.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def cache(*, clear: bool, language: str) -> None:
    """Tell where pages are kept from one report to the next, how many, and their size.

    They hold what reports hold: internal information. The folder is readable by its owner alone.
    """
    found = stores()
    if found is None:
        click.echo(word("cache.none", language))
        return
    folder, editions = found
    click.echo(word("cache.place", language, folder=folder))
    if not editions:
        click.echo(word("cache.empty", language))
    for edition, store in editions.items():
        click.echo(_cleared(edition, store, language) if clear else _told(edition, store, language))


def _cleared(edition: str, store: Store, language: str) -> str:
    return word("cache.cleared", language, edition=edition, count=store.clear())


def _told(edition: str, store: Store, language: str) -> str:
    sizes = store.sizes().values()
    size, most = f"{sum(sizes) / MB:.1f}", store.most_bytes // MB
    about = {"edition": edition, "count": len(sizes), "size": size, "most": most}
    return word("cache.size", language, **about)
