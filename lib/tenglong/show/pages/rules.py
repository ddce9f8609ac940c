"""Where the rules come from that the plan leaves to others; what has no source says so."""

from collections.abc import Collection
from operator import itemgetter

from tenglong.show.listing import Field, listing, text
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.words import catalogue


def _rule(page: Page, file: str) -> str:
    """Name what a file rules on; one that a county added has its own name."""
    label = catalogue().get(f"rules.of.{file}")
    return page.told(label) if label else file


RULES = (
    Field("rules.rule", _rule, itemgetter(0), is_header=True),
    Field("rules.file", text, lambda pair: f"{pair[0]}.yml", in_page=False),
    Field("rules.source", text, itemgetter(1), css="verbatim"),
)


def rule_sources(page: Page, *, among: Collection[str] = (), name: str = "rules") -> Piece:
    """List the policy files of the county with the source that each states.

    Parameters
    ----------
    among
        Only these files, by name without ending; all for none.
    name
        The CSV's file name without ending.
    """
    sources = [
        (file, page.source(rule["source"], rule.get("source_en", "")))
        for file, rule in sorted(page.place.policy.items())
        if "source" in rule and (not among or file in among)
    ]
    return listing(page, sources, RULES, caption=page.word("rules.caption"), name=name)
