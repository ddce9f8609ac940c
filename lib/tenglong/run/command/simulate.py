"""`tenglong simulate`: invented counties on real outlines, for trials of scale."""

from pathlib import Path

import click

from tenglong.errors import UsageError, WriteError
from tenglong.source.place import kit_root

OUTLINES = Path("data", "reference", "zhejiang", "outlines.geojson")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--counties", type=click.IntRange(1), default=1, help="How many; default: 1.")
@click.option("--times", type=click.IntRange(1), default=1, help="How many times the sample.")
@click.option("--seed", type=click.IntRange(0), default=1, help="Which ones; default: 1.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def simulate(folder: Path, *, counties: int, times: int, seed: int, language: str) -> None:
    """Invent counties in DIR: a bundle each, with a plan of its own, on a real county's outline.

    Firms, parcels, projects, townships and plans are invented (示例数据); only the outline is real.
    The same options give the same files. With --times each county is that many times as large
    as the sample, which some outlines are too small for.
    """
    from tenglong.show.words import word
    from tenglong.simulate.outlines import read_outlines
    from tenglong.simulate.packing import NoRoomError
    from tenglong.simulate.province import write_county

    outlines = read_outlines(kit_root() / OUTLINES)
    if counties > len(outlines):
        raise UsageError(f"--counties: there are real outlines of {len(outlines)} counties")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WriteError(f"{folder}: is not an empty folder; choose another, nothing was written")
    for outline in outlines[:counties]:
        try:
            write_county(folder / outline.code, outline, count=times, seed=seed)
        except NoRoomError as error:
            raise UsageError(f"--times: {outline.name} ({outline.code}): {error}") from error
    click.echo(word("simulate.done", language, folder=folder, counties=counties))
