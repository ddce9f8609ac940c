"""Plan: an invented county's own, its numbers after what its firms come to."""

import math
from importlib.resources import files
from pathlib import Path
from string import Template

from tenglong.simulate.days import YEARS
from tenglong.simulate.setting import Setting

NAMES = ("plan.yml", "plan.zh.txt")
STEP = 5  # 万元 a mu: value added is asked for in such steps


def write_plan(folder: Path, setting: Setting, *, name: str, name_en: str) -> None:
    """Write the plan and its text: asked for is, about, what the last year brings."""
    last = setting.levels[YEARS[-1]]
    said = {
        "id": f"invented-{setting.code}-2021-2023",
        "name": name,
        "name_en": name_en,
        "tax": math.ceil(last.tax),
        "value_added": math.floor(last.value_added / STEP) * STEP,
        "productivity": math.floor(last.productivity),
        "low_tax": setting.low_tax_wan_per_mu,
    }
    for file in NAMES:
        text = files("tenglong.simulate").joinpath("template", file).read_text(encoding="utf-8")
        (folder / file).write_text(Template(text).substitute(said), encoding="utf-8")
