"""The page of chains: what it finds, the directory of the chains, and where they stand."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pandas as pd

from tenglong.measure.chain.warning import Alarms
from tenglong.measure.county import Unavailable
from tenglong.measure.sheet.chains import ChainsSheet, Directory, Securities
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import TONES
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.finding import Card, findings
from tenglong.show.lacking import all_lacking, lacking, supplier_of
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece, remark
from tenglong.show.sentence import Sentence
from tenglong.show.table import Column, table

MOST_NAMED = 3
WAN = "万元"


def headline(page: Page, sheet: ChainsSheet) -> Piece:
    """Open the page: the chains, who is warned of, and what land is mortgaged."""
    said = [*_directory_said(page, sheet), *_alarms_said(page, sheet)]
    said += _securities_said(page, sheet)
    said += all_lacking(page, sheet.lacking)
    return findings(*said, cards=list(_cards(page, sheet)), name="chains_findings")


def _cards(page: Page, sheet: ChainsSheet) -> Iterator[Card]:
    found, alarms, land = sheet.directory, sheet.alarms, sheet.securities
    if isinstance(found, Directory):
        unit = page.word("chains.firms_of")
        yield Card(page.word("chains.card_chains"), cell.number(len(found.named), 0))
        yield Card(page.word("chains.card_firms"), cell.number(found.named_firms, 0), unit)
    if isinstance(alarms, Alarms):
        for light in alarms.rules.lights:
            count = cell.number(len(alarms.lit(light.light)), 0)
            tone = TONES.get(light.light, "all")
            yield Card(light.label[page.language], count, page.word("chains.firms_of"), tone)
    if isinstance(land, Securities):
        label = page.word("chains.card_secured")
        yield Card(label, cell.number(land.total_wan, 0), page.word("chains.wan"))


def _directory_said(page: Page, sheet: ChainsSheet) -> Iterator[Sentence]:
    found = sheet.directory
    if isinstance(found, Unavailable):
        return
    if found.named.empty:
        yield page.sentence("chains.none", as_of=page.place.as_of)
        return
    yield page.sentence(
        "chains.overall",
        as_of=page.place.as_of,
        place=place_name(page),
        chains=len(found.named),
        firms=found.named_firms,
        unchained=found.unchained,
    )
    chains = found.named
    if chains["revenue_wan"].notna().any():
        yield _largest(page, chains)


def _largest(page: Page, chains: pd.DataFrame) -> Sentence:
    first = chains.iloc[0]
    return page.sentence(
        "chains.largest",
        year=str(first["year"]),
        above=int(chains["above_scale"].fillna(0).sum()),
        revenue=cell.amount(chains["revenue_wan"].sum(), WAN, page.language),
        lacking=int(chains["revenue_wan_lacking"].sum()),
        chain=str(first["chain"]),
        count=int(first["firms"]),
        amount=cell.amount(first["revenue_wan"], WAN, page.language),
    )


def _alarms_said(page: Page, sheet: ChainsSheet) -> Iterator[Sentence]:
    alarms = sheet.alarms
    if isinstance(alarms, Unavailable):
        return
    if alarms.month is None:
        yield page.sentence("chains.not_watched", place=place_name(page))
        return
    yield page.sentence(
        "chains.watched",
        month=month_text(page, alarms.month),
        watched=len(alarms.firms),
        lights=[_count(page, alarms, light.light) for light in alarms.rules.lights],
        untold=len(alarms.lit("cannot_tell")),
    )
    if len(alarms.warned):
        yield from _next_said(page, sheet, alarms)


def _count(page: Page, alarms: Alarms, light: str) -> Sentence:
    label = next(one.label[page.language] for one in alarms.rules.lights if one.light == light)
    return page.sentence("chains.light_count", light=label, count=len(alarms.lit(light)))


def _next_said(page: Page, sheet: ChainsSheet, alarms: Alarms) -> Iterator[Sentence]:
    chains = alarms.by_chain.dropna(subset=["chain"]) if len(alarms.by_chain) else alarms.by_chain
    for one in chains.head(1).to_dict("records"):
        yield page.sentence(
            "chains.most_lit",
            chain=str(one["chain"]),
            lit=sum(int(one[light.light]) for light in alarms.rules.lights),
            watched=int(one["watched"]),
        )
    gravest = alarms.warned.head(MOST_NAMED)
    named = [_named(page, row, sheet, alarms) for _, row in gravest.iterrows()]
    yield page.sentence("chains.gravest", firms=named)
    if alarms.units:
        worst = alarms.rules.lights[0]
        yield page.sentence(
            "chains.next",
            lead=alarms.units[0],
            light=worst.label[page.language],
            count=len(alarms.lit(worst.light)) or len(alarms.warned),
        )


def _named(page: Page, firm: pd.Series, sheet: ChainsSheet, alarms: Alarms) -> Sentence:
    falls = [
        page.sentence(
            "chains.fall",
            rule=alarms.rules.rules[fall.rule].name[page.language],
            change=cell.number(fall.change_pct, 1, sign=True),
            months=fall.months_running,
        )
        for fall in firm["falls"][:1]
    ]
    town = sheet.towns.get(str(firm.get("township")), MISSING)
    name = str(firm.get("name", firm["usci"]))
    return page.sentence("chains.firm", name=name, township=town, falls=falls)


def _securities_said(page: Page, sheet: ChainsSheet) -> Iterator[Sentence]:
    land = sheet.securities
    if isinstance(land, Unavailable):
        return
    if not land.entries:
        yield page.sentence("chains.unsecured", place=place_name(page))
        return
    yield page.sentence(
        "chains.secured",
        place=place_name(page),
        entries=land.entries,
        amount=cell.amount(land.total_wan, WAN, page.language),
        per_mu=cell.number(land.wan_per_mu),
    )
    flagged = land.parcels[land.parcels["is_unused"] | land.parcels["is_cleared"]]
    if len(flagged):
        yield page.sentence(
            "chains.secured_unused",
            unused=int(flagged["is_unused"].sum()),
            cleared=int(flagged["is_cleared"].sum()),
            amount=cell.amount(flagged["amount_wan"].sum(), WAN, page.language),
            unit=supplier_of(page.place, "collateral"),
        )


def place_name(page: Page) -> str:
    """Name the township that is shown, or the whole county."""
    one = page.place.township
    return one.name[page.language] if one else page.word("chains.whole_county")


def month_text(page: Page, month: pd.Period) -> str:
    """Write a month as it is read.

    >>> month_text(Page(example_county()), pd.Period("2022-06"))
    '2022年6月'
    """
    return f"{month.year}年{month.month}月" if page.language == "zh" else str(month)


def directory_table(page: Page, sheet: ChainsSheet) -> Piece:
    """List the chains: firms, scale, revenue, tax, employees; firms of no chain last."""
    found = sheet.directory
    if isinstance(found, Unavailable):
        return findings(lacking(page, found), name="chains_directory")
    if found.chains.empty:
        return remark(page.word("chains.none_listed"))
    rows = found.chains
    named = rows["chain"].fillna(page.word("chain.none"))
    columns = [
        Column(page.word("chains.chain"), [cell.text(name) for name in named], True),
        _counts(page, rows["firms"], "chains.firms"),
        _counts(page, rows["townships"], "chains.townships"),
        _counts(page, rows["above_scale"], "chains.above_scale"),
        Column(page.word("chains.revenue"), [cell.number(x) for x in rows["revenue_wan"]]),
        _counts(page, rows["revenue_wan_lacking"], "chains.revenue_lacking"),
        Column(page.word("chains.tax"), [cell.number(x) for x in rows["tax_wan"]]),
        _counts(page, rows["employees"], "chains.employees"),
    ]
    year = rows["year"].max()
    note = page.word("chains.directory_note", year=MISSING if pd.isna(year) else int(year))
    caption = page.word("chains.directory_caption", place=place_name(page))
    return table(columns, caption=caption, name="chains_directory", note=note)


def products_table(page: Page, sheet: ChainsSheet) -> Piece:
    """Tell what each chain makes: its main industries, and its titled products."""
    found = sheet.directory
    if isinstance(found, Unavailable) or found.named.empty:
        return Piece("")
    rows = found.named
    columns = [
        Column(page.word("chains.chain"), cell.texts(rows["chain"]), True),
        Column(page.word("chains.industries"), _industries(page, rows)),
        Column(
            page.word("chains.products"),
            [_products(page, each) for each in rows["products"]],
        ),
    ]
    caption = page.word("chains.products_caption")
    note = page.word("chains.products_note")
    return table(columns, caption=caption, name="chains_products", note=note)


def _counts(page: Page, values: pd.Series, key: str) -> Column:
    return Column(page.word(key), cell.counts(values))


def _industries(page: Page, rows: pd.DataFrame) -> list[Cell]:
    names: Mapping[str, Mapping[str, str]] = page.place.policy["industries"]["divisions"]
    comma = "、" if page.language == "zh" else ", "
    return [
        cell.text(
            comma.join(names.get(code, {}).get(page.language, code) for code in codes) or MISSING
        )
        for codes in rows["industries"]
    ]


def _products(page: Page, names: tuple[str, ...]) -> Cell:
    comma = "、" if page.language == "zh" else ", "
    if not names:
        return cell.text(MISSING)
    shown = comma.join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        shown = page.word("chains.and_more", names=shown, count=len(names))
    return Cell(cell.text(shown).html, cell.as_text(comma.join(names)))


def places_table(page: Page, sheet: ChainsSheet) -> Piece:
    """Count the firms of each chain by township."""
    found = sheet.directory
    if isinstance(found, Unavailable):
        return findings(lacking(page, found), name="chains_places")
    if found.places.empty:
        return remark(page.word("chains.no_places"))
    rows = found.places
    chains = [str(chain) for chain in found.chains["chain"].fillna("")]
    nowhere = page.word("chains.no_township")
    towns = [sheet.towns.get(str(code), str(code) or nowhere) for code in rows.index]
    columns = [
        Column(page.word("chains.township"), [cell.text(town) for town in towns], True),
        *(
            _counts(page, rows[chain], "chain.none")
            if not chain
            else Column(chain, [cell.number(int(count), 0) for count in rows[chain]])
            for chain in chains
        ),
        _counts(page, rows["firms"], "chains.all_firms"),
        _counts(page, rows["above_scale"], "chains.above_scale"),
    ]
    return table(columns, caption=page.word("chains.places_caption"), name="chains_places")


def revenue_figure(page: Page, sheet: ChainsSheet) -> Piece:
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
        page,
        rows,
        caption=page.word("chains.figure_caption"),
        described=page.word("chains.figure_described"),
        name="chains_revenue_figure",
        unit=page.word("chains.wan"),
    )
