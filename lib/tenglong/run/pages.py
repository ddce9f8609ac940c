"""The pages of a report: notebooks are run and rendered, or what was made of the same is taken."""

import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from tenglong import errors
from tenglong.errors import TenglongError
from tenglong.run.cache.entry import Entry
from tenglong.run.cache.kept import Kept
from tenglong.run.catalogue import Page
from tenglong.run.crew import Work, crew_of
from tenglong.run.execute import Outcome, execute
from tenglong.run.kernel.kernels import Kernels
from tenglong.run.limits import Limits, limits_of
from tenglong.run.office import CHROMIUM_FAILED, Files, office_files
from tenglong.run.progress import Progress
from tenglong.run.render import Rendered, bare_failure, render, render_failure
from tenglong.run.request import Request
from tenglong.run.whereabouts import refuse_whereabouts
from tenglong.run.whole import marked
from tenglong.source.policy import load_policy


@dataclass(frozen=True)
class Made:
    """A page that was made, or what is left of one that could not be.

    Attributes
    ----------
    log
        Empty if all went well.
    files
        What else is made of it for the office.
    """

    page: Page
    rendered: Rendered
    log: str = ""
    files: Files = field(default_factory=Files)


def made_pages(
    request: Request,
    progress: Progress,
    ids: Sequence[str],
    kernels: Kernels,
    *,
    found: Mapping[str, Entry | None],
    kept: Kept,
) -> list[Made]:
    """Make the pages that are not kept: notebooks run at once, pages end in the catalogue's order.

    Parameters
    ----------
    ids
        The pages that the report has in the end, which each of them may lead to.
    found
        By page, what was made before from the very same; None where it must be made.
    kept
        Takes what is made now.

    Raises
    ------
    ConfigurationError
        If the policy's limits of a notebook are malformed; nothing is begun then.
    """
    bundle = request.bundle
    limits = limits_of(load_policy(bundle.policy, beside=bundle.path))
    with crew_of(kernels) as take:
        works = {
            page.id: take(
                partial(
                    execute,
                    page.source(),
                    request.parameters[page.id],
                    kernels=kernels,
                    limits=limits,
                    on_cell=partial(progress.cell, page.id),
                )
            )
            for page in request.pages
            if found[page.id] is None
        }
        made = []
        for page in request.pages:
            if entry := found[page.id]:
                made.append(_served(page, entry, progress))
            else:
                finish = partial(_made, page, request, ids, limits)
                made.append(_page(page, progress, works[page.id], finish))
                _keep(made[-1], kept)
    return made


def _served(page: Page, entry: Entry, progress: Progress) -> Made:
    """Give a page that was made before, from the very same."""
    with progress.page(page.id):
        rendered = Rendered(entry.html, entry.csv)
    progress.done("unchanged", 0)
    return Made(page, rendered, files=Files(entry.files, entry.lacking))


def _keep(one: Made, kept: Kept) -> None:
    """Let a page be kept, unless it failed or a browser did, which may do better next time."""
    files = one.files
    if not one.log and CHROMIUM_FAILED not in files.lacking:
        entry = Entry(one.rendered.html, one.rendered.csv, files.contents, files.lacking)
        kept.add(one.page.id, entry)


def _page(page: Page, progress: Progress, work: Work, finish: Callable[[Outcome], Made]) -> Made:
    with progress.page(page.id):
        outcome = work()
        start = time.perf_counter()
        made = finish(outcome)
    seconds = outcome.seconds + time.perf_counter() - start
    progress.done("failed" if made.log else "ok", seconds)
    return made


def lacking_of(made: Iterable[Made]) -> tuple[str, ...]:
    """Give what the machine lacks for the office's files, once for all pages that want it."""
    return tuple(dict.fromkeys(key for one in made for key in one.files.lacking))


def _made(
    page: Page, request: Request, ids: Sequence[str], limits: Limits, outcome: Outcome
) -> Made:
    language = request.language
    parts = (page.title[language], request.bundle.name[language], request.as_of.isoformat())
    title = " · ".join(parts)
    log = outcome.log
    if outcome.is_good:
        try:
            rendered = render(
                outcome.notebook,
                title=title,
                language=language,
                pages=ids,
                is_edited=page.is_edited,
            )
            refuse_whereabouts((rendered.html, *rendered.csv.values()), request.bundle.path)
            whole = replace(rendered, html=marked(rendered.html, language=language))
            return Made(page, whole, files=_office(page, whole, request, limits))
        except TenglongError as error:
            log = f"{page.notebook.name}: {error}\n"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this page's alone
            log = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
    said = {"title": title, "heading": page.title[language], "log": f"{page.id}.log"}
    try:
        failure = render_failure(outcome.notebook, language=language, **said)
    except Exception:  # noqa: BLE001 - what it had shown may be what the error was about
        log += traceback.format_exc()
        failure = bare_failure(language=language, **said)
    return Made(page, failure, log)


def _office(page: Page, rendered: Rendered, request: Request, limits: Limits) -> Files:
    if not page.files:
        return Files()
    return office_files(
        rendered.html,
        page.files,
        name=page.id,
        day=request.as_of,
        language=request.language,
        print_s=limits.print_s,
    )


def reason_of(log: str) -> str:
    r"""Give the reason of a failure in one line: the message of the kit, or an error with its kind.

    >>> reason_of("ConfigurationError: policy league: no such item\n  File …")
    'policy league: no such item'
    >>> reason_of("KeyError: 'x'\n  File …")
    "KeyError: 'x'"
    """
    first = next((line.strip() for line in log.splitlines() if line.strip()), "")
    kind, _, message = first.partition(": ")
    return message if message and hasattr(errors, kind) else first
