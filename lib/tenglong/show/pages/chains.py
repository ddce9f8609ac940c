"""The page of chains: what it finds, the directory of the chains, and where they stand."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pandas as pd

from tenglong.measure.chain.alarm import Alarms
from tenglong.measure.chain.sheet import ChainSheet, Directory, Securities
from tenglong.measure.county import Unavailable
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.finding import Card, Sentence, findings, sentence
from tenglong.show.lacking import all_lacking, lacking, supplier_of
from tenglong.show.light import TONES
from tenglong.show.number import MISSING
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table
from tenglong.show.words import word

MOST_NAMED = 3
WAN = "万元"


def headline(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """Open the page: the chains, who is warned of, and what land is mortgaged."""
    said = [*_directory_said(sheet, language), *_alarms_said(sheet, language)]
    said += _securities_said(sheet, language)
    said += all_lacking(sheet.place, sheet.lacking, language=language)
    return findings(*said, cards=list(_cards(sheet, language)), name="chains_findings")


def _cards(sheet: ChainSheet, language: str) -> Iterator[Card]:
    found, alarms, land = sheet.directory, sheet.alarms, sheet.securities
    if isinstance(found, Directory):
        unit = word("chains.firms_of", language)
        yield Card(word("chains.card_chains", language), cell.number(len(found.named), 0))
        yield Card(word("chains.card_firms", language), cell.number(found.named_firms, 0), unit)
    if isinstance(alarms, Alarms):
        for light in alarms.rules.lights:
            count = cell.number(len(alarms.lit(light.light)), 0)
            tone = TONES.get(light.light, "all")
            yield Card(light.label[language], count, word("chains.firms_of", language), tone)
    if isinstance(land, Securities):
        label = word("chains.card_secured", language)
        yield Card(label, cell.number(land.total_wan, 0), word("chains.wan", language))


def _directory_said(sheet: ChainSheet, language: str) -> Iterator[Sentence]:
    found = sheet.directory
    if isinstance(found, Unavailable):
        return
    if found.named.empty:
        yield sentence("chains.none", language, as_of=sheet.place.as_of)
        return
    yield sentence(
        "chains.overall",
        language,
        as_of=sheet.place.as_of,
        place=place_name(sheet, language),
        chains=len(found.named),
        firms=found.named_firms,
        unchained=found.unchained,
    )
    chains = found.named
    if chains["revenue_wan"].notna().any():
        yield _largest(chains, language)


def _largest(chains: pd.DataFrame, language: str) -> Sentence:
    first = chains.iloc[0]
    return sentence(
        "chains.largest",
        language,
        year=str(first["year"]),
        above=int(chains["above_scale"].fillna(0).sum()),
        revenue=cell.amount(chains["revenue_wan"].sum(), WAN, language),
        lacking=int(chains["revenue_wan_lacking"].sum()),
        chain=str(first["chain"]),
        count=int(first["firms"]),
        amount=cell.amount(first["revenue_wan"], WAN, language),
    )


def _alarms_said(sheet: ChainSheet, language: str) -> Iterator[Sentence]:
    alarms = sheet.alarms
    if isinstance(alarms, Unavailable):
        return
    if alarms.month is None:
        yield sentence("chains.not_watched", language, place=place_name(sheet, language))
        return
    yield sentence(
        "chains.watched",
        language,
        month=month_text(alarms.month, language),
        watched=len(alarms.firms),
        lights=[_count(alarms, light.light, language) for light in alarms.rules.lights],
        untold=len(alarms.lit("cannot_tell")),
    )
    if len(alarms.warned):
        yield from _next_said(sheet, alarms, language)


def _count(alarms: Alarms, light: str, language: str) -> Sentence:
    label = next(one.label[language] for one in alarms.rules.lights if one.light == light)
    return sentence("chains.light_count", language, light=label, count=len(alarms.lit(light)))


def _next_said(sheet: ChainSheet, alarms: Alarms, language: str) -> Iterator[Sentence]:
    chains = alarms.by_chain.dropna(subset=["chain"]) if len(alarms.by_chain) else alarms.by_chain
    for one in chains.head(1).to_dict("records"):
        yield sentence(
            "chains.most_lit",
            language,
            chain=str(one["chain"]),
            lit=sum(int(one[light.light]) for light in alarms.rules.lights),
            watched=int(one["watched"]),
        )
    gravest = alarms.warned.head(MOST_NAMED)
    named = [_named(row, sheet, alarms, language) for _, row in gravest.iterrows()]
    yield sentence("chains.gravest", language, firms=named)
    if alarms.units:
        worst = alarms.rules.lights[0]
        yield sentence(
            "chains.next",
            language,
            lead=alarms.units[0],
            light=worst.label[language],
            count=len(alarms.lit(worst.light)) or len(alarms.warned),
        )


def _named(firm: pd.Series, sheet: ChainSheet, alarms: Alarms, language: str) -> Sentence:
    falls = [
        sentence(
            "chains.fall",
            language,
            rule=alarms.rules.rules[fall.rule].name[language],
            change=cell.number(fall.change_pct, 1, sign=True),
            months=fall.months_running,
        )
        for fall in firm["falls"][:1]
    ]
    town = sheet.towns.get(str(firm.get("township")), MISSING)
    name = str(firm.get("name", firm["usci"]))
    return sentence("chains.firm", language, name=name, township=town, falls=falls)


def _securities_said(sheet: ChainSheet, language: str) -> Iterator[Sentence]:
    land = sheet.securities
    if isinstance(land, Unavailable):
        return
    if not land.entries:
        yield sentence("chains.unsecured", language, place=place_name(sheet, language))
        return
    yield sentence(
        "chains.secured",
        language,
        place=place_name(sheet, language),
        entries=land.entries,
        amount=cell.amount(land.total_wan, WAN, language),
        per_mu=cell.number(land.wan_per_mu),
    )
    flagged = land.parcels[land.parcels["is_unused"] | land.parcels["is_cleared"]]
    if len(flagged):
        yield sentence(
            "chains.secured_unused",
            language,
            unused=int(flagged["is_unused"].sum()),
            cleared=int(flagged["is_cleared"].sum()),
            amount=cell.amount(flagged["amount_wan"].sum(), WAN, language),
            unit=supplier_of(sheet.place, "collateral"),
        )


def place_name(sheet: ChainSheet, language: str) -> str:
    """Name the township that is shown, or the whole county."""
    one = sheet.place.township
    return one.name[language] if one else word("chains.whole_county", language)


def month_text(month: pd.Period, language: str) -> str:
    """Write a month as it is read.

    >>> month_text(pd.Period("2022-06"), "zh"), month_text(pd.Period("2022-06"), "en")
    ('2022年6月', '2022-06')
    """
    return f"{month.year}年{month.month}月" if language == "zh" else str(month)


def directory_table(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """List the chains: firms, scale, revenue, tax, employees; firms of no chain last."""
    found = sheet.directory
    if isinstance(found, Unavailable):
        return findings(lacking(sheet.place, found, language=language), name="chains_directory")
    if found.chains.empty:
        return remark(word("chains.none_listed", language))
    rows = found.chains
    named = rows["chain"].fillna(word("chain.none", language))
    columns = [
        Column(word("chains.chain", language), [cell.text(name) for name in named], True),
        _counts(rows["firms"], "chains.firms", language),
        _counts(rows["townships"], "chains.townships", language),
        _counts(rows["above_scale"], "chains.above_scale", language),
        Column(word("chains.revenue", language), [cell.number(x) for x in rows["revenue_wan"]]),
        _counts(rows["revenue_wan_lacking"], "chains.revenue_lacking", language),
        Column(word("chains.tax", language), [cell.number(x) for x in rows["tax_wan"]]),
        _counts(rows["employees"], "chains.employees", language),
    ]
    year = rows["year"].max()
    note = word("chains.directory_note", language, year=MISSING if pd.isna(year) else int(year))
    caption = word("chains.directory_caption", language, place=place_name(sheet, language))
    return table(columns, caption=caption, name="chains_directory", note=note)


def products_table(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """Tell what each chain makes: its main industries, and its titled products."""
    found = sheet.directory
    if isinstance(found, Unavailable) or found.named.empty:
        return Piece("")
    rows = found.named
    columns = [
        Column(word("chains.chain", language), cell.texts(rows["chain"]), True),
        Column(word("chains.industries", language), _industries(rows, sheet, language)),
        Column(
            word("chains.products", language),
            [_products(each, language) for each in rows["products"]],
        ),
    ]
    caption = word("chains.products_caption", language)
    note = word("chains.products_note", language)
    return table(columns, caption=caption, name="chains_products", note=note)


def _counts(values: pd.Series, key: str, language: str) -> Column:
    return Column(word(key, language), cell.counts(values))


def _industries(rows: pd.DataFrame, sheet: ChainSheet, language: str) -> list[Cell]:
    names: Mapping[str, Mapping[str, str]] = sheet.place.policy["industries"]["divisions"]
    comma = "、" if language == "zh" else ", "
    return [
        cell.text(comma.join(names.get(code, {}).get(language, code) for code in codes) or MISSING)
        for codes in rows["industries"]
    ]


def _products(names: tuple[str, ...], language: str) -> Cell:
    comma = "、" if language == "zh" else ", "
    if not names:
        return cell.text(MISSING)
    shown = comma.join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        shown = word("chains.and_more", language, names=shown, count=len(names))
    return Cell(cell.text(shown).html, cell.as_text(comma.join(names)))


def places_table(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """Count the firms of each chain by township."""
    found = sheet.directory
    if isinstance(found, Unavailable):
        return findings(lacking(sheet.place, found, language=language), name="chains_places")
    if found.places.empty:
        return remark(word("chains.no_places", language))
    rows = found.places
    chains = [str(chain) for chain in found.chains["chain"].fillna("")]
    nowhere = word("chains.no_township", language)
    towns = [sheet.towns.get(str(code), str(code) or nowhere) for code in rows.index]
    columns = [
        Column(word("chains.township", language), [cell.text(town) for town in towns], True),
        *(
            _counts(rows[chain], "chain.none", language)
            if not chain
            else Column(chain, [cell.number(int(count), 0) for count in rows[chain]])
            for chain in chains
        ),
        _counts(rows["firms"], "chains.all_firms", language),
        _counts(rows["above_scale"], "chains.above_scale", language),
    ]
    return table(columns, caption=word("chains.places_caption", language), name="chains_places")


def revenue_figure(sheet: ChainSheet, *, language: str = "zh") -> Piece:
    """Draw the revenue of each chain, the largest first."""
    found = sheet.directory
    if isinstance(found, Unavailable) or found.named.empty:
        return Piece("")
    rows = [
        Bar(str(one["chain"]), None if pd.isna(wan) else Fraction(str(wan)))
        for one in found.named.to_dict("records")
        for wan in [one["revenue_wan"]]
    ]
    return bars(
        rows,
        caption=word("chains.figure_caption", language),
        described=word("chains.figure_described", language),
        name="chains_revenue_figure",
        unit=word("chains.wan", language),
        language=language,
    )
