"""The columns of the spreadsheet of a scheme, and the words in its column of kinds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from scoring.schemes.nodes import KINDS

Cells = Mapping[str, str]
COLUMNS = (
    "criterion", "sub_criterion", "aspect", "kind", "title_zh", "title_en", "value", "judges", "min", "max", "step",
    "target", "points", "levels_zh", "levels_en", "weight", "round", "section", "aside", "more",
)  # fmt: skip
PLAIN = ("value", "judges", "weight", "section")
LIMITS = ("min", "max", "step")
WHOLE = ("judges", "round")
# Rows that are about the scheme and not about one of its nodes, and the list in the document that they belong to.
SINGLE = ("scheme", "description", "standings", "scaled")
LISTS = {"section": "standard", "award": "awards", "advance": "advance", "promotion": "promotions"}
TOTAL = "total"
ROW_KINDS = (*KINDS, TOTAL, *SINGLE, *LISTS)
WORDS = {
    "判断": "judgement", "评判": "judgement", "主观": "judgement", "j": "judgement", "judgment": "judgement",
    "测量": "measurement", "客观": "measurement", "m": "measurement", "是否": "pass", "通过": "pass", "裁判组": "panel",
    "打分": "panel", "计时": "time", "用时": "time", "计数": "count", "给定": "given", "扣分": "deduction",
    "理论": "theory", "评分项": "criterion", "子项": "criterion", "总分": "total", "合计": "total", "再用": "again",
    "方案": "scheme", "说明": "description", "排名": "standings", "标准分": "scaled", "标准": "section",
    "奖项": "award", "晋级": "advance", "晋升": "promotion",
}  # fmt: skip
BETWEEN = re.compile(r"[\s_-]+")


def kind_of(text: str) -> str:
    """The kind that a word means, whichever way it is written."""
    word = BETWEEN.sub("_", unicodedata.normalize("NFKC", text).strip().casefold())
    return WORDS.get(word, word)
