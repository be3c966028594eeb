"""Questions about the handset: battery, fold, warmth, time and date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Said, State

TOPIC = "handset"

_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS_ZH = "一二三四五六日"
_MONTHS = "January February March April May June July August September October November December"
_FOLDS = {
    "closed": ("The phone is closed.", "手机是合上的。"),
    "half_open": ("The phone is half open.", "手机是半开的。"),
    "open": ("The phone is open.", "手机是展开的。"),
    None: ("This phone does not fold.", "这部手机不能折叠。"),
}


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    for english, chinese, tell in _QUESTIONS:
        if said.match(english, chinese):
            return Answer(said.choose(*tell(facts)), state)
    return None


def _battery(facts: Facts) -> tuple[str, str]:
    english, chinese = (" and charging", "，正在充电") if facts.charging else ("", "")
    return (
        f"The battery is at {facts.battery_percent} percent{english}.",
        f"电池电量是{facts.battery_percent}%{chinese}。",
    )


def _fold(facts: Facts) -> tuple[str, str]:
    return _FOLDS[facts.fold]


def _warmth(facts: Facts) -> tuple[str, str]:
    degrees = round(facts.skin_c)
    return f"The phone's skin is at {degrees} degrees Celsius.", f"手机表面温度是{degrees}度。"


def _time(facts: Facts) -> tuple[str, str]:
    now = _now(facts)
    return f"It is {now:%H:%M}.", f"现在是{now.hour}点{now.minute:02d}分。"


def _date(facts: Facts) -> tuple[str, str]:
    now = _now(facts)
    english = f"Today is {_DAYS_EN[now.weekday()]}, {_MONTHS.split()[now.month - 1]} {now.day}."
    return english, f"今天是{now.month}月{now.day}日，星期{_DAYS_ZH[now.weekday()]}。"


def _kind(facts: Facts) -> tuple[str, str]:
    return f"This is a {facts.handset}.", f"这是一部{facts.handset}。"


def _now(facts: Facts) -> datetime:
    return datetime.fromtimestamp(facts.wall_ns // 1_000_000_000, UTC)


_QUESTIONS: tuple[tuple[str, str, Callable[[Facts], tuple[str, str]]], ...] = (
    (r"\bbattery\b|\bcharging\b", "电量|电池|充电", _battery),
    (r"\b(?:folded|unfolded|fold|phone (?:open|closed))\b", "折叠|展开|合上|打开了吗", _fold),
    (r"\bhow (?:hot|warm) (?:is|are) (?:the|this|my|your|you)\b", "手机.*(?:热|烫|温度)", _warmth),
    (r"\bwhat time\b|\bthe time\b", "几点", _time),
    (r"\bwhat (?:day|date)\b|\btoday's date\b|\bwhat is the date\b", "几号|星期几|什么日子|几月", _date),
    (r"\b(?:what|which) (?:phone|handset|device)\b", "什么手机|哪款手机|什么型号", _kind),
)
