"""Early warning on the page of chains: the firms, the gravest first, and the chains' months."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from tenglong.measure.chain.warning import Alarms
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import TONES, light_cell
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.lacking import supplied
from tenglong.show.listing import Draw, Field, coded, label, listing, named, number, whole
from tenglong.show.page import Page
from tenglong.show.pages.chains import CHAIN, LINE, chain_cell, month_text, place_name
from tenglong.show.piece import Piece, remark
from tenglong.show.text.formula import formula_words

MOST_ROWS = 60
FIRM = ["name", "township", "chain"]  # what may not have been supplied of a firm


def _light(alarms: Alarms) -> Draw:
    labels = {light.light: light.label for light in alarms.rules.lights}
    return lambda page, light: light_cell(
        light, page.told(labels[light]) if light in labels else page.word(f"warning.light.{light}")
    )


def _changes(rule: str) -> Callable[[pd.DataFrame], list[tuple[Any, bool]]]:
    """Give each firm's change of the last month by a rule, and whether that is raised."""
    return lambda rows: [
        (changes.get(rule), rule in {fall.rule for fall in falls})
        for changes, falls in zip(rows["changes"], rows["falls"], strict=True)
    ]


def _change(page: Page, change: tuple[Any, bool]) -> Cell:
    value, is_raised = change
    drawn = number(1, sign=True)(page, value)
    return replace(drawn, drawn=f"<strong>{drawn.html}</strong>") if is_raised else drawn


def _running(rows: pd.DataFrame) -> list[int | None]:
    return [max((fall.months_running for fall in falls), default=None) for falls in rows["falls"]]


def _condition(page: Page, when: str) -> Cell:
    return cell.text(
        formula_words(when, page.place, table="enterprise_months", language=page.language)
    )


RULES = (
    Field("rule", label, "name", is_header=True),
    Field("condition", _condition, "when"),
    Field("months", whole),
)


@supplied("chains_warned")
def warned_table(page: Page, alarms: Alarms, towns: Mapping[str, str]) -> Piece:
    """List the firms that have a light, or cannot be told: the gravest first."""
    rows = alarms.firms[alarms.firms["light"] != "none"]
    if rows.empty or alarms.month is None:
        return remark(page.word(".nobody_warned"))
    return listing(
        page,
        rows.reindex(columns=rows.columns.union(pd.Index(FIRM))),
        [
            Field("firm_name", of=lambda rows: rows["name"].fillna(rows["usci"]), is_header=True),
            LINE,
            Field("usci", in_page=False),
            Field("township", named(towns), css="short"),
            Field("chain", chain_cell, css="short"),
            Field("light", _light(alarms)),
            *(
                Field(name, _change, _changes(name), label=page.told(rule.name))
                for name, rule in alarms.rules.rules.items()
            ),
            Field("running", whole, _running),
            Field("reason", coded("warning.reason"), css="short"),
        ],
        caption=page.word(
            ".warned_caption", place=place_name(page), month=month_text(page, alarms.month)
        ),
        name="chains_warned",
        note=page.word(".warned_note"),
        most_rows=MOST_ROWS,
    )


def _parts(page: Page, alarms: Alarms) -> dict[str, Part]:
    """Give each light by its code, the worst first."""
    return {
        **{
            light.light: Part(page.told(light.label), TONES.get(light.light, "none"))
            for light in alarms.rules.lights
        },
        "cannot_tell": Part(page.word("warning.light.cannot_tell"), "none"),
        "none": Part(page.word("warning.light.none"), "good"),
    }


@supplied("chains_lights")
def lights_table(page: Page, alarms: Alarms) -> Piece:
    """Count the lights of each chain, the most warned first."""
    return listing(
        page,
        alarms.by_chain,
        [
            CHAIN,
            Field("watched_firms", whole, "watched"),
            *(
                Field(light, whole, label=part.label)
                for light, part in _parts(page, alarms).items()
            ),
        ],
        caption=page.word(".lights_caption"),
        name="chains_lights",
        nothing=remark(page.word(".nobody_warned")),
    )


@supplied()
def lights_figure(page: Page, alarms: Alarms) -> Piece:
    """Stack the firms of each chain by their light."""
    if alarms.by_chain.empty:
        return Piece("")
    parts = _parts(page, alarms)
    chains = alarms.by_chain.fillna({"chain": page.word("chain.none")}).to_dict("records")
    rows = [Row(chain["chain"], [int(chain[light]) for light in parts]) for chain in chains]
    return stacked(
        page,
        rows,
        list(parts.values()),
        caption=page.word(".lights_caption"),
        described=page.word(".lights_described"),
        name="chains_lights_figure",
    )


@supplied("chains_trends")
def trends_table(page: Page, trends: pd.DataFrame) -> Piece:
    """Hold each chain's last month against the month a year before, over firms with both."""
    if trends.empty:
        return remark(page.word(".no_trends"))
    figures = {
        str(figure): rows.set_index("chain")["change_pct"]
        for figure, rows in trends.groupby("figure", sort=False)
    }
    matched = trends.groupby("chain", sort=False)["matched"].min()
    return listing(
        page,
        pd.DataFrame({"matched": matched, **figures}, index=matched.index).reset_index(),
        [
            CHAIN,
            *(
                Field(name, number(1, sign=True), label=page.label("enterprise_months", name))
                for name in figures
            ),
            Field("matched", whole),
        ],
        caption=page.word(".trends_caption", month=month_text(page, trends["month"].iloc[0])),
        name="chains_trends",
        note=page.word(".trends_note"),
    )


def rules_table(page: Page) -> Piece:
    """Print the rules of early warning: the condition, for how many months, and the lights."""
    warning = page.place.policy["warning"]
    lights = [
        page.word(".rule_light", light=page.told(light["label"]), count=light["at_least"])
        for light in warning["lights"]
    ]
    return listing(
        page,
        list(warning["rules"].values()),
        RULES,
        caption=page.word(".rules_caption"),
        name="chains_rules",
        note=" ".join([*lights, page.word(".rule_active", months=warning["active"])]),
    )
