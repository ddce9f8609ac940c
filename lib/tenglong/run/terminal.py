"""What rich draws, without what would move a terminal's cursor or change its colours by itself."""

from collections.abc import Iterable
from typing import Any

from rich.console import (
    Console,
    ConsoleOptions,
    ConsoleRenderable,
    RenderableType,
    RenderHook,
    RenderResult,
)
from rich.segment import Segment

from tenglong.run.console import clean


class Terminal(Console):
    """A console that lets no text of the data speak to the terminal; only rich itself does."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.push_render_hook(_Cleaning())


class _Cleaning(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Cleaned(one) for one in renderables]


class _Cleaned:
    def __init__(self, drawn: RenderableType) -> None:
        self._drawn = drawn

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        return _cleaned(console.render(self._drawn, options))


def _cleaned(segments: Iterable[Segment]) -> RenderResult:
    for one in segments:
        yield one if one.control else Segment(clean(one.text), one.style)
