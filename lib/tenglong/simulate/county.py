"""County: makes everything in order, and writes the bundle."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd

from tenglong.simulate import (
    clearance,
    firms,
    investment,
    land,
    layout,
    months,
    parcels,
    places,
    plots,
    projects,
    series,
    titles,
    uses,
    yearbook,
    years,
)  # fmt: skip
from tenglong.simulate.days import YEARS, shift
from tenglong.simulate.setting import Setting
from tenglong.simulate.write import declared, write_csv, write_layer

Rows = list[dict[str, Any]]
FIRST_LISTING = date(2021, 3, 22)
NO_TOWNSHIP, NO_INDUSTRY = frozenset({395, 399, 402}), frozenset({391, 404})  # agents


@dataclass(frozen=True)
class Bundle:
    """A county's tables by name: rows, and layers with outlines."""

    setting: Setting
    tables: dict[str, Rows]
    layers: dict[str, gpd.GeoDataFrame]
    defects: tuple[tuple[str, str], ...]

    def write(self, folder: Path) -> None:
        """Write the bundle into a folder, with the description beside its setting."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.tables.items():
            write_csv(folder, name, rows)
        for name, layer in self.layers.items():
            write_layer(folder, name, layer)
        home = self.setting.folder
        if folder.resolve() != home.resolve():
            shutil.copyfile(home / "bundle.yml", folder / "bundle.yml")


def make(setting: Setting) -> Bundle:
    """Make a 示例 county."""
    townships = places.townships(setting)
    schedule, fates = projects.projects(setting), clearance.fates(setting)
    roster = firms.firms(schedule, fates, setting)
    plan = plots.plots(roster, setting)
    ground = layout.lay_out(plan, townships, setting)
    register = parcels.parcels(plan, ground, schedule, setting)
    held = uses.uses(register, roster, setting)
    figures = years.firm_years(roster, uses.land_by_year(held), setting)
    yearly, grants = yearbook.rows(figures, setting), land.supply(register, setting)
    firm_of = {firm.project.id: firm.usci for firm in roster if firm.project}
    tables = {
        "enterprises": _roster(roster),
        "enterprise_years": yearly,
        "enterprise_months": months.rows(figures, yearly, setting),
        "occupancies": uses.rows(held, setting),
        "land_moves": land.moves(register),
        "land_supply": grants,
        "special_fund": land.fund(grants, setting),
        "projects": projects.rows(
            schedule,
            setting,
            firms=firm_of | _upgraders(schedule, roster),
            parcels={p.plot.project_id: p.id for p in register if p.plot.project_id},
        ),
        "project_months": investment.rows(schedule, setting),
        "clearance_events": clearance.events(
            _listed(roster),
            setting,
            freed_mu=uses.freed_by_firm(held),
            freed_tce=years.freed_energy(figures),
        ),
        "recognitions": titles.rows(roster, setting),
        "milestones": series.milestones(),
        "official_series": series.rows(figures, setting),
        "collateral": land.collateral(register, setting),
    }
    layers = _layers(townships, ground, register)
    return Bundle(setting, tables, layers, _defects(ground, register))


def _roster(roster: list[firms.Firm]) -> Rows:
    return [
        {
            "usci": firm.usci,
            "name": firm.name,
            "township": None if firm.number in NO_TOWNSHIP else firm.township,
            "industry": None if firm.number in NO_INDUSTRY else firm.industry.code,
            "chain": firm.industry.chain or None,
            "registered_on": firm.registered_on,
            "closed_on": firm.closed_on,
        }
        for firm in roster
    ]


def _listed(roster: list[firms.Firm]) -> dict[str, clearance.Fate]:
    """Give the fates of the firms on the list, the large users of energy among them."""
    fates = {firm.usci: firm.fate for firm in roster if firm.fate}
    for firm in roster:
        made_on = firm.two_high and firm.two_high.production_on
        if made_on:
            fates[firm.usci] = clearance.watched(max(FIRST_LISTING, shift(made_on, 4)))
    return fates


def _upgraders(schedule: list[projects.Project], roster: list[firms.Firm]) -> dict[str, str]:
    """Give every upgrading project the large firm whose trade is nearest to its own."""
    lasting = [firm for firm in roster if YEARS[-1] in firm.above and not firm.fate]
    chosen = {firm.two_high.id: firm.usci for firm in roster if firm.two_high}
    for project in schedule:
        if project.facts["firm"] == "old" and project.id not in chosen:
            code = project.facts["industry"]
            best = max(
                lasting,
                key=lambda firm: (
                    _likeness(firm.industry.code, code),
                    len(firm.above),
                    -firm.number,
                ),
            )
            chosen[project.id] = best.usci
    return chosen


def _likeness(code: str, other: str) -> int:
    return next((n for n in range(len(code), 0, -1) if code[:n] == other[:n]), 0)


def _defects(ground: layout.Layout, register: list[parcels.Parcel]) -> tuple[tuple[str, str], ...]:
    ids = {parcel.plot.number: parcel.id for parcel in register}
    return tuple((ids[a], ids[b]) for a, b in ground.defects)


def _layers(
    townships: gpd.GeoDataFrame, ground: layout.Layout, register: list[parcels.Parcel]
) -> dict[str, gpd.GeoDataFrame]:
    metres = ground.control_lines.crs
    outlines = gpd.GeoSeries([ground.outlines[p.plot.number] for p in register], crs=metres)
    columns = declared("parcels")
    rows = [{name: p.row.get(name) for name in columns if name != "geometry"} for p in register]
    layer = gpd.GeoDataFrame(
        rows, geometry=layout.in_degrees(outlines).to_numpy(), crs=places.DEGREES
    )
    lines = ground.control_lines
    lines = lines.set_geometry(layout.in_degrees(lines.geometry))
    return {"townships": townships, "parcels": layer, "control_lines": lines}
