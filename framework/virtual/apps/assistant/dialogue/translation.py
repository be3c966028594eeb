"""A phrase book between English and Chinese."""

from __future__ import annotations

import re

from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Said, State

TOPIC = "translation"

PHRASES: tuple[tuple[str, str], ...] = (
    ("hello", "你好"),
    ("goodbye", "再见"),
    ("thank you", "谢谢"),
    ("good morning", "早上好"),
    ("good night", "晚安"),
    ("how are you", "你好吗"),
    ("i love you", "我爱你"),
    ("happy birthday", "生日快乐"),
    ("happy new year", "新年快乐"),
    ("excuse me", "打扰一下"),
    ("sorry", "对不起"),
    ("where is the train station", "火车站在哪里"),
    ("how much is it", "多少钱"),
    ("the bill please", "请买单"),
    ("water", "水"),
    ("tea", "茶"),
    ("rice", "米饭"),
    ("friend", "朋友"),
    ("phone", "手机"),
    ("weather", "天气"),
    ("today", "今天"),
    ("tomorrow", "明天"),
)
_PATTERNS: tuple[str, ...] = (
    r"translate (?P<phrase>.+?) (?:in|into|to) (?P<into>chinese|mandarin|english)",
    r"how do (?:you|i) say (?P<phrase>.+?) in (?P<into>chinese|mandarin|english)",
    r"what is (?P<phrase>.+?) in (?P<into>chinese|mandarin|english)",
    r"(?:请)?把?(?P<phrase>.+?)翻译成(?P<into>英语|英文|中文|汉语)",
    r"(?P<phrase>.+?)用(?P<into>英语|英文|中文|汉语)(?:怎么说|怎么讲)",
    r"(?P<phrase>.+?)的(?P<into>英语|英文|中文|汉语)(?:怎么说|怎么讲|是什么)",
)
_INTO_ENGLISH = frozenset({"english", "英语", "英文"})


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    found = next((match for pattern in _PATTERNS if (match := re.fullmatch(pattern, said.plain)) is not None), None)
    if found is None:
        return None
    phrase = found["phrase"].strip("\"'“”‘’「」 ")
    to_english = found["into"] in _INTO_ENGLISH
    translated = next((pair[0] if to_english else pair[1] for pair in PHRASES if phrase in pair), None)
    if translated is None:
        unknown = said.choose(f'I do not know how to translate "{phrase}".', f"我不会翻译“{phrase}”。")
        return Answer(unknown, state)
    shown = translated.capitalize() if to_english else translated
    return Answer(said.choose(f'You say "{shown}".', f"可以说“{shown}”。"), state)
