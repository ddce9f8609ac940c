"""Where the rules come from that the plan leaves to others; what has no source says so."""

from tenglong.measure.county import County
from tenglong.show import cell
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word


def rule_sources(county: County, *, language: str = "zh") -> Piece:
    """List the policy files of the county with the source that each states."""
    key = "source_en" if language == "en" else "source"
    said = {
        name: " ".join(str(rule.get(key, rule["source"])).split())
        for name, rule in sorted(county.policy.items())
        if "source" in rule
    }
    columns = [
        Column(word("rules.file", language), [cell.text(f"{name}.yml") for name in said], True),
        Column(word("rules.source", language), [cell.text(source) for source in said.values()]),
    ]
    return table(columns, caption=word("rules.caption", language), name="rules")
