"""By what the county's targets are shared out among the townships, in words."""

from collections.abc import Iterable

from tenglong.measure.league.town import Basis
from tenglong.show.page import Page
from tenglong.show.text.formula import tally_words


def shares_text(page: Page, bases: Iterable[Basis]) -> str:
    """Say that these targets of townships are the kit's, not the plan's, and how they came about.

    "" where the county has set all of them itself.
    """
    parts = [
        page.word(
            "shares.basis",
            basis=page.told(one.label) if one.label else tally_words(page, one.by),
            names=page.joined(map(page.told, one.names)),
        )
        for one in bases
    ]
    return page.word("shares.said", bases=page.clauses(parts)) if parts else ""
