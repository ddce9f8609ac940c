"""The labels of the pages in Chinese and English; they stand in the files of `words/`.

A label may have, beside the places `{name}` that data fill in,

- a part that is left out where all its values are nothing, in double brackets:
  `{listed} 家[[，其中 {late} 家逾期]]` says nothing of no firm,
- an English word in its number: `{count:firm|firms}` is "1 firm" or "2 firms", and
  `{count:~is|are}` the word alone.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.clause import Label
from tenglong.yaml_file import read_yaml

FOLDER = Path(__file__).with_name("words")
OPTIONAL = re.compile(r"\[\[(.*?)\]\]")
# A comma that what was left out would have followed, right after what opens a list.
LEFT_OUT = "\1"
ORPHANED = re.compile(
    r"(^|[：（，；。]|其中|另有|[:(,;] ?)\1+[、，；,;] ?".replace("\\1", LEFT_OUT)
)
PLACE = re.compile(r"(?:(?<=[\u4e00-\u9fff])( ))?\0(\w+)\0(?:( )(?=[\u4e00-\u9fff]))?")
CHINESE = re.compile(r"[\u4e00-\u9fff“《]")
NOT_A_NUMBER = re.compile(r"[^\d./-]")
QUOTED = re.compile("“{([^{}]*)}”")
INNER_QUOTES = str.maketrans("“”", "‘’")


class Told:
    """A value that fills a place: what is shown of it, and how many it is where it is a count."""

    def __init__(self, shown: object, count: object = None, *, raw: object = None) -> None:
        self.shown = shown
        self.count = shown if count is None else count
        self.raw = raw

    @property
    def is_number(self) -> bool:
        """Whether it counts or measures something, or would where it were known."""
        return not NOT_A_NUMBER.search(str(self.count))

    @property
    def is_nothing(self) -> bool:
        """Whether a part of a sentence that tells only this tells nothing."""
        return str(self.count) in ("", "0", "None")

    def __format__(self, spec: str) -> str:
        if "|" not in spec:
            return format(self.raw if spec else self.shown, spec)
        one, many = spec.removeprefix("~").split("|")
        word = one if str(self.count) == "1" else many
        return word if spec.startswith("~") else f"{self.shown} {word}"


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
    if not values:
        return _bare_word(key, language)
    template = label(key)[language]
    within = quoted(template)
    shown = {name: str(one) for name, one in values.items()}
    shown |= {name: shown[name].translate(INNER_QUOTES) for name in within & shown.keys()}
    places = {name: Told(place_of(name), one, raw=one) for name, one in values.items()}
    return placed(filled(template, places), shown)


@cache
def _bare_word(key: str, language: str) -> str:
    """Give a label in which nothing is filled in: columns of codes ask for it row by row."""
    return placed(filled(label(key)[language], {}), {})


def label(key: str) -> Label:
    """Look a label up.

    Raises
    ------
    ConfigurationError
        If no file of `words/` has such a label.

    >>> label("frame.contents").en
    'Contents'
    """
    labels = catalogue()
    if key not in labels:
        raise ConfigurationError(f"words: unknown label {key!r}{did_you_mean(key, labels)}")
    return labels[key]


def filled(template: str, values: Mapping[str, Told]) -> str:
    """Fill a label's places in; see the head of this module.

    >>> filled("{a} 家[[，其中 {b} 家逾期]]。", {"a": Told(3), "b": Told(0)})
    '3 家。'
    >>> filled("其中：[[达标 {a} 家]][[、关停 {b} 家]]", {"a": Told(0), "b": Told(2)})
    '其中：关停 2 家'
    >>> filled("{n:firm|firms} {n:~is|are} late", {"n": Told(1)})
    '1 firm is late'
    """
    kept = OPTIONAL.sub(lambda part: _kept(part[1], values), template)
    kept = ORPHANED.sub(r"\1", kept).replace(LEFT_OUT, "")
    return kept.format(**values)


def place_of(name: str) -> str:
    """Give the mark of a value's place, which no text holds."""
    return f"\0{name}\0"


def placed(text: str, shown: Mapping[str, str]) -> str:
    r"""Put values in their places: between Chinese words no space stands, as beside a number.

    >>> placed("目标 \0a\0 的", {"a": "全面出清"}), placed("目标 \0a\0 的", {"a": "20 %"})
    ('目标全面出清的', '目标 20 % 的')
    """
    return PLACE.sub(lambda found: _put(found, shown), text)


def _put(found: re.Match[str], shown: Mapping[str, str]) -> str:
    before, name, after = found.groups()
    value = shown[name]
    left = "" if CHINESE.match(value) else before or ""
    right = "" if CHINESE.fullmatch(value[-1:]) else after or ""
    return f"{left}{value}{right}"


def quoted(template: str) -> frozenset[str]:
    """Name the places of a label within quotation marks: in their values these become single ones.

    >>> sorted(quoted("{unit}“{item}”")), "“两高”项目".translate(INNER_QUOTES)
    (['item'], '‘两高’项目')
    """
    return frozenset(place[1] for place in QUOTED.finditer(template))


def _kept(part: str, values: Mapping[str, Told]) -> str:
    """Give a part that may be left out, or the mark that it was: its numbers decide."""
    told = [values[name] for _, name, _, _ in Formatter().parse(part) if name]
    counts = [one for one in told if one.is_number] or told
    return LEFT_OUT if told and all(one.is_nothing for one in counts) else part


def joined(texts: Iterable[str], language: str) -> str:
    """Join texts to a list: with 、 in Chinese, with a comma in English.

    >>> joined(["a", "b"], "en")
    'a, b'
    """
    return ("、" if language == "zh" else ", ").join(texts)


def bare(label: str) -> str:
    """Give a label without its unit or remark in brackets, as a sentence says it.

    >>> bare("亩均税收（万元/亩）"), bare("Tax (10k CNY per mu)")
    ('亩均税收', 'Tax')
    """
    return re.sub(r"（.*）| ?\(.*\)", "", label)


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
        raw = read_yaml(path)
        twice = labels.keys() & raw.keys()
        if twice:
            raise ConfigurationError(f"words/{path.name}: {min(twice)!r} stands twice")
        labels |= {key: Label(**pair) for key, pair in raw.items()}
    return labels
