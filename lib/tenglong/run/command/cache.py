"""`tenglong cache`: what is kept between reports, where, and how to be rid of it."""

import click

from tenglong.run.cache.folder import MB
from tenglong.run.cache.store import Store, stores


@click.command()
@click.option("--clear", is_flag=True, help="Remove all that is kept; reports stay as they are.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def cache(*, clear: bool, language: str) -> None:
    """Tell where pages are kept from one report to the next, how many, and their size.

    They hold what reports hold: internal information. The folder is readable by its owner alone.
    """
    from tenglong.show.words import word

    found = stores()
    if found is None:
        click.echo(word("cache.none", language))
        return
    folder, editions = found
    click.echo(word("cache.place", language, folder=folder))
    if not editions:
        click.echo(word("cache.empty", language))
    for edition, store in editions.items():
        if clear:
            said = word("cache.cleared", language, edition=edition, count=store.clear())
        else:
            said = word("cache.size", language, edition=edition, **_sizes(store))
        click.echo(said)


def _sizes(store: Store) -> dict[str, object]:
    sizes = store.sizes().values()
    size, most = f"{sum(sizes) / MB:.1f}", store.most_bytes // MB
    return {"count": len(sizes), "size": size, "most": most}
