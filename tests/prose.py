"""What reads wrong in the sentences of a page, by kind: found in the text, not word by word."""

import re
from html import unescape

CHINESE = "\u4e00-\u9fff"
MEASURES = "家|个|项|宗|条|人|处|笔|行|亩|万元|吨"
NOUNS = (
    "firms|parcels|projects|clauses|days|months|places|rows|points|townships|titles|figures|"
    "contracts|members|items|securities|outlines|problems|tables"
)
# Kinds of fault in the sentences of a page in each language.
SENTENCES = {
    "zh": {
        "tells of nothing": rf"(?<![\d.,])0 (?:{MEASURES})",
        "10,000 万元 and more": r"\d{2,3},\d{3}(?:\.\d+)? 万元(?!/)",
        "brackets upon brackets": r"）（|（[^）]*（",
        "three brackets in a sentence": r"（[^。（]*（[^。（]*（",
        "half-width punctuation": rf"[{CHINESE}][,;:?!(][{CHINESE}\d]|[{CHINESE}] ?\)",
        "a space between words": rf"[{CHINESE}] [{CHINESE}]",
        "doubled punctuation": r"[，、；：][，、；：。]|。。",
        "an ISO date": r"\d{4}-\d\d-\d\d",
        "a sign for a word": r"[≥≤＞＜<>]",
    },
    "en": {
        "tells of nothing": rf"(?<![\d.,])0 (?:{NOUNS})\b",
        "one of many": rf"(?<![\d.,])1 (?:{NOUNS})\b",
        "a Chinese unit": rf"\d ?(?:{MEASURES})",
        "doubled punctuation": r"[,;:] ?[,;:.]|\.\.| [,;]",
        "a sign for a word": r"[≥≤<>]",
    },
}
# Nowhere on a page, be it a legend, a table or a filter.
INTERVAL = re.compile(r"[\[(][−\d.,]+, ?[−\d.,]+[\])]|\[a, b\)")
# A line of a source that was folded in its file leaves a space in Chinese.
FOLDED = re.compile(f"[{CHINESE}] [{CHINESE}（]|[，。；：、）] ")


def sentences(html):
    """Give the sentences that carry the findings of a page: not its cards, tables or figures."""
    found = re.findall(r'(?s)<div class="finding">(.*?)</div>', html)
    lines = [line for block in found for line in re.findall(r"(?s)<p>(.*?)</p>", block)]
    return [unescape(re.sub(r"<[^>]+>", "", line)).replace("\xa0", " ") for line in lines]


def faults(html, language, *, names=()):
    """Give what reads wrong: the kind, and the sentence.

    Parameters
    ----------
    names
        Of clauses and things: what they are called is not ours to mend.
    """
    seen = unescape(re.sub(r"(?s)<(style|script)\b.*?</\1>|<[^>]+>", " ", html))
    found = [("an interval in brackets", one[0]) for one in INTERVAL.finditer(seen)]
    cells = re.findall(r'<td[^>]* class="[^"]*verbatim[^>]*>(.*?)</td>', html)
    found += [("a folded line", cell) for cell in cells if FOLDED.search(cell)] * (language == "zh")
    for said in sentences(html):
        text = said
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, "某")
        text = re.sub("“[^”]*”", "“某”", text).replace("（含）", "")
        kinds = SENTENCES[language].items()
        found += [(kind, said) for kind, pattern in kinds if re.search(pattern, text)]
    return found


def foreign(html, known):
    """Give the Chinese words in the sentences of an English page that the data does not hold."""
    words = {word for said in sentences(html) for word in re.findall(rf"[{CHINESE}]+", said)}
    return sorted(word for word in words if word not in known)
