"""Publications without notebooks: reports of a few lines, published and revised in no time."""

import json
from pathlib import Path

from tenglong.run.publish import opened
from tenglong.run.shelving import shelve

NAME, BUNDLE = "2022Q2", "county"
WORDS = {"zh": "试验县", "en": "Test County"}


def about_of(number=None, **more):
    """Give the manifest of a report: a draft without a number, else a publication."""
    page = {"id": "targets", "title": {"zh": "目标进度", "en": "Targets"}, "summary": WORDS}
    changes = {"before": 0, "before_at": f"{day(0)}", "data": [], "pages": [], "inputs": []}
    told = {
        "number": number,
        "published_at": day(number or 0),
        "digest": f"{number}",
        "made_of": {"table:enterprises": f"{number}"},
        "changes": {**changes, "clauses": None} if number else None,
    }
    return {
        "format": 2,
        "bundle": BUNDLE,
        "code": "330328",
        "county": WORDS,
        "is_synthetic": False,
        "as_of": "2022-06-30",
        "cadence": "quarter",
        "period": NAME,
        "township": None,
        "edition": "internal",
        "language": "zh",
        "pages": [{**page, "files": [], "lacking": [], "tables": ["targets.csv"]}],
        "inputs": {},
        "outputs": {"targets.html": "0", "tables/targets.csv": "0"},
        "publication": None if number is None else told,
        "finished_at": day(number or 0),
        **more,
    }


def day(number):
    """Give the moment at which a revision is published: a month after the one before it."""
    years, months = divmod(6 + number, 12)
    return f"{2022 + years}-{months + 1:02d}-10T09:00:00+08:00"


def write_report(folder, about, text=""):
    """Write a report whose every file says which one it is."""
    number = (about["publication"] or {"number": "draft"})["number"]
    (folder / "tables").mkdir(parents=True)
    for name in ("targets.html", "tables/targets.csv", "index.html"):
        (folder / name).write_text(text or f"{name} of {number}", encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(about), encoding="utf-8")


def publish(out, number=None, **more):
    """Publish a report as a run does: its number, after the one before it."""
    name = Path(BUNDLE, NAME)
    kept = Path(BUNDLE, f"{NAME}-r{number - 1:02d}") if number else None
    with opened(out) as library, library.staged(name) as staged:
        write_report(staged, about_of(number, **more))
        library.publish(staged, name, kept=kept)
        shelve(library, "zh")


def whole(folder):
    """Give the number of a publication that is whole: every file says the same; else None."""
    try:
        about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    number = about["publication"]["number"]
    own = ("targets.html", "tables/targets.csv")
    is_whole = all((folder / name).read_text() == f"{name} of {number}" for name in own)
    return number if is_whole and (folder / "index.html").stat().st_size else None
