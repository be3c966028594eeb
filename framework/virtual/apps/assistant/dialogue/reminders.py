"""Reminders: noted in the user's own words, read back, forgotten."""

from __future__ import annotations

import re
from dataclasses import replace

from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Said, State

TOPIC = "reminder"

_MOST = 20
_CLOCK_EN = r"(?:(?:tomorrow|today|tonight)(?: at .+)?|at .+|in \d+ (?:minutes?|hours?|days?)|on .+)"
_SET_EN = re.compile(rf"(?:please )?remind me(?: (?P<early>{_CLOCK_EN}?))? to (?P<what>.+?)(?: (?P<late>{_CLOCK_EN}))?")
_NUMBER_ZH = r"[零一二两三四五六七八九十\d]+"
_WHEN_ZH = (
    r"(?:今天|明天|后天|今晚)?(?:早上|上午|中午|下午|晚上)?"
    rf"(?:{_NUMBER_ZH}点(?:半|{_NUMBER_ZH}分)?)?"
)
_SET_ZH = re.compile(rf"(?:请)?(?P<early>{_WHEN_ZH})提醒我(?P<late>{_WHEN_ZH})(?P<what>.+)")
_LIST = (r"\b(?:what are|list|show|read|do i have)\b.*\breminders?\b", r"(?:什么|哪些|查看|列出).*提醒")
_CLEAR = (r"\b(?:delete|clear|cancel|forget)\b.*\breminders?\b", r"(?:取消|删除|清空).*提醒")


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    if said.match(*_LIST):
        return Answer(_listed(said, state), state)
    if said.match(*_CLEAR):
        return Answer(said.choose("I forgot all reminders.", "所有提醒都已删除。"), replace(state, reminders=()))
    pattern, text = (_SET_ZH, said.compact) if said.language == "zh" else (_SET_EN, said.plain)
    found = pattern.fullmatch(text)
    return _noted(said, state, found) if found else None


def _noted(said: Said, state: State, found: re.Match[str]) -> Answer:
    what = re.sub(r"\bmy\b", "your", found["what"]).replace("我", "您")
    when = found["early"] or found["late"] or ""
    reminder = said.choose(f"{what} {when}".rstrip(), f"{when}{what}")
    text = said.choose(f"I will remind you to {reminder}.", f"好的，我会提醒您{reminder}。")
    return Answer(text, replace(state, reminders=(*state.reminders, reminder)[-_MOST:]))


def _listed(said: Said, state: State) -> str:
    if not state.reminders:
        return said.choose("You have no reminders.", "您没有提醒。")
    listed = said.choose("; ", "；").join(state.reminders)
    return said.choose(f"Your reminders: {listed}.", f"您的提醒有：{listed}。")
