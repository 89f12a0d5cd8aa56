"""Names of people: as they are written, and as they are sorted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from events.errors import Reason

LONGEST = 50
MIDDLE_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･．・", "·"))
SIGNS = " ·'’-."
PRIVATE = range(0xE000, 0xF900)
RARE = range(0x20000, 0x3FFFE)  # the planes of rare characters; Python may not know the newest of them

COMPOUND_NAMES = (
    "欧阳 上官 司马 诸葛 司徒 东方 夏侯 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 澹台 端木 独孤 南宫 轩辕 太史 申屠 "
    "闻人 钟离 赫连 濮阳 淳于 单于 呼延 百里 东郭 拓跋 万俟 闾丘 亓官 鲜于 公冶 宗政 太叔 仲孙 司空 西门 第五"
)
COMPOUND = frozenset(COMPOUND_NAMES.split())
# Characters that are read otherwise as surnames than as words, which is how pypinyin reads them.
READ_OTHERWISE = "单曾仇查翟解区盖朴乐缪召覃员黑秘折繁种洗郇藏隗牟佴祭都重句卜"
READINGS = (
    "shan zeng qiu zha zhai xie ou ge piao yue miao shao qin yun he bi she po chong xian xun zang wei mu nai zhai du "
    "chong gou bu"
)
SURNAMES = dict(zip(READ_OTHERWISE, READINGS.split(), strict=True))


def tidy(name: str) -> str:
    """A name in one spelling: composed, one kind of middle dot, single blanks."""
    dotted = unicodedata.normalize("NFC", name).translate(MIDDLE_DOTS)
    return re.sub(r"\s*·\s*", "·", " ".join(dotted.split()))


def flaws(name: str) -> Iterator[Reason]:
    """What is wrong with a tidy name; any script will do, and a name need not have a family name in it."""
    if not any(map(_is_letter, name)):
        yield Reason("required", "/name")
    if len(name) > LONGEST:
        yield Reason("too_long", "/name", {"most": LONGEST})
    for character in dict.fromkeys(name):
        if ord(character) in PRIVATE:
            yield Reason("name_private_character", "/name", {"character": f"U+{ord(character):04X}"})
        elif not (_is_letter(character) or character in SIGNS or unicodedata.category(character).startswith("M")):
            yield Reason("name_character", "/name", {"character": character})


def sort_name(name: str) -> str:
    """A tidy name in letters, the family name first and apart ("ouyang zhengming"), by which lists are sorted."""
    if "·" in name or name.isascii():
        return " ".join(_letters(part) for part in re.split("[· ]", name))
    cut = 2 if len(name) > 2 and name[:2] in COMPOUND else 1
    family, given = name[:cut], name[cut:]
    return f"{SURNAMES.get(family) or _letters(family)} {_letters(given)}".strip()


@lru_cache(maxsize=1 << 16)  # a few given names are many people's
def _letters(text: str) -> str:
    from pypinyin import lazy_pinyin  # a large dictionary, which most processes never ask

    return "".join(lazy_pinyin(text)).replace(" ", "").lower()


def _is_letter(character: str) -> bool:
    return character.isalpha() or ord(character) in RARE
