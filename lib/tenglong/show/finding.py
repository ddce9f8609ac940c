"""What a page finds: headline numbers and sentences made from data, and the CSV behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from tenglong.show.cell import Cell, as_text, csv_of
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence

Tone = Literal["all", "good", "warn", "bad", "none"]


@dataclass(frozen=True)
class Card:
    """A headline number.

    Attributes
    ----------
    unit
        What stands small below it.
    tone
        Its colour: good, warn, bad, none (not known), or all (no judgement).
    """

    label: str
    value: Cell
    unit: str = ""
    tone: Tone = "all"


def findings(*sentences: Sentence, name: str, cards: Sequence[Card] = ()) -> Piece:
    """Open a page: its headline numbers, then the sentences that carry the finding.

    Parameters
    ----------
    name
        The CSV's file name without ending; it holds every number that is said.
    """
    drawn = "".join(map(_card, cards))
    block = f'<dl class="cards">{drawn}</dl>' if cards else ""
    if sentences:
        lines = "".join(f"<p>{sentence.html}</p>" for sentence in sentences)
        block += f'<div class="finding">{lines}</div>'
    rows = [*_card_rows(cards), *_sentence_rows(sentences)]
    return Piece(block, {f"{name}.csv": csv_of(("finding", "name", "value"), rows)})


def _card(card: Card) -> str:
    unit = f" <small>{escape(card.unit)}</small>" if card.unit else ""
    return (
        f'<div class="{card.tone}"><dt>{escape(card.label)}</dt>'
        f"<dd>{card.value.html}{unit}</dd></div>"
    )


def _card_rows(cards: Sequence[Card]) -> Iterator[tuple[str, str, str]]:
    for card in cards:
        yield "0", as_text(card.label), card.value.plain


def _sentence_rows(sentences: Sequence[Sentence]) -> Iterator[tuple[str, str, str]]:
    for place, sentence in enumerate(sentences, start=1):
        for name, text in sentence.values.items():
            yield str(place), name, text
