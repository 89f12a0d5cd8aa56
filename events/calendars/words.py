"""The words inside a VEVENT, which is stored with them; everything else that a person reads lives in api/texts."""

from __future__ import annotations

from typing import Literal, NamedTuple

from events.terms import Kind

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """One language's words; what ends a prefix (bracket or blank) belongs to it."""

    cancelled: str
    waiting: str
    pending: str
    draft: str
    between: str
    previous_time: str
    previous_venue: str
    postponed: str
    reason: str
    reminder: str
    kinds: dict[Kind, str]


WORDS: dict[Language, Words] = {
    "zh": Words(
        cancelled="【取消】",
        waiting="【候补】",
        pending="【待审核】",
        draft="【草稿】",
        between=" · ",
        previous_time="原定时间：",
        previous_venue="原定地点：",
        postponed="延期举行，新的时间待定。",
        reason="取消原因：",
        reminder="活动即将开始",
        kinds={
            Kind.COMPETITION: "技能竞赛",
            Kind.FAIR: "招聘会",
            Kind.MATCHMAKING: "交友联谊",
            Kind.GAMES: "运动会",
            Kind.SHOW: "文艺展演",
            Kind.TRAINING: "培训",
            Kind.WELLBEING: "疗休养与体检",
            Kind.SELECTION: "评选",
            Kind.QUIZ: "知识竞答",
        },
    ),
    "en": Words(
        cancelled="Cancelled: ",
        waiting="Waiting list: ",
        pending="Awaiting review: ",
        draft="Draft: ",
        between=" · ",
        previous_time="Originally planned for ",
        previous_venue="Originally planned at ",
        postponed="Postponed; the new date is not fixed yet.",
        reason="Why it was cancelled: ",
        reminder="Starting soon",
        kinds={
            Kind.COMPETITION: "Skill competition",
            Kind.FAIR: "Job fair",
            Kind.MATCHMAKING: "Matchmaking",
            Kind.GAMES: "Games",
            Kind.SHOW: "Show",
            Kind.TRAINING: "Training",
            Kind.WELLBEING: "Wellbeing",
            Kind.SELECTION: "Selection",
            Kind.QUIZ: "Quiz",
        },
    ),
}
