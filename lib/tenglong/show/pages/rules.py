"""Where the rules come from that the plan leaves to others; what has no source says so."""

from collections.abc import Collection

from tenglong.measure.county import County
from tenglong.show import cell
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import catalogue, word


def rule_sources(
    county: County, *, language: str = "zh", among: Collection[str] = (), name: str = "rules"
) -> Piece:
    """List the policy files of the county with the source that each states.

    Parameters
    ----------
    among
        Only these files, by name without ending; all for none.
    name
        The CSV's file name without ending.
    """
    key = "source_en" if language == "en" else "source"
    said = {
        file: " ".join(str(rule.get(key, rule["source"])).split())
        for file, rule in sorted(county.policy.items())
        if "source" in rule and (not among or file in among)
    }
    columns = [
        Column(word("rules.rule", language), [_rule(file, language) for file in said], True),
        Column(
            word("rules.file", language),
            [cell.text(f"{file}.yml") for file in said],
            in_page=False,
        ),
        Column(
            word("rules.source", language),
            [cell.text(source) for source in said.values()],
            css="verbatim",
        ),
    ]
    return table(columns, caption=word("rules.caption", language), name=name)


def _rule(file: str, language: str) -> cell.Cell:
    """Name what a file rules on; one that a county added has its own name."""
    label = catalogue().get(f"rules.of.{file}")
    return cell.text(label[language] if label else file)
