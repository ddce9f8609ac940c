"""Early warning on the page of chains: the firms, the gravest first, and the chains' months."""

import pandas as pd

from tenglong.measure.chain.warning import Alarms
from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.chains import ChainsSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import TONES, light_cell
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.page import Page
from tenglong.show.pages.chains import month_text, place_name
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table
from tenglong.show.text.formula import formula_words

MOST_ROWS = 60


def warned_table(page: Page, sheet: ChainsSheet) -> Piece:
    """List the firms that have a light, or cannot be told: the gravest first."""
    alarms = sheet.alarms
    if isinstance(alarms, Unavailable):
        return findings(lacking(page, alarms), name="chains_warned")
    rows = alarms.firms[alarms.firms["light"] != "none"]
    if rows.empty or alarms.month is None:
        return remark(page.word("chains.nobody_warned"))
    names = rows["name"] if "name" in rows else rows["usci"]
    columns = [
        Column(page.word("chains.firm_name"), [cell.text(name) for name in names], True),
        Column(page.word("chains.line"), cell.counts(range(1, len(rows) + 1)), in_page=False),
        Column(page.word("chains.usci"), cell.texts(rows["usci"]), in_page=False),
        Column(page.word("chains.township"), _towns(rows, sheet), css="short"),
        Column(page.word("chains.chain"), _chains(page, rows), css="short"),
        Column(page.word("chains.light"), [_light(page, alarms, x) for x in rows["light"]]),
        *_changes(page, rows, alarms),
        Column(page.word("chains.running"), [_running(each) for each in rows["falls"]]),
    ]
    month = month_text(page, alarms.month)
    caption = page.word("chains.warned_caption", place=place_name(page), month=month)
    note = page.word("chains.warned_note")
    more = page.word("table.more", rows=len(rows)) if len(rows) > MOST_ROWS else ""
    return table(
        columns, caption=caption, name="chains_warned", note=note + more, most_rows=MOST_ROWS
    )


def _towns(rows: pd.DataFrame, sheet: ChainsSheet) -> list[Cell]:
    codes = rows.get("township", pd.Series(None, index=rows.index, dtype="str"))
    return cell.texts(codes.map(dict(sheet.towns)).fillna(codes))


def _chains(page: Page, rows: pd.DataFrame) -> list[Cell]:
    chains = rows.get("chain", pd.Series(None, index=rows.index, dtype="str"))
    return cell.texts(chains.fillna(page.word("chain.none")))


def _light(page: Page, alarms: Alarms, light: str) -> Cell:
    labels = {one.light: one.label[page.language] for one in alarms.rules.lights}
    return light_cell(light, labels.get(light) or page.word(f"warning.light.{light}"))


def _changes(page: Page, rows: pd.DataFrame, alarms: Alarms) -> list[Column]:
    """One column a rule: the last month's change, in words and in bold where it is raised."""
    return [
        Column(rule.name[page.language], [_change(row, name) for _, row in rows.iterrows()])
        for name, rule in alarms.rules.rules.items()
    ]


def _change(row: pd.Series, rule: str) -> Cell:
    drawn = cell.number(row["changes"].get(rule), 1, sign=True)
    if rule not in {fall.rule for fall in row["falls"]}:
        return drawn
    return Cell(f"<strong>{drawn.html}</strong>", drawn.plain, is_number=True)


def _running(falls: tuple[object, ...]) -> Cell:
    months = max((fall.months_running for fall in falls), default=None)  # type: ignore[attr-defined]
    return cell.number(months, 0)


def lights_table(page: Page, sheet: ChainsSheet) -> Piece:
    """Count the lights of each chain, the most warned first."""
    alarms = sheet.alarms
    if isinstance(alarms, Unavailable):
        return findings(lacking(page, alarms), name="chains_lights")
    rows = alarms.by_chain
    if rows.empty:
        return remark(page.word("chains.nobody_warned"))
    columns = [
        Column(page.word("chains.chain"), _chains(page, rows), True),
        Column(page.word("chains.watched_firms"), cell.counts(rows["watched"])),
        *(Column(label, cell.counts(rows[name])) for name, label, _ in _shown_lights(page, alarms)),
    ]
    caption = page.word("chains.lights_caption")
    return table(columns, caption=caption, name="chains_lights")


