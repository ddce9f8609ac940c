"""What was measured, by column and row, with the commit and the day: `docs/benchmarks.json`."""

import json
from dataclasses import asdict

from bench.cost import Cost
from bench.kit import HERE
from bench.row import Line

FILE = HERE / "docs" / "benchmarks.json"
BEFORE, NOW = "before", "now"


def load():
    """Give what is kept: by column and row, who was measured when, and the lines."""
    if not FILE.is_file():
        return {BEFORE: {}, NOW: {}}
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    for rows in kept.values():
        for row in rows.values():
            row["lines"] = [_line(one) for one in row["lines"]]
    return kept


def keep(column, row, lines, **about):
    """Keep the lines of a row in place of those before."""
    kept = load()
    kept[column][row] = {**about, "lines": lines}
    text = json.dumps(kept, ensure_ascii=False, indent=1, default=_told)
    FILE.write_text(f"{text}\n", encoding="utf-8")


def _line(told):
    others = {name: Cost(**cost) for name, cost in told["others"].items()}
    return Line(told["work"], Cost(**told["ours"]), others, told["goal"])


def _told(line):
    costs = {"ours": line.ours, **line.others}
    told = {name: _cost(cost) for name, cost in costs.items()}
    return {"work": line.work, "goal": line.goal, "ours": told.pop("ours"), "others": told}


def _cost(cost):
    rounded = {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in asdict(cost).items()
    }
    return {name: value for name, value in rounded.items() if value not in (None, "")}
