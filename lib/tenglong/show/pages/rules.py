"""Where the rules come from that the plan leaves to others; what has no source says so."""

from collections.abc import Collection

from tenglong.show import cell
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import catalogue


def rule_sources(page: Page, *, among: Collection[str] = (), name: str = "rules") -> Piece:
    """List the policy files of the county with the source that each states.

    Parameters
    ----------
    among
        Only these files, by name without ending; all for none.
    name
        The CSV's file name without ending.
    """
    key = "source_en" if page.language == "en" else "source"
    said = {
        file: " ".join(str(rule.get(key, rule["source"])).split())
        for file, rule in sorted(page.place.policy.items())
        if "source" in rule and (not among or file in among)
    }
    columns = [
        Column(page.word("rules.rule"), [_rule(page, file) for file in said], True),
        Column(
            page.word("rules.file"),
            [cell.text(f"{file}.yml") for file in said],
            in_page=False,
        ),
        Column(
            page.word("rules.source"),
            [cell.text(source) for source in said.values()],
            css="verbatim",
        ),
    ]
    return table(columns, caption=page.word("rules.caption"), name=name)


def _rule(page: Page, file: str) -> cell.Cell:
    """Name what a file rules on; one that a county added has its own name."""
    label = catalogue().get(f"rules.of.{file}")
    return cell.text(label[page.language] if label else file)
