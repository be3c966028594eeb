"""The capitals of some countries."""

from __future__ import annotations

from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Said, State, about

TOPIC = "capitals"

COUNTRIES: tuple[tuple[str, str, str, str], ...] = (
    ("China", "中国", "Beijing", "北京"),
    ("Vietnam", "越南", "Hanoi", "河内"),
    ("France", "法国", "Paris", "巴黎"),
    ("Japan", "日本", "Tokyo", "东京"),
    ("Germany", "德国", "Berlin", "柏林"),
    ("Italy", "意大利", "Rome", "罗马"),
    ("Spain", "西班牙", "Madrid", "马德里"),
    ("Egypt", "埃及", "Cairo", "开罗"),
    ("India", "印度", "New Delhi", "新德里"),
    ("Russia", "俄罗斯", "Moscow", "莫斯科"),
    ("South Korea", "韩国", "Seoul", "首尔"),
    ("Thailand", "泰国", "Bangkok", "曼谷"),
    ("Brazil", "巴西", "Brasilia", "巴西利亚"),
    ("Canada", "加拿大", "Ottawa", "渥太华"),
    ("Australia", "澳大利亚", "Canberra", "堪培拉"),
    ("the United Kingdom", "英国", "London", "伦敦"),
    ("the United States", "美国", "Washington", "华盛顿"),
)
_ASKED = (r"\bcapital of (?P<country>.+)", r"(?P<country>.+?)的?首都")


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    asked = said.match(*_ASKED)
    named = asked["country"] if asked else said.follow_up if state.topic == TOPIC else None
    if named is None:
        return None
    for english, chinese, capital_en, capital_zh in COUNTRIES:
        if english.lower().removeprefix("the ") in named or chinese in named:
            text = said.choose(f"The capital of {english} is {capital_en}.", f"{chinese}的首都是{capital_zh}。")
            return about(state, text, country=english)
    return Answer(said.choose("I do not know that capital.", "我不知道那里的首都。"), state)
