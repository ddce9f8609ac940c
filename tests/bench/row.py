"""What is measured: a row of the table is one kind of work, with its goal and the plain ways."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec

from bench.cost import Cost
from bench.kit import HERE, LIMIT_S, hundred_times, invented

SAMPLE, TOWNSHIPS, TRIED = "data/sample", 17, ("百丈漈镇", "峃口镇", "双桂乡")
CLIS, API = "papermill's and nbconvert's CLIs", "papermill's and nbconvert's APIs"
PLOOMBER, CELLS = "ploomber-engine's API (no isolation)", "bare cells, warm (nothing rendered)"
WAYS = {"clis": CLIS, "api": API, "ploomber": PLOOMBER, "cells": CELLS}
FEW, MORE = 1, 9  # empty pages
PARCELS = {
    100_000: "opens ≤ 0.5 s, frame ≤ 33 ms, ≤ 6 MB, ≤ 1/6 of folium.GeoJson's",
    200_000: "opens ≤ 1.5 s, frame ≤ 33 ms, ≤ 12 MB, ≤ 1/6 of folium.GeoJson's",
    1_000_000: "opens ≤ 5 s, frame ≤ 33 ms, ≤ 55 MB",
}
MOST_BY_FOLIUM = 200_000  # more takes it minutes and gigabytes
COUNTIES = (9, 90)


@dataclass(frozen=True)
class Line:
    """One line of the table: what it costs here, and what it costs the plain ways."""

    work: str
    ours: Cost
    others: Mapping[str, Cost] = field(default_factory=dict)
    goal: str = ""


def sample(kit):
    """Give all pages of the sample as HTML, in the same run made in every way."""
    ours, others = kit.report(SAMPLE, "--notebooks", kit.pages), {}
    goal = "≤ 10 CPU s; ≤ 1/8, 1/4 and 1/3 of CLIs, API and ploomber; wall ≤ 1/10 of the CLIs"
    for way in reversed(WAYS):
        others = {WAYS[way]: _stock(kit, way, kit.pages, SAMPLE), **others}
        yield Line("sample, 12 pages, HTML", ours, others, goal)


def _stock(kit, way, notebooks, bundle, *pages):
    run = kit.beside if way == "ploomber" else kit.script
    where = (way, notebooks, kit.root / bundle, kit.fresh(way))
    return kit.run(run("stock", *where, *pages))


def page(kit):
    """Give what a page costs in which nothing is shown: start, imports, opening the data."""
    costs = {way: [] for way in ("ours", "clis", "api")}
    for count in (FEW, MORE):
        folder = kit.empty_pages(count)
        costs["ours"].append(kit.report(SAMPLE, "--notebooks", folder))
        for way in ("clis", "api"):
            costs[way].append(_stock(kit, way, folder, SAMPLE))
    each = {way: many.less(few, MORE - FEW) for way, (few, many) in costs.items()}
    others = {WAYS[way]: each[way] for way in ("clis", "api")}
    yield Line("overhead a page", each["ours"], others, "≤ 0.15 CPU s")


def again(kit):
    """Give a report that is asked for again, with nothing changed."""
    command = kit.tenglong("report", SAMPLE, "--notebooks", kit.pages, "--out", kit.fresh("report"))
    first = kit.run(command)
    yield Line("unchanged rerun", kit.run(command), {"the first run": first}, "≤ 1 CPU s")


def townships(kit):
    """Give the reports of all townships, or where that is no option, some of them."""
    one = kit.report(SAMPLE, "--notebooks", kit.pages)
    if kit.has("--each"):
        every = kit.report(SAMPLE, "--notebooks", kit.pages, "--each", "township")
    else:
        costs = [kit.report(SAMPLE, "--notebooks", kit.pages, "--township", t) for t in TRIED]
        total = Cost(
            *(sum(getattr(c, name) for c in costs) for name in ("cpu", "wall")), costs[0].mb
        )
        note = f"{len(TRIED)} townships measured, times {TOWNSHIPS}/{len(TRIED)}"
        every = total.times(TOWNSHIPS / len(TRIED), note)
    yield Line("17 townships, all pages", every, {"one run of the county": one}, "≤ 4 × one run")


def hundred(kit):
    """Give pages and the whole report of a county a hundred times the sample."""
    bundle, goals = hundred_times(kit.hundred), {"parcel_map": "≤ 8", "enterprises": "≤ 12"}
    for name, goal in goals.items():
        cost = _stock(kit, "cells", kit.pages, bundle, name)
        work = f"100 × the sample: cells of {name}, opening included"
        yield Line(work, cost, goal=f"{goal} CPU s")
    cost = kit.report(bundle, "--notebooks", kit.pages, limit=LIMIT_S)
    yield Line("100 × the sample: whole report, HTML", cost, goal="≤ 60 CPU s, < 2,000 MB")


def firm_years(kit):
    """Give the evaluation of a million firm-years by the default scheme."""
    cost = kit.run(kit.script("firm_years", hundred_times(kit.hundred)))
    yield Line("a million firm-years evaluated", cost, goal="≤ 10 CPU s")


def commands(kit):
    """Give commands that answer on a terminal, the best of three runs."""
    goals = {
        "tenglong --help": "≤ 0.1 CPU s",
        "tenglong report --help": "≤ 0.2 CPU s",
        f"tenglong targets {SAMPLE}": "≤ 0.8 CPU s",
    }
    for command, goal in goals.items():
        cost = kit.run(kit.tenglong(*command.split()[1:]), rounds=3)
        yield Line(f"`{command}`", cost, goal=goal)


def _compared(kit, which):
    command = kit.script("comparison", which)
    done = subprocess.run(
        command, cwd=kit.root, env=kit.env, capture_output=True, text=True, check=True
    )
    for told in map(json.loads, done.stdout.splitlines()):
        others = {name: Cost(**cost) for name, cost in told["others"].items()}
        yield Line(told["work"], Cost(**told["ours"]), others, told.get("goal", ""))


def parcels(kit):
    """Give maps of many parcels that do not repeat, beside folium's where it can."""
    if not (HERE / "tests" / "bench_map.py").is_file():
        return
    for count, goal in PARCELS.items():
        ours = kit.run(kit.script("parcels", count, "kit"))
        others = {}
        if count <= MOST_BY_FOLIUM:
            others["folium.GeoJson"] = kit.run(kit.script("parcels", count, "folium"))
        yield Line(f"{count:,} parcels on a map", ours, others, goal)


def cluster(kit):
    """Give reports of many invented counties on a cluster of this machine."""
    if not (kit.has("--cluster") and find_spec("distributed")):
        return
    counties = sorted(invented(kit.work / "counties", max(COUNTIES)).iterdir())
    for count in COUNTIES:
        out = kit.fresh("report")
        cost = kit.run(kit.script("cluster", out, *counties[:count]), limit=2 * LIMIT_S)
        yield Line(f"{count} counties on a cluster of this machine, all pages", cost)


def cambridge(kit):
    """Give the map of real parcels, beside folium's."""
    yield from _compared(kit, "cambridge")


def reading(kit):
    """Give the reading and checking of files, beside bare readers."""
    yield from _compared(kit, "reading")


ROWS = {
    one.__name__.replace("_", "-"): one
    for one in (
        *(sample, page, again, townships, hundred, firm_years, commands),
        *(parcels, cambridge, reading, cluster),
    )
}  # fmt: skip