def trends_table(page: Page, sheet: ChainsSheet) -> Piece:
    """Hold each chain's last month against the month a year before, over firms with both."""
    found = sheet.trends
    if isinstance(found, Unavailable):
        return findings(lacking(page, found), name="chains_trends")
    if found.empty:
        return remark(page.word("chains.no_trends"))
    chains = list(dict.fromkeys(found["chain"]))
    figures = list(dict.fromkeys(found["figure"]))
    by_place = found.set_index(["chain", "figure"])
    columns = [Column(page.word("chains.chain"), [cell.text(name) for name in chains], True)]
    columns += [
        Column(
            page.place.label("enterprise_months", figure)[page.language],
            [
                cell.number(by_place.loc[(name, figure), "change_pct"], 1, sign=True)
                for name in chains
            ],
        )
        for figure in figures
    ]
    pairs = by_place["matched"].groupby(level=0, sort=False).min()
    columns.append(Column(page.word("chains.matched"), cell.counts(pairs.loc[chains])))
    month = month_text(page, found["month"].iloc[0])
    return table(
        columns,
        caption=page.word("chains.trends_caption", month=month),
        name="chains_trends",
        note=page.word("chains.trends_note"),
    )


def lights_figure(page: Page, sheet: ChainsSheet) -> Piece:
    """Stack the firms of each chain by their light."""
    alarms = sheet.alarms
    if isinstance(alarms, Unavailable) or alarms.by_chain.empty:
        return Piece("")
    shown = _shown_lights(page, alarms)
    rows = [
        Row(page.word("chain.none") if pd.isna(one["chain"]) else str(one["chain"]), counts)
        for one in alarms.by_chain.to_dict("records")
        for counts in [[int(one[name]) for name, _, _ in shown]]
    ]
    return stacked(
        page,
        rows,
        [Part(label, tone) for _, label, tone in shown],
        caption=page.word("chains.lights_caption"),
        described=page.word("chains.lights_described"),
        name="chains_lights_figure",
    )


def _shown_lights(page: Page, alarms: Alarms) -> list[tuple[str, str, str]]:
    """Give each light, its label and its tone, the worst first."""
    lights = [
        (one.light, one.label[page.language], TONES.get(one.light, "none"))
        for one in alarms.rules.lights
    ]
    told = {name: page.word(f"warning.light.{name}") for name in ("cannot_tell", "none")}
    return [
        *lights,
        ("cannot_tell", told["cannot_tell"], "none"),
        ("none", told["none"], "good"),
    ]


def rules_table(page: Page) -> Piece:
    """Print the rules of early warning: the condition, for how many months, and the lights."""
    place = page.place
    rules = place.policy["warning"]
    texts = [
        formula_words(rule["when"], place, table="enterprise_months", language=page.language)
        for rule in rules["rules"].values()
    ]
    columns = [
        Column(
            page.word("chains.rule"),
            cell.texts(rule["name"][page.language] for rule in rules["rules"].values()),
            is_header=True,
        ),
        Column(page.word("chains.condition"), cell.texts(texts)),
        Column(
            page.word("chains.months"),
            cell.counts(rule["months"] for rule in rules["rules"].values()),
        ),
    ]
    lights = [
        page.word("chains.rule_light", light=one["label"][page.language], count=one["at_least"])
        for one in rules["lights"]
    ]
    active = page.word("chains.rule_active", months=rules["active"])
    note = " ".join([*lights, active])
    caption = page.word("chains.rules_caption")
    return table(columns, caption=caption, name="chains_rules", note=note)
