#!/usr/bin/env python3
"""Make a 示例 bundle again: `python data/sample/generate.py`; `--help` tells more."""

import argparse
from pathlib import Path

from tenglong.simulate import county
from tenglong.simulate.copies import times
from tenglong.simulate.setting import read_setting

SAMPLE = Path(__file__).parent / "county.yml"


def main() -> None:
    """Write the bundle beside the county's setting, or into another folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--county", type=Path, default=SAMPLE, help="the county's setting")
    parser.add_argument("--times", type=int, default=1, help="all of it so many times over")
    parser.add_argument("--out", type=Path, help="the folder")
    asked = parser.parse_args()
    setting = read_setting(asked.county)
    times(county.make(setting), asked.times).write(asked.out or setting.folder)


if __name__ == "__main__":
    main()
