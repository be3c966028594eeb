"""Who the user is, and who the assistant is."""

from __future__ import annotations

import re
from dataclasses import replace

from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Said, State

TOPIC = "names"

_LONGEST = 24
_TOLD_EN = re.compile(r"(?:hi |hello )?(?:my name is|call me|i am called) (?P<name>[a-z][a-z' -]*)")
_TOLD_ZH = re.compile(r"(?:你好)?(?:我叫|我的名字是|我的名字叫|叫我)(?P<name>[^什啥谁]\S*)")
_ASKED_USER = (
    r"\bwhat is my name\b|\bwho am i\b|\b(?:do you )?(?:remember|know) my name\b",
    r"我叫什么|我的名字是什么|我是谁|记得我的名字|知道我的名字",
)
_ASKED_SELF = (r"\bwhat is your name\b|\bwho are you\b", r"你叫什么|你是谁|你的名字")
_ASKED_MODEL = (
    r"\bwhich (?:language )?model\b|\bwhat (?:language )?model\b",
    r"什么模型|哪个模型|哪种模型",
)


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    if said.match(*_ASKED_USER):
        return Answer(_user(said, state), state)
    if said.match(*_ASKED_SELF):
        english = "I am the Pocketfarm assistant, and I live in this phone."
        return Answer(said.choose(english, "我是口袋农场助手，就住在这部手机里。"), state)
    if said.match(*_ASKED_MODEL):
        return Answer(said.choose(f"I run the model {facts.model}.", f"我运行的模型是{facts.model}。"), state)
    return _told(said, state)


def _user(said: Said, state: State) -> str:
    if not state.name:
        return said.choose("You have not told me your name yet.", "您还没有告诉我您的名字。")
    return said.choose(f"Your name is {state.name}.", f"您叫{state.name}。")


def _told(said: Said, state: State) -> Answer | None:
    pattern, text = (_TOLD_ZH, said.compact) if said.language == "zh" else (_TOLD_EN, said.plain)
    found = pattern.fullmatch(text)
    if found is None or len(found["name"]) > _LONGEST:
        return None
    name = found["name"].title()
    return Answer(said.choose(f"Nice to meet you, {name}.", f"很高兴认识您，{name}。"), replace(state, name=name))
