"""The labels of the pages in Chinese and English; they stand in the files of `words/`."""

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from tenglong import safe_yaml
from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Label

FOLDER = Path(__file__).with_name("words")


def word(key: str, language: str, **values: object) -> str:
    """Give a label in a language, with its values filled in.

    Raises
    ------
    ConfigurationError
        If no file of `words/` has such a label.

    Examples
    --------
    >>> word("masthead.synthetic", "zh"), word("failure.log", "en", log="a.log")[:25]
    ('示例数据', 'The reason is in a.log, f')
    """
    labels = catalogue()
    if key not in labels:
        near = difflib.get_close_matches(key, labels, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ConfigurationError(f"words: unknown label {key!r}{hint}")
    return labels[key][language].format(**values)


def joined(texts: Iterable[str], language: str) -> str:
    """Join texts to a list: with 、 in Chinese, with a comma in English.

    >>> joined(["a", "b"], "en")
    'a, b'
    """
    return ("、" if language == "zh" else ", ").join(texts)


def clauses(sentences: Iterable[str], language: str) -> str:
    """Join clauses of a sentence: with ；in Chinese, with a semicolon in English.

    >>> clauses(["甲", "乙"], "zh")
    '甲；乙'
    """
    return ("；" if language == "zh" else "; ").join(sentences)


@cache
def catalogue() -> Mapping[str, Label]:
    """Read all labels.

    Raises
    ------
    ConfigurationError
        If two files have a label of the same key.

    Examples
    --------
    >>> catalogue()["frame.contents"].zh
    '目录'
    """
    labels: dict[str, Label] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        raw = safe_yaml.read(path.read_text(encoding="utf-8"))
        twice = labels.keys() & raw.keys()
        if twice:
            raise ConfigurationError(f"words/{path.name}: {min(twice)!r} stands twice")
        labels |= {key: Label(**pair) for key, pair in raw.items()}
    return labels
