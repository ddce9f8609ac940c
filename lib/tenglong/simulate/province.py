"""Province: many invented counties, each a bundle of its own on a real outline."""

import csv
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tenglong.simulate import county
from tenglong.simulate.copies import times
from tenglong.simulate.county import Bundle
from tenglong.simulate.invented import invented
from tenglong.simulate.outlines import Outline
from tenglong.simulate.packing import NoRoomError
from tenglong.simulate.plan import NAMES, write_plan

DAY = date(2022, 6, 30)
ATTEMPTS = 8


def write_county(folder: Path, outline: Outline, *, count: int = 1, seed: int = 1) -> None:
    """Write an invented county into a folder, all that is in it `count` times.

    Raises
    ------
    NoRoomError
        If the outline is too small for it.
    """
    (folder / "reference").mkdir(parents=True)
    outline.write(folder / "reference" / "outline.geojson")
    made = _made(outline, folder, seed)
    setting = made.setting
    with (folder / "reference" / "townships.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [("code", "name"), *((town.code, town.name) for town in setting.townships)]
        csv.writer(file, lineterminator="\n").writerows(rows)
    name, name_en = f"示例·{outline.name}", f"Sample County {outline.code}"
    write_plan(folder, setting, name=name, name_en=name_en)
    times(made, count).write(folder)
    about = _about(made, outline, name, name_en)
    text = yaml.safe_dump(about, allow_unicode=True, sort_keys=False)
    (folder / "bundle.yml").write_text(text, encoding="utf-8")


def _made(outline: Outline, folder: Path, seed: int) -> Bundle:
    """Make the county; where a township that was drawn is too small, others are drawn."""
    for attempt in range(ATTEMPTS - 1):
        with suppress(NoRoomError):
            return county.make(invented(outline, folder, seed=seed, attempt=attempt))
    return county.make(invented(outline, folder, seed=seed, attempt=ATTEMPTS - 1))


def _about(made: Bundle, outline: Outline, name: str, name_en: str) -> dict[str, Any]:
    """Give what bundle.yml says."""
    layers = {table: {"file": f"{table}.gpkg", "layer": table} for table in made.layers}
    return {
        "name": {"zh": name, "en": name_en},
        "code": outline.code,
        "is_synthetic": True,
        "notice": {
            "zh": f"合成数据，企业、地块、项目、乡镇和方案均为虚构，不代表{outline.name}实际情况",
            "en": "Synthetic data: firms, parcels, projects, townships and the plan are invented",
        },
        "crs": made.setting.crs,
        "plan": NAMES[0],
        "policy": "default",
        "as_of": DAY,
        "currency": {"zh": "万元", "en": "10k CNY"},
        "tables": layers | {table: {"file": f"{table}.csv"} for table in made.tables},
    }
