"""The table in Markdown: each kind of work, then and now, beside the plain ways and the goal."""

import os
import platform

from bench.kit import HERE
from bench.record import BEFORE, NOW
from bench.row import ROWS

FILE = HERE / "docs" / "benchmarks.md"
HEAD = """\
# Benchmarks

What the kit costs, beside what a user would otherwise run. `make bench` measures it again and
writes this file; `make bench ROWS="commands page"` measures only some rows, and
`make bench BEFORE=DIR` fills the column "before" from the worktree of an earlier commit. It is no
test: machines are noisy, so each kind of work and the plain ways beside it are measured in one run,
one after the other, and it is ratios that should be read. All of it takes about an hour.

CPU seconds are those of a command and of every process that it started, kernels and orphans
included; "MB held" is the most memory that all of them had at once, shared pages counted once.
Reports are HTML without files for the office, made in an empty folder with nothing kept from
earlier runs. A number in brackets is ours divided by theirs: below 1 the kit is cheaper. What was
not measured, or what the kit could not do at that commit, is left open (…): no number is made up.
Where more processes wanted a processor than there are, CPU seconds, too, are more than on a quiet
machine, and seconds that pass say nothing.
"""


def text(kept):
    """Give the file's text."""
    parts = [HEAD, f"Machine: {machine()}.\n", *_table(kept), _commits(kept)]
    return "\n".join(parts)


def machine():
    """Name the machine in general terms."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} processors, {memory:.0f} GB, {system}; shared with other work"


def printed(line):
    """Give a line as it is printed while measuring goes on."""
    plain = [_against(name, line) for name in line.others]
    return " · ".join(
        filter(None, [line.work, _cost(line), *plain, line.goal and f"goal {line.goal}"])
    )


def _table(kept):
    yield "| work | before | now | the plain way | goal | again by |"
    yield "|---|---|---|---|---|---|"
    for row in ROWS:
        lines = {
            column: {line.work: line for line in kept[column].get(row, {"lines": []})["lines"]}
            for column in (BEFORE, NOW)
        }
        for work in dict.fromkeys([*lines[NOW], *lines[BEFORE]]):
            before, now = (lines[column].get(work) for column in (BEFORE, NOW))
            shown = now or before
            plain = "; ".join(_against(name, shown) for name in shown.others)
            cells = (work, _cost(before), _cost(now), plain, shown.goal, f"`make bench ROWS={row}`")
            yield f"| {' | '.join(cells)} |"
    yield ""


def _cost(line):
    if line is None:
        return "…"
    cost = line.ours
    parts = []
    if cost.cpu is not None:
        parts.append(f"{_number(cost.cpu)} CPU s, {_number(cost.wall)} s")
    if cost.mb is not None:
        parts.append(f"{cost.mb:,.0f} MB held")
    if cost.size is not None:
        parts.append(f"{cost.size / 1e6:,.1f} MB written")
    if cost.note:
        parts.append(f"({cost.note})")
    return ", ".join(parts)


def _against(name, line):
    cost = line.others[name]
    told = f"{name} {_number(cost.cpu)} CPU s"
    if line.ours.note.startswith("stopped"):
        return told
    cpu, wall = line.ours.cpu / cost.cpu, line.ours.wall / cost.wall
    return f"{told} ({cpu:.2f}), {_number(cost.wall)} s ({wall:.2f})"


def _number(value):
    """Give a number with two or three digits that count.

    >>> _number(0.0412), _number(33.04), _number(535.4)
    ('0.041', '33.0', '535')
    """
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3
    return f"{value:,.{digits}f}"


def _commits(kept):
    told = [
        f"- {column}, {row}: commit {about['commit']}, {about['day']}, load {about['load']}"
        for column in (BEFORE, NOW)
        for row, about in kept[column].items()
    ]
    head = "What was measured when; the load is how many processes wanted a processor at its start:"
    open_rows = [row for row in ROWS if not any(row in kept[column] for column in (BEFORE, NOW))]
    rest = [f"Not measured yet: {', '.join(open_rows)}.", ""] if open_rows else []
    return "\n".join([head, "", *told, "", *rest])
