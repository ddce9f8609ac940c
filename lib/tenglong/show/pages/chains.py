"""The page of chains: what it finds, the directory of the chains, and where they stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from operator import itemgetter
from typing import Any

import pandas as pd

from tenglong.measure.chain.warning import Alarms
from tenglong.measure.sheet.chains import ChainsSheet, Directory, Securities
from tenglong.show import cell, dates
from tenglong.show.cell import Cell
from tenglong.show.coded import TONES
from tenglong.show.figure.bars import Bar, bars
from tenglong.show.finding import Card, findings
from tenglong.show.lacking import all_lacking, if_supplied, supplied, supplier_of
from tenglong.show.listing import Field, listing, number, whole
from tenglong.show.number import MISSING, percent, plain
from tenglong.show.page import Page
from tenglong.show.piece import Piece, remark
from tenglong.show.sentence import Sentence

MOST_NAMED = 3
WAN = "万元"


def headline(page: Page, sheet: ChainsSheet) -> Piece:
    """Open the page: the chains, who is warned of, and what land is mortgaged."""
    return findings(
        *if_supplied(sheet.directory, lambda directory: _of_directory(page, directory)),
        *if_supplied(sheet.alarms, lambda alarms: _of_alarms(page, alarms, sheet.towns)),
        *_in_doubt(page, sheet.in_doubt),
        *if_supplied(sheet.securities, lambda land: _of_securities(page, land)),
        *all_lacking(page, sheet.lacking),
        cards=list(_cards(page, sheet)),
        name="chains_findings",
    )


def _cards(page: Page, sheet: ChainsSheet) -> Iterator[Card]:
    directory, alarms, land = sheet.directory, sheet.alarms, sheet.securities
    firms = page.word(".firms_of")
    if isinstance(directory, Directory):
        yield Card(page.word(".card_chains"), cell.number(len(directory.named), 0))
        yield Card(page.word(".card_firms"), cell.number(directory.named_firms, 0), firms)
    if isinstance(alarms, Alarms):
        # Where no firm can be told of, nobody is without a light: that is not zero.
        is_told = len(alarms.lit("cannot_tell")) < len(alarms.firms)
        for light in alarms.rules.lights:
            count = cell.number(len(alarms.lit(light.light)) if is_told else None, 0)
            yield Card(page.told(light.label), count, firms, TONES.get(light.light, "all"))
    if isinstance(land, Securities):
        yield Card(page.word(".card_secured"), _wan(page, land.total_wan))


def _of_directory(page: Page, directory: Directory) -> Iterator[Sentence]:
    chains = directory.named
    if chains.empty:
        unit = supplier_of(page.place, "enterprises", "chain")
        yield page.sentence(".none", as_of=page.place.as_of, unit=unit)
        return
    yield page.sentence(
        ".overall",
        as_of=page.place.as_of,
        place=place_name(page),
        chains=len(chains),
        firms=directory.named_firms,
        unchained=directory.unchained,
    )
    if chains["revenue_wan"].notna().any():
        first = chains.iloc[0]
        yield page.sentence(
            ".largest",
            year=str(first["year"]),
            above=int(chains["above_scale"].fillna(0).sum()),
            revenue=_wan(page, chains["revenue_wan"].sum()),
            lacking=int(chains["revenue_wan_lacking"].sum()),
            chain=str(first["chain"]),
            count=int(first["firms"]),
            amount=_wan(page, first["revenue_wan"]),
        )


def _of_alarms(page: Page, alarms: Alarms, towns: Mapping[str, str]) -> Iterator[Sentence]:
    if alarms.month is None:
        yield page.sentence(".not_watched", place=place_name(page))
        return
    lights = alarms.rules.lights
    counts = {light.light: len(alarms.lit(light.light)) for light in lights}
    untold = alarms.lit("cannot_tell")
    yield page.sentence(
        ".watched",
        month=month_text(page, alarms.month),
        watched=len(alarms.firms),
        lights=[
            page.sentence(".light_count", light=page.told(light.label), count=counts[light.light])
            for light in lights
            if counts[light.light]
        ],
        untold=len(untold),
        reasons=[
            page.sentence(".untold_for", reason=page.word(f"warning.reason.{why}"), count=count)
            for why, count in untold["reason"].value_counts().items()
        ],
    )
    if alarms.warned.empty:
        return
    chains = alarms.by_chain.dropna(subset=["chain"]) if len(alarms.by_chain) else alarms.by_chain
    yield from _most_lit(page, chains.to_dict("records"), list(counts))
    gravest = [_firm(page, firm, alarms, towns) for firm in alarms.warned.to_dict("records")]
    first = page.first(gravest, MOST_NAMED, counted="家")
    yield page.sentence(".gravest", firms=first)
    gravest_light = next((one for one in lights if counts[one.light]), None)
    if alarms.units and gravest_light is not None:
        yield page.sentence(
            ".next",
            lead=alarms.units[0],
            light=page.told(gravest_light.label),
            count=counts[gravest_light.light],
        )


def _most_lit(
    page: Page, chains: Sequence[Mapping[Any, Any]], lights: Sequence[str]
) -> Iterator[Sentence]:
    """Name the chain that most lights are in; all of them where several have as many."""
    lit = {str(one["chain"]): sum(int(one[light]) for light in lights) for one in chains}
    most = max(lit.values(), default=0)
    names = [name for name, count in lit.items() if count == most]
    if most and len(names) == 1:
        watched = next(int(one["watched"]) for one in chains if str(one["chain"]) == names[0])
        yield page.sentence(".most_lit", chain=names[0], lit=most, watched=watched)
    elif most:
        yield page.sentence(".most_lit_tied", chain=page.names(names, MOST_NAMED), lit=most)


def _firm(
    page: Page, firm: Mapping[Any, Any], alarms: Alarms, towns: Mapping[str, str]
) -> Sentence:
    """Name a firm that is warned of, with its township and its steepest fall."""
    falls = [
        page.sentence(
            ".fall",
            rule=page.told(alarms.rules.rules[fall.rule].name),
            change=page.sentence(
                "change.fell" if fall.change_pct < 0 else "change.rose",
                amount=Cell(percent(abs(fall.change_pct) / 100), plain(fall.change_pct)),
            ),
            months=fall.months_running,
        )
        for fall in firm["falls"][:1]
    ]
    town = towns.get(str(firm.get("township")), page.word("bulletin.place_unknown"))
    return page.sentence(
        ".firm", name=str(firm.get("name", firm["usci"])), township=town, falls=falls
    )


def _in_doubt(page: Page, firms: Sequence[str]) -> Iterator[Sentence]:
    """Name the firms that are left out, since it is doubtful when they were closed."""
    if firms:
        yield page.sentence(
            ".in_doubt",
            count=len(firms),
            firms=page.names(firms, MOST_NAMED),
            unit=supplier_of(page.place, "enterprises", "closed_on"),
        )


def _of_securities(page: Page, land: Securities) -> Iterator[Sentence]:
    if not land.entries:
        yield page.sentence(".unsecured", place=place_name(page))
        return
    yield page.sentence(
        ".secured",
        place=place_name(page),
        entries=land.entries,
        amount=_wan(page, land.total_wan),
        per_mu=cell.number(land.wan_per_mu),
    )
    flagged = land.parcels[land.parcels["is_unused"] | land.parcels["is_cleared"]]
    if len(flagged):
        yield page.sentence(
            ".secured_unused",
            unused=int(flagged["is_unused"].sum()),
            cleared=int(flagged["is_cleared"].sum()),
            amount=_wan(page, flagged["amount_wan"].sum()),
            unit=supplier_of(page.place, "collateral"),
        )


def _wan(page: Page, amount: Fraction | float) -> Cell:
    return cell.said(amount, WAN, page.language)


def place_name(page: Page) -> str:
    """Name the township that is shown, or the whole county."""
    township = page.place.township
    return page.told(township.name) if township else page.word(".whole_county")


def month_text(page: Page, month: pd.Period) -> str:
    """Write a month as it is read.

    >>> month_text(Page(example_county()), pd.Period("2022-06"))
    '2022年6月'
    """
    return dates.month(month.year, month.month, page.language)


def chain_cell(page: Page, chain: object) -> Cell:
    """Name a chain; where it is missing, the firms are in none."""
    return cell.text(chain if isinstance(chain, str) else page.word("chain.none"))


def _industries(page: Page, codes: tuple[str, ...]) -> Cell:
    names: Mapping[str, Mapping[str, str]] = page.place.policy["industries"]["divisions"]
    named = page.joined(names.get(code, {}).get(page.language, code) for code in codes)
    return cell.text(named or MISSING)


def _products(page: Page, names: tuple[str, ...]) -> Cell:
    """Draw the first names, and how many there are; the CSV has them all."""
    every = cell.text(page.joined(names) or MISSING)
    if len(names) <= MOST_NAMED:
        return every
    shown = page.word(".and_more", names=page.joined(names[:MOST_NAMED]), count=len(names))
    return replace(every, drawn=cell.text(shown).html)


CHAIN = Field("chain", chain_cell, is_header=True)
LINE = Field("line", whole, lambda rows: range(1, len(rows) + 1), in_page=False)
DIRECTORY = (
    CHAIN,
    Field("firms", whole),
    Field("townships", whole),
    Field("above_scale", whole),
    Field("revenue", number(2), "revenue_wan"),
    Field("revenue_lacking", whole, "revenue_wan_lacking"),
    Field("tax", number(2), "tax_wan"),
    Field("employees", whole),
)
PRODUCTS = (CHAIN, Field("industries", _industries), Field("products", _products))


@supplied("chains_directory")
def directory_table(page: Page, directory: Directory) -> Piece:
    """List the chains: firms, scale, revenue, tax, employees; firms of no chain last."""
    if directory.chains.empty:
        return remark(page.word(".none_listed"))
    year = directory.chains["year"].max()
    return listing(
        page,
        directory.chains,
        DIRECTORY,
        caption=page.word(".directory_caption", place=place_name(page)),
        name="chains_directory",
        note=page.word(".directory_note", year=MISSING if pd.isna(year) else int(year)),
    )


@supplied()
def products_table(page: Page, directory: Directory) -> Piece:
    """Tell what each chain makes: its main industries, and its titled products."""
    return listing(
        page,
        directory.named,
        PRODUCTS,
        caption=page.word(".products_caption"),
        name="chains_products",
        note=page.word(".products_note"),
        nothing=Piece(""),
    )


@supplied("chains_places")
def places_table(page: Page, directory: Directory, towns: Mapping[str, str]) -> Piece:
    """Count the firms of each chain by township."""
    if directory.places.empty:
        return remark(page.word(".no_places"))
    nowhere = page.word(".no_township")
    codes = [str(code) for code in directory.places.index]
    return listing(
        page,
        directory.places.assign(township=[towns.get(code, code or nowhere) for code in codes]),
        [
            Field("township", is_header=True),
            *(
                Field("chain.none", whole, itemgetter(chain), label=chain)
                for chain in directory.chains["chain"].fillna("")
            ),
            Field("all_firms", whole, "firms"),
            Field("above_scale", whole),
        ],
        caption=page.word(".places_caption"),
        name="chains_places",
    )


@supplied()
def revenue_figure(page: Page, directory: Directory) -> Piece:
    """Draw the revenue of each chain, the largest first."""
    chains = directory.named
    if chains.empty:
        return Piece("")
    revenues = zip(chains["chain"], chains["revenue_wan"], strict=True)
    return bars(
        page,
        [Bar(chain, None if pd.isna(wan) else Fraction(str(wan))) for chain, wan in revenues],
        caption=page.word(".figure_caption"),
        described=page.word(".figure_described"),
        name="chains_revenue_figure",
        unit=page.word("unit.万元"),
    )
