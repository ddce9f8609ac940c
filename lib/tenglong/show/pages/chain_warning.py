"""Early warning on the page of chains: the firms, the gravest first, and the chains' months."""

import pandas as pd

from tenglong.measure.chain.alarm import Alarms
from tenglong.measure.chain.sheet import ChainSheet
from tenglong.measure.county import Unavailable
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.figure.stacked import Part, Row, stacked
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.light import TONES, light_cell
from tenglong.show.pages.chains import month_text, place_name
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table
from tenglong.show.text.formula import formula_words
from tenglong.show.words import word

MOST_ROWS = 60


def warned_table(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """List the firms that have a light, or cannot be told: the gravest first."""
    alarms = sheet.alarms
    if isinstance(alarms, Unavailable):
        return findings(lacking(sheet.place, alarms, language=language), name="chains_warned")
    rows = alarms.firms[alarms.firms["light"] != "none"]
    if rows.empty or alarms.month is None:
        return remark(word("chains.nobody_warned", language))
    names = rows["name"] if "name" in rows else rows["usci"]
    columns = [
        Column(word("chains.firm_name", language), [cell.text(name) for name in names], True),
        Column(word("chains.line", language), cell.counts(range(1, len(rows) + 1)), in_page=False),
        Column(word("chains.usci", language), cell.texts(rows["usci"]), in_page=False),
        Column(word("chains.township", language), _towns(rows, sheet), css="short"),
        Column(word("chains.chain", language), _chains(rows, language), css="short"),
        Column(
            word("chains.light", language), [_light(alarms, x, language) for x in rows["light"]]
        ),
        *_changes(rows, alarms, language),
        Column(word("chains.running", language), [_running(each) for each in rows["falls"]]),
    ]
    month = month_text(alarms.month, language)
    caption = word(
        "chains.warned_caption", language, place=place_name(sheet, language), month=month
    )
    note = word("chains.warned_note", language)
    more = word("table.more", language, rows=len(rows)) if len(rows) > MOST_ROWS else ""
    return table(
        columns, caption=caption, name="chains_warned", note=note + more, most_rows=MOST_ROWS
    )


def _towns(rows: pd.DataFrame, sheet: ChainSheet) -> list[Cell]:
    codes = rows.get("township", pd.Series(None, index=rows.index, dtype="str"))
    return cell.texts(codes.map(dict(sheet.towns)).fillna(codes))


def _chains(rows: pd.DataFrame, language: str) -> list[Cell]:
    chains = rows.get("chain", pd.Series(None, index=rows.index, dtype="str"))
    return cell.texts(chains.fillna(word("chain.none", language)))


def _light(alarms: Alarms, light: str, language: str) -> Cell:
    labels = {one.light: one.label[language] for one in alarms.rules.lights}
    return light_cell(light, labels.get(light) or word(f"warning.light.{light}", language))


def _changes(rows: pd.DataFrame, alarms: Alarms, language: str) -> list[Column]:
    """One column a rule: the last month's change, in words and in bold where it is raised."""
    return [
        Column(rule.name[language], [_change(row, name) for _, row in rows.iterrows()])
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


def lights_table(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """Count the lights of each chain, the most warned first."""
    alarms = sheet.alarms
    if isinstance(alarms, Unavailable):
        return findings(lacking(sheet.place, alarms, language=language), name="chains_lights")
    rows = alarms.by_chain
    if rows.empty:
        return remark(word("chains.nobody_warned", language))
    columns = [
        Column(word("chains.chain", language), _chains(rows, language), True),
        Column(word("chains.watched_firms", language), cell.counts(rows["watched"])),
        *(
            Column(label, cell.counts(rows[name]))
            for name, label, _ in _shown_lights(alarms, language)
        ),
    ]
    caption = word("chains.lights_caption", language)
    return table(columns, caption=caption, name="chains_lights")


def trends_table(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """Hold each chain's last month against the month a year before, over firms with both."""
    found = sheet.trends
    if isinstance(found, Unavailable):
        return findings(lacking(sheet.place, found, language=language), name="chains_trends")
    if found.empty:
        return remark(word("chains.no_trends", language))
    chains = list(dict.fromkeys(found["chain"]))
    figures = list(dict.fromkeys(found["figure"]))
    by_place = found.set_index(["chain", "figure"])
    columns = [Column(word("chains.chain", language), [cell.text(name) for name in chains], True)]
    columns += [
        Column(
            sheet.place.label("enterprise_months", figure)[language],
            [
                cell.number(by_place.loc[(name, figure), "change_pct"], 1, sign=True)
                for name in chains
            ],
        )
        for figure in figures
    ]
    pairs = by_place["matched"].groupby(level=0, sort=False).min()
    columns.append(Column(word("chains.matched", language), cell.counts(pairs.loc[chains])))
    month = month_text(found["month"].iloc[0], language)
    return table(
        columns,
        caption=word("chains.trends_caption", language, month=month),
        name="chains_trends",
        note=word("chains.trends_note", language),
    )


def lights_figure(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """Stack the firms of each chain by their light."""
    alarms = sheet.alarms
    if isinstance(alarms, Unavailable) or alarms.by_chain.empty:
        return Piece("")
    shown = _shown_lights(alarms, language)
    rows = [
        Row(word("chain.none", language) if pd.isna(one["chain"]) else str(one["chain"]), counts)
        for one in alarms.by_chain.to_dict("records")
        for counts in [[int(one[name]) for name, _, _ in shown]]
    ]
    return stacked(
        rows,
        [Part(label, tone) for _, label, tone in shown],
        caption=word("chains.lights_caption", language),
        described=word("chains.lights_described", language),
        name="chains_lights_figure",
        language=language,
    )


def _shown_lights(alarms: Alarms, language: str) -> list[tuple[str, str, str]]:
    """Give each light, its label and its tone, the worst first."""
    lights = [
        (one.light, one.label[language], TONES.get(one.light, "none"))
        for one in alarms.rules.lights
    ]
    told = {name: word(f"warning.light.{name}", language) for name in ("cannot_tell", "none")}
    return [
        *lights,
        ("cannot_tell", told["cannot_tell"], "none"),
        ("none", told["none"], "good"),
    ]


def rules_table(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """Print the rules of early warning: the condition, for how many months, and the lights."""
    place = sheet.place
    rules = place.policy["warning"]
    texts = [
        formula_words(rule["when"], place, table="enterprise_months", language=language)
        for rule in rules["rules"].values()
    ]
    columns = [
        Column(
            word("chains.rule", language),
            cell.texts(rule["name"][language] for rule in rules["rules"].values()),
            is_header=True,
        ),
        Column(word("chains.condition", language), cell.texts(texts)),
        Column(
            word("chains.months", language),
            cell.counts(rule["months"] for rule in rules["rules"].values()),
        ),
    ]
    lights = [
        word("chains.rule_light", language, light=one["label"][language], count=one["at_least"])
        for one in rules["lights"]
    ]
    active = word("chains.rule_active", language, months=rules["active"])
    note = " ".join([*lights, active])
    caption = word("chains.rules_caption", language)
    return table(columns, caption=caption, name="chains_rules", note=note)
