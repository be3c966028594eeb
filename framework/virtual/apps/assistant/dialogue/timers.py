"""One timer: set, asked about, cancelled."""

from __future__ import annotations

import re
from dataclasses import replace

from framework.virtual.apps.assistant.dialogue.numbers import with_digits
from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Language, Said, State, Timer

TOPIC = "timer"

_SECOND_NS = 1_000_000_000
_LONGEST_S = 24 * 3600

_ABOUT = (r"\btimer\b|\bcountdown\b", r"计时|定时|倒计时")
_CANCEL = (r"\b(?:cancel|stop|delete|clear)\b", r"取消|停止|关掉|删除")
_LEFT = (r"\b(?:left|remaining|remain)\b", r"还剩|还有多|剩多少|剩余")
_TIME_LEFT = (r"\btime\b.*\b(?:left|remaining|remains)\b", r"剩.*时间")
_PART = re.compile(r"(\d{1,5})\s*(?:个)?(?:(hours?|小时|钟头)|(minutes?|分钟?)|(seconds?|秒钟?))")


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    again = state.topic == TOPIC
    if said.match(*_TIME_LEFT) or (said.match(*_LEFT) and (said.match(*_ABOUT) or again)):
        return _left(said, state, facts)
    if not said.match(*_ABOUT) and not (again and said.follow_up is not None and _seconds(said)):
        return None
    if said.match(*_CANCEL):
        return _cancelled(said, state)
    seconds = _seconds(said)
    if not 0 < seconds <= _LONGEST_S:
        return Answer(said.choose("For how long, up to a day?", "要多长时间？最长一天。"), state)
    length = _length(seconds, said.language)
    text = said.choose(f"I set a timer for {length}.", f"好的，已设置{length}的计时器。")
    return Answer(text, replace(state, timer=Timer(seconds, facts.now_ns + seconds * _SECOND_NS)))


def bare_length(said: Said, state: State, facts: Facts) -> Answer | None:
    """A length alone answers the question for how long."""
    if state.topic != TOPIC or not _PART.fullmatch(with_digits(said.plain.replace("for ", ""))):
        return None
    return answer(Said(said.choose(f"set a timer for {said.text}", f"定时{said.text}")), state, facts)


def _seconds(said: Said) -> int:
    parts = _PART.findall(with_digits(said.plain))
    return sum(int(count) * (3600 if hours else 60 if minutes else 1) for count, hours, minutes, _ in parts)


def _left(said: Said, state: State, facts: Facts) -> Answer:
    if state.timer is None:
        return Answer(said.choose("There is no timer.", "没有计时器。"), state)
    seconds = (state.timer.due_ns - facts.now_ns) // _SECOND_NS
    if seconds <= 0:
        return Answer(said.choose("The timer is over.", "计时已经结束。"), state)
    length = _length(seconds, said.language)
    return Answer(said.choose(f"There are {length} left.", f"还剩{length}。"), state)


def _cancelled(said: Said, state: State) -> Answer:
    if state.timer is None:
        return Answer(said.choose("There is no timer.", "没有计时器。"), state)
    return Answer(said.choose("I cancelled the timer.", "计时器已取消。"), replace(state, timer=None))


def _length(seconds: int, language: Language) -> str:
    counts = (seconds // 3600, seconds % 3600 // 60, seconds % 60)
    if language == "zh":
        return "".join(f"{count}{unit}" for count, unit in zip(counts, ("小时", "分钟", "秒"), strict=True) if count)
    parts = [
        f"{count} {unit}{'s' if count > 1 else ''}"
        for count, unit in zip(counts, ("hour", "minute", "second"), strict=True)
        if count
    ]
    return " and ".join(parts)
