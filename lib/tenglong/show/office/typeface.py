"""The typefaces of official documents: what each style is set in, and what may stand in for it.

Sizes and faces: GB/T 9704-2012 (党政机关公文格式), 5.2.2 and 7. 二号 is 22 pt, 三号 16, 四号 14.
"""

from collections.abc import Mapping
from dataclasses import dataclass

TITLE, TEXT, HEAVY, SCRIPT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN = "Times New Roman"
# Font → what Word, WPS and LibreOffice take where it is not installed, in this order.
STAND_INS: Mapping[str, tuple[str, ...]] = {
    TITLE: ("小标宋体", "FZXiaoBiaoSong-B05S", "华文中宋", "宋体", "Noto Serif CJK SC"),
    TEXT: ("仿宋", "FangSong", "华文仿宋", "Noto Serif CJK SC"),
    HEAVY: ("SimHei", "Microsoft YaHei", "Noto Sans CJK SC"),
    SCRIPT: ("楷体", "KaiTi", "华文楷体", "Noto Serif CJK SC"),
}


@dataclass(frozen=True)
class Face:
    """How a style is set.

    Attributes
    ----------
    points, after
        The size of the letters, and the space below a paragraph.
    is_on_lines
        Whether it stands on the page's grid of lines.
    is_kept
        Whether it stays with what follows.
    """

    chinese: str
    points: float
    latin: str = LATIN
    after: float = 0
    is_bold: bool = False
    is_centred: bool = False
    is_indented: bool = False
    is_on_lines: bool = False
    is_kept: bool = False


_CHINESE: Mapping[str, Face] = {
    "TL Title": Face(TITLE, 22, is_centred=True, after=14, is_kept=True),
    "TL Subject": Face(SCRIPT, 14, is_centred=True, is_kept=True),
    "Heading 1": Face(HEAVY, 16, is_indented=True, is_on_lines=True, is_kept=True),
    "Heading 2": Face(SCRIPT, 16, is_indented=True, is_on_lines=True, is_kept=True),
    "Heading 3": Face(TEXT, 16, is_bold=True, is_indented=True, is_on_lines=True, is_kept=True),
    "TL Text": Face(TEXT, 16, is_indented=True, is_on_lines=True),
    "TL Aside": Face(TEXT, 10.5),
    "TL Caption": Face(HEAVY, 12, is_centred=True, is_kept=True, after=3),
    "TL Figure": Face(TEXT, 12, is_centred=True, is_kept=True),
    "TL Table": Face(TEXT, 9),
    "TL Table Head": Face(HEAVY, 9, is_centred=True, is_kept=True),
}
# An English copy is read, not filed: the same layout, without the indents of Chinese prose.
_ENGLISH: Mapping[str, Face] = {
    name: Face(
        face.chinese,
        min(face.points, 18) if name == "TL Title" else min(face.points, 12),
        after=max(face.after, 4),
        is_bold=face.is_bold or name.startswith(("Heading", "TL Title")),
        is_centred=face.is_centred,
        is_kept=face.is_kept,
    )
    for name, face in _CHINESE.items()
}
FACES: Mapping[str, Mapping[str, Face]] = {"zh": _CHINESE, "en": _ENGLISH}
