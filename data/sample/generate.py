#!/usr/bin/env python3
"""Make the 示例 bundle again: `python data/sample/generate.py [--out FOLDER]`."""

import argparse
from pathlib import Path

from generator import county


def main() -> None:
    """Write the bundle beside this file, or into another folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="the folder")
    county.make().write(parser.parse_args().out)


if __name__ == "__main__":
    main()
