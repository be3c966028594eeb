"""What the assistant can hear: question templates with their slots filled.

Spoken words outside this set are not recognised (they are typed instead); everything in it gets a real answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product

from framework.virtual.apps.assistant.dialogue.state import Language

_ENGLISH_SLOTS: Mapping[str, tuple[str, ...]] = {
    "city": ("Hanoi", "Beijing", "Paris", "London", "Tokyo", "Singapore"),
    "name": ("Anna", "Peter", "Michael"),
    "minutes": ("two", "five", "ten"),
    "country": ("Vietnam", "France", "Japan"),
}
_ENGLISH: tuple[str, ...] = (
    "What is the weather in {city}?",
    "What is the weather in {city} tomorrow?",
    "And the day after tomorrow?",
    "What about {city}?",
    "Do I need an umbrella in {city} tomorrow?",
    "Set a timer for {minutes} minutes.",
    "How much time is left?",
    "Cancel the timer.",
    "My name is {name}.",
    "What is my name?",
    "Remind me to call my mother at six.",
    "What are my reminders?",
    "What is twelve times seven?",
    "What is fifteen percent of eighty?",
    "Convert five miles to kilometers.",
    "How many minutes are in three hours?",
    "How much battery is left?",
    "Is the phone folded?",
    "What time is it?",
    "What day is it today?",
    "What is the capital of {country}?",
    "Translate good morning to Chinese.",
    "How do you say thank you in Chinese?",
    "Tell me a joke.",
    "Tell me a story.",
    "Tell me a long story.",
    "Count to ten.",
    "What can you do?",
    "Who are you?",
    "Which model do you run?",
    "Please repeat that.",
    "Thank you.",
)

_CHINESE_SLOTS: Mapping[str, tuple[str, ...]] = {
    "city": ("河内", "北京", "上海", "巴黎", "东京", "新加坡"),
    "name": ("小明", "李华", "王芳"),
    "minutes": ("两", "五", "十"),
    "country": ("越南", "法国", "日本"),
}
_CHINESE: tuple[str, ...] = (
    "{city}今天天气怎么样？",
    "{city}明天天气怎么样？",
    "后天呢？",
    "那{city}呢？",
    "{city}明天会下雨吗？",
    "设置一个{minutes}分钟的计时器。",
    "还剩多少时间？",
    "取消计时器。",
    "我叫{name}。",
    "我叫什么名字？",
    "提醒我六点给妈妈打电话。",
    "我有哪些提醒？",
    "十二乘以七等于多少？",
    "八十的百分之十五是多少？",
    "五英里等于多少公里？",
    "三小时有多少分钟？",
    "手机还有多少电量？",
    "手机是折叠的吗？",
    "现在几点了？",
    "今天星期几？",
    "{country}的首都是哪里？",
    "早上好用英语怎么说？",
    "谢谢翻译成英语。",
    "给我讲个笑话。",
    "给我讲个故事。",
    "给我讲个很长的故事。",
    "从一数到十。",
    "你会做什么？",
    "你是谁？",
    "你用的是什么模型？",
    "请再说一遍。",
    "谢谢你。",
)


def templates(language: Language) -> tuple[str, ...]:
    """The questions with `{slot}` where words vary."""
    return _CHINESE if language == "zh" else _ENGLISH


def phrases(language: Language) -> tuple[str, ...]:
    """Every question that can be heard in a language."""
    slots = _CHINESE_SLOTS if language == "zh" else _ENGLISH_SLOTS
    return tuple(phrase for template in templates(language) for phrase in _filled(template, slots))


def _filled(template: str, slots: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    names = re.findall(r"\{(\w+)\}", template)
    for words in product(*(slots[name] for name in names)):
        yield template.format(**dict(zip(names, words, strict=True)))
