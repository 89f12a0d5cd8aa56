"""A scheme as a table: one row an aspect, as `imports.scheme` reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from scoring import sheets

# What a column may be called; the first name is the Chinese one, the second the English one.
SCHEME_NAMES = {
    "criterion": ("评分项", "criterion", "模块", "一级指标"),
    "sub_criterion": ("子项", "sub_criterion", "二级指标"),
    "aspect": ("评分点", "aspect", "编号", "代码", "key"),
    "kind": ("类型", "kind", "type", "评分类型"),
    "title_zh": ("名称", "title_zh", "中文名称", "评分点名称", "title", "name", "description"),
    "title_en": ("英文名称", "title_en"),
    "value": ("分值", "value", "最高分", "满分", "max_mark", "max_marks", "marks"),
    "judges": ("裁判数", "judges"),
    "min": ("最低", "min"),
    "max": ("最高", "max"),
    "step": ("步长", "step"),
    "target": ("标准值", "target", "公称值", "nominal"),
    "points": ("分段得分", "points", "评分标准"),
    "levels_zh": ("等级说明", "levels_zh", "levels", "等级"),
    "levels_en": ("英文等级说明", "levels_en"),
    "weight": ("权重", "weight"),
    "round": ("小数位", "round", "digits"),
    "section": ("标准板块", "section", "wsos", "wsss", "wsos_section", "wsss_section"),
    "aside": ("不计入总分", "aside"),
    "more": ("其他", "more"),
}


async def scheme(document: Mapping[str, object], language: str) -> AsyncIterator[list[str]]:
    """The rows of a document that is a scheme; worked examples stay out."""
    yield [SCHEME_NAMES[column][language == "en"] for column in sheets.COLUMNS]
    for row in sheets.rows(document):
        yield [row.get(column, "") for column in sheets.COLUMNS]
